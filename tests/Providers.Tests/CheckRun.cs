using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Tests;

/// <summary>A check that is prepared and planned: its batches can be checked in any order and more than once.</summary>
internal sealed class CheckRun
{
    private static int checks;

    private readonly Stores stores;
    private readonly Sources sources;
    private readonly Check check;
    private readonly PreparedCheck prepared;

    private CheckRun(Stores stores, Sources sources, Check check, PreparedCheck prepared, IReadOnlyList<BatchPlan> batches)
        => (this.stores, this.sources, this.check, this.prepared, Batches) = (stores, sources, check, prepared, batches);

    public IReadOnlyList<BatchPlan> Batches { get; }

    public static async Task<CheckRun> PrepareAsync(
        Stores stores, Import import, string file, ImportSettings settings, Func<Check, Check>? change = null, BatchSize? size = null, LoadFileSettings? source = null)
    {
        var point = new IntegrationPoint
        {
            Id = "",
            Name = "Check",
            Workspace = import.Workspace.Id,
            Source = Sources.Write(LoadFileSettings.Provider, (source ?? new LoadFileSettings { Column = ',', Quote = '"' }) with { File = $"{import.Folder}/{file}" }),
            MapAllFields = true,
            Import = settings,
        };
        var check = new Check
        {
            Job = new Job
            {
                Id = $"check{Interlocked.Increment(ref checks)}",
                Point = point,
                Trigger = "check",
                StartedBy = "tester",
                StartedUtc = new DateTimeOffset(2026, 3, 4, 5, 6, 7, default),
            },
        };
        check = change?.Invoke(check) ?? check;
        var sources = new Sources(stores.Workspaces, new JobStores(new JobFiles(stores.Blobs), stores.Tables), stores.Outside, new StagingPaths(), size ?? new BatchSize());
        var prepared = await new CheckPreparation(stores.Blobs, sources, Import.Fields(stores)).RunAsync(check, default);
        var mapping = ResolvedMapping.Resolve(point, prepared.Job.ObjectType, prepared.Job.Layout.Fields, prepared.Job.Fields).OrThrow();
        var batches = new List<BatchPlan>();
        for (PlanCursor? cursor = new(); cursor is not null;)
        {
            var page = await sources.Open(check.Job).PlanAsync(prepared.Job.Layout, mapping.Key.Column, cursor, default);
            batches.AddRange(page.Batches);
            cursor = page.Next;
        }
        return new CheckRun(stores, sources, check, prepared, batches);
    }

    public Task<BatchCheck> BatchAsync(int batch)
        => new BatchChecker(stores.Blobs, sources, stores.Records, new UsedNames(stores.Records), TimeProvider.System)
            .RunAsync(check, prepared, Batches[batch], Batches.Take(batch).Sum(b => (long)b.Records), default);

    public async Task<CheckReport> EndAsync()
    {
        var parts = await new ImageChecker(stores.Blobs).RunAsync(check, prepared, default);
        return await new CheckEnd(stores.Blobs, new StagingPaths(), TimeProvider.System).RunAsync(check, prepared, Batches.Count, parts, default);
    }
}
