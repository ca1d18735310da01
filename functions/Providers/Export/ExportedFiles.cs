using System.IO.Hashing;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Engine;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// Puts the files of an export into the staging area. Each may be put there again, at once and late: what the job itself has written stays, known by
/// the job's id that is kept with it. What was there before the job stays too, or is replaced when files are overwritten (guide, 5.1, "Overwrite files").
/// </summary>
/// <param name="blobs">The files of the deployment.</param>
/// <param name="job">The id of the job.</param>
/// <param name="overwrite">Replace files that were there before the job.</param>
/// <param name="hash">Read every file that was copied or was there, to know its SHA-256.</param>
public sealed class ExportedFiles(Blobs blobs, string job, bool overwrite, bool hash)
{
    private const string JobKey = "job", SourceKey = "source";

    // So often somebody else may write the same file in between; then the batch is tried again later.
    private const int Attempts = 5;

    /// <summary>Copies a file of the repository or, when it is linked, of the staging area.</summary>
    /// <param name="from">Where it lies: <see cref="Blobs.Files"/> or <see cref="Blobs.Staging"/>.</param>
    /// <param name="blob">Its path there.</param>
    /// <param name="destination">The path in the staging area that it gets.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="UnusableFileException">It is gone (<c>missing-file</c>), or another file of this job has the destination (<c>file-name-taken</c>).</exception>
    public Task<ExportedFile> CopyAsync(BlobContainerClient from, string blob, string destination, CancellationToken cancellationToken)
        => CopyAsync(from, blob, sha256: null, destination, cancellationToken);

    /// <summary>Copies a file whose SHA-256 is known already.</summary>
    /// <inheritdoc cref="CopyAsync(BlobContainerClient, string, string, CancellationToken)"/>
    public async Task<ExportedFile> CopyAsync(
        BlobContainerClient from, string blob, string? sha256, string destination, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string> { [JobKey] = job, [SourceKey] = Mark($"{from.Name}/{blob}") };
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var source = await Blobs.FindAsync(from, blob, cancellationToken) ?? throw IsGone(from, blob);
            var terms = new CopyTerms(await ReplacedAsync(destination, cancellationToken), metadata);
            try
            {
                if (await blobs.CopyAsync(from, source, blobs.Staging.GetBlobClient(destination), terms, cancellationToken))
                    return await HashedAsync(new ExportedFile(destination, source.Bytes, sha256, WasThere: false), cancellationToken);
            }
            catch (BlobMissingException e)
            {
                throw IsGone(from, blob, e);
            }
            catch (BlobChangedException)
            {
                continue;
            }
            if (await LookAsync(destination, cancellationToken) is not { } there) continue;
            if (there.Job == job && there.Source != metadata[SourceKey]) throw IsTaken(destination);
            if (there.Job == job) return await HashedAsync(new ExportedFile(destination, there.Bytes, sha256, WasThere: false), cancellationToken);
            if (!overwrite) return await HashedAsync(new ExportedFile(destination, there.Bytes, null, WasThere: true), cancellationToken);
        }
        throw NeverQuiet(destination);
    }

    /// <summary>Writes a file. Its bytes have to follow from the job alone, for another attempt's may be the ones that stay.</summary>
    /// <param name="destination">The path in the staging area that it gets.</param>
    /// <param name="write">Writes all of it; may be called more than once. When it throws, there is no file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ExportedFile> WriteAsync(string destination, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string> { [JobKey] = job };
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var replaces = await ReplacedAsync(destination, cancellationToken);
            await using var content = new BlobWriteStream(blobs.Staging, destination);
            await write(content);
            var written = new ExportedFile(destination, content.Length, content.Sha256, WasThere: false);
            if (await content.CommitAsync(replaces, metadata, cancellationToken)) return written;
            if (await LookAsync(destination, cancellationToken) is not { } there) continue;
            if (there.Job == job) return written;
            if (!overwrite) return await HashedAsync(new ExportedFile(destination, there.Bytes, null, WasThere: true), cancellationToken);
        }
        throw NeverQuiet(destination);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="destination">The path in the staging area that it gets.</param>
    /// <param name="content">All of it; can seek.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<ExportedFile> WriteAsync(string destination, Stream content, CancellationToken cancellationToken)
        => WriteAsync(
            destination,
            async file =>
            {
                content.Position = 0;
                await content.CopyToAsync(file, cancellationToken);
            },
            cancellationToken);

    /// <summary>What a user reads about a file that is gone from where a record says that it lies.</summary>
    internal static UnusableFileException IsGone(BlobContainerClient from, string blob, Exception? cause = null) => new(
        "missing-file",
        from.Name == "staging"
            ? $"The file {Words.QuotePath(blob)}, to which the document is linked, is not in the staging area any more. Put it back, and export the document again."
            : $"The file {Words.QuotePath(blob)} of the document is not in the file repository any more. Restore it, or import the document with its files anew, and export it again.",
        cause);

    // The version that is to be replaced; null: none, so that nothing may be there.
    private async Task<string?> ReplacedAsync(string destination, CancellationToken cancellationToken)
        => overwrite && await LookAsync(destination, cancellationToken) is { } there && there.Job != job ? there.ETag : null;

    private async Task<There?> LookAsync(string destination, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await blobs.Staging.GetBlobClient(destination).GetPropertiesAsync(cancellationToken: cancellationToken);
            found.Metadata.TryGetValue(JobKey, out var by);
            found.Metadata.TryGetValue(SourceKey, out var source);
            return new There(found.ETag.ToString().Trim('"'), found.ContentLength, by, source);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private async Task<ExportedFile> HashedAsync(ExportedFile file, CancellationToken cancellationToken)
        => hash ? file with { Sha256 = (await BlobDigest.ReadAsync(blobs.Staging, file.Path, null, withMd5: false, cancellationToken)).Sha256 } : file;

    private static string Mark(string source) => Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(source)));

    private static UnusableFileException IsTaken(string destination) => new(
        "file-name-taken",
        $"Another document of this export has a file of the name {Words.QuotePath(destination)} already. Give the pages of the two documents different ids, or export them one after the other.");

    private static IOException NeverQuiet(string destination) => new($"{destination} was written by others again and again.");

    private sealed record There(string ETag, long Bytes, string? Job, string? Source);
}
