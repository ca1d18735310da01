using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Retrying errors: what is transferred again, and what becomes of the errors (issue "Retry"; guide 7.2).</summary>
public sealed class RetryTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_that_failed_are_transferred_again_and_no_others()
    {
        var import = await NewAsync(await servers.AppAsync(), "A1,\nA2,natives/late.txt\nA3,natives/never.txt\nA1,\n");
        var first = await import.EndOfAsync(await import.RunAsync("a key"));
        Assert.Equal((4, 1, 3), Counts(first));

        await import.StageAsync("in/natives/late.txt", "now it is here"u8.ToArray());
        // The key of the run stands for another request here; of a retry it stands for that retry.
        var retry = await import.EndOfAsync(await RetryAsync(import, key: "a key"));
        Assert.Equal(retry.Text("jobId"), await RetryAsync(import, key: "a key"));
        Assert.Equal("Retry Errors", retry.Text("type"));
        Assert.Equal("Completed with errors", retry.Text("status"));
        // The row whose native never came fails again; so does the one that lost to an earlier row of its identifier: it overlays nothing.
        Assert.Equal((3, 1, 2), Counts(retry));
        Assert.Equal(["4 missing-file", "5 duplicate-identifier"], await ErrorsAsync(import, retry, "New"));
        Assert.Equal(["3 missing-file", "4 missing-file", "5 duplicate-identifier"], await ErrorsAsync(import, first, "Retried"));
    }

    [Fact]
    public async Task Positions_are_kept_when_errors_are_not_logged()
    {
        var import = await NewAsync(await servers.AppAsync(), "A1,\nA2,natives/late.txt\n", body => body["logErrors"] = false);
        Assert.Equal((2, 1, 1), Counts(await import.EndOfAsync(await import.RunAsync())));
        await import.StageAsync("in/natives/late.txt", "x"u8.ToArray());
        Assert.Equal((1, 1, 0), Counts(await import.EndOfAsync(await RetryAsync(import))));
        Assert.Equal(2, await import.CountAsync());
    }

    [Fact]
    public async Task A_source_that_changed_since_cannot_be_retried()
    {
        var import = await NewAsync(await servers.AppAsync(), "A1,natives/late.txt\n");
        await import.EndOfAsync(await import.RunAsync());
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("B1", "")));
        var retry = await import.EndOfAsync(await RetryAsync(import));
        Assert.Equal("Validation failed", retry.Text("status"));
        Assert.Equal("file-changed", Assert.Single(await ItemsAsync(import, $"jobs/{retry.Text("jobId")}/errors")).Text("code"));
        Assert.Equal(0, await import.CountAsync());
    }

    [Fact]
    public async Task A_job_that_failed_as_a_whole_runs_again_whole()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync(), AppendOnly);
        var first = await import.EndOfAsync(await import.RunAsync());
        Assert.Equal("Validation failed", first.Text("status"));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", ""), ("A2", "")));
        Assert.Equal("confirm-overlay", await RefusalAsync(import));
        var retry = await import.EndOfAsync(await RetryAsync(import, confirm: true));
        Assert.Equal(("Completed", 2), (retry.Text("status"), retry.Number("transferred")));
        Assert.Equal("Retried", Assert.Single(await ItemsAsync(import, $"jobs/{first.Text("jobId")}/errors")).Text("status"));
        Assert.Equal("nothing-to-retry", await RefusalAsync(import));
    }

    [Fact]
    public async Task Overlaying_records_of_an_append_only_point_is_confirmed_first()
    {
        var import = await NewAsync(await servers.AppAsync(), "A1,\nA2,natives/late.txt\n", AppendOnly);
        await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        // Both rows are refused now: A1 is there, A2 still lacks its native.
        await import.EndOfAsync(await import.RunAsync());
        using var answer = await PostAsync(import, confirm: false);
        var refusal = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((HttpStatusCode.Conflict, "confirm-overlay"), (answer.StatusCode, refusal.Text("code")));
        Assert.Contains("1 of the 2 records to retry are in the workspace already", refusal.Text("detail"), StringComparison.Ordinal);
        Assert.Equal((2, 1, 1), Counts(await import.EndOfAsync(await RetryAsync(import, confirm: true))));
    }

    [Fact]
    public async Task A_retry_that_failed_has_the_records_of_the_job_that_it_retried_to_retry_and_so_many_are_confirmed()
    {
        var import = await NewAsync(await servers.AppAsync(), "A1,\nA2,natives/late.txt\n", AppendOnly);
        await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        await import.EndOfAsync(await import.RunAsync());
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("B1", "")));
        Assert.Equal("Validation failed", (await import.EndOfAsync(await RetryAsync(import, confirm: true))).Text("status"));
        await import.UntilFreeAsync();
        using var again = await PostAsync(import, confirm: false);
        Assert.Contains("1 of the 2 records to retry", (await again.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("detail"), StringComparison.Ordinal);
    }

    // Another job may run between a look at what there is to retry and the lease; its values are newer than the rows of the retry.
    [Theory]
    [InlineData(false, "Retried")]
    [InlineData(true, "Expired")]
    public async Task A_retry_that_another_job_overtook_fails_and_the_errors_of_that_job_are_retried_or_expire(bool runs, string becomes)
    {
        var app = await servers.AppAsync();
        await using var services = app.Services();
        var import = await NewAsync(app, "A1,\nA2,natives/late.txt\n", body => body["runOnUpload"] = false);
        var first = await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        var second = await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        var job = await services.GetRequiredService<JobFiles>().JobAsync(first.Text("jobId"), Stop) with
        {
            Id = Guid.NewGuid().ToString("n"),
            Type = JobType.RetryErrors,
            StartedUtc = DateTimeOffset.UtcNow,
            Retry = new RetryOf(first.Text("jobId"), Whole: false) { Errors = first.Text("jobId") },
        };
        await services.GetRequiredService<JobFiles>().DecideAsync(JobFiles.JobName(job.Id), job, Stop);
        await import.HoldAsync(job.Id);
        await app.Tables.History.CreateAsync(await services.GetRequiredService<NewJobs>().RowAsync(job, Stop), Stop);
        var check = ActivatorUtilities.CreateInstance<ValidateJob>(services);
        var problem = (await check.RunAsync(job.Id, Stop)).Problem!;
        Assert.Equal("retry-outdated", problem.Code);
        Assert.Equal(problem, (await check.RunAsync(job.Id, Stop)).Problem);
        await ActivatorUtilities.CreateInstance<FinishJob>(services).RunAsync(new JobEnd(job.Id) { Problem = problem }, Stop);
        Assert.Equal(("Validation failed", 0), ((await import.JobAsync(job.Id)).Text("status"), (await import.JobAsync(job.Id)).Number("read")));
        await ErrorsAsync(import, second, "New");

        await import.StageAsync("in/natives/late.txt", "x"u8.ToArray());
        var next = await import.EndOfAsync(runs ? await import.RunAsync() : await RetryAsync(import));
        Assert.Equal(runs ? (2, 2, 0) : (1, 1, 0), Counts(next));
        await ErrorsAsync(import, second, becomes);
        Assert.Equal("Expired", Assert.Single(await ItemsAsync(import, $"jobs/{job.Id}/errors")).Text("status"));
    }

    [Fact]
    public async Task Running_again_lets_the_errors_of_earlier_jobs_expire()
    {
        var import = await NewAsync(await servers.AppAsync(), "A1,natives/late.txt\n");
        var first = await import.EndOfAsync(await import.RunAsync());
        await ErrorsAsync(import, first, "New");
        await import.UntilFreeAsync();
        var second = await import.EndOfAsync(await import.RunAsync());
        await ErrorsAsync(import, first, "Expired");
        await ErrorsAsync(import, second, "New");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_retry_whose_activities_come_twice_and_fail_comes_to_the_same()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DuplicateActivities", 1), ("Chaos:LateMs", 300), ("Chaos:FailActivities", 0.3), ("Jobs:FirstRetrySeconds", 0.1), ("Chaos:Seed", 3));
        var rows = string.Concat(Enumerable.Range(1, 100).Select(i => $"A{i:d3},{(i % 2 == 0 ? $"natives/{i}.txt" : "")}\n"));
        var import = await NewAsync(app, rows);
        Assert.Equal((100, 50, 50), Counts(await import.EndOfAsync(await import.RunAsync())));
        foreach (var i in Enumerable.Range(1, 100).Where(i => i % 4 == 0)) await import.StageAsync($"in/natives/{i}.txt", Encoding.UTF8.GetBytes($"{i}"));
        await import.UntilFreeAsync();
        var retry = await import.EndOfAsync(await RetryAsync(import));
        Assert.Equal((50, 25, 25), Counts(retry));
        await import.UntilFreeAsync();
        Assert.Equal(75, await import.CountAsync());
        // Retried once more, only what failed twice is read.
        var third = await import.EndOfAsync(await RetryAsync(import));
        Assert.True(Counts(third) == (25, 0, 25), third.ToString());
    }

    private static void AppendOnly(System.Text.Json.Nodes.JsonObject body) => body["import"]!["overwrite"] = "append";

    private static (long Read, long Written, long Rejected) Counts(JsonElement job)
    {
        job.AssertReconciles();
        return (job.Number("read"), job.Number("transferred"), job.Number("withErrors"));
    }

    private static async Task<SampleImport> NewAsync(AppProcess app, string rows, Action<System.Text.Json.Nodes.JsonObject>? change = null)
    {
        var import = await SampleImport.NewSmallAsync(app, change);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(r => (r.Split(',')[0], r.Split(',')[1]))]));
        return import;
    }

    private static async Task<List<string>> ErrorsAsync(SampleImport import, JsonElement job, string status)
    {
        var errors = await ItemsAsync(import, $"jobs/{job.Text("jobId")}/errors");
        Assert.NotEmpty(errors);
        Assert.All(errors, e => Assert.Equal(status, e.Text("status")));
        return [.. errors.Select(e => $"{e.Number("line")} {e.Text("code")}")];
    }

    private static async Task<string> RetryAsync(SampleImport import, bool confirm = false, string? key = null)
    {
        await import.UntilFreeAsync();
        using var answer = await PostAsync(import, confirm, key);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body.ToString());
        return body.Text("jobId");
    }

    private static async Task<string> RefusalAsync(SampleImport import)
    {
        await import.UntilFreeAsync();
        using var answer = await PostAsync(import, confirm: false);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("code");
    }

    private static async Task<HttpResponseMessage> PostAsync(SampleImport import, bool confirm, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{import.PointAddress}/retry") { Content = JsonContent.Create(new { confirmOverlay = confirm }) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await import.App.Http.SendAsync(request, Stop);
    }

    private static async Task<List<JsonElement>> ItemsAsync(SampleImport import, string address)
        => [.. (await import.App.Http.GetFromJsonAsync<JsonElement>(address, Stop)).GetProperty("items").EnumerateArray()];
}
