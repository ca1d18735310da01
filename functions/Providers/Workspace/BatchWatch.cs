using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Tells a running batch, between groups of records, whether to go on. It asks before the first group, then at most every two seconds, and
/// always when more time than that has passed: an attempt that stalled looks again before it touches anything.
/// </summary>
internal sealed class BatchWatch(JobHistoryTable history, BatchResultsTable results, TimeProvider time, string job, int batch)
{
    /// <summary>How long a wish to stop may stay unseen.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private long? asked;

    private bool isOver;
    private bool stopRequested;

    /// <summary>Whether another attempt has finished the batch meanwhile, or the job itself has ended: then nothing more is touched.</summary>
    public async ValueTask<bool> IsOverAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken);
        return isOver;
    }

    /// <summary>Whether the job was asked to stop: then nothing more is decided, and what was decided is applied to its end.</summary>
    public async ValueTask<bool> IsStoppingAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken);
        return stopRequested;
    }

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        if (asked is { } before && time.GetElapsedTime(before) < Interval) return;
        var row = await history.GetAsync(job, cancellationToken);
        isOver = row is null || row.Status.IsFinal() || await results.GetAsync(job, batch, cancellationToken) is not null;
        stopRequested = row is not { StopRequested: false };
        asked = time.GetTimestamp();
    }
}
