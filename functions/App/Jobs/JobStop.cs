using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Asks jobs to stop.</summary>
public sealed class JobStop(JobTables tables, JobMoves moves, JobFiles files, TimeProvider time)
{
    /// <summary>
    /// Records the wish; batches and planning see it within seconds, and what was transferred stays. A job that has not begun is stopped at
    /// once. False when the job has ended already.
    /// </summary>
    public async Task<bool> RequestAsync(string jobId, CancellationToken cancellationToken)
    {
        var before = JobStatus.Pending;
        var row = await moves.ChangeAsync(
            jobId,
            r =>
            {
                before = r.Status;
                if (r.Status.IsFinal() || r.StopRequested) return r;
                return r.Status == JobStatus.Pending
                    ? r with { StopRequested = true, Status = JobStatus.Stopped, EndedUtc = time.GetUtcNow(), Total = null }
                    : r with { StopRequested = true, Status = JobStatus.Stopping };
            },
            cancellationToken);
        if (before.IsFinal()) return false;
        if (row.Status == JobStatus.Stopped)
        {
            var job = await files.JobAsync(jobId, cancellationToken);
            await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
        }
        return true;
    }
}
