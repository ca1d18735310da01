using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Checks;

/// <summary>Where a check's orchestration stands: its checkpoint.</summary>
public sealed record CheckState(string CheckId)
{
    /// <summary>How long the first retry of an activity waits; the next wait twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>The planned page of batches whose turn it is; null before the check was prepared.</summary>
    public PlannedPage? Page { get; init; }

    /// <summary>Rows that were checked so far.</summary>
    public long Rows { get; init; }

    /// <summary>How many parts the image load file left.</summary>
    public int ImageParts { get; init; }
}

/// <summary>How far a check is.</summary>
public sealed record CheckProgress(long Rows, long PlannedRows, bool PlanComplete);

/// <summary>What a checked batch answers.</summary>
public sealed record CheckedBatch : StepResult
{
    /// <summary>How many rows it has.</summary>
    public long Rows { get; init; }
}

/// <summary>What reading the image load file of a check answers.</summary>
public sealed record CheckedImages : StepResult
{
    /// <summary>How many parts it left.</summary>
    public int Parts { get; init; }
}

/// <summary>How the batches of a check ended.</summary>
public sealed record CheckEnding(string CheckId)
{
    /// <summary>How many batches there are.</summary>
    public int Batches { get; init; }

    /// <summary>How many parts the image load file left.</summary>
    public int ImageParts { get; init; }

    /// <summary>The problem that the user must mend; null when there is none.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The step that failed in every attempt, in words; null when none did.</summary>
    public string? FailedStep { get; init; }
}

/// <summary>What a check came to: a report, or why there is none.</summary>
public sealed record CheckResult
{
    /// <summary>The report; null when the check failed.</summary>
    public CheckReport? Report { get; init; }

    /// <summary>Why there is no report; null when there is one.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>Checks a load file before its import. It is no job: it has no row in the history and holds no lease, and writes nothing into the workspace.</summary>
public static class CheckPoint
{
    /// <summary>Prepare; then page by page: check up to 64 batches while the next page is planned; then make the report.</summary>
    [Function(nameof(CheckPoint))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<CheckState>()!;
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(
            maxNumberOfAttempts: 5, TimeSpan.FromSeconds(state.FirstRetrySeconds), backoffCoefficient: 2, TimeSpan.FromMinutes(2)));
        CheckEnding? failed = null;

        // 1. Before the first page: can it be read, does the mapping fit, and what are the first batches?
        var (page, imageParts) = (state.Page, state.ImageParts);
        if (page is null)
        {
            var prepared = await Attempt("the opening of the load file", () => context.CallActivityAsync<StepResult>(nameof(PrepareCheck), state.CheckId, retry));
            var images = prepared is null ? null : await Attempt("the reading of the image load file", () => context.CallActivityAsync<CheckedImages>(nameof(CheckImages), state.CheckId, retry));
            page = images is null ? null : await Plan(new PlanCursor());
            imageParts = images?.Parts ?? 0;
        }

        // 2. The batches of this page, and meanwhile the plan of the next.
        var rows = state.Rows;
        Task<PlannedPage?>? planning = null;
        if (page is not null && failed is null)
        {
            ShowProgress();
            planning = page.Next is { } cursor ? Plan(cursor) : null;
            await Task.WhenAll(Enumerable.Range(page.FirstBatch, page.Batches).Select(Batch));
        }

        // 3. The next page in a new generation; or the report.
        var next = planning is null ? null : await planning;
        if (next is not null && failed is null)
        {
            context.ContinueAsNew(state with { Page = next, Rows = rows, ImageParts = imageParts });
            return;
        }
        var ending = failed ?? new CheckEnding(state.CheckId) { Batches = page!.FirstBatch + page.Batches, ImageParts = imageParts };
        try
        {
            await context.CallActivityAsync(nameof(FinishCheck), ending, retry);
        }
        catch (TaskFailedException) when (ending.FailedStep is null)
        {
            await context.CallActivityAsync(nameof(FinishCheck), new CheckEnding(state.CheckId) { FailedStep = "the making of the report" }, retry);
        }

        async Task<PlannedPage?> Plan(PlanCursor from)
            => await Attempt("the division of the source into batches", () => context.CallActivityAsync<PlannedPage>(nameof(PlanCheck), new PlanRequest(state.CheckId, from), retry));

        async Task Batch(int batch)
        {
            var request = new TransferRequest(state.CheckId, page!.Page, batch);
            var result = await Attempt($"batch {batch}", () => context.CallActivityAsync<CheckedBatch>(nameof(CheckBatch), request, retry));
            if (result is null) return;
            rows += result.Rows;
            ShowProgress();
        }

        // A step that the user must mend answers with a problem; one that failed five times is given up.
        async Task<T?> Attempt<T>(string step, Func<Task<T>> call) where T : StepResult
        {
            try
            {
                var result = await call();
                if (result.Problem is null) return result;
                failed ??= new CheckEnding(state.CheckId) { Problem = result.Problem };
            }
            catch (TaskFailedException)
            {
                failed ??= new CheckEnding(state.CheckId) { FailedStep = step };
            }
            return null;
        }

        void ShowProgress() => context.SetCustomStatus(new CheckProgress(rows, page?.Records ?? 0, page?.Next is null));
    }
}
