using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Checks;

/// <summary>Opens the load file of a check and plans what the import would make, and freezes what it found.</summary>
public sealed class PrepareCheck(JobFiles files, CheckPreparation preparation)
{
    /// <summary>May be repeated; the first to store decides.</summary>
    [Function(nameof(PrepareCheck))]
    public async Task<StepResult> RunAsync([ActivityTrigger] string checkId, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(PrepareCheck), checkId);
        var name = CheckNames.Prepared(checkId);
        if (await files.ReadAsync<PreparedCheck>(name, cancellationToken) is not null) return new StepResult();
        var check = (await files.ReadAsync<Check>(CheckNames.Check(checkId), cancellationToken))!;
        try
        {
            await files.DecideAsync(name, await preparation.RunAsync(check, cancellationToken), cancellationToken);
            return new StepResult();
        }
        catch (ConfigurationException e)
        {
            return new StepResult { Problem = e.Problem };
        }
    }
}
