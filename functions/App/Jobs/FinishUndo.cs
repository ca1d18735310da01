using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Ends an undo: totals, job-level errors, final status, lease. May be repeated; the second time changes nothing.</summary>
public sealed class FinishUndo(JobFiles files, JobTables tables, JobMoves moves, TimeProvider time)
{
    /// <summary>The job that was undone names its undo; every record is accounted for.</summary>
    [Function(nameof(FinishUndo))]
    public async Task RunAsync([ActivityTrigger] JobEnd end, CancellationToken cancellationToken)
    {
        var job = await files.JobAsync(end.JobId, cancellationToken);
        await moves.ChangeAsync(job.Undo!.JobId, row => row with { UndoneBy = job.Id }, cancellationToken);
        var counts = new JobCounts();
        await foreach (var result in tables.Batches.ListAsync(end.JobId, cancellationToken)) counts += result.Counts;
        var problem = end.FailedStep is null ? null : new Problem(
            "batch-failed",
            $"The undo was given up at {end.FailedStep}: it failed in every attempt, as happens when storage cannot be reached. What was undone until then "
            + "stays undone. Undo the job again to go on; if it fails again, tell your administrator the job's id.");
        if (problem is not null) await tables.Errors.AddAsync(job.Id, -1, [problem], time.GetUtcNow(), cancellationToken);
        await moves.ChangeAsync(
            end.JobId,
            row => row.Status.IsFinal() ? row : row with
            {
                Status = row.StopRequested ? JobStatus.Stopped : problem is not null ? JobStatus.Failed : JobStatus.Completed,
                Counts = counts,
                Total = row.StopRequested || problem is not null ? null : counts.Read,
                EndedUtc = time.GetUtcNow(),
            },
            cancellationToken);
        await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
    }
}
