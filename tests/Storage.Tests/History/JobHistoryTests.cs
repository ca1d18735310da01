using System.Text.Json;
using Azure.Data.Tables;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Storage.Tests.History;

/// <summary>The job history (design, Data and Rules of orchestration 10, 11).</summary>
public sealed class JobHistoryTests(AzuriteServer azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2024, 2, 29, 23, 59, 59, 123, TimeSpan.FromHours(5));

    private readonly TableServiceClient _service = new(azurite.ConnectionString);
    private readonly JobHistoryTable _history = JobTables.Connect(azurite.ConnectionString, null).History;
    private readonly string _workspace = $"ws-{Guid.NewGuid():n}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _history.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_row_comes_back_with_every_column()
    {
        var job = Row("a") with
        {
            Type = JobType.ScheduledRun,
            Status = JobStatus.Processing,
            EndedUtc = Start.AddHours(1),
            Counts = new JobCounts { Read = 10, Written = 7, Rejected = 2, Skipped = 1, Warnings = 3 },
            Total = long.MaxValue,
            StopRequested = true,
            Name = "Ünï \"point\" / \\ # ?",
        };
        await _history.CreateAsync(job, Stop);
        var found = await _history.GetAsync(job.JobId, Stop);
        Assert.NotNull(found);
        Assert.NotEmpty(found.ETag);
        Assert.Equal(job, found with { ETag = "" });
        Assert.Null(await _history.GetAsync("no-such-job", Stop));
    }

    [Fact]
    public async Task A_row_is_found_by_the_frozen_job_as_well()
    {
        await _history.CreateAsync(Row("a"), Stop);
        var settings = new ProviderSettings("load-file", JsonDocument.Parse("{}").RootElement);
        var point = new IntegrationPoint { Id = "p1", Name = "n", Workspace = _workspace, Source = settings };
        var job = new Job { Id = Id("a"), Point = point, Trigger = "user", StartedBy = "me", StartedUtc = Start };
        Assert.Equal(Id("a"), (await _history.GetAsync(job, Stop))!.JobId);
        Assert.Null(await _history.GetAsync(job with { Id = Id("b") }, Stop));
    }

    [Fact]
    public async Task Entering_a_job_again_changes_nothing()
    {
        await _history.CreateAsync(Row("a"), Stop);
        var stored = (await _history.GetAsync(Id("a"), Stop))!;
        Assert.True(await _history.TryUpdateAsync(stored with { Status = JobStatus.Validation }, Stop));
        await _history.CreateAsync(Row("a"), Stop);
        Assert.Equal(JobStatus.Validation, (await _history.GetAsync(Id("a"), Stop))!.Status);
        Assert.Single((await ListAsync(null, 10, null)).Items);
    }

    /// <summary>What a process that died after n writes leaves: the lookup row, then the history row.</summary>
    [Theory]
    [InlineData]
    [InlineData("lookup")]
    [InlineData("lookup", "history")]
    public async Task Entering_a_job_again_completes_what_a_dying_process_left(params string[] left)
    {
        await _history.CreateAsync(Row("a"), Stop);
        var jobs = _service.GetTableClient("Jobs");
        var history = _service.GetTableClient("JobHistory");
        if (!left.Contains("lookup")) await jobs.DeleteEntityAsync(Id("a"), "job", cancellationToken: Stop);
        if (!left.Contains("history"))
        {
            // In the list of the workspace and in that of the point: one transaction writes both.
            var rows = await history.QueryAsync<TableEntity>(row => row.PartitionKey == _workspace, cancellationToken: Stop).ToListAsync(Stop);
            Assert.Equal(2, rows.Count);
            await history.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row)), Stop);
            Assert.Null(await _history.GetAsync(Id("a"), Stop));
        }
        await _history.CreateAsync(Row("a"), Stop);
        Assert.NotNull(await _history.GetAsync(Id("a"), Stop));
        Assert.Equal(Id("a"), Assert.Single((await ListAsync("p1", 10, null)).Items).JobId);
    }

    [Fact]
    public async Task Of_two_that_update_one_version_one_wins()
    {
        await _history.CreateAsync(Row("a"), Stop);
        var stored = (await _history.GetAsync(Id("a"), Stop))!;
        Assert.True(await _history.TryUpdateAsync(stored with { StopRequested = true }, Stop));
        Assert.False(await _history.TryUpdateAsync(stored with { Total = 5 }, Stop));
        var now = (await _history.GetAsync(Id("a"), Stop))!;
        Assert.True(now.StopRequested);
        Assert.Null(now.Total);
        Assert.False(await _history.TryUpdateAsync(now with { JobId = Id("none") }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => _history.TryUpdateAsync(now with { ETag = "" }, Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Jobs_are_listed_newest_first_by_workspace_and_point_page_by_page(int pageSize)
    {
        for (var i = 0; i < 7; i++)
            await _history.CreateAsync(Row($"{i}") with { StartedUtc = Start.AddMinutes(i * 5 % 7), PointId = i % 2 == 0 ? "even" : "o'd|d" }, Stop);
        await _history.CreateAsync(Row("other") with { Workspace = _workspace + "x" }, Stop);
        foreach (var point in (string?[])[null, "even", "o'd|d"])
        {
            var listed = new List<JobHistory>();
            string? token = null;
            do
            {
                var page = await ListAsync(point, pageSize, token);
                Assert.InRange(page.Items.Count, 0, pageSize);
                Assert.True(page.ContinuationToken is null || page.Items.Count == pageSize);
                listed.AddRange(page.Items);
                token = page.ContinuationToken;
            }
            while (token is not null);
            var expected = Enumerable.Range(0, 7).Where(i => point is null || (i % 2 == 0) == (point == "even")).OrderByDescending(i => i * 5 % 7);
            Assert.Equal(expected.Select(i => Id($"{i}")), listed.Select(job => job.JobId));
        }
    }

    /// <summary>Names that lie between the keys of others, or are parts of them.</summary>
    [Theory]
    [InlineData("p")]
    [InlineData("p|")]
    [InlineData("p}")]
    [InlineData("p|q")]
    [InlineData("")]
    [InlineData("point")]
    public async Task The_list_of_a_point_holds_its_jobs_and_no_others_as_they_are_now(string point)
    {
        string[] points = ["p", "p|", "p}", "p|q", "", "point"];
        foreach (var each in points) await _history.CreateAsync(Row($"of {each}") with { PointId = each }, Stop);
        var stored = (await _history.GetAsync(Id($"of {point}"), Stop))!;
        Assert.True(await _history.TryUpdateAsync(stored with { Status = JobStatus.Stopped, Total = 5 }, Stop));
        Assert.False(await _history.TryUpdateAsync(stored with { Status = JobStatus.Failed }, Stop));
        var listed = Assert.Single((await ListAsync(point, 10, null)).Items);
        Assert.Equal((await _history.GetAsync(Id($"of {point}"), Stop))! with { ETag = "" }, listed);
        Assert.Equal((JobStatus.Stopped, 5L), (listed.Status, listed.Total));
        Assert.Equal(points.Length, (await ListAsync(null, 10, null)).Items.Count);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("abc")]
    [InlineData("1!8!abcd")]
    [InlineData("' or PartitionKey ne '")]
    public async Task A_continuation_token_that_no_page_gave_is_an_error_for_the_user(string token)
        => Assert.Equal(
            "invalid-continuation-token",
            (await Assert.ThrowsAsync<ConfigurationException>(() => ListAsync(null, 10, token))).Problem.Code);

    [Fact]
    public async Task A_job_id_may_hold_what_keys_cannot()
    {
        var id = "a/b\\c#d?e%f|g'h\u0001ü" + Guid.NewGuid();
        await _history.CreateAsync(Row("a") with { JobId = id }, Stop);
        var stored = await _history.GetAsync(id, Stop);
        Assert.Equal(id, stored!.JobId);
        Assert.True(await _history.TryUpdateAsync(stored with { Status = JobStatus.Validation }, Stop));
        Assert.Equal(id, Assert.Single((await ListAsync(null, 10, null)).Items).JobId);
    }

    private string Id(string job) => $"{_workspace}-{job}";

    private JobHistory Row(string job) => new()
    {
        JobId = Id(job),
        Workspace = _workspace,
        WorkspaceName = "Workspace",
        PointId = "p1",
        Name = "Point",
        Trigger = "user",
        StartedBy = "me",
        StartedUtc = Start,
    };

    private Task<Page<JobHistory>> ListAsync(string? point, int pageSize, string? token) => _history.ListAsync(_workspace, point, pageSize, token, Stop);
}
