using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Checks;

/// <summary>Lays out the next page of a check's batches, as the import would.</summary>
public sealed class PlanCheck(JobFiles files, Sources sources)
{
    /// <summary>The page; planning it twice gives the same one.</summary>
    [Function(nameof(PlanCheck))]
    public async Task<PlannedPage> RunAsync([ActivityTrigger] PlanRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(PlanCheck), request.JobId);
        var (checkId, cursor) = request;
        var planned = new PlannedPage { Page = cursor.Page, FirstBatch = cursor.Batch, Records = cursor.Records };
        try
        {
            var page = await files.PageAsync(checkId, cursor.Page, () => PlanAsync(checkId, cursor, cancellationToken), cancellationToken);
            return planned with { Batches = page.Batches.Count, Records = page.Records, Next = page.Next };
        }
        catch (ConfigurationException e)
        {
            return planned with { Problem = e.Problem };
        }
    }

    private async Task<BatchPage> PlanAsync(string checkId, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var job = (await files.ReadAsync<Check>(CheckNames.Check(checkId), cancellationToken))!.Job;
        var prepared = (await files.ReadAsync<PreparedCheck>(CheckNames.Prepared(checkId), cancellationToken))!.Job;
        var mapping = ResolvedMapping.Of(job.Point, prepared);
        return await sources.Open(job).PlanAsync(prepared.Layout, mapping.Key.Column, cursor, cancellationToken);
    }
}
