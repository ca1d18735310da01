using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage.Tests.History;

/// <summary>Errors and warnings of jobs (design, Data): the same rows however often a batch runs, in the order of the file.</summary>
public sealed class JobErrorsTests(AzuriteServer azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Found = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly JobTables _tables = JobTables.Connect(azurite.ConnectionString, null);
    private readonly Job _job = TestJobs.Job($"ws-{Guid.NewGuid():n}", "point", $"job-{Guid.NewGuid():n}", Found);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JobErrorsTable Errors => _tables.Errors;

    public async ValueTask InitializeAsync() => await _tables.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_problem_comes_back_as_it_was_written()
    {
        var problem = Item(7, "invalid-date") with { SourceId = "DOC 1/\\#?'", Field = "Date Sent", Message = "Line 7: \"x\" is\nno date. 日本 🚀" };
        await Errors.AddAsync(_job, 3, [problem], Found, Stop);
        var row = Assert.Single((await Errors.ListAsync(_job.Id, 10, null, Stop)).Items);
        Assert.Equal((problem, Found), (row.Problem, row.Timestamp));
        Assert.Matches("^ERR-[0-9A-F]{16}$", row.Name);
        Assert.Equal((Found, 3), (row.CreatedUtc, row.Batch));
    }

    [Fact]
    public async Task A_batch_that_runs_twice_writes_the_same_rows()
    {
        Problem[] problems = [Item(5, "a"), Item(5, "b"), Item(5, "a"), Item(6, "a"), OfJob("c")];
        await Errors.AddAsync(_job, 3, problems, Found, Stop);
        var first = await AllAsync(1000);
        await Errors.AddAsync(_job, 3, problems, Found, Stop);
        Assert.Equal(first, await AllAsync(1000));
        Assert.Equal(5, first.Count);
        Assert.Equal(5, first.Select(row => row.Name).Distinct().Count());
    }

    [Fact]
    public async Task Problems_of_the_job_come_first_then_those_of_records_by_batch_and_line()
    {
        await Errors.AddAsync(_job, 10, [Item(1000, "h"), Item(99, "g")], Found, Stop);
        await Errors.AddAsync(_job, 9, [Item(5, "f2"), Item(2, "e"), OfJob("b")], Found, Stop);
        await Errors.AddAsync(_job, 0, [Item(5, "d"), Item(null, "c"), Item(5, "d2")], Found, Stop);
        await Errors.AddAsync(_job, -1, [OfJob("a")], Found, Stop);
        Assert.Equal(["a", "b", "c", "d", "d2", "e", "f2", "g", "h"], (await AllAsync(1000)).Select(row => row.Problem.Code));
        Assert.Equal(await AllAsync(1000), await AllAsync(2));
    }

    [Fact]
    public async Task Problems_of_the_job_from_several_steps_are_all_kept()
    {
        await Errors.AddAsync(_job, -1, [OfJob("a")], Found, Stop);
        await Errors.AddAsync(_job, -1, [OfJob("b")], Found, Stop);
        await Errors.AddAsync(_job, 4, [OfJob("a")], Found, Stop);
        Assert.Equal(3, (await AllAsync(1000)).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(1250)]
    public async Task Any_number_of_problems_is_written_and_read_page_by_page(int count)
    {
        await Errors.AddAsync(_job, 0, [.. Enumerable.Range(0, count).Select(i => Item(i, $"code-{i}"))], Found, Stop);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"code-{i}"), (await AllAsync(600)).Select(row => row.Problem.Code));
    }

    /// <summary>A column holds 32 K characters and a transaction 4 MiB, in which an escape takes six bytes for a character.</summary>
    [Theory]
    [InlineData("x")]
    [InlineData("\"")]
    [InlineData("日")]
    [InlineData("\u0001")]
    [InlineData("🚀")]
    public async Task Very_long_texts_are_shortened_and_many_of_them_are_written(string text)
    {
        var huge = string.Concat(Enumerable.Repeat(text, 40_000));
        Problem[] problems = [.. Enumerable.Range(0, 60).Select(i => Item(i, "code") with { Message = huge, SourceId = huge, Field = huge })];
        await Errors.AddAsync(_job, 0, problems, Found, Stop);
        var rows = await AllAsync(7);
        Assert.Equal(60, rows.Count);
        Assert.All(rows, row => Assert.Equal(32 * 1024, row.Problem.Message.Length));
        Assert.All(rows, row => Assert.EndsWith("…", row.Problem.SourceId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\0b", "a\ufffdb")]
    [InlineData("a\u001fb", "a\ufffdb")]
    [InlineData("\ufffe\uffff", "\ufffd\ufffd")]
    [InlineData("a\t\r\nb\u007f\u0085🚀", "a\t\r\nb\u007f\u0085🚀")]
    [InlineData("", "")]
    public async Task What_is_not_text_is_replaced(string text, string stored)
    {
        await Errors.AddAsync(_job, 0, [Item(1, "code") with { Message = text, SourceId = text }], Found, Stop);
        var row = Assert.Single(await AllAsync(10));
        Assert.Equal((stored, stored), (row.Problem.Message, row.Problem.SourceId));
    }

    [Fact]
    public async Task Half_a_character_is_replaced()
    {
        await Errors.AddAsync(_job, 0, [Item(1, "code") with { Message = "a\ud83d", SourceId = "\udc00a" }], Found, Stop);
        var row = Assert.Single(await AllAsync(10));
        Assert.Equal(("a\ufffd", "\ufffda"), (row.Problem.Message, row.Problem.SourceId));
    }

    [Fact]
    public async Task Warnings_have_their_own_list_and_names()
    {
        await _tables.Warnings.AddAsync(_job, 0, [Item(1, "w") with { Severity = ProblemSeverity.Warning }], Found, Stop);
        Assert.Empty(await AllAsync(10));
        var row = Assert.Single((await _tables.Warnings.ListAsync(_job.Id, 10, null, Stop)).Items);
        Assert.Equal(ProblemSeverity.Warning, row.Problem.Severity);
        Assert.StartsWith("WRN-", row.Name, StringComparison.Ordinal);
    }

    private static Problem Item(long? line, string code) => new(code, $"Line {line}: {code}.") { Level = ProblemLevel.Item, Line = line };

    private static Problem OfJob(string code) => new(code, $"The job: {code}.");

    private async Task<List<JobErrorRow>> AllAsync(int pageSize)
    {
        var rows = new List<JobErrorRow>();
        string? token = null;
        do
        {
            var page = await Errors.ListAsync(_job.Id, pageSize, token, Stop);
            rows.AddRange(page.Items);
            token = page.ContinuationToken;
        }
        while (token is not null);
        return rows;
    }
}
