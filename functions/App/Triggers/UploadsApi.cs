using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A file to be uploaded.</summary>
/// <param name="Path">Where to, below the workspace's folder of the staging area; levels separated by <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
public sealed record NewUpload(string Path, long Bytes)
{
    /// <summary>Whether it may take the place of a file that is there. The audit says so.</summary>
    public bool Replace { get; init; }

    /// <summary>
    /// Whether it is sent in blocks, as large files are. Storage grants that only with the right to write (a shared access signature for creating takes
    /// a list of blocks, but no blocks, and carries no conditions), so that whoever has the address can write this file again while it is valid; a file
    /// that is there already is refused at once, unless it may be replaced.
    /// </summary>
    public bool InBlocks { get; init; }
}

/// <summary>Files to be uploaded, each in one request.</summary>
/// <param name="Paths">Where to, at most 1,000.</param>
public sealed record NewUploads(IReadOnlyList<string> Paths)
{
    /// <summary>Whether they may take the place of files that are there. The audit says so.</summary>
    public bool Replace { get; init; }
}

/// <summary>Where to upload a file: straight to the storage account, for an hour; an upload that takes longer asks for another address and goes on.</summary>
/// <param name="Path">The path that was asked for.</param>
/// <param name="Blob">The file's path in the staging area, as integration points name it.</param>
/// <param name="Url">Address that carries the right to create this one blob, and to write it where that was asked for.</param>
public sealed record UploadAddress(string Path, string Blob, Uri Url);

/// <summary>Where to upload files.</summary>
/// <param name="Uploads">In the order of the paths.</param>
public sealed record UploadAddresses(IReadOnlyList<UploadAddress> Uploads);

/// <summary>Addresses for uploads into the staging area. The bytes do not pass through the app, whose host caps requests at 100 MB.</summary>
public sealed class UploadsApi(Existing existing, Blobs blobs)
{
    private const int MostPaths = 1000;

    // 50,000 blocks of 4,000 MiB (Blob service, scalability targets).
    private const long MostBytes = 50_000L * 4_000 * 1024 * 1024;

    // Long enough for one file of a slow line, and too short to come back later for what others rely on by then.
    private static readonly TimeSpan Valid = TimeSpan.FromHours(1);

    /// <summary>An address for one file.</summary>
    [Function(nameof(CreateUpload))]
    [Needs(Operation.Upload)]
    [Operation("An address to which one file can be uploaded, for an hour; one that is there already can be replaced only where that is asked for. Storage takes blocks only from whoever may write: with inBlocks, the address can write this file again, and no other, until its hour is over.", Body = typeof(NewUpload), Answer = typeof(UploadAddress))]
    public async Task<IActionResult> CreateUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/uploads")] HttpRequest request,
        string workspace,
        CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<NewUpload>(request, cancellationToken);
        var problems = new List<Problem>();
        if (body.Bytes is < 0 or > MostBytes)
            problems.Add(new("invalid-value", $"A file has 0 to {MostBytes} bytes.") { Field = "bytes" });
        var blob = BlobName(workspace, body.Path, "path", problems);
        if (problems.Count > 0) throw RefusedException.Bad(problems);
        if (body is { InBlocks: true, Replace: false } && await Blobs.FindAsync(blobs.Staging, blob, cancellationToken) is not null)
            throw RefusedException.Conflict("file-exists", $"There is a file {Words.Quote(body.Path)} in the staging area already. To put this one in its place say so: replace, or --replace on the command line.");
        request.Audit().Made(blob, body.Path, new { paths = (string[])[blob], bytes = body.Bytes, replace = body.Replace, inBlocks = body.InBlocks });
        return Answer.Ok(await AddressAsync(body.Path, blob, body.Replace || body.InBlocks, cancellationToken));
    }

    /// <summary>Addresses for many files.</summary>
    [Function(nameof(CreateUploads))]
    [Needs(Operation.Upload)]
    [Operation("Addresses to which up to 1,000 files can be uploaded, for an hour; those that are there already can be replaced only where that is asked for.", Body = typeof(NewUploads), Answer = typeof(UploadAddresses))]
    public async Task<IActionResult> CreateUploads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/uploads/batch")] HttpRequest request,
        string workspace,
        CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<NewUploads>(request, cancellationToken);
        var paths = body.Paths;
        if (paths.Count is 0 or > MostPaths)
            throw RefusedException.Bad([new("invalid-value", $"There are {paths.Count} paths. Expected 1 to {MostPaths}.") { Field = "paths" }]);
        var problems = new List<Problem>();
        var names = paths.Select((path, i) => BlobName(workspace, path, $"paths[{i}]", problems)).ToList();
        if (problems.Count > 0) throw RefusedException.Bad(problems);
        request.Audit().Made(names[0], paths.Count == 1 ? paths[0] : $"{paths[0]} and {paths.Count - 1} more", new { paths = names, replace = body.Replace });
        var uploads = new List<UploadAddress>(paths.Count);
        for (var i = 0; i < paths.Count; i++) uploads.Add(await AddressAsync(paths[i], names[i], body.Replace, cancellationToken));
        return Answer.Ok(new UploadAddresses(uploads));
    }

    private async Task<UploadAddress> AddressAsync(string path, string blob, bool mayWrite, CancellationToken cancellationToken)
        => new(path, blob, await blobs.UploadAddressAsync(blob, mayWrite, Valid, cancellationToken));

    private static string BlobName(string workspace, string path, string member, List<Problem> problems)
    {
        try
        {
            var blob = StagingPaths.ForWriting(workspace, $"{StagingPaths.FolderOf(workspace)}/{path}");
            // What jobs exported stays what their lists of files say.
            if (ExportFolder.Holds(workspace, blob))
                problems.Add(new("path-of-exports", $"The path {Words.Quote(path)} lies in the folder {ExportFolder.Name}, which only exports write to. Upload to another folder, such as Imports.") { Field = member });
            return blob;
        }
        catch (ConfigurationException e)
        {
            problems.Add(new(e.Problem.Code,
                $"The path {Words.Quote(path)} leaves the workspace's folder of the staging area, or is no path. Expected one such as "
                + "Imports/docs.dat, levels separated by /, without \"..\", drive letters or server names.")
            { Field = member });
            return "";
        }
    }
}
