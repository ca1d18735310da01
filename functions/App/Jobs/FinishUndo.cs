using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>Ends an undo: totals, job-level errors, production, final status, lease. May be repeated; the second time changes nothing.</summary>
public sealed class FinishUndo(JobFiles files, JobTables tables, JobMoves moves, RecordUndo undo, ProductionCatalog productions)
{
    /// <summary>The job that was undone names its undo; every record is accounted for.</summary>
    [Function(nameof(FinishUndo))]
    public async Task RunAsync([ActivityTrigger] JobEnd end, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(FinishUndo), end.JobId);
        var job = await files.JobAsync(end.JobId, cancellationToken);
        await moves.ChangeAsync(job.Undo!.JobId, row => row with { UndoneBy = job.Id }, cancellationToken);
        var (counts, charged, isLeft) = (new JobCounts(), 0.0, false);
        await foreach (var result in tables.Batches.ListAsync(end.JobId, cancellationToken))
        {
            counts += result.Counts;
            charged += result.RequestUnits;
            isLeft |= await undo.LeftAnyAsync(end.JobId, result, cancellationToken);
        }
        var row = await tables.History.GetAsync(end.JobId, cancellationToken);
        if (row is { Status: var status } && !status.IsFinal())
        {
            var problem = row.StopRequested ? null : await FailedSteps.ProblemAsync(files, job, end, cancellationToken);
            if (problem is not null) await tables.Errors.AddAsync(job, -1, [problem], moves.Now, cancellationToken);
            if (problem is null && !isLeft && !row.StopRequested) await FreeAsync(job, cancellationToken);
            row = await moves.EndAsync(end.JobId, now => Final(now, problem, counts, charged), cancellationToken);
            JobTrace.Ended(row);
            Measures.Ended(row.Status);
        }
        if (row is not null) await ErrorStates.EndAsync(moves, job, row, cancellationToken);
        await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
    }

    // The production that the job filled is New again when nothing of it is left; one that another job has filled since is that one's.
    private async Task FreeAsync(Job job, CancellationToken cancellationToken)
    {
        var prepared = await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(job.Undo!.JobId), cancellationToken);
        if (prepared?.Images?.Production is not { } production) return;
        await productions.ChangeAsync(
            job.Point.Workspace, production.Id,
            p => p.Source?.JobId == job.Undo.JobId ? p with { Status = ProductionStatus.New, Source = null } : p, cancellationToken);
    }

    private JobHistory Final(JobHistory row, Problem? problem, JobCounts counts, double charged) => row.Status.IsFinal() ? row : row with
    {
        Status = JobStatusMoves.EndOf(row, problem, mustBeMended: false, rejected: 0),
        Counts = counts,
        RequestUnits = charged,
        Total = row.StopRequested || problem is not null ? null : counts.Read,
        EndedUtc = moves.Now,
    };
}
