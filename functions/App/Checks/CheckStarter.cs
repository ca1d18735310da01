using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Checks;

/// <summary>Starts checks, and says how they stand.</summary>
public sealed class CheckStarter(JobFiles files, JobSettings settings, AccessCheck access)
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

    /// <summary>The frozen check, when the caller may look at it; null when there is none of that id, or none that the caller sees.</summary>
    /// <exception cref="RefusedException">403.</exception>
    public async Task<Check?> FindAsync(string checkId, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync<Check>(CheckNames.Check(checkId), cancellationToken) is not { } check) return null;
        if (!await access.SeesAsync(check.Job.Point.Workspace, cancellationToken)) return null;
        await access.RequireAsync(check.Job.Point, cancellationToken);
        return check;
    }

    /// <summary>How a check ended, or null while it runs.</summary>
    public Task<CheckResult?> ResultAsync(string checkId, CancellationToken cancellationToken)
        => files.ReadAsync<CheckResult>(CheckNames.End(checkId), cancellationToken);
}
