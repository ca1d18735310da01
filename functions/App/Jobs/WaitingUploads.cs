using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>
/// The queue of load files that landed in the import folders of integration points: each version of a file starts one job, when the files it
/// refers to are there or nothing has landed for a while; in order of arrival, one at a time.
/// </summary>
public sealed class WaitingUploads(
    JobTables tables, PointCatalog points, JobStarter starter, UploadedFiles uploaded, ILogger<WaitingUploads> logger)
{
    /// <summary>Queues a blob that landed, when it is a load file in the import folder of a point that runs on upload; then starts what is ready.</summary>
    public async Task AddAsync(DurableTaskClient client, string name, CancellationToken cancellationToken)
    {
        if (ImportFolder(name) is not var (workspace, pointName, rest)) return;
        var point = await points.FindByNameAsync(workspace, pointName, cancellationToken);
        if (point is not { Value.RunOnUpload: true }) return;
        if (rest is [var file] && IsLoadFile(point.Value, file) && await uploaded.FindAsync(name, cancellationToken) is { } landed)
            await tables.Uploads.TryAddAsync(new Upload(workspace, point.Value.Id, name, landed.ETag, landed.LastModifiedUtc), cancellationToken);
        if (await uploaded.IsOursToLookAsync(workspace, point.Value.Id, cancellationToken))
            await StartAsync(client, workspace, point.Value.Id, cancellationToken);
    }

    /// <summary>Starts what is ready, of all points.</summary>
    public async Task StartAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var (workspace, point) in await tables.Uploads.PointsWithUploadsAsync(cancellationToken))
            await OneByOne.DoAsync(logger, $"uploads of point {point}", () => StartAsync(client, workspace, point, cancellationToken));
    }

    /// <summary>Starts the oldest load file of a point's queue, when nothing runs and its files are there.</summary>
    public async Task StartAsync(DurableTaskClient client, string workspace, string pointId, CancellationToken cancellationToken)
    {
        foreach (var upload in await tables.Uploads.ListAsync(workspace, pointId, cancellationToken))
        {
            var point = await points.FindAsync(workspace, pointId, cancellationToken);
            if (point is not { Value.RunOnUpload: true } || (await uploaded.FindAsync(upload.Name, cancellationToken))?.ETag != upload.ETag)
            {
                // The point was changed or removed, or a newer version of the file waits in the queue itself.
                await tables.Uploads.RemoveAsync(upload, cancellationToken);
                continue;
            }
            var run = ForUpload(point.Value, upload.Name);
            if (!await uploaded.AreCompleteAsync(run, cancellationToken)) return;
            var request = new StartRequest(JobIds.ForUpload(upload.Name, upload.ETag), JobType.Run, JobStarter.Upload, point.Value.SavedBy);
            var result = await starter.StartAsync(client, run, request, cancellationToken);
            if (result.BusyWith is not null) return;
            await tables.Uploads.StartedAsync(upload, result.JobId, cancellationToken);
        }
    }

    // Event Grid tells of blobs below any Import, without regard to case; what counts is the one of the workspace: exports have a folder beside it.
    internal static (string Workspace, string Point, string[] File)? ImportFolder(string name)
        => name.Split('/') is [StagingPaths.Structured, var workspace, var folder, var point, .. var rest] && folder.Equals("Import", StringComparison.OrdinalIgnoreCase)
            ? (workspace, point, rest) : null;

    // A load file has the ending of the one that the point names: a text beside it may end in .txt as well.
    private static bool IsLoadFile(IntegrationPoint point, string file)
    {
        var named = Path.GetExtension(Sources.FileOf(point.Source));
        var ending = Path.GetExtension(file);
        return !string.IsNullOrEmpty(named)
            ? string.Equals(ending, named, StringComparison.OrdinalIgnoreCase)
            : ending.Equals(".dat", StringComparison.OrdinalIgnoreCase) || ending.Equals(".csv", StringComparison.OrdinalIgnoreCase);
    }

    private static IntegrationPoint ForUpload(IntegrationPoint point, string name)
        => point with { Source = Sources.WithFile(point.Source, name) };
}
