using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Checks;

/// <summary>Ends a check with a report, or with why there is none. May be repeated; the first to store decides.</summary>
public sealed class FinishCheck(JobFiles files, CheckEnd end)
{
    /// <summary>Stores how the check ended.</summary>
    [Function(nameof(FinishCheck))]
    public async Task RunAsync([ActivityTrigger] CheckEnding ending, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(FinishCheck), ending.CheckId);
        if (await files.ReadAsync<CheckResult>(CheckNames.End(ending.CheckId), cancellationToken) is not null) return;
        var problem = ending.Problem ?? (ending.FailedStep is { } step ? GivenUp(step) : null);
        var result = problem is null
            ? new CheckResult { Report = await ReportAsync(ending, cancellationToken) }
            : new CheckResult { Problem = problem };
        await files.DecideAsync(CheckNames.End(ending.CheckId), result, cancellationToken);
    }

    private async Task<CheckReport> ReportAsync(CheckEnding ending, CancellationToken cancellationToken)
    {
        var check = (await files.ReadAsync<Check>(CheckNames.Check(ending.CheckId), cancellationToken))!;
        var prepared = (await files.ReadAsync<PreparedCheck>(CheckNames.Prepared(ending.CheckId), cancellationToken))!;
        return await end.RunAsync(check, prepared, ending.Batches, ending.ImageParts, cancellationToken);
    }

    private static Problem GivenUp(string step) => new(
        "check-failed",
        $"The check was given up at {step}: it failed in every attempt, as happens when storage cannot be reached. Nothing was changed. Check again; "
        + "if it fails again, tell your administrator the check's id.");
}
