using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Tests.RoundTrip;

/// <summary>An export that has ended: run step by step, as an orchestration would, over the real providers.</summary>
/// <param name="Prepared">What it was frozen with.</param>
/// <param name="Counts">What it came to.</param>
/// <param name="Problems">Errors and warnings about documents.</param>
internal sealed record ExportRun(PreparedJob Prepared, JobCounts Counts, IReadOnlyList<Problem> Problems)
{
    private static int jobs;

    public PreparedExport Export => Prepared.Export!;

    /// <summary>Exports all documents of a workspace; batches are small.</summary>
    public static async Task<ExportRun> RunAsync(Import from, IReadOnlyList<string> columns, ExportSettings export, CancellationToken stop)
    {
        var (stores, id) = (from.Stores, $"{from.Workspace.Id}-out-{Interlocked.Increment(ref jobs)}");
        var point = new IntegrationPoint
        {
            Id = "out",
            Name = "Out",
            Workspace = from.Workspace.Id,
            Source = Sources.Write(
                WorkspaceSettings.Provider, new WorkspaceSettings { Part = WorkspacePart.FolderAndSubfolders, Columns = [.. columns.Select(c => new ExportColumn(c))] }),
            Destination = Sources.Write(ExportSettings.Provider, export with { Folder = id, CreateFolder = false }),
        };
        var job = new Job { Id = id, Point = point, Trigger = "user", StartedBy = "tester", StartedUtc = new DateTimeOffset(2026, 3, 4, 5, 6, 7, default) };
        await stores.Tables.History.CreateAsync(
            new JobHistory
            {
                JobId = id,
                Workspace = from.Workspace.Id,
                WorkspaceName = from.Workspace.Name,
                PointId = "out",
                Name = "Out",
                Trigger = "user",
                StartedBy = "tester",
                StartedUtc = job.StartedUtc,
                Status = JobStatus.Processing,
            },
            stop);
        var files = new JobFiles(stores.Blobs);
        var source = (ISpooledSource)new Sources(stores.Workspaces, new JobStores(files, stores.Tables), stores.Outside, new StagingPaths(), new BatchSize { Records = 5 }).Open(job);
        var destination = new LoadFileDestination(
            files, stores.Tables, Import.Catalog(stores), new ImageListing(new RecordListing(stores.Records), stores.Records), TimeProvider.System);

        var prepared = await destination.PrepareAsync(job, await source.CheckAsync(stop), stop);
        await source.SpoolAsync(prepared.Layout, stop);
        var counts = new JobCounts();
        for (PlanCursor? cursor = new(); cursor is not null;)
        {
            var page = await destination.PlanAsync(job, prepared, source, cursor, stop);
            foreach (var batch in page.Batches) counts += (await destination.WriteAsync(job, prepared, source, batch, stop)).Counts;
            cursor = page.Next;
        }
        await destination.JoinAsync(job, prepared, isWhole: true, stop);
        return new ExportRun(
            prepared, counts,
            [
                .. (await stores.Tables.Errors.ListAsync(id, 1000, null, stop)).Items.Select(e => e.Problem),
                .. (await stores.Tables.Warnings.ListAsync(id, 1000, null, stop)).Items.Select(e => e.Problem),
            ]);
    }

    /// <summary>Gives what was exported to another workspace, as somebody would who received it.</summary>
    public async Task HandOverAsync(Import to, CancellationToken stop)
    {
        var blobs = to.Stores.Blobs;
        var names = await Blobs.ListAsync(blobs.Staging, Export.Folder + "/", stop).Select(b => b.Name).ToListAsync(stop);
        await Parallel.ForEachAsync(names, stop, async (name, token) =>
        {
            var content = (await blobs.Staging.GetBlobClient(name).DownloadContentAsync(token)).Value.Content;
            await blobs.Staging.GetBlobClient($"{to.Folder}{name[Export.Folder.Length..]}").UploadAsync(content, token);
        });
    }
}
