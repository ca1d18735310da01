using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Takes up jobs that a crash left between two steps (design, Rules of orchestration 10).</summary>
public sealed class LeftJobs(JobFiles files, JobTables tables, JobStarter starter, JobMoves moves, TimeProvider time, ILogger<LeftJobs> logger)
{
    /// <summary>
    /// Starts again what was cut off while starting; fails and releases what ended without a final row; frees leases whose job is over.
    /// </summary>
    public async Task TakeUpAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        await foreach (var (jobId, takenUtc) in tables.Leases.ListAsync(cancellationToken))
        {
            // A starter at work right now is left alone.
            if (time.GetUtcNow() - takenUtc < starter.LongestStart) continue;
            await OneByOne.DoAsync(logger, $"job {jobId}", () => TakeUpAsync(client, jobId, cancellationToken));
        }
    }

    private async Task TakeUpAsync(DurableTaskClient client, string jobId, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync<Job>(JobFiles.JobName(jobId), cancellationToken) is not { } job) return;
        var known = await tables.History.GetAsync(jobId, cancellationToken);
        if (known?.Status.IsFinal() == true)
        {
            await SettleAsync(client, job, known, cancellationToken);
            return;
        }
        var instance = await client.GetInstanceAsync(jobId, getInputsAndOutputs: true, cancellationToken);
        if (instance is null)
        {
            logger.LogWarning("Job {Job} was cut off while it started; it is started again", job.Id);
            await starter.ResumeAsync(client, job, cancellationToken);
        }
        else if (instance.IsCompleted)
        {
            await FailAsync(client, job, cancellationToken);
        }
        else if (instance.ReadCustomStatusAs<RunProgress>() is { Paused: true } && known is { SuspendRequested: false } or { StopRequested: true })
        {
            // Resumed or stopped, and the app died before it could wake the orchestration.
            await JobPause.WakeAsync(client, jobId, cancellationToken);
        }
    }

    private async Task FailAsync(DurableTaskClient client, Job job, CancellationToken cancellationToken)
    {
        // It may have ended properly since the row was read.
        if (await tables.History.GetAsync(job.Id, cancellationToken) is not { } row || row.Status.IsFinal())
        {
            await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
            return;
        }
        logger.LogError("Job {Job} ended without a final status; it is given one", job.Id);
        var problem = new Problem(
            "job-ended-early",
            "The job ended before its records could be accounted for, as happens when storage cannot be reached for a long time. What was transferred "
            + "until then stays. Run the integration point again with Append/Overlay; if it fails again, tell your administrator the job's id.");
        if (!row.StopRequested) await tables.Errors.AddAsync(job, -1, [problem], time.GetUtcNow(), cancellationToken);
        var counts = new JobCounts();
        await foreach (var result in tables.Batches.ListAsync(job.Id, cancellationToken)) counts += result.Counts;
        var failed = await moves.EndAsync(
            job.Id,
            r => r.Status.IsFinal() ? r : r with
            {
                Status = JobStatusMoves.EndOf(r, problem, mustBeMended: false, counts.Rejected),
                Counts = counts,
                EndedUtc = time.GetUtcNow(),
            },
            cancellationToken);
        await SettleAsync(client, job, failed, cancellationToken);
    }

    // What is left to do of a job that has ended; whatever of it was done before changes nothing.
    private async Task SettleAsync(DurableTaskClient client, Job job, JobHistory ended, CancellationToken cancellationToken)
    {
        await ErrorStates.EndAsync(moves, job, ended, cancellationToken);
        await ScheduledRuns.CountAsync(tables, job, cancellationToken);
        await starter.NotifyAsync(client, job, cancellationToken);
        await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
    }
}
