using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Undoes one batch of a job: decide once, apply. May run twice, at once, late, or die half-way.</summary>
public sealed class UndoBatch(JobFiles files, JobHistoryTable history, RecordUndo undo, ILogger<UndoBatch> logger)
{
    /// <summary>The batch's counts; a batch that was undone before answers with what it came to then.</summary>
    [Function(nameof(UndoBatch))]
    public async Task<UndoneBatch> RunAsync([ActivityTrigger] UndoRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(UndoBatch), request.JobId, request.Batch);
        var result = await undo.UndoAsync(await files.JobAsync(request.JobId, cancellationToken), request.Batch, cancellationToken);
        logger.LogInformation(
            "Job {Job} batch {Batch}: read {Read}, undone {Written}, left alone {Skipped}",
            request.JobId, request.Batch, result.Counts.Read, result.Counts.Written, result.Counts.Skipped);
        return new UndoneBatch { Counts = result.Counts, Stop = await history.GetAsync(request.JobId, cancellationToken) is not { StopRequested: false } };
    }
}
