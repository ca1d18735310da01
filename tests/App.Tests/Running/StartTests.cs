using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Starting jobs: once for a key, one at a time for a point.</summary>
public sealed class StartTests(Servers servers)
{
    private static readonly byte[] Two = SampleImport.SmallFile(("A1", ""), ("A2", ""));

    [Fact]
    public async Task A_start_that_is_delivered_again_after_the_job_completed_starts_nothing_and_leaves_the_point_free()
    {
        var import = await NewAsync();
        var job = await import.RunAsync("key");
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();

        Assert.Equal(job, await import.RunAsync("key"));
        Assert.Single(await import.JobsAsync());
        await import.UntilFreeAsync();
        var next = await import.RunAsync();
        Assert.NotEqual(job, next);
        await import.EndOfAsync(next);
    }

    [Fact]
    public async Task A_start_that_is_delivered_again_while_another_job_of_the_point_runs_still_names_its_job()
    {
        var import = await NewAsync();
        var job = await import.RunAsync("key");
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        await import.HoldAsync("another");
        Assert.Equal(job, await import.RunAsync("key"));
    }

    [Fact]
    public async Task Of_many_runs_at_once_one_is_accepted_and_the_others_are_told_which()
    {
        var import = await NewAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => import.TryRunAsync()));
        var accepted = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Accepted);
        var job = (await accepted.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).Text("jobId");
        Assert.Equal($"/api/jobs/{job}", accepted.Headers.Location?.OriginalString);
        foreach (var refused in answers.Where(a => a != accepted))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Assert.Equal("point-busy", problem.Text("code"));
            Assert.Contains(job, problem.Text("detail"), StringComparison.Ordinal);
        }
        await import.EndOfAsync(job);
        Assert.Single(await import.JobsAsync());
    }

    [Fact]
    public async Task Of_many_starts_at_once_with_one_key_all_name_the_same_job()
    {
        var import = await NewAsync();
        var jobs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => import.RunAsync("key")));
        var job = Assert.Single(jobs.Distinct());
        var view = await import.EndOfAsync(job);
        Assert.Equal(2, view.Number("transferred"));
        Assert.Single(await import.JobsAsync());
    }

    [Fact]
    public async Task A_start_that_was_refused_because_the_point_was_busy_runs_the_point_as_it_is_when_it_is_asked_for_again()
    {
        var import = await NewAsync();
        await import.HoldAsync("another");
        using (var refused = await import.TryRunAsync("key")) Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using (var answer = await import.App.Http.GetAsync(import.PointAddress, TestContext.Current.CancellationToken))
        {
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            body["name"] = "Renamed";
            using var put = new HttpRequestMessage(HttpMethod.Put, import.PointAddress) { Content = JsonContent.Create(body) };
            put.Headers.IfMatch.Add(answer.Headers.ETag!);
            (await import.App.Http.SendAsync(put, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }
        var before = DateTimeOffset.UtcNow;
        await import.ReleaseAsync("another");

        var view = await import.EndOfAsync(await import.RunAsync("key"));
        Assert.Equal("Renamed", view.Text("name"));
        Assert.True(view.GetProperty("startedUtc").GetDateTimeOffset() >= before, view.ToString());
    }

    private async Task<SampleImport> NewAsync()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync());
        await import.StageAsync("in/small.dat", Two);
        return import;
    }
}
