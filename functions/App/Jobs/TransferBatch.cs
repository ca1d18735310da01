using System.Diagnostics;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Transfers one batch: read, map, convert, decide once, apply. May run twice, at once, late, or die half-way.</summary>
public sealed class TransferBatch(JobFiles files, JobHistoryTable history, Sources sources, Destinations destinations, ILogger<TransferBatch> logger)
{
    /// <summary>
    /// The batch's counts; a batch that was transferred before answers with what it came to then. One that has not begun when the job is to be
    /// suspended does not begin.
    /// </summary>
    [Function(nameof(TransferBatch))]
    public async Task<TransferResult> RunAsync([ActivityTrigger] TransferRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(TransferBatch), request.JobId, request.Batch);
        var job = await files.JobAsync(request.JobId, cancellationToken);
        if (await history.GetAsync(job, cancellationToken) is { SuspendRequested: true, StopRequested: false }) return new TransferResult { Suspended = true };
        var prepared = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(request.JobId), cancellationToken))!;
        var page = (await files.ReadAsync<BatchPage>(JobFiles.PageName(request.JobId, request.Page), cancellationToken))!;
        var batch = page.Batches[request.Batch - page.Batches[0].Index];
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var result = await destinations.Open(job.Point).WriteAsync(job, prepared, sources.Open(job), batch, cancellationToken);
            Measures.Batch(result, begun);
            logger.LogInformation(
                "Job {Job} batch {Batch}: read {Read}, written {Written}, rejected {Rejected}, skipped {Skipped}",
                job.Id, batch.Index, result.Counts.Read, result.Counts.Written, result.Counts.Rejected, result.Counts.Skipped);
            return new TransferResult { Counts = result.Counts };
        }
        catch (ConfigurationException e)
        {
            return new TransferResult { Problem = e.Problem };
        }
        catch (Exception e) when (span.Fails(e))
        {
            throw;
        }
    }
}
