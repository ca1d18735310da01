using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Checks source, destination and mapping before any record moves, makes the fields that were asked for, and freezes what it found.</summary>
public sealed class ValidateJob(JobFiles files, JobTables tables, JobMoves moves, Sources sources, Destinations destinations)
{
    /// <summary>Status Pending → Validation → Processing. A problem leaves the status at Validation; FinishJob makes it final.</summary>
    [Function(nameof(ValidateJob))]
    public async Task<Validated> RunAsync([ActivityTrigger] string jobId, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(ValidateJob), jobId);
        var job = await files.JobAsync(jobId, cancellationToken);
        var row = await moves.ToAsync(jobId, JobStatus.Validation, cancellationToken);
        if (row.Status.IsFinal()) return new Validated { Over = true };
        if (row.StopRequested) return new Validated();
        LinkPlan? links;
        try
        {
            await ErrorStates.BeginAsync(tables, moves, job, cancellationToken);
            var prepared = await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(jobId), cancellationToken)
                ?? await files.DecideAsync(JobFiles.PreparedName(jobId), await PrepareAsync(), cancellationToken);
            await tables.Warnings.AddAsync(job, -1, prepared.Layout.Warnings, job.StartedUtc, cancellationToken);
            links = prepared.Links is null ? null : new LinkPlan(await RetriedAsync(job, cancellationToken));
        }
        catch (ConfigurationException e)
        {
            return new Validated { Problem = e.Problem };
        }
        // Only from here: delivered again late, it does not wake a job that is suspended.
        await moves.ChangeAsync(
            jobId, r => r.Status == JobStatus.Validation ? r with { Status = JobStatus.Processing, SettledEarlier = true } : r, cancellationToken);
        return new Validated { Spool = sources.Open(job) is ISpooledSource, Links = links };

        async Task<PreparedJob> PrepareAsync() => await destinations.Open(job.Point).PrepareAsync(job, await LayoutAsync(job, cancellationToken), cancellationToken);
    }

    // How many batches of the retried job may hold links that it could not make.
    private async Task<int> RetriedAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.Retry is not { Whole: false } retry || await tables.History.GetAsync(retry.JobId, cancellationToken) is not { Counts.LinkProblems: > 0 }) return 0;
        var batches = 0;
        for (var page = 0; await files.ReadAsync<BatchPage>(JobFiles.PageName(retry.JobId, page), cancellationToken) is { } planned; page++)
            if (planned.Batches.Count > 0) batches = planned.Batches[^1].Index + 1;
        return batches;
    }

    private async Task<SourceLayout> LayoutAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            return await sources.Open(job).CheckAsync(cancellationToken);
        }
        catch (ConfigurationException e)
        {
            // What else would stop the job is said with it, so that all of it can be mended at once.
            throw new ConfigurationException(Problem.Together([e.Problem, .. await destinations.Open(job.Point).ProblemsAsync(job, cancellationToken)]));
        }
    }
}
