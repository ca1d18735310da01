using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Takes up jobs that a crash left between two steps (design, Rules of orchestration 10).</summary>
public sealed class LeftJobs(JobFiles files, JobTables tables, JobStarter starter, TimeProvider time, ILogger<LeftJobs> logger)
{
    /// <summary>
    /// Starts again what was cut off while starting; ends jobs whose orchestration is over and that have no final row, or whose end was cut off.
    /// </summary>
    public async Task TakeUpAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var running = 0;
        await foreach (var (jobId, takenUtc) in tables.Leases.ListAsync(cancellationToken))
        {
            running++;
            // A starter at work right now is left alone.
            if (time.GetUtcNow() - takenUtc < starter.LongestStart) continue;
            await OneByOne.DoAsync(logger, $"job {jobId}", () => TakeUpAsync(client, jobId, cancellationToken));
        }
        Measures.Running(running);
    }

    private async Task TakeUpAsync(DurableTaskClient client, string jobId, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync<Job>(JobFiles.JobName(jobId), cancellationToken) is not { } job) return;
        var known = await tables.History.GetAsync(jobId, cancellationToken);
        var instance = await client.GetInstanceAsync(jobId, getInputsAndOutputs: true, cancellationToken);
        if (known?.Status.IsFinal() == true)
        {
            // Its own orchestration does what is left to do, as long as it runs.
            if (instance is null or { IsCompleted: true }) await starter.EndAsync(client, job, isEarly: false, cancellationToken);
        }
        else if (instance is null)
        {
            logger.LogWarning("Job {Job} has no orchestration: it was cut off while it started, or the storage of orchestrations was lost. It is started again, and does nothing twice", job.Id);
            await starter.ResumeAsync(client, job, cancellationToken);
        }
        else if (instance.IsCompleted)
        {
            // It may have ended properly since the row was read.
            var isEarly = await tables.History.GetAsync(jobId, cancellationToken) is { } row && !row.Status.IsFinal();
            if (isEarly) logger.LogError("The orchestration of job {Job} is over, and the job is not; it is ended", job.Id);
            await starter.EndAsync(client, job, isEarly, cancellationToken);
        }
        else if (instance.ReadCustomStatusAs<RunProgress>() is { Paused: true } && known is { SuspendRequested: false } or { StopRequested: true })
        {
            // Resumed or stopped, and the app died before it could wake the orchestration.
            await JobPause.WakeAsync(client, jobId, cancellationToken);
        }
    }
}
