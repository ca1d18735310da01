using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Statistics;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Statistics;

/// <summary>Starts calculations, and says how they stand.</summary>
public sealed class StatisticsStarter(StatisticsCatalog statistics, JobFiles files, InstanceSettings instance, JobSettings settings, TimeProvider time)
{
    /// <summary>
    /// The statistics of a point; null when nobody has asked for them yet. A calculation that is over, or never began, without having put down an
    /// end is one that failed: it is never in progress for good.
    /// </summary>
    public async Task<PointStatistics?> FindAsync(DurableTaskClient client, string workspace, string point, CancellationToken cancellationToken)
        => (await NowAsync(client, workspace, point, cancellationToken)).Statistics;

    /// <summary>Starts a calculation and answers with it, or with the one that is in progress.</summary>
    public async Task<PointStatistics> StartAsync(DurableTaskClient client, IntegrationPoint point, string caller, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (now, seen) = await NowAsync(client, point.Workspace, point.Id, cancellationToken);
            if (now is { State: StatisticsState.InProgress }) return now;
            var begun = new PointStatistics { Id = JobIds.New(), RequestedUtc = time.GetUtcNow() };
            // Somebody else was quicker: theirs is the one.
            if (!await statistics.TrySetAsync(point.Workspace, point.Id, begun, seen, cancellationToken)) continue;
            var job = new Job
            {
                Id = begun.Id,
                Point = point,
                Trigger = "statistics",
                StartedBy = caller,
                Instance = await instance.ForImportAsync(cancellationToken),
                StartedUtc = begun.RequestedUtc,
            };
            await files.DecideAsync(JobFiles.StatisticsJobName(job.Id), job, cancellationToken);
            var progress = new StatisticsProgress(new StatisticsRequest(point.Workspace, point.Id, begun.Id)) { FirstRetrySeconds = settings.FirstRetrySeconds };
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(CalculateStatistics), progress, new StartOrchestrationOptions(begun.Id), cancellationToken);
            return begun;
        }
    }

    private async Task<(PointStatistics? Statistics, string? ETag)> NowAsync(
        DurableTaskClient client, string workspace, string point, CancellationToken cancellationToken)
    {
        if (await statistics.FindAsync(workspace, point, cancellationToken) is not var (kept, _)) return (null, null);
        var instance = kept.State == StatisticsState.InProgress ? await client.GetInstanceAsync(kept.Id, getInputsAndOutputs: true, cancellationToken) : null;
        // It may have ended since the first look.
        if (await statistics.FindAsync(workspace, point, cancellationToken) is not var (now, etag)) return (null, null);
        if (now.State != StatisticsState.InProgress || now.Id != kept.Id) return (now, etag);
        var isStarting = instance is null && time.GetUtcNow() - now.RequestedUtc < TimeSpan.FromSeconds(settings.PatienceSeconds);
        return instance is { IsCompleted: false } || isStarting
            ? (now with { Counts = instance?.ReadCustomStatusAs<StatisticsCounts>() }, etag)
            : (now with { State = StatisticsState.Error, Problem = StatisticsWords.Lost }, etag);
    }
}
