using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Jobs;

/// <summary>Where a job's orchestration stands: its checkpoint (design, Rules of orchestration 2).</summary>
public sealed record RunState(string JobId)
{
    /// <summary>How long the first retry of an activity waits; the next wait twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>The planned page of batches whose turn it is; null before the job was validated.</summary>
    public PlannedPage? Page { get; init; }

    /// <summary>What the batches so far came to.</summary>
    public JobCounts Counts { get; init; } = new();

    /// <summary>What is left to link when all records are written; null: nothing.</summary>
    public LinkPlan? Links { get; init; }

    /// <summary>The next batch whose records are linked; null while records are transferred.</summary>
    public int? NextLink { get; init; }
}

/// <summary>What the orchestration shows of itself while it runs.</summary>
public sealed record RunProgress(JobCounts Counts, long PlannedRecords, bool PlanComplete, bool Paused = false);

/// <summary>Runs one job, whatever its source and destination.</summary>
public static class RunJob
{
    /// <summary>
    /// Validate; then page by page: transfer up to 64 batches while the next page is planned; then link records where they name each other; then the
    /// manifest, finish, and tell people.
    /// </summary>
    [Function(nameof(RunJob))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<RunState>()!;
        var retry = Retry(state.FirstRetrySeconds);
        JobEnd? end = null;
        List<int> suspended = [];
        var links = state.Links;

        // 1. Before the first page: is everything there, and what are the first batches?
        var page = state.Page;
        if (page is null)
        {
            var check = await Attempt(CheckStep, () => context.CallActivityAsync<Validated>(nameof(ValidateJob), state.JobId, retry));
            if (check is { Over: true }) return;
            if (check is { Spool: true }) await Attempt(CopyStep, () => context.CallActivityAsync<StepResult>(nameof(SpoolSource), state.JobId, retry));
            page = check is null || end is not null ? null : await Plan(new PlanCursor());
            links = check?.Links;
        }

        // 2. The batches of this page, and meanwhile the plan of the next.
        var counts = state.Counts;
        Task<PlannedPage?>? planning = null;
        if (page is not null && end is null && state.NextLink is null)
        {
            ShowProgress();
            planning = page is { Next: { } cursor, Stop: false } ? Plan(cursor) : null;
            if (!page.Stop) await ForEach(Enumerable.Range(page.FirstBatch, page.Batches), Transfer);
        }

        // 3. The next page in a new generation, so that no history grows; or the end.
        var next = planning is null ? null : await planning;
        if (next is not null && end is null)
        {
            context.ContinueAsNew(state with { Page = next, Counts = counts, Links = links });
            return;
        }

        // 4. All records are there: up to 64 batches of links in a generation of their own; first those of this job.
        if (links is not null && page is { Stop: false } && end is null)
        {
            var (from, all) = (state.NextLink ?? 0, page.FirstBatch + page.Batches + links.Retried);
            var to = Math.Min(from + LinksAtOnce, all);
            await ForEach(Enumerable.Range(from, to - from), Link);
            if (to < all && end is null)
            {
                context.ContinueAsNew(state with { Page = page, Counts = counts, Links = links, NextLink = to });
                return;
            }
        }
        var sofar = end ?? new JobEnd(state.JobId);
        await Attempt("the manifest", () => context.CallActivityAsync<StepResult>(nameof(WriteManifest), sofar, retry));
        await context.CallActivityAsync(nameof(FinishJob), end ?? new JobEnd(state.JobId), retry);
        await RunNotification.SendAsync(context, state.JobId, retry);

        async Task<PlannedPage?> Plan(PlanCursor from)
            => await Attempt("the division of the source into batches", () => context.CallActivityAsync<PlannedPage>(nameof(PlanBatches), new PlanRequest(state.JobId, from), retry));

        async Task ForEach(IEnumerable<int> batches, Func<int, Task> step)
        {
            for (List<int> left = [.. batches]; left.Count > 0 && end is null; left = suspended)
            {
                suspended = [];
                await Task.WhenAll(left.Select(step));
                // A job that is given up ends, also while it is to be suspended.
                if (suspended.Count > 0 && end is null) await Pause();
            }
        }

        async Task Link(int number)
        {
            var own = page!.FirstBatch + page.Batches;
            var request = number < own ? new LinkRequest(state.JobId, number, IsRetried: false) : new LinkRequest(state.JobId, number - own, IsRetried: true);
            var result = await Attempt($"the links of batch {request.Batch}", () => context.CallActivityAsync<TransferResult>(nameof(LinkBatch), request, retry));
            if (result is { Suspended: true }) suspended.Add(number);
            if (result is null or { Suspended: true }) return;
            counts += result.Counts;
            ShowProgress();
        }

        async Task Transfer(int batch)
        {
            var request = new TransferRequest(state.JobId, page!.Page, batch);
            var result = await Attempt($"batch {batch}", () => context.CallActivityAsync<TransferResult>(nameof(TransferBatch), request, retry), batch);
            if (result is { Suspended: true }) suspended.Add(batch);
            if (result is null or { Suspended: true }) return;
            counts += result.Counts;
            ShowProgress();
        }

        // An event of an earlier pause may still lie there: the job's row says whether it goes on.
        async Task Pause()
        {
            ShowProgress(paused: true);
            while (await Attempt("the pause", () => context.CallActivityAsync<StepResult>(nameof(SuspendJob), state.JobId, retry)) is { Over: false })
                await context.WaitForExternalEvent<bool>(JobPause.Resume);
            ShowProgress();
        }

        // A step that the user must mend answers with a problem; one that failed five times is given up. Either way the job ends in FinishJob.
        async Task<T?> Attempt<T>(string step, Func<Task<T>> call, int? batch = null) where T : StepResult
        {
            try
            {
                var result = await call();
                if (result.Problem is null) return result;
                end ??= new JobEnd(state.JobId) { Problem = result.Problem };
            }
            catch (TaskFailedException)
            {
                end ??= new JobEnd(state.JobId) { FailedStep = step };
                if (batch is { } number) end = end with { FailedBatches = [.. end.FailedBatches, new FailedBatch(page!.Page, number)] };
            }
            return null;
        }

        void ShowProgress(bool paused = false) => context.SetCustomStatus(new RunProgress(counts, page?.Records ?? 0, page?.Next is null, paused));
    }

    /// <summary>The step that sees whether everything is there, what the source has included.</summary>
    internal const string CheckStep = "the check before the first record";

    /// <summary>The step that copies what cannot be read twice.</summary>
    internal const string CopyStep = "the copy of the source";

    private const int LinksAtOnce = 64;

    /// <summary>How often a step is tried before it is given up.</summary>
    internal const int Attempts = 5;

    /// <summary>How often an activity is tried again, and when.</summary>
    internal static TaskOptions Retry(double firstRetrySeconds) => TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: Attempts, TimeSpan.FromSeconds(firstRetrySeconds), backoffCoefficient: 2, TimeSpan.FromMinutes(2)));
}

/// <summary>What an activity answers: nothing to add, or the problem that the user must mend (design, Rules of orchestration 4).</summary>
public record StepResult
{
    /// <summary>Why the job cannot go on; null when it can.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Whether the job has ended already, so that there is nothing left to do.</summary>
    public bool Over { get; init; }
}

/// <summary>What the check before the first record found.</summary>
public sealed record Validated : StepResult
{
    /// <summary>Whether the source cannot be read twice, and is copied before batches are planned.</summary>
    public bool Spool { get; init; }

    /// <summary>What is to be linked when all records are written; null: nothing.</summary>
    public LinkPlan? Links { get; init; }
}

/// <summary>Which records are linked beside those of the job.</summary>
/// <param name="Retried">The batches of the jobs that are retried, when some of their links could not be made; otherwise 0.</param>
public sealed record LinkPlan(int Retried);

/// <summary>Which records to link: those of a batch of the job, or of the jobs that it retries, counted through all of them.</summary>
public sealed record LinkRequest(string JobId, int Batch, bool IsRetried);

/// <summary>From where to plan the next batches.</summary>
public sealed record PlanRequest(string JobId, PlanCursor Cursor);

/// <summary>Which batches are laid out; they themselves lie in <c>jobs/{job}/plan/{page}.json</c>.</summary>
public sealed record PlannedPage : StepResult
{
    /// <summary>Number of the page, from 0.</summary>
    public int Page { get; init; }

    /// <summary>Number of its first batch.</summary>
    public int FirstBatch { get; init; }

    /// <summary>How many batches it has.</summary>
    public int Batches { get; init; }

    /// <summary>Records planned so far, this page included.</summary>
    public long Records { get; init; }

    /// <summary>Where planning goes on; null: this is the last page.</summary>
    public PlanCursor? Next { get; init; }

    /// <summary>Whether the job was asked to stop, so that no batch of the page starts.</summary>
    public bool Stop { get; init; }
}

/// <summary>Which batch to transfer.</summary>
public sealed record TransferRequest(string JobId, int Page, int Batch);

/// <summary>What a batch came to.</summary>
public sealed record TransferResult : StepResult
{
    /// <summary>Its counts.</summary>
    public JobCounts Counts { get; init; } = new();

    /// <summary>Whether it did not begin, since the job is to be suspended.</summary>
    public bool Suspended { get; init; }
}

/// <summary>How the batches ended.</summary>
public sealed record JobEnd(string JobId)
{
    /// <summary>The problem that the user must mend; null when there is none.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The step that failed in every attempt, in words; null when none did.</summary>
    public string? FailedStep { get; init; }

    /// <summary>The batches that failed in every attempt.</summary>
    public IReadOnlyList<FailedBatch> FailedBatches { get; init; } = [];

    /// <summary>Whether the orchestration was over before the job was, so that what it knew is lost.</summary>
    public bool EndedEarly { get; init; }
}

/// <summary>A batch that failed in every attempt.</summary>
/// <param name="Page">The page on which it is laid out.</param>
/// <param name="Batch">Its number.</param>
public sealed record FailedBatch(int Page, int Batch);
