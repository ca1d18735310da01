using Azure.Data.Tables;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage.Tests.History;

/// <summary>
/// Errors of jobs, integration points and workspaces: the newest job first, page by page, filtered, whatever was
/// written twice or half.
/// </summary>
public sealed class ErrorListingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly JobTables _tables;
    private readonly TableClient _entries;
    private readonly ErrorListing _listing;
    private readonly string _workspace = $"ws-{Guid.NewGuid():n}";

    public ErrorListingTests(AzuriteServer azurite)
    {
        Connection = azurite.ConnectionString;
        _tables = JobTables.Connect(Connection, null);
        _entries = new TableServiceClient(Connection).GetTableClient("ErrorEntries");
        _listing = new ErrorListing(_tables);
    }

    private string Connection { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _tables.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task The_newest_job_comes_first_and_within_a_job_its_order(int pageSize)
    {
        await SampleAsync();
        Assert.Equal(["b3", "gap-b", "a2-job", "a2-1", "a2-2", "gap-a", "b1", "a1"], await AllAsync(null, pageSize));
        Assert.Equal(["a2-job", "a2-1", "a2-2", "gap-a", "a1"], await AllAsync("a", pageSize));
        Assert.Equal(["b3", "gap-b", "b1"], await AllAsync("b", pageSize));
        Assert.Empty(await AllAsync("c", pageSize));
    }

    [Fact]
    public async Task An_error_comes_with_its_job_and_keeps_its_name_in_every_list()
    {
        await SampleAsync();
        var ofWorkspace = (await _listing.OfPointsAsync(_workspace, null, new ErrorQuery(100, null), Stop)).Items;
        foreach (var point in (string[])["a", "b"])
        {
            var ofPoint = (await _listing.OfPointsAsync(_workspace, point, new ErrorQuery(100, null), Stop)).Items;
            Assert.Equal(ofWorkspace.Where(e => e.PointId == point), ofPoint);
        }
        Assert.Equal(ofWorkspace.Count, ofWorkspace.Select(e => e.Error.Name).Distinct().Count());
        Assert.All(ofWorkspace, e => Assert.Equal(e.Error.Problem.Code.StartsWith("gap", StringComparison.Ordinal), e.Job is null));
        Assert.All(ofWorkspace.Where(e => e.Job is not null), e => Assert.Equal((e.PointId, $"Name of {e.PointId}"), (e.Job!.PointId, e.Job.Name)));
        var job = (await _tables.History.GetAsync(Id("a2"), Stop))!;
        var ofJob = await ErrorListing.OfJobAsync(_tables.Errors, job, new ErrorQuery(100, null), Stop);
        Assert.Equal(ofWorkspace.Where(e => e.Job?.JobId == job.JobId), ofJob.Items);
        Assert.Equal((3, null), (ofJob.Scanned, ofJob.ContinuationToken));
    }

    [Fact]
    public async Task What_is_written_again_stands_once_and_as_it_was_first()
    {
        await SampleAsync();
        var first = await _listing.OfPointsAsync(_workspace, null, new ErrorQuery(100, null), Stop);
        // Another process, which has entered nothing yet.
        await SampleAsync(later: TimeSpan.FromHours(1));
        var again = await _listing.OfPointsAsync(_workspace, null, new ErrorQuery(100, null), Stop);
        Assert.Equal(first.Items.Select(e => e.Error.Name), again.Items.Select(e => e.Error.Name));
        Assert.Equal(Start.AddMinutes(9), again.Items.Single(e => e.Error.Problem.Code == "gap-a").Error.CreatedUtc);
    }

    [Theory]
    [InlineData("the entry of the workspace alone")]
    [InlineData("both entries without errors")]
    [InlineData("errors without a history row")]
    public async Task What_a_death_left_half_done_hides_nothing_and_is_completed(string state)
    {
        await SampleAsync();
        var left = TestJobs.Job(_workspace, "a", Id("left"), Start.AddMinutes(30));
        if (state == "the entry of the workspace alone")
            await _entries.AddEntityAsync(new TableEntity(_workspace, $"{DateTime.MaxValue.Ticks - left.StartedUtc.UtcTicks:d19}-{left.Id}") { ["JobId"] = left.Id, ["PointId"] = "a" }, Stop);
        else await _tables.Errors.AddAsync(left, 0, [Item(1, "left")], Start, Stop);
        if (state == "both entries without errors")
            await DeleteErrorsAsync(left);
        if (state != "errors without a history row") await _tables.History.CreateAsync(TestJobs.Row(left), Stop);

        Assert.Equal(["b3", "gap-b", "a2-job", "a2-1", "a2-2", "gap-a", "b1", "a1"], await AllAsync(null, 2));
        Assert.Equal(["a2-job", "a2-1", "a2-2", "gap-a", "a1"], await AllAsync("a", 2));
        // The attempt that comes after the death.
        await _tables.History.CreateAsync(TestJobs.Row(left), Stop);
        await JobTables.Connect(Connection, null).Errors.AddAsync(left, 0, [Item(1, "left")], Start, Stop);
        Assert.Equal("left", (await AllAsync(null, 2))[0]);
        Assert.Equal("left", (await AllAsync("a", 2))[0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1000)]
    [InlineData(5, 7)]
    public async Task A_filtered_list_looks_at_a_bounded_number_and_goes_on(int pageSize, int mostScanned)
    {
        await SampleAsync();
        bool Wanted(ListedError e) => e.Error.Problem.Code is "b3" or "a2-2" or "gap-a" or "a1";
        var (codes, scanned, token) = (new List<string>(), 0, (string?)null);
        do
        {
            var page = await _listing.OfPointsAsync(_workspace, null, new ErrorQuery(pageSize, token) { Where = Wanted, MostScanned = mostScanned }, Stop);
            Assert.InRange(page.Scanned, 1, mostScanned);
            Assert.InRange(page.Items.Count, 0, pageSize);
            codes.AddRange(page.Items.Select(e => e.Error.Problem.Code));
            scanned += page.Scanned;
            token = page.ContinuationToken;
        }
        while (token is not null);
        Assert.Equal(["b3", "a2-2", "gap-a", "a1"], codes);
        Assert.Equal(8, scanned);
    }

    /// <summary>A job with more errors than a query gives, among jobs with one each.</summary>
    [Fact]
    public async Task Pages_go_through_large_and_small_jobs_alike()
    {
        for (var i = 0; i < 40; i++)
        {
            var job = TestJobs.Job(_workspace, "a", Id($"j{i}"), Start.AddMinutes(-i));
            await _tables.History.CreateAsync(TestJobs.Row(job), Stop);
            var count = i == 20 ? 2300 : 1;
            await _tables.Errors.AddAsync(job, 0, [.. Enumerable.Range(1, count).Select(n => Item(n, $"{i}-{n}"))], Start, Stop);
        }
        string[] all = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Range(1, i == 20 ? 2300 : 1).Select(n => $"{i}-{n}"))];
        Assert.Equal(all, await AllAsync("a", 1000));
        Assert.Equal(all, await AllAsync(null, 333));
        var last = await _listing.OfPointsAsync(_workspace, null, new ErrorQuery(10, null) { Where = e => e.Error.Problem.Code == "39-1" }, Stop);
        Assert.Equal(("39-1", all.Length, null), (Assert.Single(last.Items).Error.Problem.Code, last.Scanned, last.ContinuationToken));
    }

    [Fact]
    public async Task Jobs_without_errors_cost_a_listing_nothing()
    {
        for (var i = 0; i < 50; i++) await _tables.History.CreateAsync(TestJobs.Row(TestJobs.Job(_workspace, "a", Id($"j{i}"), Start.AddMinutes(i))), Stop);
        await _tables.Errors.AddAsync(TestJobs.Job(_workspace, "a", Id("j0"), Start), -1, [], Start, Stop);
        var page = await _listing.OfPointsAsync(_workspace, null, new ErrorQuery(10, null), Stop);
        Assert.Equal((0, 0), (page.Items.Count, page.Scanned));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("00")]
    [InlineData("61")]
    [InlineData("617c627c63")]
    public async Task A_token_that_no_list_gave_is_refused(string token)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => _listing.OfPointsAsync(_workspace, null, new ErrorQuery(10, token), Stop));
        Assert.Equal("invalid-continuation-token", refused.Problem.Code);
    }

    // b3, a2, b1, a1 from the newest to the oldest, and two errors between them that no job carries.
    private async Task SampleAsync(TimeSpan later = default)
    {
        var errors = JobTables.Connect(Connection, null).Errors;
        await AddAsync("a", "a1", 0, [Item(1, "a1")]);
        await AddAsync("b", "b1", 10, [Item(1, "b1")]);
        await errors.AddForPointAsync(_workspace, "a", new Problem("gap-a", "Left out."), Start.AddMinutes(10.5), Start.AddMinutes(9) + later, Stop);
        await AddAsync("a", "a2", 11, [Item(1, "a2-1"), Item(2, "a2-2"), new Problem("a2-job", "The job.")]);
        await errors.AddForPointAsync(_workspace, "b", new Problem("gap-b", "Left out."), Start.AddMinutes(12), Start.AddMinutes(12) + later, Stop);
        await AddAsync("b", "b3", 13, [Item(1, "b3")]);

        async Task AddAsync(string point, string name, int minute, IReadOnlyList<Problem> problems)
        {
            var job = TestJobs.Job(_workspace, point, Id(name), Start.AddMinutes(minute));
            await _tables.History.CreateAsync(TestJobs.Row(job), Stop);
            await errors.AddAsync(job, 0, problems, Start + later, Stop);
        }
    }

    private async Task DeleteErrorsAsync(Job job)
    {
        var table = new TableServiceClient(Connection).GetTableClient("JobErrors");
        await foreach (var row in table.QueryAsync<TableEntity>(r => r.PartitionKey == job.Id, cancellationToken: Stop))
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Stop);
    }

    private async Task<List<string>> AllAsync(string? point, int pageSize)
    {
        var (codes, token) = (new List<string>(), (string?)null);
        do
        {
            var page = await _listing.OfPointsAsync(_workspace, point, new ErrorQuery(pageSize, token), Stop);
            Assert.InRange(page.Items.Count, 0, pageSize);
            codes.AddRange(page.Items.Select(e => e.Error.Problem.Code));
            token = page.ContinuationToken;
        }
        while (token is not null);
        return codes;
    }

    private string Id(string name) => $"{name}-{_workspace}";

    private static Problem Item(long line, string code) => new(code, $"Line {line}: {code}.") { Level = ProblemLevel.Item, Line = line };
}
