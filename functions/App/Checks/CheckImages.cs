using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Checks;

/// <summary>Reads the image load file of a check, when it has one. May run twice, at once, late, or die half-way.</summary>
public sealed class CheckImages(JobFiles files, ImageChecker checker)
{
    /// <summary>How many parts it left.</summary>
    [Function(nameof(CheckImages))]
    public async Task<CheckedImages> RunAsync([ActivityTrigger] string checkId, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(CheckImages), checkId);
        var check = (await files.ReadAsync<Check>(CheckNames.Check(checkId), cancellationToken))!;
        var prepared = (await files.ReadAsync<PreparedCheck>(CheckNames.Prepared(checkId), cancellationToken))!;
        try
        {
            return new CheckedImages { Parts = await checker.RunAsync(check, prepared, cancellationToken) };
        }
        catch (ConfigurationException e)
        {
            return new CheckedImages { Problem = e.Problem };
        }
    }
}
