using System.Text.Json;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>What every record store does (IRecords). Each test has partitions of its own, so that stores may be shared.</summary>
public abstract class RecordsContract
{
    protected string Partition { get; } = $"test-{Guid.NewGuid():n}|00";

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A store that is ready for use, or a skipped test where there is no server.</summary>
    protected abstract ValueTask<IRecords> StoreAsync();

    public enum There { Nothing, ThisVersion, AnotherVersion }

    /// <summary>Source: WriteKind and WriteStatus.</summary>
    public static TheoryData<WriteKind, There, bool, WriteStatus, string?> Writes => new()
    {
        // kind, what is there, whether the write names an etag, the answer, what is there afterwards
        { WriteKind.Create, There.Nothing, false, WriteStatus.Done, "new" },
        { WriteKind.Create, There.ThisVersion, false, WriteStatus.Conflict, "old" },
        { WriteKind.Replace, There.ThisVersion, true, WriteStatus.Done, "new" },
        { WriteKind.Replace, There.AnotherVersion, true, WriteStatus.Conflict, "other" },
        { WriteKind.Replace, There.Nothing, true, WriteStatus.Conflict, null },
        { WriteKind.Delete, There.ThisVersion, true, WriteStatus.Done, null },
        { WriteKind.Delete, There.AnotherVersion, true, WriteStatus.Conflict, "other" },
        { WriteKind.Delete, There.Nothing, true, WriteStatus.Done, null },
        { WriteKind.Delete, There.ThisVersion, false, WriteStatus.Done, null },
        { WriteKind.Delete, There.Nothing, false, WriteStatus.Done, null },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_write_does_what_its_kind_says(WriteKind kind, There there, bool named, WriteStatus answer, string? left)
    {
        var store = await StoreAsync();
        var etag = (await WriteAsync(store, Create("a", "old"))).ETag!;
        if (there == There.Nothing) await WriteAsync(store, new ItemWrite(WriteKind.Delete, Key("a"), "", default));
        if (there == There.AnotherVersion) await WriteAsync(store, Replace("a", "other", etag));

        var result = await WriteAsync(store, new ItemWrite(kind, Key("a"), "a", Body("new"), named ? etag : null));

        Assert.Equal(answer, result.Status);
        var item = await store.ReadAsync(Key("a"), Stop);
        Assert.Equal(left, item is null ? null : Value(item));
        if (left == "new") Assert.Equal(result.ETag, item!.ETag);
    }

    [Fact]
    public async Task Replacing_without_a_version_is_refused_because_it_would_be_a_blind_upsert()
    {
        var store = await StoreAsync();
        await Assert.ThrowsAsync<ArgumentException>(
            () => store.WriteAsync([Create("b", "1"), new ItemWrite(WriteKind.Replace, Key("a"), "a", Body("2"))], Stop));
        Assert.Null(await store.ReadAsync(Key("b"), Stop));
    }

    [Fact]
    public async Task Every_write_makes_a_version_that_no_earlier_item_of_the_key_had()
    {
        var store = await StoreAsync();
        var seen = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            var created = (await WriteAsync(store, Create("a", "same"))).ETag!;
            Assert.True(seen.Add(created));
            var replaced = (await WriteAsync(store, Replace("a", "same", created))).ETag!;
            Assert.True(seen.Add(replaced));
            await WriteAsync(store, new ItemWrite(WriteKind.Delete, Key("a"), "", default, replaced));
        }
    }

    [Fact]
    public async Task Writes_of_one_call_succeed_and_fail_each_on_its_own_and_answer_in_their_order()
    {
        var store = await StoreAsync();
        await WriteAsync(store, Create("there", "old"));
        var results = await store.WriteAsync([Create("x", "1"), Create("there", "2"), Create("y", "3"), Create("x", "again")], Stop);
        Assert.Equal([WriteStatus.Done, WriteStatus.Conflict, WriteStatus.Done, WriteStatus.Conflict], results.Select(r => r.Status));
        Assert.Equal("1", Value((await store.ReadAsync(Key("x"), Stop))!));
        Assert.Equal(results[2].ETag, (await store.ReadAsync(Key("y"), Stop))!.ETag);
    }

    [Fact]
    public async Task Nothing_to_write_and_nothing_to_read_are_answered_with_nothing()
    {
        var store = await StoreAsync();
        Assert.Empty(await store.WriteAsync([], Stop));
        Assert.Empty(await store.ReadManyAsync([], Stop));
        Assert.Empty(await store.ListAsync(new ItemQuery(Partition, ""), Stop));
    }

    [Fact]
    public async Task Reading_many_answers_in_the_order_of_the_keys_with_null_where_there_is_none()
    {
        var store = await StoreAsync();
        var keys = Enumerable.Range(0, 300).Select(i => new ItemKey($"{Partition}{i % 7}", $"id{i}")).ToList();
        await store.WriteAsync([.. keys.Where((_, i) => i % 3 != 0).Select(key => new ItemWrite(WriteKind.Create, key, key.Id, Body(key.Id)))], Stop);
        keys.Reverse();
        keys.Add(keys[1]);
        keys.Add(keys[1]);

        var items = await store.ReadManyAsync(keys, Stop);

        Assert.Equal(
            keys.Select(key => int.Parse(key.Id[2..], null) % 3 == 0 ? null : key.Id),
            items.Select(item => item is null ? null : Value(item)));
        Assert.All(items.Zip(keys), pair => Assert.True(pair.First is null || pair.First.Key == pair.Second));
    }

    [Fact]
    public async Task The_same_id_in_two_partitions_is_two_items()
    {
        var store = await StoreAsync();
        var other = new ItemKey(Partition + "b", "a");
        await store.WriteAsync([Create("a", "1"), new ItemWrite(WriteKind.Create, other, "a", Body("2"))], Stop);
        Assert.Equal("1", Value((await store.ReadAsync(Key("a"), Stop))!));
        Assert.Equal("2", Value((await store.ReadAsync(other, Stop))!));
    }

    /// <summary>Ids hold anything but / \ ? # (ItemKey), up to 1,000 bytes.</summary>
    public static TheoryData<string> Ids => ["DOCUMENT|A 1", "a'b\"c", "ÅÄÖ-ß-日本-🚀", "%0041", "100%", "a%2Fb", "%252f", "~25", "x ", "~", "a+b&c=d;e,f:g@h", new string('x', 1000), " x", "-- drop table items"];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task An_item_comes_back_as_it_was_stored(string id)
    {
        var store = await StoreAsync();
        var body = """{"type":"Document","f":{"a":[1,2.50,"\u0000é🚀"]},"v":{"x":null}}"""u8.ToArray();
        var written = await WriteAsync(store, new ItemWrite(WriteKind.Create, Key(id), id + "|sort", body));
        var item = await store.ReadAsync(Key(id), Stop);
        Assert.NotNull(item);
        Assert.Equal((Key(id), id + "|sort", written.ETag), (item.Key, item.Sort, item.ETag));
        Assert.True(JsonElement.DeepEquals(Json(body), Json(item.Body)));
        Assert.Equal(item.Key, Assert.Single(await store.ListAsync(new ItemQuery(Partition, id), Stop)).Key);
        Assert.NotNull(Assert.Single(await store.ReadManyAsync([Key(id)], Stop)));
    }

    [Fact]
    public async Task Replacing_moves_an_item_to_its_new_place_in_the_order()
    {
        var store = await StoreAsync();
        var results = await store.WriteAsync([Create("a", "1"), Create("b", "2")], Stop);
        await WriteAsync(store, new ItemWrite(WriteKind.Replace, Key("a"), "c", Body("1"), results[0].ETag));
        Assert.Equal(["b", "a"], (await store.ListAsync(new ItemQuery(Partition, ""), Stop)).Select(item => item.Key.Id));
    }

    [Theory]
    [InlineData(0, WriteStatus.Done)]
    [InlineData(1, WriteStatus.TooLarge)]
    public async Task An_item_over_two_megabytes_with_its_keys_is_too_large(int over, WriteStatus status)
    {
        var store = await StoreAsync();
        var frame = StoredSize.Of(Create("a", ""));
        var text = new string('x', (int)(RecordLimits.ItemBytes - frame) + over);
        var created = await WriteAsync(store, Create("a", text));
        Assert.Equal(status, created.Status);
        Assert.Equal(status == WriteStatus.Done, await store.ReadAsync(Key("a"), Stop) is not null);

        var small = await WriteAsync(store, Create("b", "x"));
        Assert.Equal(status, (await WriteAsync(store, Replace("b", text, small.ETag!))).Status);
        Assert.Equal(status == WriteStatus.Done ? text : "x", Value((await store.ReadAsync(Key("b"), Stop))!));
    }

    [Fact]
    public async Task Deleting_a_partition_leaves_the_others()
    {
        var store = await StoreAsync();
        var other = new ItemKey(Partition + "0", "kept");
        await store.WriteAsync([.. Enumerable.Range(0, 1200).Select(i => Create($"{i}", "x"))], Stop);
        await store.WriteAsync([new ItemWrite(WriteKind.Create, other, "kept", Body("x"))], Stop);
        await store.DeletePartitionAsync(Partition, Stop);
        Assert.Empty(await store.ListAsync(new ItemQuery(Partition, ""), Stop));
        Assert.NotNull(await store.ReadAsync(other, Stop));
        Assert.Equal(WriteStatus.Done, (await WriteAsync(store, Create("1", "again"))).Status);
    }

    [Fact]
    public async Task Making_the_store_ready_again_changes_nothing()
    {
        var store = await StoreAsync();
        await WriteAsync(store, Create("a", "1"));
        await store.EnsureAsync(Stop);
        Assert.NotNull(await store.ReadAsync(Key("a"), Stop));
    }

    [Fact]
    public async Task Of_many_that_create_one_key_at_the_same_time_exactly_one_wins()
    {
        var store = await StoreAsync();
        for (var round = 0; round < 10; round++)
        {
            var id = $"round{round}";
            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => WriteAsync(store, Create(id, $"{i}")), Stop)));
            var winner = Assert.Single(Enumerable.Range(0, 16), i => results[i].Status == WriteStatus.Done);
            Assert.Equal($"{winner}", Value((await store.ReadAsync(Key(id), Stop))!));
        }
    }

    [Fact]
    public async Task Of_many_that_replace_one_version_at_the_same_time_exactly_one_wins()
    {
        var store = await StoreAsync();
        var etag = (await WriteAsync(store, Create("a", "0"))).ETag!;
        for (var round = 0; round < 10; round++)
        {
            var version = etag;
            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => WriteAsync(store, Replace("a", $"{i}", version)), Stop)));
            etag = Assert.Single(results, r => r.Status == WriteStatus.Done).ETag!;
        }
    }

    protected ItemKey Key(string id) => new(Partition, id);

    protected ItemWrite Create(string id, string value) => new(WriteKind.Create, Key(id), id, Body(value));

    protected ItemWrite Replace(string id, string value, string etag) => new(WriteKind.Replace, Key(id), id, Body(value), etag);

    protected static async Task<WriteResult> WriteAsync(IRecords store, ItemWrite write) => (await store.WriteAsync([write], Stop))[0];

    protected static ReadOnlyMemory<byte> Body(string value) => JsonSerializer.SerializeToUtf8Bytes(new { value });

    protected static string Value(StoredItem item) => Json(item.Body).GetProperty("value").GetString()!;

    private static JsonElement Json(ReadOnlyMemory<byte> body) => JsonDocument.Parse(body).RootElement;
}
