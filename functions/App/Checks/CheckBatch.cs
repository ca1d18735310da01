using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Checks;

/// <summary>Checks one batch. May run twice, at once, late, or die half-way.</summary>
public sealed class CheckBatch(JobFiles files, BatchChecker checker)
{
    /// <summary>How many rows it has; what it found lies in its blob.</summary>
    [Function(nameof(CheckBatch))]
    public async Task<CheckedBatch> RunAsync([ActivityTrigger] TransferRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(CheckBatch), request.JobId, request.Batch);
        var check = (await files.ReadAsync<Check>(CheckNames.Check(request.JobId), cancellationToken))!;
        var prepared = (await files.ReadAsync<PreparedCheck>(CheckNames.Prepared(request.JobId), cancellationToken))!;
        var page = (await files.ReadAsync<BatchPage>(JobFiles.PageName(request.JobId, request.Page), cancellationToken))!;
        var place = request.Batch - page.Batches[0].Index;
        var ordinal = page.Records - page.Batches.Skip(place).Sum(b => (long)b.Records);
        try
        {
            var found = await checker.RunAsync(check, prepared, page.Batches[place], ordinal, cancellationToken);
            return new CheckedBatch { Rows = found.Rows.Rows };
        }
        catch (ConfigurationException e)
        {
            return new CheckedBatch { Problem = e.Problem };
        }
    }
}
