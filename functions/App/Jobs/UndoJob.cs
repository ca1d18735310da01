using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Jobs;

/// <summary>Where the orchestration of an undo stands: its checkpoint.</summary>
public sealed record UndoState(string JobId)
{
    /// <summary>How long the first retry of an activity waits; the next wait twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>What there is to undo; null before it was looked at.</summary>
    public PreparedUndo? Undo { get; init; }

    /// <summary>The next batch.</summary>
    public int Next { get; init; }

    /// <summary>What the batches so far came to.</summary>
    public JobCounts Counts { get; init; } = new();
}

/// <summary>Undoes one job.</summary>
public static class UndoJob
{
    private const int AtOnce = 64;

    /// <summary>Look what there is; then up to 64 batches of the original at a time; then finish, and tell people.</summary>
    [Function(nameof(UndoJob))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<UndoState>()!;
        var retry = RunJob.Retry(state.FirstRetrySeconds);
        JobEnd? end = null;

        // 1. How many batches has the job?
        var undo = state.Undo ?? await Attempt("the check before the undo", () => context.CallActivityAsync<PreparedUndo>(nameof(PrepareUndo), state.JobId, retry));
        if (undo is { Over: true }) return;

        // 2. The next of them, in a generation of their own.
        var (counts, next, stop) = (state.Counts, state.Next, undo is null);
        if (undo is not null)
        {
            next = Math.Min(state.Next + AtOnce, undo.Batches);
            await Task.WhenAll(Enumerable.Range(state.Next, next - state.Next).Select(Undo));
            if (next < undo.Batches && !stop && end is null)
            {
                context.ContinueAsNew(state with { Undo = undo, Next = next, Counts = counts });
                return;
            }
        }
        await context.CallActivityAsync(nameof(FinishUndo), end ?? new JobEnd(state.JobId), retry);
        await RunNotification.SendAsync(context, state.JobId, retry);

        async Task Undo(int batch)
        {
            var result = await Attempt($"batch {batch}", () => context.CallActivityAsync<UndoneBatch>(nameof(UndoBatch), new UndoRequest(state.JobId, batch), retry));
            if (result is null) return;
            counts += result.Counts;
            stop |= result.Stop;
            context.SetCustomStatus(new RunProgress(counts, undo.Records, PlanComplete: true));
        }

        async Task<T?> Attempt<T>(string step, Func<Task<T>> call) where T : StepResult
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException)
            {
                end ??= new JobEnd(state.JobId) { FailedStep = step };
                return null;
            }
        }
    }
}

/// <summary>What there is to undo.</summary>
public sealed record PreparedUndo : StepResult
{
    /// <summary>How many batches the original has.</summary>
    public int Batches { get; init; }

    /// <summary>How many records it wrote.</summary>
    public long Records { get; init; }
}

/// <summary>Which batch to undo.</summary>
public sealed record UndoRequest(string JobId, int Batch);

/// <summary>What undoing a batch came to.</summary>
public sealed record UndoneBatch : StepResult
{
    /// <summary>Its counts.</summary>
    public JobCounts Counts { get; init; } = new();

    /// <summary>Whether the undo was asked to stop.</summary>
    public bool Stop { get; init; }
}
