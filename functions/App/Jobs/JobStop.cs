using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Asks jobs to stop.</summary>
public sealed class JobStop(JobTables tables, JobMoves moves, JobFiles files, JobStarter starter)
{
    /// <summary>
    /// Records the wish; batches and planning see it within seconds, and what was transferred stays. A job that has not begun is stopped at
    /// once. Null, or the status in which a job cannot be stopped: it has ended, or is stopping already.
    /// </summary>
    public async Task<JobStatus?> RequestAsync(DurableTaskClient client, string jobId, string askedBy, CancellationToken cancellationToken)
    {
        JobStatus? refused = null;
        var row = await moves.ChangeAsync(
            jobId,
            r =>
            {
                // A suspended job that is to stop shows so once its orchestration has woken.
                refused = r.StopRequested && !r.Status.IsFinal() ? JobStatus.Stopping : r.Status.CanBeStopped() ? null : r.Status;
                if (refused is not null) return r;
                r = r with { StopRequested = true, StopRequestedBy = askedBy };
                return r.Status switch
                {
                    JobStatus.Pending => r with { Status = JobStatus.Stopped, EndedUtc = moves.Now, Total = null },
                    // Nothing of it runs: its orchestration is woken, counts, and ends it.
                    JobStatus.Suspended => r,
                    _ => r with { Status = JobStatus.Stopping },
                };
            },
            cancellationToken);
        if (refused is not null) return refused;
        if (row.Status == JobStatus.Suspended) await JobPause.WakeAsync(client, jobId, cancellationToken);
        if (row.Status == JobStatus.Stopped)
        {
            var job = await files.JobAsync(jobId, cancellationToken);
            await ErrorStates.EndAsync(moves, job, row, cancellationToken);
            await starter.NotifyAsync(client, job, cancellationToken);
            await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
        }
        return null;
    }
}
