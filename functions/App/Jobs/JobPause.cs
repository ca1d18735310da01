using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Jobs;

/// <summary>Suspends jobs and lets them go on (design, Rules of orchestration 9).</summary>
public sealed class JobPause(JobMoves moves)
{
    /// <summary>The event that wakes the orchestration of a suspended job.</summary>
    internal const string Resume = "Resume";

    /// <summary>
    /// Records the wish; batches that run come to their end, others wait. Null, or the status in which the job cannot be suspended. An undo does not
    /// pause: it is short, and can be stopped and repeated.
    /// </summary>
    public async Task<JobStatus?> SuspendAsync(string jobId, CancellationToken cancellationToken)
    {
        JobStatus? refused = null;
        await moves.ChangeAsync(
            jobId,
            row =>
            {
                refused = row is { Status: JobStatus.Processing, Type: not JobType.Undo } ? null : row.Status;
                return refused is null ? row with { SuspendRequested = true, Status = JobStatus.Suspending } : row;
            },
            cancellationToken);
        return refused;
    }

    /// <summary>Lets a suspended job go on; may be repeated. Null, or the status in which it cannot be resumed.</summary>
    public async Task<JobStatus?> ResumeAsync(DurableTaskClient client, string jobId, CancellationToken cancellationToken)
    {
        var before = JobStatus.Suspended;
        var row = await moves.ChangeAsync(
            jobId,
            row => (before = row.Status) == JobStatus.Suspended && !row.StopRequested ? row with { SuspendRequested = false, Status = JobStatus.Processing } : row,
            cancellationToken);
        if (row is not { Status: JobStatus.Processing, StopRequested: false }) return before;
        await WakeAsync(client, jobId, cancellationToken);
        return null;
    }

    /// <summary>Wakes an orchestration that waits; one that does not is not disturbed.</summary>
    public static Task WakeAsync(DurableTaskClient client, string jobId, CancellationToken cancellationToken)
        => client.RaiseEventAsync(jobId, Resume, true, cancellationToken);
}

/// <summary>Says that a job is suspended, once its running batches have ended.</summary>
public sealed class SuspendJob(JobMoves moves)
{
    /// <summary>Suspending → Suspended, unless the job was resumed or stopped meanwhile: then there is no pause any more.</summary>
    [Function(nameof(SuspendJob))]
    public async Task<StepResult> RunAsync([ActivityTrigger] string jobId, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(SuspendJob), jobId);
        var row = await moves.ToAsync(jobId, JobStatus.Suspended, cancellationToken);
        return new StepResult { Over = !row.SuspendRequested || row.StopRequested || row.Status.IsFinal() };
    }
}
