using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>
/// What becomes of the errors of a point's earlier jobs when another begins and ends (guide 7.2): one value for the errors of records and one for
/// the job's own, on the row of the job, however many errors there are.
/// </summary>
internal static class ErrorStates
{
    private const int AtOnce = 20;

    /// <summary>A retry takes up the errors that it retries; a run, also a scheduled one, lets all of the point's expire. May be repeated.</summary>
    public static async Task BeginAsync(JobTables tables, JobMoves moves, Job job, CancellationToken cancellationToken)
    {
        if (job.Retry is { } retry)
        {
            // The retry of a retry that failed is one of the failure, too: what that one rejected on the way is read again with the rest.
            var ofFailure = retry.Whole || retry.Errors != retry.JobId;
            await ChangeAsync(moves, job, retry.Errors, ErrorStatus.New, ofFailure ? (ErrorStatus.Expired, ErrorStatus.InProgress) : (ErrorStatus.InProgress, null), cancellationToken);
            if (!retry.Whole) return;
        }
        string? token = null;
        do
        {
            var page = await tables.History.ListAsync(job.Point.Workspace, job.Point.Id, AtOnce, token, cancellationToken);
            foreach (var row in page.Items.Where(row => row.JobId != job.Id && row.StartedUtc <= job.StartedUtc))
            {
                if (row.ItemErrors == ErrorStatus.New || row.JobErrors == ErrorStatus.New)
                    await ChangeAsync(moves, job, row.JobId, ErrorStatus.New, (ErrorStatus.Expired, ErrorStatus.Expired), cancellationToken);
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
        if (stopped) await ChangeAsync(moves, job, job.Id, ErrorStatus.New, (ErrorStatus.Expired, ErrorStatus.Expired), cancellationToken);
        if (job.Retry is not { } retry) return;
        if (stopped) await ChangeAsync(moves, job, retry.Errors, ErrorStatus.New, (ErrorStatus.Expired, ErrorStatus.Expired), cancellationToken);
        var becomes = stopped ? ErrorStatus.Expired : ErrorStatus.Retried;
        await ChangeAsync(moves, job, retry.Errors, ErrorStatus.InProgress, (becomes, becomes), cancellationToken);
    }

    private static Task ChangeAsync(
        JobMoves moves, Job by, string jobId, ErrorStatus from, (ErrorStatus? Items, ErrorStatus? Job) to, CancellationToken cancellationToken)
    {
        var change = new ErrorChange(moves.Now, by.StartedBy);
        return moves.ChangeAsync(
            jobId,
            row =>
            {
                if (to.Items is { } items && row.ItemErrors == from) row = row with { ItemErrors = items, ItemErrorsChange = change };
                if (to.Job is { } own && row.JobErrors == from) row = row with { JobErrors = own, JobErrorsChange = change };
                return row;
            },
            cancellationToken);
    }
}
