using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Jobs;

namespace IntegrationPoints.App.Triggers;

/// <summary>Once a minute: starts what is due, and takes up what a crash left.</summary>
public sealed class Tick(DueSchedules schedules, LeftJobs left, WaitingUploads uploads, AuditTrail audit, ILogger<Tick> logger)
{
    /// <summary>Due schedules, jobs whose start or end was cut off, load files whose files have arrived.</summary>
    [Function(nameof(Tick))]
    public async Task RunAsync(
        [TimerTrigger("0 */1 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await OneByOne.DoAsync(logger, "notes of the audit", () => audit.TakeUpAsync(cancellationToken));
        await OneByOne.DoAsync(logger, "left jobs", () => left.TakeUpAsync(client, cancellationToken));
        await OneByOne.DoAsync(logger, "due schedules", () => schedules.StartAsync(client, logger, cancellationToken));
        await OneByOne.DoAsync(logger, "waiting uploads", () => uploads.StartAsync(client, cancellationToken));
    }
}
