using System.Runtime.CompilerServices;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>The documents that an export rejected, in the order of its list: what is read again when its errors are retried (guide 7.2).</summary>
internal sealed class RejectedDocuments(string retried, JobFiles files, BatchResultsTable results)
{
    /// <summary>The documents as that job listed them.</summary>
    /// <param name="blobs">Where its list lies.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async IAsyncEnumerable<ListedDocument> ListAsync(Blobs blobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = new DocumentList(blobs, retried);
        await foreach (var result in results.ListAsync(retried, cancellationToken))
        {
            if (result.Counts.Rejected == 0) continue;
            var rows = await files.ReadAsync<List<RejectedRow>>(JobFiles.RejectedName(retried, result.Batch), cancellationToken) ?? [];
            if (rows.Count == 0) continue;
            var (first, end) = (rows.Min(r => r.Offset), rows.Max(r => r.Offset + r.Length));
            var rejected = rows.Select(r => r.Offset).ToHashSet();
            await foreach (var line in list.ReadAsync(first, end - first, 1, cancellationToken))
                if (rejected.Contains(line.Offset)) yield return line.Document;
        }
    }
}
