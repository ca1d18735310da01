using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Statistics;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Statistics;

/// <summary>
/// The activities of a calculation. They know of a source what every source says of itself: its batches, and of each record its native and its
/// images. Each may run twice, at once, late.
/// </summary>
public sealed class StatisticsSteps(StatisticsCatalog statistics, Sources sources, JobFiles files, TimeProvider time)
{
    /// <summary>Opens the source of the integration point and freezes its version; one that cannot be read twice is copied, as a run would.</summary>
    [Function(nameof(OpenSource))]
    public async Task<StepResult> OpenSource([ActivityTrigger] StatisticsRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(OpenSource), request.Id);
        var name = JobFiles.StatisticsSourceName(request.Id);
        var job = (await files.ReadAsync<Job>(JobFiles.StatisticsJobName(request.Id), cancellationToken))!;
        try
        {
            var source = await files.ReadAsync<StatisticsSource>(name, cancellationToken) ?? await files.DecideAsync(name, await CheckedAsync(job, cancellationToken), cancellationToken);
            if (sources.Open(job) is ISpooledSource spooled) await spooled.SpoolAsync(source.Layout, cancellationToken);
            return new StepResult();
        }
        catch (ConfigurationException e)
        {
            return new StepResult { Problem = e.Problem };
        }
    }

    /// <summary>Lays out the next page of batches, as a run would; records that stand in the source twice are counted twice.</summary>
    [Function(nameof(PlanCount))]
    public async Task<PlannedPage> PlanCount([ActivityTrigger] StatisticsPlan plan, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(PlanCount), plan.Id);
        var (id, cursor) = plan;
        var planned = new PlannedPage { Page = cursor.Page, FirstBatch = cursor.Batch, Records = cursor.Records };
        var (job, layout) = await SourceAsync(id, cancellationToken);
        try
        {
            var page = await files.PageAsync(id, cursor.Page, () => sources.Open(job).PlanAsync(layout, null, cursor, cancellationToken), cancellationToken);
            return planned with { Batches = page.Batches.Count, Records = page.Records, Next = page.Next };
        }
        catch (ConfigurationException e)
        {
            return planned with { Problem = e.Problem };
        }
    }

    /// <summary>Counts the records of a batch, their natives and their images.</summary>
    [Function(nameof(CountBatch))]
    public async Task<CountedBatch> CountBatch([ActivityTrigger] TransferRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(CountBatch), request.JobId, request.Batch);
        var source = await SourceAsync(request.JobId, cancellationToken);
        var page = (await files.ReadAsync<BatchPage>(JobFiles.PageName(request.JobId, request.Page), cancellationToken))!;
        var batch = page.Batches[request.Batch - page.Batches[0].Index];
        var (native, counts) = (source.NativeField(), source.Nothing());
        try
        {
            var opened = sources.Open(source.Job);
            if (opened is WorkspaceSource workspace) return new CountedBatch { Counts = await workspace.CountAsync(batch, cancellationToken) };
            var records = opened.ReadAsync(source.Layout, batch, native is { } field ? [field] : [], cancellationToken);
            await foreach (var record in records) counts = counts.With(record, native);
            return new CountedBatch { Counts = counts };
        }
        catch (ConfigurationException e)
        {
            return new CountedBatch { Problem = e.Problem };
        }
    }

    /// <summary>Puts down what the calculation came to, unless its end was put down before or another one has taken its place.</summary>
    [Function(nameof(FinishStatistics))]
    public async Task FinishStatistics([ActivityTrigger] StatisticsEnd end, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(FinishStatistics), end.Request.Id);
        var (workspace, point, id) = end.Request;
        while (await statistics.FindAsync(workspace, point, cancellationToken) is { Value: { State: StatisticsState.InProgress } running } seen && running.Id == id)
        {
            var ended = running with
            {
                State = end.Problem is null ? StatisticsState.Completed : StatisticsState.Error,
                CalculatedUtc = time.GetUtcNow(),
                Counts = end.Problem is null ? end.Counts : null,
                Problem = end.Problem,
            };
            if (await statistics.TrySetAsync(workspace, point, ended, seen.ETag, cancellationToken)) return;
        }
    }

    private async Task<StatisticsSource> CheckedAsync(Job job, CancellationToken cancellationToken)
    {
        var source = new StatisticsSource(job, await sources.Open(job).CheckAsync(cancellationToken));
        source.NativeField();
        return source;
    }

    private async Task<StatisticsSource> SourceAsync(string id, CancellationToken cancellationToken)
        => (await files.ReadAsync<StatisticsSource>(JobFiles.StatisticsSourceName(id), cancellationToken))!;
}
