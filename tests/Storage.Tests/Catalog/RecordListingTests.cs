using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using IntegrationPoints.Storage.Tests.Records;

namespace IntegrationPoints.Storage.Tests.Catalog;

/// <summary>Records of all buckets in the order of the UTF-8 bytes of their folded identifiers, whatever the bucket (design, Data).</summary>
public sealed class RecordListingTests : IAsyncDisposable
{
    private static readonly Workspace Case = new() { Id = "case-1", Name = "Case" };

    private readonly SqliteFile file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => file.DisposeAsync();

    [Fact]
    public async Task Records_of_all_buckets_come_in_the_order_of_their_bytes()
    {
        // U+FF21 comes before U+1F600 in bytes and after it in UTF-16.
        string[] identifiers = ["b", "A", "a1", "Ä", "10", "9", "漢", "\uFF21", "😀", "𐐷", "a b", "a-b", "a", "", .. Enumerable.Range(0, 500).Select(i => $"DOC{i:d5}")];
        var unique = identifiers.DistinctBy(Identifier.Fold).ToList();
        var store = await StoreAsync(unique.Select(i => (i, 10)));
        var listed = await ListAsync(store, "Document", null);
        var expected = unique.Select(i => Identifier.Sort("Document", i)).Order(new Bytes());
        Assert.Equal(expected, listed);
    }

    [Fact]
    public async Task A_listing_goes_on_after_any_record_and_after_any_key_between()
    {
        var store = await StoreAsync(Enumerable.Range(0, 300).Select(i => ($"D{i * 2:d4}", 10)));
        var all = await ListAsync(store, "Document", null);
        foreach (var skip in (int[])[0, 1, 15, 16, 17, 150, 298, 299])
        {
            Assert.Equal(all.Skip(skip + 1), await ListAsync(store, "Document", all[skip]));
            Assert.Equal(all.Skip(skip + 1), await ListAsync(store, "Document", $"DOCUMENT|D{(skip * 2) + 1:d4}"));
        }
    }

    [Fact]
    public async Task Only_records_of_the_object_type_are_listed()
    {
        var store = await StoreAsync([("one", 10)]);
        await WriteAsync(store, "Docu", "two", 10);
        await WriteAsync(store, "Document|x", "three", 10);
        Assert.Equal(["DOCUMENT|ONE"], await ListAsync(store, "document", null));
        Assert.Equal(["DOCU|TWO"], await ListAsync(store, "Docu", null));
        Assert.Empty(await ListAsync(store, "None", null));
    }

    /// <summary>However large the records, what is in memory is bounded: a bucket is read a megabyte or so at a time.</summary>
    [Theory]
    [InlineData(200, 20_000, 1_000_000)]
    [InlineData(64, 400_000, 1_700_000)]
    public async Task Pages_shrink_where_records_are_large(int records, int bytes, int mostBytes)
    {
        var store = new Watched(await StoreAsync(Enumerable.Range(0, records).Select(i => ($"D{i:d4}", bytes))));
        Assert.Equal(records, (await ListAsync(store, "Document", null)).Count);
        Assert.InRange(store.LargestPage, bytes, mostBytes);
    }

    [Fact]
    public async Task Small_records_are_read_in_few_queries()
    {
        var store = new Watched(await StoreAsync(Enumerable.Range(0, 3000).Select(i => ($"D{i:d5}", 10))));
        Assert.Equal(3000, (await ListAsync(store, "Document", null)).Count);
        // Per bucket of 190 records: 4, 16, 64, 250.
        Assert.InRange(store.Queries, Case.Buckets, Case.Buckets * 5);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "a")]
    [InlineData("a", "ab")]
    [InlineData("a", "b")]
    [InlineData("z", "\u00e9")]
    [InlineData("\ud7ff", "\ue000")]
    [InlineData("\uffff", "\U00010000")]
    [InlineData("\ue000", "\U0010ffff")]
    [InlineData("\U00010000", "\U00010001")]
    [InlineData("x\uff21", "x\U0001F600")]
    public void Texts_are_ordered_by_their_bytes(string first, string second)
    {
        var bytes = Math.Sign(Encoding.UTF8.GetBytes(first).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(second)));
        Assert.Equal(bytes, Math.Sign(Utf8Order.Comparer.Compare(first, second)));
        Assert.Equal(-bytes, Math.Sign(Utf8Order.Comparer.Compare(second, first)));
    }

    private async Task<IRecords> StoreAsync(IEnumerable<(string Identifier, int Bytes)> records)
    {
        var store = await file.OpenAsync();
        foreach (var some in records.Chunk(100)) await store.WriteAsync([.. some.Select(r => Item("Document", r.Identifier, r.Bytes))], Stop);
        return store;
    }

    private static Task WriteAsync(IRecords store, string type, string identifier, int bytes) => store.WriteAsync([Item(type, identifier, bytes)], Stop);

    private static ItemWrite Item(string type, string identifier, int bytes) => new(
        WriteKind.Create,
        Identifier.Key(Case.Id, Case.Buckets, type, identifier),
        Identifier.Sort(type, identifier),
        Encoding.UTF8.GetBytes($"{{\"x\":\"{new string('x', bytes)}\"}}"));

    private static async Task<List<string>> ListAsync(IRecords store, string type, string? after)
        => await new RecordListing(store).ListAsync(Case, type, after, Stop).Select(item => item.Sort).ToListAsync(Stop);

    private sealed class Bytes : IComparer<string>
    {
        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }

    /// <summary>Counts what is asked of a store.</summary>
    private sealed class Watched(IRecords store) : IRecords
    {
        private int queries;

        public int Queries => queries;

        public int LargestPage { get; private set; }

        public Task EnsureAsync(CancellationToken cancellationToken) => store.EnsureAsync(cancellationToken);

        public Task<StoredItem?> ReadAsync(ItemKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

        public Task<IReadOnlyList<StoredItem?>> ReadManyAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellationToken)
            => store.ReadManyAsync(keys, cancellationToken);

        public Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken)
            => store.WriteAsync(writes, cancellationToken);

        public async Task<IReadOnlyList<StoredItem>> ListAsync(ItemQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref queries);
            var items = await store.ListAsync(query, cancellationToken);
            lock (store) LargestPage = Math.Max(LargestPage, items.Sum(i => i.Body.Length));
            return items;
        }

        public Task DeletePartitionAsync(string partition, CancellationToken cancellationToken) => store.DeletePartitionAsync(partition, cancellationToken);
    }
}
