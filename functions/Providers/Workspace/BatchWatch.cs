using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Tells a running batch, between groups of records, whether to go on. It asks at most every two seconds, and always when more time than that
/// has passed: an attempt that stalled looks again before it touches anything.
/// </summary>
internal sealed class BatchWatch(JobHistoryTable history, BatchResultsTable results, TimeProvider time, string job, int batch)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private long asked = time.GetTimestamp();

    /// <summary>Whether another attempt has finished the batch meanwhile.</summary>
    public bool Superseded { get; private set; }

    /// <summary>Whether the job was asked to stop.</summary>
    public bool StopRequested { get; private set; }

    /// <summary>Whether the batch goes on.</summary>
    public async ValueTask<bool> GoesOnAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(asked) >= Interval)
        {
            Superseded = await results.GetAsync(job, batch, cancellationToken) is not null;
            StopRequested = await history.GetAsync(job, cancellationToken) is not { StopRequested: false };
            asked = time.GetTimestamp();
        }
        return !Superseded && !StopRequested;
    }
}
