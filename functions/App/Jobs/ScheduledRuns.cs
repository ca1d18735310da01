using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Counts scheduled runs that fail one after the other (guide 4.12).</summary>
internal static class ScheduledRuns
{
    /// <summary>Counts an ended job if its schedule started it; a run that was stopped neither failed nor went well.</summary>
    public static async Task CountAsync(JobTables tables, Job job, CancellationToken cancellationToken)
    {
        if (job.Type != JobType.ScheduledRun || await tables.History.GetAsync(job, cancellationToken) is not { } row) return;
        if (row.Status is JobStatus.Completed or JobStatus.CompletedWithErrors or JobStatus.Failed or JobStatus.ValidationFailed)
        {
            var failed = row.Status is JobStatus.Failed or JobStatus.ValidationFailed;
            await tables.Schedules.CountAsync(job.Point.Workspace, job.Point.Id, job.StartedUtc, failed, cancellationToken);
        }
    }
}
