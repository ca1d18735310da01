using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Notifications;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Who or what starts a job, and under which id.</summary>
public sealed record StartRequest(string JobId, JobType Type, string Trigger, string StartedBy)
{
    /// <summary>What it retries; null: it is no retry.</summary>
    public RetryOf? Retry { get; init; }

    /// <summary>What it undoes; null for a job that imports.</summary>
    public UndoneJob? Undo { get; init; }
}

/// <summary>Whether a job that nobody asks for at that moment may run: decided once.</summary>
/// <param name="Refused">Why it may not; null: it may.</param>
public sealed record StartDecision(Problem? Refused);

/// <summary>The job that runs, or the other one that keeps it from running.</summary>
public sealed record StartResult(string JobId, string? BusyWith = null);

/// <summary>
/// Starts jobs. Each step may be repeated and a crash may come between any two: the tick takes up what was left (design, Rules of
/// orchestration 10).
/// </summary>
public sealed class JobStarter(JobFiles files, JobTables tables, NewJobs jobs, JobSettings settings, AccessCheck access)
{
    /// <summary>What starts jobs for which nobody asks at that moment.</summary>
    public const string Schedule = "schedule", Upload = "upload";

    /// <summary>How long a start may take; one that has not come to its end by then was cut off.</summary>
    public TimeSpan LongestStart { get; } = TimeSpan.FromSeconds(settings.PatienceSeconds);

    /// <summary>Whether a job of this id was started before.</summary>
    public async Task<bool> IsKnownAsync(string jobId, CancellationToken cancellationToken)
        => await tables.History.GetAsync(jobId, cancellationToken) is not null;

    /// <summary>Freezes the point, takes its lease, writes the history row, schedules the orchestration. One job per point at a time.</summary>
    public async Task<StartResult> StartAsync(
        DurableTaskClient client, IntegrationPoint point, StartRequest request, CancellationToken cancellationToken)
    {
        // A point that is busy freezes nothing: the run that is asked for again later is one of that time.
        if (await tables.Leases.HolderAsync(point.Workspace, point.Id, cancellationToken) is { } other && other != request.JobId)
        {
            var done = await tables.History.GetAsync(request.JobId, cancellationToken) is { } known && known.Status.IsFinal();
            return new StartResult(request.JobId, done ? null : other);
        }
        if (request.Trigger is Schedule or Upload && await AgainstAsync(point, request, cancellationToken) is { } problem
            && await RefuseAsync(point, request, problem, cancellationToken) is { } refused)
        {
            await ScheduledRuns.CountAsync(tables, refused, cancellationToken);
            await NotifyAsync(client, refused, cancellationToken);
            return new StartResult(refused.Id);
        }
        var job = await files.DecideAsync(JobFiles.JobName(request.JobId), await jobs.FreezeAsync(point, request, cancellationToken), cancellationToken);
        return await ResumeAsync(client, job, cancellationToken);
    }

    // Nobody has signed in for it. Whether it may run is decided once: rights may change between two starters, or before one that repeats it.
    private async Task<Problem?> AgainstAsync(IntegrationPoint point, StartRequest request, CancellationToken cancellationToken)
    {
        var name = JobFiles.StartName(request.JobId);
        if (await files.ReadAsync<StartDecision>(name, cancellationToken) is { } decided) return decided.Refused;
        // One of before such decisions were kept.
        if (await IsKnownAsync(request.JobId, cancellationToken)) return null;
        return (await files.DecideAsync(name, new StartDecision(await access.AgainstRunAsync(point, cancellationToken)), cancellationToken)).Refused;
    }

    /// <summary>
    /// Enters a job that is not carried out, and why, and answers with it; null when it was decided already that it is. May be repeated, also at once:
    /// it has one row of the history, and one entry of the audit.
    /// </summary>
    public async Task<Job?> RefuseAsync(IntegrationPoint point, StartRequest request, Problem refusal, CancellationToken cancellationToken)
    {
        var decision = await files.DecideAsync(JobFiles.StartName(request.JobId), new StartDecision(refusal), cancellationToken);
        if (decision.Refused is not { } problem) return null;
        var job = await files.DecideAsync(JobFiles.JobName(request.JobId), await jobs.FreezeAsync(point, request, cancellationToken), cancellationToken);
        if (AuditTrail.OfStart(job, problem.Code) is { } entry) await tables.Audit.AddAsync(entry, cancellationToken);
        await tables.Errors.AddAsync(job, -1, [problem with { Level = ProblemLevel.Job }], job.StartedUtc, cancellationToken);
        var row = await jobs.RowAsync(job, cancellationToken) with { Status = JobStatus.Failed, EndedUtc = job.StartedUtc };
        if (!await tables.History.CreateAsync(row, cancellationToken)) return job;
        JobTrace.Ended(row);
        Measures.Ended(row.Status);
        return job;
    }

    /// <summary>Does what is left to do of starting a job whose job.json is there.</summary>
    public async Task<StartResult> ResumeAsync(DurableTaskClient client, Job job, CancellationToken cancellationToken)
    {
        if (await tables.History.GetAsync(job.Id, cancellationToken) is { } known && known.Status.IsFinal()) return new StartResult(job.Id);
        var holder = await tables.Leases.TryAcquireAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
        if (holder != job.Id) return new StartResult(job.Id, BusyWith: holder);

        await tables.History.CreateAsync(await jobs.RowAsync(job, cancellationToken), cancellationToken);
        // The job may have run to its end since the first look; then its lease is free to go.
        if (await tables.History.GetAsync(job.Id, cancellationToken) is { } row && row.Status.IsFinal())
        {
            await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
            return new StartResult(job.Id);
        }
        if (AuditTrail.OfStart(job) is { } entry) await tables.Audit.AddAsync(entry, cancellationToken);
        await ScheduleAsync(client, job, cancellationToken);
        return new StartResult(job.Id);
    }

    /// <summary>Has people told of the end of a job whose own orchestration does not do it. May be repeated: nobody is told twice.</summary>
    public async Task NotifyAsync(DurableTaskClient client, Job job, CancellationToken cancellationToken)
    {
        if (Recipients.Of(job.Point.NotificationRecipients).Count == 0) return;
        await OnceAsync(
            client,
            $"notify-{job.Id}",
            options => client.ScheduleNewOrchestrationInstanceAsync(
                nameof(RunNotification), new RunState(job.Id) { FirstRetrySeconds = settings.FirstRetrySeconds }, options, cancellationToken),
            cancellationToken);
    }

    /// <summary>
    /// Ends a job whose own orchestration cannot, with the same steps: it is over without a final row (<paramref name="isEarly"/>), or what comes
    /// after that was cut off. May be repeated, also when the attempt before has failed.
    /// </summary>
    public Task EndAsync(DurableTaskClient client, Job job, bool isEarly, CancellationToken cancellationToken) => OnceAsync(
        client,
        $"end-{job.Id}",
        options => client.ScheduleNewOrchestrationInstanceAsync(
            nameof(EndJob), new EndState(job.Id, job.Undo is not null, isEarly) { FirstRetrySeconds = settings.FirstRetrySeconds },
            options.WithDedupeStatuses(OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended), cancellationToken),
        cancellationToken);

    private Task ScheduleAsync(DurableTaskClient client, Job job, CancellationToken cancellationToken) => OnceAsync(
        client,
        job.Id,
        options => job.Undo is null
            ? client.ScheduleNewOrchestrationInstanceAsync(
                nameof(RunJob), new RunState(job.Id) { FirstRetrySeconds = settings.FirstRetrySeconds }, options, cancellationToken)
            : client.ScheduleNewOrchestrationInstanceAsync(
                nameof(UndoJob), new UndoState(job.Id) { FirstRetrySeconds = settings.FirstRetrySeconds }, options, cancellationToken),
        cancellationToken);

    private static async Task OnceAsync(
        DurableTaskClient client, string id, Func<StartOrchestrationOptions, Task> schedule, CancellationToken cancellationToken)
    {
        // All that an instance can be in. Canceled, which nothing is any more, is left out: where nothing at all may be replaced, some versions of
        // the client send no rule (durabletask-dotnet, ProtoUtils), and the host goes by its own, under which ended instances are replaced.
        var options = new StartOrchestrationOptions(id).WithDedupeStatuses(
            OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed,
            OrchestrationRuntimeStatus.Terminated, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended);
        try
        {
            await schedule(options);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Which exception says "already there" differs between versions of the client; that the instance is there does not.
            if (await client.GetInstanceAsync(id, cancellation: cancellationToken) is null) throw;
        }
    }
}
