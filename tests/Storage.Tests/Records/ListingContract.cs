using System.Text;
using System.Text.Json.Nodes;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>How every record store lists (ItemQuery, FieldEquals).</summary>
public abstract class ListingContract
{
    /// <summary>
    /// In the order of their UTF-8 bytes, which is not that of UTF-16: a surrogate pair (D83D…) stands for a character above U+FFFD.
    /// </summary>
    private static readonly string[] Ordered =
        ["", " ", "A", "A ", "A-1", "AA", "AZ", "A|", "A~", "AÉ", "AÉA", "B", "a", "Ž", "日", "\ud7ff", "\ue000", "\ufffd", "🚀", "🚀A", "\U0010ffff", "\U0010ffff\U0010ffff"];

    private readonly string _partition = $"list-{Guid.NewGuid():n}|00";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A store that is ready for use, or a skipped test where there is no server.</summary>
    protected abstract ValueTask<IRecords> StoreAsync();

    [Fact]
    public async Task Listings_are_in_the_order_of_the_UTF8_bytes_of_the_sort_key()
    {
        var store = await StoreAsync();
        await FillAsync(store, Ordered);
        Assert.Equal(Ordered, await SortsAsync(store, new ItemQuery(_partition, "")));
    }

    [Fact]
    public async Task A_prefix_lists_what_begins_with_it_and_nothing_else()
    {
        var store = await StoreAsync();
        await FillAsync(store, Ordered);
        foreach (var prefix in Ordered)
        {
            var expected = Ordered.Where(sort => sort.StartsWith(prefix, StringComparison.Ordinal));
            Assert.Equal(expected, await SortsAsync(store, new ItemQuery(_partition, prefix)));
        }
    }

    [Fact]
    public async Task A_listing_goes_on_after_any_text_whether_an_item_has_it_or_not()
    {
        var store = await StoreAsync();
        await FillAsync(store, Ordered);
        foreach (var prefix in (string[])["", "A", "AÉ", "🚀"])
        {
            foreach (var after in Ordered.Concat(["0", "A-", "Z", "\U0001f680 "]))
            {
                var expected = Ordered.Where(sort => sort.StartsWith(prefix, StringComparison.Ordinal) && Compare(sort, after) > 0);
                Assert.Equal(expected, await SortsAsync(store, new ItemQuery(_partition, prefix) { After = after }));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Pages_are_complete_and_repeat_nothing(int take)
    {
        var store = await StoreAsync();
        var sorts = Enumerable.Range(0, 250).Select(i => $"DOC|{i * 7919 % 250:d4}").ToArray();
        await FillAsync(store, [.. sorts, "DOB|x", "DOD|x"]);
        var read = new List<string>();
        string? after = null;
        while (true)
        {
            var page = await SortsAsync(store, new ItemQuery(_partition, "DOC|") { After = after, Take = take });
            read.AddRange(page);
            if (page.Count < take) break;
            after = page[^1];
        }
        Assert.Equal(sorts.Order(StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task A_listing_shows_one_partition_only()
    {
        var store = await StoreAsync();
        await FillAsync(store, ["A"]);
        Assert.Empty(await SortsAsync(store, new ItemQuery(_partition + "0", "")));
        Assert.Empty(await SortsAsync(store, new ItemQuery(_partition[..^1], "")));
    }

    /// <summary>Items of the table below: the value of the filterable field f1.</summary>
    private static readonly (string Id, string F)[] Values =
    [
        ("text", "\"Hot\""), ("text-lower", "\"hot\""), ("text-long", "\"Hotter\""), ("array", "[\"Hot\",\"Cold\"]"), ("array-one", "[\"Hot\"]"),
        ("array-text", "\"[\\\"Hot\\\"]\""), ("empty", "[]"), ("null", "null"), ("one", "1"), ("one-text", "\"1\""), ("true", "true"), ("false", "false"),
        ("zero", "0"), ("numbers", "[1,2]"), ("bools", "[true]"), ("quote", "\"O'Neil \\\"x\\\"\""), ("path", "[\"A\\\\B\"]"), ("big", "2147483648"), ("object", "{\"a\":\"Hot\"}"),
    ];

    /// <summary>Source: FieldEquals. A value matches itself, type included; an array matches when it contains the value.</summary>
    public static TheoryData<object, string[]> Conditions => new()
    {
        { "Hot", ["array", "array-one", "text"] },
        { "hot", ["text-lower"] },
        { "Cold", ["array"] },
        { "Co", [] },
        { "[\"Hot\"]", ["array-text"] },
        { "", [] },
        { 1, ["numbers", "one"] },
        { 1L, ["numbers", "one"] },
        { 2, ["numbers"] },
        { 0, ["zero"] },
        { 2147483648L, ["big"] },
        { "1", ["one-text"] },
        { true, ["bools", "true"] },
        { false, ["false"] },
        { "O'Neil \"x\"", ["quote"] },
        { "A\\B", ["path"] },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task A_condition_finds_equal_values_and_arrays_that_contain_them(object value, string[] found)
    {
        var store = await StoreAsync();
        await store.WriteAsync([.. Values.Select(v => Item(v.Id, $$$"""{"f":{"f1":{{{v.F}}}},"v":{"f1":"Hot"}}"""))], Stop);
        // Twice: a store may make an index when it is asked first.
        for (var i = 0; i < 2; i++)
        {
            var query = new ItemQuery(_partition, "") { Where = [new FieldEquals("f1", value)] };
            Assert.Equal(found, await SortsAsync(store, query));
        }
        Assert.Empty(await SortsAsync(store, new ItemQuery(_partition, "") { Where = [new FieldEquals("f2", value)] }));
        Assert.Empty(await SortsAsync(store, new ItemQuery(_partition + "0", "") { Where = [new FieldEquals("f1", value)] }));
    }

    [Fact]
    public async Task Conditions_hold_together_and_with_prefix_and_paging()
    {
        var store = await StoreAsync();
        await store.WriteAsync(
            [.. Enumerable.Range(0, 200).Select(i => Item($"{i % 2}|{i:d3}", $$$"""{"f":{"a":"{{{i % 4}}}","b":["x{{{i % 5}}}","y"]}}"""))], Stop);
        var query = new ItemQuery(_partition, "0|") { Where = [new FieldEquals("a", "2"), new FieldEquals("b", "x1")], Take = 3 };
        var expected = Enumerable.Range(0, 200).Where(i => i % 4 == 2 && i % 5 == 1).Select(i => $"0|{i:d3}").ToList();
        var first = await SortsAsync(store, query);
        Assert.Equal(expected.Take(3), first);
        Assert.Equal(expected.Skip(3), await SortsAsync(store, query with { After = first[^1], Take = 100 }));
    }

    [Fact]
    public async Task A_condition_sees_what_was_replaced_and_deleted_meanwhile()
    {
        var store = await StoreAsync();
        var query = new ItemQuery(_partition, "") { Where = [new FieldEquals("a", "1")] };
        var etags = await store.WriteAsync([Item("x", """{"f":{"a":"1"}}"""), Item("y", """{"f":{"a":["1","2"]}}"""), Item("z", """{"f":{}}""")], Stop);
        Assert.Equal(["x", "y"], await SortsAsync(store, query));
        await store.WriteAsync(
            [
                Item("x", """{"f":{"a":"2"}}""") with { Kind = WriteKind.Replace, ETag = etags[0].ETag },
                Item("y", "{}") with { Kind = WriteKind.Delete },
                Item("z", """{"f":{"a":["2","1","1"]}}""") with { Kind = WriteKind.Replace, ETag = etags[2].ETag, Sort = "0" },
                Item("n", """{"f":{"a":"1"}}"""),
            ], Stop);
        Assert.Equal(["0", "n"], await SortsAsync(store, query));
        await store.DeletePartitionAsync(_partition, Stop);
        Assert.Empty(await SortsAsync(store, query));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"] = 1 OR true")]
    [InlineData("a.b")]
    [InlineData("'); DROP TABLE items; --")]
    public async Task A_field_id_that_is_no_id_is_refused(string id)
    {
        var store = await StoreAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => store.ListAsync(new ItemQuery(_partition, "") { Where = [new FieldEquals(id, "x")] }, Stop));
    }

    private async Task FillAsync(IRecords store, IReadOnlyList<string> sorts)
    {
        // Stored in another order than that of the listing; ids say nothing about it.
        var writes = sorts.Select((sort, i) => new ItemWrite(WriteKind.Create, new ItemKey(_partition, $"{i * 7 % 100:d3}-{i}"), sort, "{}"u8.ToArray()));
        var results = await store.WriteAsync([.. writes.OrderBy(write => write.Key.Id, StringComparer.Ordinal)], Stop);
        Assert.All(results, result => Assert.Equal(WriteStatus.Done, result.Status));
    }

    private ItemWrite Item(string sort, string body)
        => new(WriteKind.Create, new ItemKey(_partition, sort), sort, Encoding.UTF8.GetBytes(JsonNode.Parse(body)!.ToJsonString()));

    private static async Task<List<string>> SortsAsync(IRecords store, ItemQuery query)
        => [.. (await store.ListAsync(query, Stop)).Select(item => item.Sort)];

    private static int Compare(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
}
