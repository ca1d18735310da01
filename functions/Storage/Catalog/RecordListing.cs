using System.Runtime.CompilerServices;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>
/// The records of an object type in identifier order: the ordered streams of the workspace's buckets, merged. Only a small page of each bucket
/// is in memory, smaller where records are large, so that memory does not grow with the number of records or their size.
/// </summary>
public sealed class RecordListing(IRecords records)
{
    // The largest item is 2 MB: even if every bucket's first page held only such ones, that would be 128 MB.
    private const int FirstTake = 4, MostTake = 250, PageBytes = 512 * 1024;

    /// <summary>The stored records whose sort key comes after <paramref name="after"/> (null: all of them).</summary>
    public IAsyncEnumerable<StoredItem> ListAsync(Workspace workspace, string objectType, string? after, CancellationToken cancellationToken)
        => ListAsync(workspace, objectType, after, [], cancellationToken);

    /// <summary>The same, of those only whose filterable fields have these values.</summary>
    public async IAsyncEnumerable<StoredItem> ListAsync(
        Workspace workspace, string objectType, string? after, IReadOnlyList<FieldEquals> where,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = Identifier.SortPrefix(objectType);
        var buckets = Enumerable.Range(0, workspace.Buckets)
            .Select(bucket => new Bucket(records, new ItemQuery(Identifier.Partition(workspace.Id, bucket), prefix)
            {
                After = after,
                Take = FirstTake,
                Where = where,
            }))
            .ToList();
        await Task.WhenAll(buckets.Select(b => b.MoveNextAsync(cancellationToken)));

        var next = new PriorityQueue<Bucket, string>(Utf8Order.Comparer);
        next.EnqueueRange(buckets.Where(b => b.Current is not null).Select(b => (b, b.Current!.Sort)));
        while (next.TryDequeue(out var bucket, out _))
        {
            yield return bucket.Current!;
            await bucket.MoveNextAsync(cancellationToken);
            if (bucket.Current is { } item) next.Enqueue(bucket, item.Sort);
        }
    }

    private sealed class Bucket(IRecords records, ItemQuery query)
    {
        private IReadOnlyList<StoredItem> page = [];
        private int position = -1;
        private bool isLast;

        public StoredItem? Current { get; private set; }

        public async Task MoveNextAsync(CancellationToken cancellationToken)
        {
            if (++position == page.Count && !isLast) await ReadAsync(cancellationToken);
            Current = position < page.Count ? page[position] : null;
        }

        private async Task ReadAsync(CancellationToken cancellationToken)
        {
            if (page.Count > 0) query = query with { After = page[^1].Sort, Take = NextTake() };
            page = await records.ListAsync(query, cancellationToken);
            isLast = page.Count < query.Take;
            position = 0;
        }

        // As many as fit into a page's bytes, judging by the last ones; growing slowly, since the next ones may be larger.
        private int NextTake()
        {
            var bytes = 1 + page.Sum(item => (long)item.Body.Length) / page.Count;
            return (int)Math.Clamp(Math.Min(PageBytes / bytes, query.Take * 4), 1, MostTake);
        }
    }
}
