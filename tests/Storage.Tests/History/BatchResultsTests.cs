using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage.Tests.History;

/// <summary>Results of batches (design, Rules of orchestration 6): the first attempt to store one decides.</summary>
public sealed class BatchResultsTests(AzuriteServer azurite) : IAsyncLifetime
{
    private readonly JobTables _tables = JobTables.Connect(azurite.ConnectionString, null);
    private readonly string _job = $"job-{Guid.NewGuid():n}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _tables.Batches.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // 20,000 conflicts are more than a column holds.
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20_000)]
    public async Task The_first_attempt_decides_and_completing_it_changes_nothing_else(int conflicts)
    {
        var random = new Random(1);
        var result = new BatchResult
        {
            Batch = 12,
            Counts = new JobCounts { Read = 9, Written = 8, Rejected = 1 },
            Conflicts = [.. Enumerable.Range(0, conflicts).Select(i => new Problem("changed-while-running", $"Line {i}: 日本 {random.NextInt64()}") { Line = i })],
        };
        Assert.Null(await _tables.Batches.GetAsync(_job, 12, Stop));
        Assert.True(await _tables.Batches.TryCreateAsync(_job, result, Stop));
        Assert.False(await _tables.Batches.TryCreateAsync(_job, new BatchResult { Batch = 12, Counts = new JobCounts() }, Stop));
        await AssertStoredAsync(result);
        for (var i = 0; i < 2; i++)
        {
            await _tables.Batches.CompleteAsync(_job, 12, Stop);
            await AssertStoredAsync(result with { Complete = true });
        }
    }

    [Fact]
    public async Task A_result_that_is_complete_when_it_is_stored_is_complete()
    {
        await _tables.Batches.TryCreateAsync(_job, new BatchResult { Batch = 0, Counts = new JobCounts(), Complete = true }, Stop);
        Assert.True((await _tables.Batches.GetAsync(_job, 0, Stop))!.Complete);
    }

    [Fact]
    public async Task All_results_of_a_job_are_listed_in_order()
    {
        foreach (var batch in (int[])[100, 9, 0, 10]) await _tables.Batches.TryCreateAsync(_job, new BatchResult { Batch = batch, Counts = new JobCounts { Read = batch } }, Stop);
        await _tables.Batches.TryCreateAsync(_job + "x", new BatchResult { Batch = 1, Counts = new JobCounts() }, Stop);
        var results = await _tables.Batches.ListAsync(_job, Stop).ToListAsync(Stop);
        Assert.Equal([0, 9, 10, 100], results.Select(result => result.Batch));
        Assert.Equal([0, 9, 10, 100], results.Select(result => result.Counts.Read));
    }

    [Fact]
    public async Task Of_many_attempts_at_the_same_time_exactly_one_decides()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => _tables.Batches.TryCreateAsync(_job, new BatchResult { Batch = 0, Counts = new JobCounts { Read = i } }, Stop)));
        var winner = Assert.Single(Enumerable.Range(0, 16), i => won[i]);
        Assert.Equal(winner, (await _tables.Batches.GetAsync(_job, 0, Stop))!.Counts.Read);
    }

    private async Task AssertStoredAsync(BatchResult expected)
    {
        var stored = await _tables.Batches.GetAsync(_job, expected.Batch, Stop);
        Assert.NotNull(stored);
        Assert.Equal(expected.Conflicts, stored.Conflicts);
        Assert.Equal(expected with { Conflicts = [] }, stored with { Conflicts = [] });
    }
}
