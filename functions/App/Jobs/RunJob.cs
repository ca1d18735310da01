using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Jobs;

/// <summary>Runs one job, whatever its source and destination.</summary>
public static class RunJob
{
    /// <summary>The step that sees whether everything is there, what the source has included.</summary>
    internal const string CheckStep = "the check before the first record";

    /// <summary>The step that copies what cannot be read twice.</summary>
    internal const string CopyStep = "the copy of the source";

    private const int LinksAtOnce = 64;

    /// <summary>How often a step is tried before it is given up.</summary>
    internal const int Attempts = 5;

    /// <summary>How long the longest wait between two tries is, in seconds; the first may not be longer.</summary>
    internal const int LongestRetrySeconds = 120;

    /// <summary>
    /// Validate; then page by page: transfer up to 64 batches while the next page is planned; then link records where they name each other; then the
    /// manifest, finish, and tell people.
    /// </summary>
    [Function(nameof(RunJob))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<RunState>()!;
        var steps = new RunSteps(context, state);

        // 1. Before the first page: is everything there, and what are the first batches?
        var (page, links) = (state.Page, state.Links);
        if (page is null)
        {
            var check = await steps.Validate();
            if (check is { Over: true }) return;
            if (check is { Spool: true }) await steps.Spool();
            page = steps.End is null ? await steps.Plan(new PlanCursor()) : null;
            links = check?.Links;
        }

        // 2. The batches of this page, and meanwhile the plan of the next.
        Task<PlannedPage?>? planning = null;
        if (page is not null && steps.End is null && state.NextLink is null)
        {
            steps.Show(page);
            planning = page is { Next: { } cursor, Stop: false } ? steps.Plan(cursor) : null;
            if (!page.Stop) await steps.ForEach(page, Enumerable.Range(page.FirstBatch, page.Batches), steps.Transfer);
        }

        // 3. The next page in a new generation, so that no history grows.
        var next = planning is null ? null : await planning;
        if (next is not null && steps.End is null)
        {
            context.ContinueAsNew(state with { Page = next, Counts = steps.Counts, Links = links });
            return;
        }

        // 4. All records are there: up to 64 batches of links in a generation of their own; first those of this job.
        if (links is not null && page is { Stop: false } && steps.End is null)
        {
            var (from, all) = (state.NextLink ?? 0, page.FirstBatch + page.Batches + links.Retried);
            var to = Math.Min(from + LinksAtOnce, all);
            await steps.ForEach(page, Enumerable.Range(from, to - from), steps.Link);
            if (to < all && steps.End is null)
            {
                context.ContinueAsNew(state with { Page = page, Counts = steps.Counts, Links = links, NextLink = to });
                return;
            }
        }

        // 5. The end, whatever came of it.
        await steps.WriteManifest();
        await steps.Finish();
        await RunNotification.SendAsync(context, state.JobId, Retry(state.FirstRetrySeconds));
    }

    /// <summary>How often an activity is tried again, and when.</summary>
    internal static TaskOptions Retry(double firstRetrySeconds) => TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: Attempts, TimeSpan.FromSeconds(firstRetrySeconds), backoffCoefficient: 2, TimeSpan.FromSeconds(LongestRetrySeconds)));
}
