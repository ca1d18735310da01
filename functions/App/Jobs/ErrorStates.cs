using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>
/// What becomes of the errors of a point's earlier jobs when another begins and ends (guide 7.2): one value for the errors of records and one for
/// the job's own, on the row of the job, however many errors there are.
/// </summary>
internal static class ErrorStates
{
    /// <summary>The code of a retry that came too late.</summary>
    public const string Outdated = "retry-outdated";

    private const int AtOnce = 20;

    /// <summary>A retry takes up the errors that it retries; a run, also a scheduled one, lets all of the point's expire. May be repeated.</summary>
    /// <exception cref="ConfigurationException"><c>retry-outdated</c>: another job of the point has settled them since the retry was asked for.</exception>
    public static async Task BeginAsync(JobTables tables, JobMoves moves, Job job, CancellationToken cancellationToken)
    {
        var change = new ErrorChange(moves.Now, job.StartedBy);
        if (job.Retry is { } retry)
        {
            // The retry of a retry that failed is one of the failure, too: what that one rejected on the way is read again with the rest.
            var ofFailure = retry.Whole || retry.Errors != retry.JobId;
            var taken = await moves.ChangeAsync(retry.Errors, row => row.TakenUp(ofFailure, change), cancellationToken);
            if (taken.ItemErrors != ErrorStatus.InProgress && taken.JobErrors != ErrorStatus.InProgress)
            {
                // What it was to retry is no longer there, so that it cannot be retried itself. Delivered again late, it is not one that has ended.
                await moves.ChangeAsync(job.Id, row => row.Status == JobStatus.Validation ? row.Expired(change) : row, cancellationToken);
                throw new ConfigurationException(Outdated,
                    $"Another job of the integration point {Words.Quote(job.Point.Name)} ran since this retry was asked for, and the errors that were to be retried are out of date. "
                    + "Look at the errors of that job and retry again.");
            }
            if (!retry.Whole) return;
        }
        string? token = null;
        do
        {
            var page = await tables.History.ListAsync(job.Point.Workspace, job.Point.Id, AtOnce, token, cancellationToken);
            foreach (var row in page.Items.Where(row => row.JobId != job.Id && row.StartedUtc <= job.StartedUtc))
            {
                if (row.ItemErrors == ErrorStatus.New || row.JobErrors == ErrorStatus.New)
                    await moves.ChangeAsync(row.JobId, r => r.Expired(change), cancellationToken);
                if (row.SettledEarlier) return;
            }
            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    /// <summary>A retry that ended has retried them; one that was stopped, even before it began, lets them expire, and its own. May be repeated.</summary>
    public static async Task EndAsync(JobMoves moves, Job job, JobHistory ended, CancellationToken cancellationToken)
    {
        var stopped = ended.Status == JobStatus.Stopped;
        var change = new ErrorChange(moves.Now, stopped ? ended.StopRequestedBy ?? job.StartedBy : job.StartedBy);
        if (stopped) await moves.ChangeAsync(job.Id, row => row.Expired(change), cancellationToken);
        if (job.Retry is { } retry) await moves.ChangeAsync(retry.Errors, row => stopped ? row.Expired(change) : row.Retried(change), cancellationToken);
    }
}
