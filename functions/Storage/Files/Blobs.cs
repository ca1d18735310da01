using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Storage;

/// <summary>
/// The files of a deployment (design, Data): where users put load files and what they refer to, the file repository, and what jobs
/// keep. A store that is throttled or unreachable throws <see cref="RequestFailedException"/> after the client's own retries.
/// </summary>
public sealed class Blobs
{
    // Little buffers and few of them: many batches upload at the same time, and memory stays flat.
    private static readonly StorageTransferOptions Transfer = new()
    {
        InitialTransferSize = 4 * 1024 * 1024,
        MaximumTransferSize = 4 * 1024 * 1024,
        MaximumConcurrency = 2,
    };

    private readonly BlobAddresses _addresses;

    /// <summary>The files of one storage account.</summary>
    public Blobs(BlobServiceClient service)
    {
        Service = service;
        Staging = service.GetBlobContainerClient("staging");
        Files = service.GetBlobContainerClient("files");
        Jobs = service.GetBlobContainerClient("jobs");
        Packages = new Packages(this);
        _addresses = new BlobAddresses(service, TimeProvider.System);
    }

    private Blobs(Blobs other, PackageLimits limits)
    {
        (Service, Staging, Files, Jobs, _addresses) = (other.Service, other.Staging, other.Files, other.Jobs, other._addresses);
        Packages = new Packages(this, other.Packages, limits);
    }

    /// <summary>The account.</summary>
    public BlobServiceClient Service { get; }

    /// <summary>The staging area: load files and what they refer to, by the rules of <see cref="StagingPaths"/>.</summary>
    public BlobContainerClient Staging { get; }

    /// <summary>The file repository: natives, text and images, <c>{workspace}/{job}/…</c>.</summary>
    public BlobContainerClient Files { get; }

    /// <summary>What jobs keep: <c>{job}/…</c>.</summary>
    public BlobContainerClient Jobs { get; }

    /// <summary>The packages (.zip) of the staging area.</summary>
    public Packages Packages { get; }

    /// <summary>The same files, whose packages are read within the limits of a job.</summary>
    public Blobs Within(PackageLimits limits) => new(this, limits);

    /// <summary>Connects with a connection string, or else to an address with the identity that the process runs under.</summary>
    /// <exception cref="ArgumentException">Neither is given.</exception>
    public static Blobs Connect(string? connectionString, Uri? serviceUri) => (connectionString, serviceUri) switch
    {
        ({ Length: > 0 }, _) => new Blobs(new BlobServiceClient(connectionString, Options())),
        (_, not null) => new Blobs(new BlobServiceClient(serviceUri, new DefaultAzureCredential(), Options())),
        _ => throw new ArgumentException("The blob store needs a connection string or an address."),
    };

    /// <summary>Makes the containers, private; may be called any number of times.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var container in (BlobContainerClient[])[Staging, Files, Jobs])
            await container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
    }

    /// <summary>Writes a blob that is not there yet; false, and nothing written, when there is one.</summary>
    public static async Task<bool> CreateAsync(BlobContainerClient container, string name, Stream content, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All }, TransferOptions = Transfer };
        try
        {
            await container.GetBlobClient(name).UploadAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsThere(e))
        {
            return false;
        }
    }

    /// <summary>Writes a blob that is not there yet; false, and nothing written, when there is one.</summary>
    public static Task<bool> CreateAsync(BlobContainerClient container, string name, BinaryData content, CancellationToken cancellationToken)
        => CreateAsync(container, name, content.ToStream(), cancellationToken);

    /// <summary>
    /// A stream over <paramref name="length"/> bytes from <paramref name="offset"/> (null: to the end; fewer where the blob ends before) of
    /// one version. It reads 2 MiB ahead; reading it throws like this method does.
    /// </summary>
    /// <exception cref="BlobChangedException">The blob has another etag.</exception>
    /// <exception cref="BlobMissingException">There is no such blob.</exception>
    public static Task<Stream> OpenRangeAsync(
        BlobContainerClient container, string name, long offset, long? length, string etag, CancellationToken cancellationToken)
        => BlobRange.OpenAsync(container.GetBlobClient(name), offset, length, etag, cancellationToken);

    /// <summary>The bytes of a file that a source refers to: the whole of a blob of the staging area, or a file of a package, unpacked on the way.</summary>
    /// <exception cref="BlobChangedException">It was replaced, or its package was.</exception>
    /// <exception cref="BlobMissingException">It was removed, or its package was.</exception>
    /// <exception cref="PackageEntryException">It cannot be unpacked; reading may find that too.</exception>
    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) => file.Entry is { } entry
        ? PackageEntryStream.OpenAsync(this, file, entry, cancellationToken)
        : OpenRangeAsync(Staging, file.Blob, 0, file.Bytes, file.ETag, cancellationToken);

    /// <summary>The version that is there, or null.</summary>
    public static async Task<BlobVersion?> FindAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new BlobVersion(name, found.ContentLength, Text(found.ETag), found.ContentHash, found.LastModified);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Every blob whose path begins with <paramref name="prefix"/>, in the order of their names.</summary>
    public static async IAsyncEnumerable<BlobVersion> ListAsync(
        BlobContainerClient container, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Prefix = prefix };
        await foreach (var blob in container.GetBlobsAsync(options, cancellationToken)) yield return Version(blob);
    }

    /// <summary>The files and sub-folders of a folder (without a slash at its end; empty: the container), not what lies deeper.</summary>
    public static async IAsyncEnumerable<FolderItem> ListFolderAsync(
        BlobContainerClient container, string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = folder.Length == 0 ? "" : folder.TrimEnd('/') + "/";
        var options = new GetBlobsByHierarchyOptions { Prefix = prefix, Delimiter = "/" };
        await foreach (var item in container.GetBlobsByHierarchyAsync(options, cancellationToken))
        {
            yield return item.IsPrefix
                ? new FolderItem(item.Prefix[prefix.Length..].TrimEnd('/'), null)
                : new FolderItem(item.Blob.Name[prefix.Length..], Version(item.Blob));
        }
    }

    /// <summary>Removes a folder (without a slash at its end) and all that lies in it; may be repeated when it was cut off.</summary>
    public static async Task DeleteFolderAsync(BlobContainerClient container, string folder, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ListAsync(container, folder + "/", cancellationToken), parallel, async (blob, stop)
            => await container.DeleteBlobIfExistsAsync(blob.Name, DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: stop));
    }

    /// <summary>
    /// Copies one version inside the store and returns when the copy is complete. A blob that is there already is left alone: it is the copy that
    /// an earlier attempt made.
    /// </summary>
    /// <exception cref="BlobChangedException">The source has another etag.</exception>
    /// <exception cref="BlobMissingException">There is no such source.</exception>
    public Task CopyAsync(
        BlobContainerClient container, BlobVersion source, BlobContainerClient destination, string name, CancellationToken cancellationToken)
        => CopyAsync(container, source, destination.GetBlobClient(name), new CopyTerms(null, null), cancellationToken);

    /// <summary>
    /// Copies one version inside the store and returns when the copy is complete: true. When another blob is there than the one that it may take
    /// the place of, that is left alone, but waited for when it is being copied itself: false.
    /// </summary>
    /// <exception cref="BlobChangedException">The source has another etag.</exception>
    /// <exception cref="BlobMissingException">There is no such source.</exception>
    public async Task<bool> CopyAsync(
        BlobContainerClient container, BlobVersion source, BlobClient destination, CopyTerms terms, CancellationToken cancellationToken)
    {
        var from = container.GetBlobClient(source.Name);
        var address = await _addresses.ForReadingAsync(from, cancellationToken);
        return await new BlobCopy(from, address, source, destination, terms).RunAsync(cancellationToken);
    }

    /// <summary>
    /// An address to which one blob of the staging area can be uploaded without further rights, for so long: one that is not there yet, in one
    /// request (Put Blob). Blocks are granted only with the right to write, and that is the right to replace (Blob service, permissions of a service
    /// SAS: Put Block and Put Block List need <c>w</c>).
    /// </summary>
    public ValueTask<Uri> UploadAddressAsync(string stagingName, bool mayWrite, TimeSpan valid, CancellationToken cancellationToken)
        => _addresses.MakeAsync(
            Staging.GetBlobClient(stagingName), BlobSasPermissions.Create | (mayWrite ? BlobSasPermissions.Write : 0), valid, cancellationToken);

    /// <summary>An address from which one blob of the staging area can be read without further rights, for so long.</summary>
    public ValueTask<Uri> DownloadAddressAsync(string stagingName, TimeSpan valid, CancellationToken cancellationToken)
        => _addresses.MakeAsync(Staging.GetBlobClient(stagingName), BlobSasPermissions.Read, valid, cancellationToken);

    /// <summary>A failed read of a version as one of this store's exceptions, or itself.</summary>
    internal static async Task<Exception> ExplainAsync(RequestFailedException error, BlobBaseClient blob, CancellationToken cancellationToken)
    {
        // Azurite answers 412 for a blob that is not there, too.
        var missing = error.Status == 404 || (error.Status == 412 && !await blob.ExistsAsync(cancellationToken));
        if (missing) return new BlobMissingException(blob.BlobContainerName, blob.Name, error);
        return error.Status == 412 ? new BlobChangedException(blob.BlobContainerName, blob.Name, error) : error;
    }

    /// <summary>Whether a write with If-None-Match failed because there is a blob.</summary>
    internal static bool IsThere(RequestFailedException error)
        => error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error is { Status: 412 };

    // Headers have quotes around it and listings have none.
    private static string Text(ETag? etag) => etag?.ToString().Trim('"') ?? "";

    private static BlobClientOptions Options() => new() { Retry = { MaxRetries = 5, Mode = RetryMode.Exponential } };

    private static BlobVersion Version(BlobItem blob) => new(
        blob.Name,
        blob.Properties.ContentLength ?? 0,
        Text(blob.Properties.ETag),
        blob.Properties.ContentHash,
        blob.Properties.LastModified ?? default);
}
