using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Lays out the next page of batches, unless the job was asked to stop.</summary>
public sealed class PlanBatches(JobFiles files, JobTables tables, Sources sources, Destinations destinations)
{
    /// <summary>The page; planning it twice gives the same one.</summary>
    [Function(nameof(PlanBatches))]
    public async Task<PlannedPage> RunAsync([ActivityTrigger] PlanRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(PlanBatches), request.JobId);
        var (jobId, cursor) = request;
        var row = await tables.History.GetAsync(jobId, cancellationToken);
        var stopped = new PlannedPage { Page = cursor.Page, FirstBatch = cursor.Batch, Records = cursor.Records, Stop = true };
        if (row is null || row.StopRequested) return stopped;
        try
        {
            var page = await files.PageAsync(jobId, cursor.Page, () => PlanAsync(jobId, cursor, cancellationToken), cancellationToken);
            if (page.Warnings.Count > 0) await tables.Warnings.AddAsync(await files.JobAsync(jobId, cancellationToken), -1, page.Warnings, row.StartedUtc, cancellationToken);
            return stopped with { Batches = page.Batches.Count, Records = page.Records, Next = page.Next, Stop = false };
        }
        catch (ConfigurationException e)
        {
            return stopped with { Problem = e.Problem };
        }
    }

    private async Task<BatchPage> PlanAsync(string jobId, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var job = await files.JobAsync(jobId, cancellationToken);
        var prepared = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(jobId), cancellationToken))!;
        return await destinations.Open(job.Point).PlanAsync(job, prepared, sources.Open(job), cursor, cancellationToken);
    }
}
