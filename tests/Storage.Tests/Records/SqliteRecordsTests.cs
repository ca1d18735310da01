using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>A SQLite store in a file of its own.</summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("records-");
    private readonly List<SqliteRecords> _open = [];

    public string Path => System.IO.Path.Combine(_folder.FullName, "new", "records.db");

    public async Task<SqliteRecords> OpenAsync(int? indexFrom = null)
    {
        var store = indexFrom is { } items ? new SqliteRecords(Path, items) : new SqliteRecords(Path);
        _open.Add(store);
        await store.EnsureAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open) await store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

public sealed class SqliteRecordsTests : RecordsContract, IAsyncDisposable
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<IRecords> StoreAsync() => await _file.OpenAsync();

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Two_stores_on_one_file_see_each_others_writes_and_conflicts()
    {
        var first = await _file.OpenAsync();
        var second = await _file.OpenAsync();
        var etag = (await WriteAsync(first, Create("a", "1"))).ETag!;
        Assert.Equal(WriteStatus.Conflict, (await WriteAsync(second, Create("a", "2"))).Status);
        Assert.Equal(WriteStatus.Done, (await WriteAsync(second, Replace("a", "2", etag))).Status);
        Assert.Equal(WriteStatus.Conflict, (await WriteAsync(first, Replace("a", "3", etag))).Status);
        Assert.Equal("2", Value((await first.ReadAsync(Key("a"), Stop))!));
    }

    [Fact]
    public async Task Two_stores_that_write_the_same_keys_at_the_same_time_lose_and_double_nothing()
    {
        var stores = new[] { await _file.OpenAsync(), await _file.OpenAsync() };
        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var won = 0;
            for (var batch = 0; batch < 10; batch++)
            {
                var writes = Enumerable.Range(batch * 50, 50).Select(i => Create($"{i:d4}", $"{caller}")).ToList();
                won += (await stores[caller % 2].WriteAsync(writes, Stop)).Count(result => result.Status == WriteStatus.Done);
            }
            return won;
        }, Stop)));
        Assert.Equal(500, wins.Sum());
        Assert.Equal(500, (await stores[0].ListAsync(new ItemQuery(Partition, ""), Stop)).Count);
    }

    [Fact]
    public async Task What_was_written_is_there_when_the_file_is_opened_again()
    {
        var store = await _file.OpenAsync();
        var etag = (await WriteAsync(store, Create("a", "1"))).ETag;
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => WriteAsync(store, Create("b", "1")));
        Assert.Equal(etag, (await (await _file.OpenAsync()).ReadAsync(Key("a"), Stop))!.ETag);
    }

    [Fact]
    public async Task One_callers_malformed_body_fails_its_own_write_and_no_other()
    {
        var store = await _file.OpenAsync(indexFrom: 0);
        await store.ListAsync(new ItemQuery(Partition, "") { Where = [new FieldEquals("a", "x")] }, Stop);
        var good = Enumerable.Range(0, 20).Select(i => WriteAsync(store, Create($"good{i}", "1"))).ToList();
        var bad = WriteAsync(store, new ItemWrite(WriteKind.Create, Key("bad"), "bad", "{"u8.ToArray()));
        good.AddRange(Enumerable.Range(20, 20).Select(i => WriteAsync(store, Create($"good{i}", "1"))));
        Assert.All(await Task.WhenAll(good), result => Assert.Equal(WriteStatus.Done, result.Status));
        await Assert.ThrowsAnyAsync<Exception>(() => bad);
        Assert.Null(await store.ReadAsync(Key("bad"), Stop));
    }

    [Fact]
    public async Task A_cancelled_write_is_not_done_and_says_so()
    {
        var store = await _file.OpenAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteAsync([Create("a", "1")], cancelled.Token));
        await WriteAsync(store, Create("b", "1"));
        Assert.Null(await store.ReadAsync(Key("a"), Stop));
    }
}

public sealed class SqliteListingTests : ListingContract, IAsyncDisposable
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<IRecords> StoreAsync() => await _file.OpenAsync();

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

/// <summary>The same through an index of the field, which a partition of this size would not get by itself.</summary>
public sealed class SqliteIndexedListingTests : ListingContract, IAsyncDisposable
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<IRecords> StoreAsync() => await _file.OpenAsync(indexFrom: 0);

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
