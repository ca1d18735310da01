using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Changes a job's row of the history, one legal move at a time; whoever comes second sees what the first did.</summary>
public sealed class JobMoves(JobHistoryTable history, TimeProvider time)
{
    /// <summary>When a move that is made now happens.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Moves the job to a status if it may go there from where it stands, and answers with where it stands then.</summary>
    public Task<JobHistory> ToAsync(string jobId, JobStatus status, CancellationToken cancellationToken)
        => ChangeAsync(jobId, row => row.Status.CanMoveTo(status) ? row with { Status = status } : row, cancellationToken);

    /// <summary>Changes the row by its etag, again when somebody else was faster; a change that changes nothing is not written.</summary>
    /// <exception cref="InvalidOperationException">There is no such job, or it cannot go from its status to the other.</exception>
    public async Task<JobHistory> ChangeAsync(string jobId, Func<JobHistory, JobHistory> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await history.GetAsync(jobId, cancellationToken) ?? throw new InvalidOperationException($"Job {jobId} has no row in the history.");
            var changed = change(row);
            row.Status.MoveTo(changed.Status);
            if (changed == row || await history.TryUpdateAsync(changed, cancellationToken)) return changed;
        }
    }

    /// <summary>Ends the job as said; one that is suspended and was not asked to stop goes on first, since nothing else leads from there to an end.</summary>
    public async Task<JobHistory> EndAsync(string jobId, Func<JobHistory, JobHistory> end, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await ChangeAsync(
                jobId,
                r => r is { Status: JobStatus.Suspended, StopRequested: false } ? r with { Status = JobStatus.Processing, SuspendRequested = false } : end(r),
                cancellationToken);
            if (row.Status.IsFinal()) return row;
        }
    }
}
