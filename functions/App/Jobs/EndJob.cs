namespace IntegrationPoints.App.Jobs;

/// <summary>Which job to end.</summary>
/// <param name="JobId">The job.</param>
/// <param name="IsUndo">Whether it undoes another one.</param>
/// <param name="IsEarly">Whether its own orchestration was over before its row was final; otherwise only what comes after that is left to do.</param>
public sealed record EndState(string JobId, bool IsUndo, bool IsEarly)
{
    /// <summary>How long the first retry of an activity waits; the next wait twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;
}

/// <summary>Ends a job whose own orchestration cannot: the same steps, so that it has its manifest, error file, totals and production as any other.</summary>
public static class EndJob
{
    /// <summary>The last steps of <see cref="RunJob"/> or <see cref="UndoJob"/>.</summary>
    [Function(nameof(EndJob))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<EndState>()!;
        var retry = RunJob.Retry(state.FirstRetrySeconds);
        var end = new JobEnd(state.JobId) { EndedEarly = state.IsEarly };
        if (state is { IsEarly: true, IsUndo: false })
        {
            try
            {
                await context.CallActivityAsync<StepResult>(nameof(WriteManifest), end, retry);
            }
            catch (TaskFailedException)
            {
                // The job ends as failed with or without its manifest, and says why.
            }
        }
        await context.CallActivityAsync(state.IsUndo ? nameof(FinishUndo) : nameof(FinishJob), end, retry);
        await RunNotification.SendAsync(context, state.JobId, retry);
    }
}
