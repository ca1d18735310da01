using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Checks;

/// <summary>Starts checks, and says how they stand.</summary>
public sealed class CheckStarter(JobFiles files, JobSettings settings)
{
    /// <summary>Freezes the check and schedules its orchestration. Repeating it with the same id changes nothing.</summary>
    public async Task StartAsync(DurableTaskClient client, Check check, CancellationToken cancellationToken)
    {
        var id = check.Job.Id;
        await files.DecideAsync(CheckNames.Check(id), check, cancellationToken);
        if (await client.GetInstanceAsync(id, cancellation: cancellationToken) is not null) return;
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(CheckPoint), new CheckState(id) { FirstRetrySeconds = settings.FirstRetrySeconds }, new StartOrchestrationOptions(id), cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Somebody else was quicker: that it is there is all that counts.
            if (await client.GetInstanceAsync(id, cancellation: cancellationToken) is null) throw;
        }
    }

    /// <summary>The frozen check, or null when there is none of that id.</summary>
    public Task<Check?> FindAsync(string checkId, CancellationToken cancellationToken) => files.ReadAsync<Check>(CheckNames.Check(checkId), cancellationToken);

    /// <summary>How a check ended, or null while it runs.</summary>
    public Task<CheckResult?> ResultAsync(string checkId, CancellationToken cancellationToken)
        => files.ReadAsync<CheckResult>(CheckNames.End(checkId), cancellationToken);
}
