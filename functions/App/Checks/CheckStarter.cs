using System.Globalization;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Checks;

/// <summary>Starts checks, and says how they stand.</summary>
public sealed class CheckStarter(JobFiles files, SideRuns runs, JobSettings settings, AccessCheck access, TimeProvider time)
{
    // Each reads a whole load file, in as many batches at once as an import has.
    private const int MostAtOnce = 4;

    /// <summary>Freezes the check and schedules its orchestration. Repeating it with the same id changes nothing.</summary>
    /// <exception cref="RefusedException">409: so many run in the workspace already.</exception>
    public async Task StartAsync(DurableTaskClient client, Check check, CancellationToken cancellationToken)
    {
        var id = check.Job.Id;
        if (await client.GetInstanceAsync(id, cancellation: cancellationToken) is not null) return;
        if (await runs.TryTakeAsync(check.Job.Point.Workspace, "checks", id, MostAtOnce, run => IsOverAsync(client, run, cancellationToken), cancellationToken) is not null)
        {
            throw RefusedException.Conflict("too-many-checks", string.Create(
                CultureInfo.InvariantCulture, $"{MostAtOnce} checks are running in the workspace already, as many as there may be at a time. Wait until one of them has ended, and check again."));
        }
        await files.DecideAsync(CheckNames.Check(id), check, cancellationToken);
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

    private async Task<bool> IsOverAsync(DurableTaskClient client, SideRun run, CancellationToken cancellationToken)
        => await client.GetInstanceAsync(run.Id, cancellation: cancellationToken) is { } instance
            ? instance.IsCompleted || await ResultAsync(run.Id, cancellationToken) is not null
            : time.GetUtcNow() - run.StartedUtc >= TimeSpan.FromSeconds(settings.PatienceSeconds);

    /// <summary>The frozen check, when the caller may look at it; null when there is none of that id, or none that the caller sees.</summary>
    /// <exception cref="RefusedException">403.</exception>
    public async Task<Check?> FindAsync(string checkId, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync<Check>(CheckNames.Check(checkId), cancellationToken) is not { } check) return null;
        if (!await access.SeesAsync(check.Job.Point.Workspace, cancellationToken)) return null;
        await access.RequireAsync(check.Job.Point.Workspace, Operation.ViewPoint, cancellationToken);
        await access.RequireAsync(check.Job.Point.Workspace, CheckRequests.Target(check.Job.Point, check.ImageFile, check.Inventory), cancellationToken);
        return check;
    }

    /// <summary>How a check ended, or null while it runs.</summary>
    public Task<CheckResult?> ResultAsync(string checkId, CancellationToken cancellationToken)
        => files.ReadAsync<CheckResult>(CheckNames.End(checkId), cancellationToken);
}
