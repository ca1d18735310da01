using System.Runtime.CompilerServices;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Retry;

/// <summary>
/// The records that an earlier job rejected, read again from the version of the source that it read: its batches, without the records that were
/// written. A record that lost to an earlier one of the same identifier loses again (guide 7.2).
/// </summary>
public sealed class RetrySource(IFileSource source, string retried, JobFiles files, BatchResultsTable results, BatchSize size) : IFileSource
{
    /// <summary>What the earlier job found in the source, which must not have changed since.</summary>
    /// <exception cref="ConfigurationException"><c>file-changed</c>; or <c>nothing-to-retry</c>: that job never read its source.</exception>
    public async Task<SourceLayout> CheckAsync(CancellationToken cancellationToken)
    {
        var prepared = await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(retried), cancellationToken)
            ?? throw new ConfigurationException("nothing-to-retry", "The job that is to be retried failed before it read a record. Run the integration point again.");
        await using var _ = await OpenBytesAsync(prepared.Layout, 0, 1, cancellationToken);
        return prepared.Layout;
    }

    /// <inheritdoc/>
    public async Task<BatchPage> PlanAsync(SourceLayout layout, int? identifier, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var batches = new List<BatchPlan>();
        var records = cursor.Records;
        PlanCursor? next = null;
        await using var plans = PlansAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await foreach (var result in results.ListAsync(retried, cancellationToken))
        {
            // The cursor's place in the source is a batch of the earlier job.
            if (result.Batch < cursor.Offset || result.Counts.Rejected == 0) continue;
            if (batches.Count == size.PageAt(cursor.Page))
            {
                next = new PlanCursor(cursor.Page + 1, cursor.Batch + batches.Count, result.Batch, 0, records);
                break;
            }
            while (await plans.MoveNextAsync() && plans.Current.Index < result.Batch) { }
            batches.Add(plans.Current with { Index = cursor.Batch + batches.Count, Retries = result.Batch, Records = (int)result.Counts.Rejected });
            records += result.Counts.Rejected;
        }
        return new BatchPage(batches, next, records);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        SourceLayout layout, BatchPlan batch, IReadOnlyList<int> fileFields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rejected = (await files.ReadAsync<List<RejectedRow>>(JobFiles.RejectedName(retried, batch.Retries!.Value), cancellationToken) ?? []).Select(r => r.Offset).ToHashSet();
        await foreach (var record in source.ReadAsync(layout, batch, fileFields, cancellationToken))
            if (rejected.Contains(record.Position.Offset)) yield return record;
    }

    /// <inheritdoc/>
    public Task<bool> LacksFilesAsync(SourceLayout layout, ImportSettings import, CancellationToken cancellationToken)
        => source.LacksFilesAsync(layout, import, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenBytesAsync(SourceLayout layout, long offset, long length, CancellationToken cancellationToken)
        => source.OpenBytesAsync(layout, offset, length, cancellationToken);

    private async IAsyncEnumerable<BatchPlan> PlansAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 0; await files.ReadAsync<BatchPage>(JobFiles.PageName(retried, page), cancellationToken) is { } plan; page++)
            foreach (var batch in plan.Batches) yield return batch;
    }
}
