using IntegrationPoints.App.Jobs;

namespace IntegrationPoints.App.Triggers;

/// <summary>
/// Once a day: takes away the orchestrations that ended long ago. What they came to stays: it is in the history of jobs, which is ours.
/// </summary>
public sealed class PurgeHistory(JobSettings settings, TimeProvider time, ILogger<PurgeHistory> logger)
{
    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>Those that ended more than <see cref="JobSettings.HistoryDays"/> days ago. What a run does not come to is left for the next.</summary>
    [Function(nameof(PurgeHistory))]
    public async Task RunAsync(
        [TimerTrigger("0 17 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().AddDays(-settings.HistoryDays);
        var purged = 0;
        // One by one: to purge all at once goes by when they began, and one that was suspended for weeks may have ended a minute ago.
        await foreach (var instance in client.GetAllInstancesAsync(new OrchestrationQuery(CreatedTo: before, Statuses: Ended)).WithCancellation(cancellationToken))
        {
            if (instance.LastUpdatedAt >= before) continue;
            purged += (await client.PurgeInstanceAsync(instance.InstanceId, cancellation: cancellationToken)).PurgedInstanceCount;
        }
        if (purged > 0) logger.LogInformation("{Count} orchestrations that ended before {Before:u} were purged", purged, before);
    }
}
