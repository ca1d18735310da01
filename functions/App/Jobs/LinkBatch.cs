using System.Diagnostics;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Links the records of one batch when all records are there: decide once, apply. May run twice, at once, late, or die half-way.</summary>
public sealed class LinkBatch(JobFiles files, JobHistoryTable history, RecordLinks links, ILogger<LinkBatch> logger)
{
    /// <summary>
    /// How many links were made and could not be; a batch that was linked before answers with what it came to then. One that has not begun when the
    /// job is to be suspended does not begin; nor does any when it is to stop.
    /// </summary>
    [Function(nameof(LinkBatch))]
    public async Task<TransferResult> RunAsync([ActivityTrigger] LinkRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(LinkBatch), request.JobId, request.Batch);
        var job = await files.JobAsync(request.JobId, cancellationToken);
        if (await history.GetAsync(job, cancellationToken) is { SuspendRequested: true, StopRequested: false }) return new TransferResult { Suspended = true };
        var prepared = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(request.JobId), cancellationToken))!;
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var linked = request.IsRetried ? LinkedBatch.OfRetried(job, prepared, request.Batch) : new LinkedBatch(job, prepared, request.Batch);
            var result = await links.LinkAsync(linked, cancellationToken);
            Measures.Batch(result, begun);
            logger.LogInformation(
                "Job {Job} links of batch {Batch}: made {Links}, not made {Problems}", job.Id, request.Batch, result.Counts.Links, result.Counts.LinkProblems);
            return new TransferResult { Counts = result.Counts };
        }
        catch (Exception e) when (span.Fails(e))
        {
            throw;
        }
    }
}
