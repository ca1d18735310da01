using System.Globalization;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Schedules;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>Starts integration points whose schedule is due: each run once, a missed one once.</summary>
public sealed class DueSchedules(
    JobTables tables, PointCatalog points, InstanceSettings settings, JobStarter starter, TimeProvider time)
{
    private const int AtOnce = 8;

    /// <summary>Starts what is due by now, and sets each schedule to its next run after now. One that fails does not keep others from their turn.</summary>
    public async Task StartAsync(DurableTaskClient client, ILogger logger, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Those that are due in the same minute wait for each other no longer than they must.
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(await tables.Schedules.DueAsync(now, cancellationToken), options, async (due, _) =>
            await OneByOne.DoAsync(logger, $"the schedule of point {due.PointId}", async () =>
            {
                var point = (await points.FindAsync(due.Workspace, due.PointId, cancellationToken))?.Value;
                var goesOn = point?.Schedule is not null && await StartAsync(client, point, due, cancellationToken);
                await tables.Schedules.TryAdvanceAsync(due, goesOn ? point!.Schedule!.NextRun(now) : null, cancellationToken);
            }));
    }

    // False: the schedule has failed too often, and stops until the point is saved.
    private async Task<bool> StartAsync(DurableTaskClient client, IntegrationPoint point, DueSchedule due, CancellationToken cancellationToken)
    {
        var request = new StartRequest(JobIds.ForSchedule(due.Workspace, due.PointId, due.NextRunUtc), JobType.ScheduledRun, JobStarter.Schedule, point.SavedBy);
        // A run that started, failed and was counted before the schedule could be moved on comes here again; it is no further one.
        var wasCounted = due.CountedUtc is { } counted && await tables.History.GetAsync(request.JobId, cancellationToken) is { } row && row.StartedUtc <= counted;
        if (!wasCounted && Schedule.StopsAfter(due.Failures, await settings.IntegerAsync(InstanceSetting.MaxFailedScheduledJobsCount, cancellationToken))
            && await starter.RefuseAsync(point, request, FailedTooOften(due.Failures), cancellationToken) is { } refused)
        {
            await starter.NotifyAsync(client, refused, cancellationToken);
            return false;
        }
        var result = await starter.StartAsync(client, point, request, cancellationToken);
        if (result.BusyWith is null) Measures.Started(time.GetUtcNow() - due.NextRunUtc);
        if (result.BusyWith is { } other)
            await tables.Errors.AddForPointAsync(due.Workspace, due.PointId, Busy(due, other), due.NextRunUtc, time.GetUtcNow(), cancellationToken);
        return true;
    }

    private static Problem Busy(DueSchedule due, string other) => new(
        "scheduled-run-left-out", string.Create(CultureInfo.InvariantCulture,
            $"The run that was due at {due.NextRunUtc:yyyy-MM-dd HH:mm} UTC did not start because job {other} of the integration point was still running. ")
        + "The schedule goes on; run the point by hand if the run is wanted before the next one, or leave more time between runs.");

    private static Problem FailedTooOften(int failures) => new(
        "schedule-stopped", string.Create(CultureInfo.InvariantCulture,
            $"The schedule was stopped by the system: the last {failures} scheduled runs failed one after the other, the most that the instance setting {InstanceSetting.MaxFailedScheduledJobsCount} allows. ")
        + "This run was not carried out. Mend what the errors of those jobs say; the schedule will resume when the integration point is saved.");
}
