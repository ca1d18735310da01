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
            await ChangeAsync(moves, retry.Errors, ErrorStatus.New, retry.Whole ? (ErrorStatus.Expired, ErrorStatus.InProgress) : (ErrorStatus.InProgress, null), cancellationToken);
            return;
        }
        // Each job settled those before it when it began, so that the first settled one ends the search.
        string? token = null;
        do
        {
            var page = await tables.History.ListAsync(job.Point.Workspace, job.Point.Id, AtOnce, token, cancellationToken);
            foreach (var row in page.Items.Where(row => row.JobId != job.Id && row.StartedUtc <= job.StartedUtc))
            {
                if (row is { ItemErrors: not ErrorStatus.New, JobErrors: not ErrorStatus.New }) return;
                await ChangeAsync(moves, row.JobId, ErrorStatus.New, (ErrorStatus.Expired, ErrorStatus.Expired), cancellationToken);
            }
            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    /// <summary>A retry that ended has retried them; one that was stopped lets them expire, and its own. May be repeated.</summary>
    public static async Task EndAsync(JobMoves moves, Job job, JobHistory ended, CancellationToken cancellationToken)
    {
        var stopped = ended.Status == JobStatus.Stopped;
        if (stopped) await ChangeAsync(moves, job.Id, ErrorStatus.New, (ErrorStatus.Expired, ErrorStatus.Expired), cancellationToken);
        if (job.Retry is not { } retry) return;
        var becomes = stopped ? ErrorStatus.Expired : ErrorStatus.Retried;
        await ChangeAsync(moves, retry.Errors, ErrorStatus.InProgress, (becomes, becomes), cancellationToken);
    }

    private static Task ChangeAsync(
        JobMoves moves, string jobId, ErrorStatus from, (ErrorStatus? Items, ErrorStatus? Job) to, CancellationToken cancellationToken)
        => moves.ChangeAsync(
            jobId,
            row => row with
            {
                ItemErrors = row.ItemErrors == from ? to.Items ?? row.ItemErrors : row.ItemErrors,
                JobErrors = row.JobErrors == from ? to.Job ?? row.JobErrors : row.JobErrors,
            },
            cancellationToken);
}
