using System.Runtime.CompilerServices;
using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>
/// The records of an object type in identifier order: the ordered streams of the workspace's buckets, merged. Only a small page of each bucket
/// is in memory, smaller where records are large, so that memory does not grow with the number of records or their size.
/// </summary>
/// <param name="records">The records.</param>
/// <param name="blobs">Where long texts are kept; needed only for queries that look into them.</param>
public sealed class RecordListing(IRecords records, Blobs? blobs = null)
{
    // The largest item is 2 MB: even if every bucket's first page held only such ones, that would be 128 MB.
    private const int FirstTake = 4, MostTake = 250, PageBytes = 512 * 1024;

    /// <summary>The stored records whose sort key comes after <paramref name="after"/> (null: all of them).</summary>
    public IAsyncEnumerable<StoredItem> ListAsync(Workspace workspace, string objectType, string? after, CancellationToken cancellationToken)
        => ListAsync(workspace, objectType, new ItemQuery("", "") { After = after }, cancellationToken);

    /// <summary>The same, of those only whose filterable fields have these values.</summary>
    public IAsyncEnumerable<StoredItem> ListAsync(
        Workspace workspace, string objectType, string? after, IReadOnlyList<FieldEquals> where, CancellationToken cancellationToken)
        => ListAsync(workspace, objectType, new ItemQuery("", "") { After = after, Where = where }, cancellationToken);

    /// <summary>
    /// The same, of those only that a query finds (null: all of them). A text that is kept as a file is read where the query depends on it.
    /// </summary>
    public async IAsyncEnumerable<StoredItem> ListAsync(
        Workspace workspace, string objectType, string? after, RecordQuery? query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in ListAsync(workspace, objectType, new ItemQuery("", "") { After = after, Filter = query }, cancellationToken))
            if (query is null || await IsFoundAsync(query, RecordJson.Read(item.Body.Span), cancellationToken)) yield return item;
    }

    /// <summary>How many records a query finds (null: how many there are).</summary>
    public async Task<long> CountAsync(Workspace workspace, string objectType, RecordQuery? query, CancellationToken cancellationToken)
        => await ListAsync(workspace, objectType, null, query, cancellationToken).LongCountAsync(cancellationToken);

    // One text after the other, as long as the answer depends on one.
    private async Task<bool> IsFoundAsync(RecordQuery query, Record record, CancellationToken cancellationToken)
    {
        Dictionary<TextTest, bool>? read = null;
        while (true)
        {
            (TextTest Test, TextReference Text)? unread = null;
            var match = query.Test(record, (test, text) =>
            {
                if (read is not null && read.TryGetValue(test, out var passes)) return passes;
                unread ??= (test, text);
                return null;
            });
            if (match != Match.Perhaps) return match == Match.Yes;
            (read ??= [])[unread!.Value.Test] = await PassesAsync(unread.Value.Test, unread.Value.Text, cancellationToken);
        }
    }

    private async Task<bool> PassesAsync(TextTest test, TextReference text, CancellationToken cancellationToken)
    {
        if (blobs is null) throw new InvalidOperationException("This listing has no files to look into.");
        // The file is never overwritten; whichever version is there is the one that the record means.
        var version = await Blobs.FindAsync(blobs.Files, text.Blob, cancellationToken)
            ?? throw new InvalidOperationException($"The text {text.Blob} is missing in the file repository.");
        await using var stream = await Blobs.OpenRangeAsync(blobs.Files, text.Blob, 0, null, version.ETag, cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        return await TextFold.MatchesAsync(reader, test.Match, TextFold.Of(test.Value), cancellationToken);
    }

    private async IAsyncEnumerable<StoredItem> ListAsync(
        Workspace workspace, string objectType, ItemQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        query = query with { Prefix = Identifier.SortPrefix(objectType), Take = FirstTake };
        var buckets = Enumerable.Range(0, workspace.Buckets)
            .Select(bucket => new Bucket(records, query with { Partition = Identifier.Partition(workspace.Id, bucket) }))
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
