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
        try
        {
            await ErrorStates.BeginAsync(tables, moves, job, cancellationToken);
            var prepared = await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(jobId), cancellationToken)
                ?? await files.DecideAsync(JobFiles.PreparedName(jobId), await PrepareAsync(), cancellationToken);
            await tables.Warnings.AddAsync(job, -1, prepared.Layout.Warnings, job.StartedUtc, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            return new Validated { Problem = e.Problem };
        }
        // Only from here: delivered again late, it does not wake a job that is suspended.
        await moves.ChangeAsync(
            jobId, r => r.Status == JobStatus.Validation ? r with { Status = JobStatus.Processing, SettledEarlier = true } : r, cancellationToken);
        return new Validated { Spool = sources.Open(job) is ISpooledSource };

        async Task<PreparedJob> PrepareAsync() => await destinations.Open(job.Point).PrepareAsync(job, await LayoutAsync(job, cancellationToken), cancellationToken);
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
