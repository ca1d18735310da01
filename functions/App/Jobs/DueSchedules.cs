using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>Starts integration points whose schedule is due: each run once, a missed one once.</summary>
public sealed class DueSchedules(JobTables tables, PointCatalog points, JobStarter starter, TimeProvider time, ILogger<DueSchedules> logger)
{
    /// <summary>Starts what is due by now, and sets each schedule to its next run after now.</summary>
    public async Task StartAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var due in await tables.Schedules.DueAsync(now, cancellationToken))
            await OneByOne.DoAsync(logger, $"the schedule of point {due.PointId}", () => StartAsync(client, due, now, cancellationToken));
    }

    private async Task StartAsync(DurableTaskClient client, DueSchedule due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var point = await points.FindAsync(due.Workspace, due.PointId, cancellationToken);
        if (point?.Value.Schedule is not null)
        {
            var request = new StartRequest(
                JobIds.ForSchedule(due.Workspace, due.PointId, due.NextRunUtc), JobType.ScheduledRun, "schedule", point.Value.SavedBy);
            var result = await starter.StartAsync(client, point.Value, request, cancellationToken);
            if (result.BusyWith is { } other)
                logger.LogWarning("Point {Point} was due, but job {Job} is still running; this run is left out", due.PointId, other);
        }
        await tables.Schedules.TryAdvanceAsync(due, point?.Value.Schedule?.NextRun(now), cancellationToken);
    }
}
