using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>What retrying an integration point would do.</summary>
/// <param name="Point">The point as the retry takes it: in Append/Overlay mode, with the source that the job had.</param>
/// <param name="Of">What is retried.</param>
/// <param name="Records">How many records; null: all of the source.</param>
public sealed record RetryPlan(IntegrationPoint Point, RetryOf Of, long? Records);

/// <summary>Finds out what there is to retry (guide 7.2).</summary>
public sealed class JobRetry(JobFiles files, JobTables tables, IRecords records)
{
    private const int Group = 250, Newest = 20;

    /// <summary>The job that runs, and has to end before anything can be retried; or null.</summary>
    public Task<string?> RunningAsync(IntegrationPoint point, CancellationToken cancellationToken)
        => tables.Leases.HolderAsync(point.Workspace, point.Id, cancellationToken);

    /// <summary>
    /// The errors of the point's last job: those of its records, which are transferred again; or, when the job itself failed, all of it. Null when
    /// it has none that can be retried.
    /// </summary>
    public async Task<RetryPlan?> PlanAsync(IntegrationPoint point, CancellationToken cancellationToken)
    {
        var newest = await tables.History.ListAsync(point.Workspace, point.Id, Newest, null, cancellationToken);
        if (newest.Items.FirstOrDefault(row => !CameTooLate(row)) is not { Type: not JobType.Undo } last || !last.Status.IsFinal() || await files.ReadAsync<Job>(JobFiles.JobName(last.JobId), cancellationToken) is not { } job) return null;
        // Another provider or object type: what was rejected then is not what would be read now.
        if (job.Point.Source.Provider != point.Source.Provider || job.Point.ObjectType != point.ObjectType) return null;
        var failed = (last.Status is JobStatus.Failed or JobStatus.ValidationFailed) && last.JobErrors == ErrorStatus.New;
        if (!failed && (last.Counts is { Rejected: 0, LinkProblems: 0 } || last.ItemErrors != ErrorStatus.New)) return null;
        // A retry that failed as a whole has its own task to do again: the records that it was to retry.
        var of = !failed ? new RetryOf(last.JobId, Whole: false) { Errors = last.JobId }
            : job.Retry is { } earlier ? earlier with { Errors = last.JobId }
            : new RetryOf(last.JobId, Whole: true) { Errors = last.JobId };
        var again = point with { Import = point.Import with { Overwrite = OverwriteMode.AppendOverlay }, Source = of.Whole ? point.Source : job.Point.Source };
        // One that failed rejected nothing, or not all, of what it was to retry.
        var retried = of.JobId == last.JobId ? last : await tables.History.GetAsync(of.JobId, cancellationToken);
        return new RetryPlan(again, of, of.Whole ? null : retried?.Counts.Rejected);
    }

    /// <summary>How many of the records to retry are in the workspace already, and would be overlaid; null when the whole source is read again.</summary>
    public async Task<long?> OverlaidAsync(RetryPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Of.Whole || await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(plan.Of.JobId), cancellationToken) is not { } prepared) return null;
        var count = 0L;
        await foreach (var result in tables.Batches.ListAsync(plan.Of.JobId, cancellationToken))
        {
            if (result.Counts.Rejected == 0) continue;
            var rejected = await files.ReadAsync<List<RejectedRow>>(JobFiles.RejectedName(plan.Of.JobId, result.Batch), cancellationToken) ?? [];
            foreach (var group in rejected.Where(WouldBeRetried).Select(row => row.Problems[0].SourceId).OfType<string>().Distinct().Chunk(Group))
            {
                var keys = group.Select(id => Identifier.Key(prepared.Workspace.Id, prepared.Workspace.Buckets, prepared.ObjectType.Name, id)).ToList();
                count += (await records.ReadManyAsync(keys, cancellationToken)).Count(item => item is not null);
            }
        }
        return count;
    }

    // A retry that another job overtook did nothing, and what it was to retry is settled: the errors to retry are those of a job before it.
    private static bool CameTooLate(JobHistory row)
        => row is { Type: JobType.RetryErrors, Status: JobStatus.ValidationFailed, JobErrors: ErrorStatus.Expired };

    // A row that lost to an earlier one of the same identifier loses again.
    private static bool WouldBeRetried(RejectedRow row) => row.Problems.Count > 0 && row.Problems.All(p => p.Code != "duplicate-identifier");
}
