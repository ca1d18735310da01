namespace IntegrationPoints.App.Jobs;

/// <summary>Tells people how a job ended when its own orchestration does not: it never began, or was cut off.</summary>
public static class RunNotification
{
    /// <summary>Sends the notifications of a job.</summary>
    [Function(nameof(RunNotification))]
    public static Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<RunState>()!;
        return SendAsync(context, state.JobId, RunJob.Retry(state.FirstRetrySeconds));
    }

    /// <summary>The last step of every job: a mail server that stays away is noted on the job, and fails nothing.</summary>
    internal static async Task SendAsync(TaskOrchestrationContext context, string jobId, TaskOptions retry)
    {
        try
        {
            await context.CallActivityAsync(nameof(NotifyJob), new NotifyRequest(jobId), retry);
        }
        catch (TaskFailedException)
        {
            await context.CallActivityAsync(nameof(NotifyJob), new NotifyRequest(jobId) { Last = true }, retry);
        }
    }
}
