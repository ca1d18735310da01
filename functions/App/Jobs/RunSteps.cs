using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Jobs;

/// <summary>
/// The steps of <see cref="RunJob"/>, and what they came to. Part of the orchestration: made anew by each replay, and touches only its context.
/// </summary>
internal sealed class RunSteps(TaskOrchestrationContext context, RunState state)
{
    private readonly TaskOptions retry = RunJob.Retry(state.FirstRetrySeconds);
    private List<int> suspended = [];

    /// <summary>What the batches so far came to.</summary>
    public JobCounts Counts { get; private set; } = state.Counts;

    /// <summary>Why the job goes on no more; null while it does.</summary>
    public JobEnd? End { get; private set; }

    public Task<Validated?> Validate()
        => Attempt(RunJob.CheckStep, () => context.CallActivityAsync<Validated>(nameof(ValidateJob), state.JobId, retry));

    public Task<StepResult?> Spool()
        => Attempt(RunJob.CopyStep, () => context.CallActivityAsync<StepResult>(nameof(SpoolSource), state.JobId, retry));

    public Task<PlannedPage?> Plan(PlanCursor from) => Attempt(
        "the division of the source into batches", () => context.CallActivityAsync<PlannedPage>(nameof(PlanBatches), new PlanRequest(state.JobId, from), retry));

    public Task<StepResult?> WriteManifest()
    {
        var sofar = End ?? new JobEnd(state.JobId);
        return Attempt("the manifest", () => context.CallActivityAsync<StepResult>(nameof(Jobs.WriteManifest), sofar, retry));
    }

    public Task Finish() => context.CallActivityAsync(nameof(FinishJob), End ?? new JobEnd(state.JobId), retry);

    /// <summary>Does a step for each batch, all at once, and again for those that a pause kept from beginning.</summary>
    public async Task ForEach(PlannedPage page, IEnumerable<int> batches, Func<PlannedPage, int, Task<TransferResult?>> step)
    {
        for (List<int> left = [.. batches]; left.Count > 0 && End is null; left = suspended)
        {
            suspended = [];
            await Task.WhenAll(left.Select(Do));
            // A job that is given up ends, also while it is to be suspended.
            if (suspended.Count > 0 && End is null) await Pause(page);
        }

        async Task Do(int batch)
        {
            var result = await step(page, batch);
            if (result is { Suspended: true }) suspended.Add(batch);
            if (result is null or { Suspended: true }) return;
            Counts += result.Counts;
            Show(page);
        }
    }

    public async Task<TransferResult?> Transfer(PlannedPage page, int batch)
    {
        var request = new TransferRequest(state.JobId, page.Page, batch);
        return await Attempt(
            $"batch {batch}", () => context.CallActivityAsync<TransferResult>(nameof(TransferBatch), request, retry), new FailedBatch(page.Page, batch));
    }

    /// <summary>Links the records of a batch: of the job's own, and beyond its last, of those that it retries.</summary>
    public async Task<TransferResult?> Link(PlannedPage last, int number)
    {
        var own = last.FirstBatch + last.Batches;
        var request = number < own ? new LinkRequest(state.JobId, number, IsRetried: false) : new LinkRequest(state.JobId, number - own, IsRetried: true);
        return await Attempt($"the links of batch {request.Batch}", () => context.CallActivityAsync<TransferResult>(nameof(LinkBatch), request, retry));
    }

    public void Show(PlannedPage page, bool paused = false)
        => context.SetCustomStatus(new RunProgress(Counts, page.Records, page.Next is null, paused));

    // An event of an earlier pause may still lie there: the job's row says whether it goes on.
    private async Task Pause(PlannedPage page)
    {
        Show(page, paused: true);
        while (await Attempt("the pause", () => context.CallActivityAsync<StepResult>(nameof(SuspendJob), state.JobId, retry)) is { Over: false })
            await context.WaitForExternalEvent<bool>(JobPause.Resume);
        Show(page);
    }

    // A step that the user must mend answers with a problem; one that failed five times is given up. Either way the job ends in FinishJob.
    private async Task<T?> Attempt<T>(string step, Func<Task<T>> call, FailedBatch? batch = null) where T : StepResult
    {
        try
        {
            var result = await call();
            if (result.Problem is null) return result;
            End ??= new JobEnd(state.JobId) { Problem = result.Problem };
        }
        catch (TaskFailedException)
        {
            End ??= new JobEnd(state.JobId) { FailedStep = step };
            if (batch is not null) End = End with { FailedBatches = [.. End.FailedBatches, batch] };
        }
        return null;
    }
}
