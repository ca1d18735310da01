using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Ends a job: totals, job-level errors, error file, final status, lease. May be repeated; the second time changes nothing.</summary>
public sealed class FinishJob(JobFiles files, JobTables tables, JobMoves moves, ErrorFiles errorFiles, Destinations destinations)
{
    /// <summary>Every record is accounted for, or the job says that it is not.</summary>
    [Function(nameof(FinishJob))]
    public async Task RunAsync([ActivityTrigger] JobEnd end, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(FinishJob), end.JobId);
        var job = await files.JobAsync(end.JobId, cancellationToken);
        var row = await tables.History.GetAsync(end.JobId, cancellationToken);
        if (row is { Status: var status } && !status.IsFinal())
        {
            var counts = new JobCounts();
            var charged = 0.0;
            var rejecting = new List<int>();
            await foreach (var result in tables.Batches.ListAsync(end.JobId, cancellationToken))
            {
                counts += result.Counts;
                charged += result.RequestUnits;
                if (result.Counts.Rejected > 0) rejecting.Add(result.Batch);
            }
            var planned = await PlannedAsync(end.JobId, cancellationToken);
            var totals = new Totals(counts, charged, planned);
            var problem = await ProblemAsync(job, end, row, totals, cancellationToken);
            await errorFiles.WriteAsync(job, rejecting, cancellationToken);
            if (problem is not null)
                await tables.Errors.AddAsync(job, -1, [problem with { Level = ProblemLevel.Job }], moves.Now, cancellationToken);
            // Whoever sees that the job has ended sees its production as it is then.
            await SettleAsync(job, Final(row, end, problem, totals), cancellationToken);
            row = await moves.EndAsync(end.JobId, r => Final(r, end, problem, totals), cancellationToken);
            JobTrace.Ended(row);
            Measures.Ended(row.Status);
        }
        if (row is not null) await SettleAsync(job, row, cancellationToken);
        if (row is not null) await ErrorStates.EndAsync(moves, job, row, cancellationToken);
        await ScheduledRuns.CountAsync(tables, job, cancellationToken);
        await tables.Leases.ReleaseAsync(job.Point.Workspace, job.Point.Id, job.Id, cancellationToken);
    }

    // What validation never came to has nothing to settle.
    private async Task SettleAsync(Job job, JobHistory ended, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(job.Id), cancellationToken) is { } prepared)
            await destinations.Open(job.Point).SettleAsync(job, prepared, ended, cancellationToken);
    }

    private JobHistory Final(JobHistory row, JobEnd end, Problem? problem, Totals totals)
    {
        if (row.Status.IsFinal()) return row;
        var status = JobStatusMoves.EndOf(row, problem, end.Problem is not null, totals.Counts.Rejected + totals.Counts.LinkProblems);
        return row with
        {
            Status = status,
            Counts = totals.Counts,
            RequestUnits = totals.RequestUnits,
            Total = totals.Planned,
            EndedUtc = moves.Now,
            SettledEarlier = row.SettledEarlier || (status == JobStatus.ValidationFailed && problem?.Code != ErrorStates.Outdated),
        };
    }

    private async Task<Problem?> ProblemAsync(Job job, JobEnd end, JobHistory row, Totals totals, CancellationToken cancellationToken)
    {
        // From the request on nothing new is an error (guide 5.6.1).
        if (row.StopRequested) return null;
        if ((end.Problem ?? await FailedSteps.ProblemAsync(files, job, end, cancellationToken)) is { } problem) return problem;
        var (counts, _, planned) = totals;
        if (counts.Reconciles && counts.Read == planned) return null;
        return new Problem(
            "unreconciled",
            $"The records do not add up: {planned} in the source, {counts.Read} read, {counts.Written} transferred, {counts.Rejected} with errors, "
            + $"{counts.Skipped} skipped. Do not rely on this job; tell your administrator the job's id.");
    }

    // The last page that was laid out knows how many records there are; null when there is none, or more pages were to come.
    private async Task<long?> PlannedAsync(string jobId, CancellationToken cancellationToken)
    {
        for (var number = 0; ; number++)
        {
            if (await files.ReadAsync<BatchPage>(JobFiles.PageName(jobId, number), cancellationToken) is not { } page) return null;
            if (page.Next is null) return page.Records;
        }
    }

    // What the batches came to, and the records of the source.
    private sealed record Totals(JobCounts Counts, double RequestUnits, long? Planned);
}
