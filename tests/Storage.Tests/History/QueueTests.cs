using Azure.Data.Tables;

namespace IntegrationPoints.Storage.Tests.History;

/// <summary>What decides when an integration point runs: its lease, its schedule, the uploads that wait for it.</summary>
public sealed class QueueTests(AzuriteServer azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly JobTables _tables = JobTables.Connect(azurite.ConnectionString, null);
    private readonly string _workspace = $"ws-{Guid.NewGuid():n}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _tables.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Connecting_needs_a_connection_string_or_an_address()
    {
        Assert.Throws<ArgumentException>(() => JobTables.Connect(null, null));
        Assert.NotNull(JobTables.Connect(null, new Uri("https://account.table.core.windows.net")));
    }

    [Fact]
    public void Two_lists_of_parts_never_become_one_key()
    {
        string[][] parts = [["a", "b"], ["a|b"], ["a~007cb"], ["", "a|b"], ["", "a", "b"], ["a", "", "b"], ["a/b"], ["a\\b"], ["a~002fb"], ["a%2fb"], ["A", "b"]];
        var keys = parts.Select(part => TableText.Key(part)).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.All(keys, key => Assert.DoesNotContain(key, c => "/\\#?%".Contains(c, StringComparison.Ordinal) || char.IsControl(c)));
    }

    [Theory]
    [InlineData("p1")]
    [InlineData("a/b\\c#d?e%f|g'h")]
    public async Task A_lease_has_one_holder_until_that_one_releases_it(string point)
    {
        var leases = _tables.Leases;
        Assert.Null(await leases.HolderAsync(_workspace, point, Stop));
        await leases.ReleaseAsync(_workspace, point, "job1", Stop);
        Assert.Equal("job1", await leases.TryAcquireAsync(_workspace, point, "job1", Stop));
        Assert.Equal("job1", await leases.TryAcquireAsync(_workspace, point, "job1", Stop));
        Assert.Equal("job1", await leases.TryAcquireAsync(_workspace, point, "job2", Stop));
        await leases.ReleaseAsync(_workspace, point, "job2", Stop);
        Assert.Equal("job1", await leases.HolderAsync(_workspace, point, Stop));
        await leases.ReleaseAsync(_workspace, point, "job1", Stop);
        Assert.Equal("job2", await leases.TryAcquireAsync(_workspace, point, "job2", Stop));
        await leases.ReleaseAsync(_workspace, point, "job1", Stop);
        Assert.Equal("job2", await leases.HolderAsync(_workspace, point, Stop));
        Assert.Equal("job3", await leases.TryAcquireAsync(_workspace, point + "x", "job3", Stop));
    }

    [Fact]
    public async Task Of_many_that_want_a_lease_at_the_same_time_one_gets_it_and_all_know_which()
    {
        var holders = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => _tables.Leases.TryAcquireAsync(_workspace, "p", $"job{i}", Stop)));
        Assert.Equal(await _tables.Leases.HolderAsync(_workspace, "p", Stop), Assert.Single(holders.Distinct()));
    }

    [Fact]
    public async Task Schedules_are_due_from_their_time_on_the_longest_due_first()
    {
        var schedules = _tables.Schedules;
        await schedules.SetAsync(_workspace, "late|r", Noon.ToOffset(TimeSpan.FromHours(2)), Stop);
        await schedules.SetAsync(_workspace, "early", Noon.AddMinutes(-5), Stop);
        await schedules.SetAsync(_workspace, "next", Noon.AddSeconds(1), Stop);
        await schedules.SetAsync(_workspace, "changed", Noon.AddMinutes(-9), Stop);
        await schedules.SetAsync(_workspace, "changed", Noon.AddHours(1), Stop);
        await schedules.SetAsync(_workspace, "removed", Noon, Stop);
        await schedules.SetAsync(_workspace, "removed", null, Stop);
        await schedules.SetAsync(_workspace, "never-there", null, Stop);
        Assert.Equal(["early", "late|r"], (await DueAsync()).Select(due => due.PointId));
        Assert.Equal([Noon.AddMinutes(-5), Noon], (await DueAsync()).Select(due => due.NextRunUtc));
    }

    [Fact]
    public async Task A_schedule_moves_on_unless_somebody_changed_it_meanwhile()
    {
        var schedules = _tables.Schedules;
        await schedules.SetAsync(_workspace, "p", Noon, Stop);
        var due = Assert.Single(await DueAsync());
        Assert.True(await schedules.TryAdvanceAsync(due, Noon.AddMinutes(-1), Stop));
        Assert.False(await schedules.TryAdvanceAsync(due, Noon.AddDays(1), Stop));
        Assert.False(await schedules.TryAdvanceAsync(due, null, Stop));
        var again = Assert.Single(await DueAsync());
        Assert.Equal(Noon.AddMinutes(-1), again.NextRunUtc);
        Assert.True(await schedules.TryAdvanceAsync(again, null, Stop));
        Assert.Empty(await DueAsync());
        Assert.False(await schedules.TryAdvanceAsync(again, Noon, Stop));
        Assert.False(await schedules.TryAdvanceAsync(again, null, Stop));
    }

    /// <summary>Whatever happens at once, a point has one entry and one place in the order of time, and they say the same.</summary>
    [Fact]
    public async Task Of_many_that_change_a_schedule_at_once_the_tick_finds_the_last_and_nothing_of_the_others()
    {
        await _tables.Schedules.SetAsync(_workspace, "p", Noon, Stop);
        var due = Assert.Single(await DueAsync());
        var moved = await Task.WhenAll(Enumerable.Range(1, 8).Select(day => _tables.Schedules.TryAdvanceAsync(due, Noon.AddDays(day), Stop)));
        Assert.Single(moved, true);
        Assert.Empty(await DueAsync());

        await Task.WhenAll(Enumerable.Range(1, 8).Select(minute => _tables.Schedules.SetAsync(_workspace, "p", Noon.AddMinutes(-minute), Stop))
            .Append(_tables.Schedules.CountAsync(_workspace, "p", Noon, true, Stop)));
        var entry = (await _tables.Schedules.FindAsync(_workspace, "p", Stop))!;
        Assert.Equal([entry], await DueAsync());
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient("Schedules");
        var rows = await table.QueryAsync<TableEntity>(row => row.PartitionKey == "schedules", cancellationToken: Stop)
            .Where(row => row.GetString("Workspace") == _workspace).ToListAsync(Stop);
        Assert.Equal(2, rows.Count);
        Assert.True(await _tables.Schedules.TryAdvanceAsync(entry, null, Stop));
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task Uploads_wait_in_order_of_arrival_point_by_point()
    {
        Upload[] uploads = [Upload("b.dat", 1, "p"), Upload("a.dat", 2, "p"), Upload("c.dat", 0, "p"), Upload("d.dat", 3, "p2"), Upload("e.dat", 4, "p|q")];
        foreach (var upload in uploads) Assert.True(await _tables.Uploads.TryAddAsync(upload, Stop));
        Assert.Equal([uploads[2], uploads[0], uploads[1]], await ListAsync("p"));
        Assert.Equal([uploads[3]], await ListAsync("p2"));
        Assert.Equal([uploads[4]], await ListAsync("p|q"));
        var points = (await _tables.Uploads.PointsWithUploadsAsync(Stop)).Where(point => point.Workspace == _workspace);
        Assert.Equal(["p", "p2", "p|q"], points.Select(point => point.PointId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Failures_in_a_row_are_counted_once_a_run_and_kept_while_the_schedule_goes_on()
    {
        await _tables.Schedules.SetAsync(_workspace, "p", Noon, Stop);
        foreach (var (hour, failed, expected) in new[] { (1, true, 1), (1, true, 1), (2, true, 2), (1, true, 2), (3, false, 0), (4, true, 1) })
        {
            await _tables.Schedules.CountAsync(_workspace, "p", Noon.AddHours(hour), failed, Stop);
            var entry = (await _tables.Schedules.FindAsync(_workspace, "p", Stop))!;
            Assert.Equal(expected, entry.Failures);
            Assert.True(await _tables.Schedules.TryAdvanceAsync(entry, Noon.AddDays(hour), Stop));
        }
        // Set anew, it counts from the beginning; and nothing is counted of a schedule that is gone.
        await _tables.Schedules.SetAsync(_workspace, "p", Noon, Stop);
        Assert.Equal(0, (await _tables.Schedules.FindAsync(_workspace, "p", Stop))!.Failures);
        await _tables.Schedules.SetAsync(_workspace, "p", null, Stop);
        await _tables.Schedules.CountAsync(_workspace, "p", Noon.AddDays(9), true, Stop);
        Assert.Null(await _tables.Schedules.FindAsync(_workspace, "p", Stop));
    }

    [Fact]
    public async Task A_version_of_a_blob_waits_once_ever_and_another_version_waits_again()
    {
        var first = Upload("a.dat", 0, "p");
        Assert.True(await _tables.Uploads.TryAddAsync(first, Stop));
        Assert.False(await _tables.Uploads.TryAddAsync(first with { SeenUtc = Noon.AddHours(1) }, Stop));
        Assert.Equal([first], await ListAsync("p"));
        for (var i = 0; i < 2; i++)
        {
            await _tables.Uploads.StartedAsync(first, "job1", Stop);
            Assert.Empty(await ListAsync("p"));
            Assert.False(await _tables.Uploads.TryAddAsync(first, Stop));
            Assert.Empty(await ListAsync("p"));
        }
        var second = first with { ETag = "0x2" };
        Assert.True(await _tables.Uploads.TryAddAsync(second, Stop));
        for (var i = 0; i < 2; i++)
        {
            await _tables.Uploads.RemoveAsync(second, Stop);
            Assert.False(await _tables.Uploads.TryAddAsync(second, Stop));
        }
        Assert.Empty(await ListAsync("p"));
        Assert.DoesNotContain(await _tables.Uploads.PointsWithUploadsAsync(Stop), point => point.Workspace == _workspace);
    }

    [Fact]
    public async Task A_delivery_that_died_half_way_is_completed_by_the_next()
    {
        var upload = Upload("a.dat", 0, "p");
        await _tables.Uploads.TryAddAsync(upload, Stop);
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient("Uploads");
        var entry = await table.QueryAsync<TableEntity>(row => row.PartitionKey == "waiting", cancellationToken: Stop)
            .SingleAsync(row => row.GetString("Workspace") == _workspace, Stop);
        await table.DeleteEntityAsync(entry, cancellationToken: Stop);
        Assert.Empty(await ListAsync("p"));
        Assert.False(await _tables.Uploads.TryAddAsync(upload, Stop));
        Assert.Equal([upload], await ListAsync("p"));
    }

    private Upload Upload(string name, int minute, string point) => new(
        _workspace, point, $"StructuredData/{_workspace}/Import/{point}/{new string('x', 900)}/ü #?%/{name}", "0x1", Noon.AddMinutes(minute));

    private Task<IReadOnlyList<Upload>> ListAsync(string point) => _tables.Uploads.ListAsync(_workspace, point, Stop);

    private async Task<List<DueSchedule>> DueAsync() => [.. (await _tables.Schedules.DueAsync(Noon, Stop)).Where(due => due.Workspace == _workspace)];
}
