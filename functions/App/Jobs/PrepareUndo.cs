using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Finds out how many batches there are to undo, those that were given up half-way included.</summary>
public sealed class PrepareUndo(JobFiles files, JobHistoryTable history, JobMoves moves)
{
    /// <summary>Status Pending → Validation → Processing.</summary>
    [Function(nameof(PrepareUndo))]
    public async Task<PreparedUndo> RunAsync([ActivityTrigger] string jobId, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(PrepareUndo), jobId);
        var original = (await files.JobAsync(jobId, cancellationToken)).Undo!.JobId;
        var row = await moves.ToAsync(jobId, JobStatus.Validation, cancellationToken);
        if (row.Status.IsFinal()) return new PreparedUndo { Over = true };
        await moves.ToAsync(jobId, JobStatus.Processing, cancellationToken);
        var batches = 0;
        for (var page = 0; await files.ReadAsync<BatchPage>(JobFiles.PageName(original, page), cancellationToken) is { } planned; page++)
            if (planned.Batches.Count > 0) batches = planned.Batches[^1].Index + 1;
        return new PreparedUndo { Batches = batches, Records = (await history.GetAsync(original, cancellationToken))?.Counts.Written ?? 0 };
    }
}
