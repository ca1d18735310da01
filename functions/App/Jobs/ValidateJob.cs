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
            links = prepared.Links is null ? null : new LinkPlan(prepared.Links.Retried.Sum(r => r.Batches));
        }
        catch (ConfigurationException e)
        {
            return new Validated { Problem = e.Problem };
        }
        catch (JobStoppedException)
        {
            return new Validated();
        }
        // Only from here: delivered again late, it does not wake a job that is suspended.
        await moves.ChangeAsync(
            jobId, r => r.Status == JobStatus.Validation ? r with { Status = JobStatus.Processing, SettledEarlier = true } : r, cancellationToken);
        return new Validated { Spool = sources.Open(job) is ISpooledSource, Links = links };

        async Task<PreparedJob> PrepareAsync()
        {
            var prepared = await destinations.Open(job.Point).PrepareAsync(job, await LayoutAsync(job, cancellationToken), cancellationToken);
            return prepared.Links is { } found ? prepared with { Links = found with { Retried = await RetriedAsync(job, cancellationToken) } } : prepared;
        }
    }

    // The batches of the retried job, and of those that it retried itself, when it could not make all links.
    private async Task<IReadOnlyList<RetriedBatches>> RetriedAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.Retry is not { Whole: false } retry || await tables.History.GetAsync(retry.JobId, cancellationToken) is not { Counts.LinkProblems: > 0 }) return [];
        var batches = 0;
        for (var page = 0; await files.ReadAsync<BatchPage>(JobFiles.PageName(retry.JobId, page), cancellationToken) is { } planned; page++)
            if (planned.Batches.Count > 0) batches = planned.Batches[^1].Index + 1;
        var earlier = await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(retry.JobId), cancellationToken);
        return [new RetriedBatches(retry.JobId, batches), .. earlier?.Links?.Retried ?? []];
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
