using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Stopping jobs: soon, with true counts, and nothing that was transferred is lost (issue A, Jobs; design, Rules of orchestration 9).</summary>
public sealed class StopTests(Servers servers)
{
    public static TheoryData<string, (string, object)[]> Disturbances => new()
    {
        { "nothing is wrong", [] },
        { "activities come twice", [("Chaos:DuplicateActivities", 1), ("Chaos:LateMs", 500)] },
    };

    [Theory]
    [MemberData(nameof(Disturbances))]
    [Trait("Speed", "Slow")]
    public async Task A_job_that_is_stopped_counts_what_it_transferred_and_another_run_brings_the_rest_when(string what, (string, object)[] settings)
    {
        Assert.NotEmpty(what);
        await using var app = await servers.NewAppAsync([.. settings, ("Chaos:DelayMs", 600), ("Chaos:Seed", 5)]);
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        await import.UntilAsync(job, j => j.Number("read") > 0);
        Assert.Equal(HttpStatusCode.Accepted, await StopAsync(app, $"jobs/{job}/stop"));

        var stopped = await import.EndOfAsync(job);
        Assert.Equal("Stopped", stopped.Text("status"));
        Assert.InRange(stopped.Number("read"), 1, 239);
        stopped.AssertReconciles();
        await import.UntilFreeAsync();
        Assert.Equal(stopped.Number("transferred"), await import.CountAsync());
        var snapshot = await Snapshot.OfAsync(import, job);
        // No new errors are made from the moment of the stop on; the rows are counted.
        Assert.InRange(snapshot.Errors.Count, 0, stopped.Number("withErrors"));

        var overlay = await import.OverlayAsync();
        var rest = await overlay.EndOfAsync(await overlay.RunAsync());
        Assert.Equal("Completed with errors", rest.Text("status"));
        var quiet = (await servers.QuietAsync()).Appended;
        Assert.Equal(quiet.Records, (await Snapshot.OfAsync(overlay, rest.Text("jobId"))).Records);
        // A batch of the stopped job that comes again late writes nothing.
        Assert.Equal(stopped.Number("transferred"), (await import.JobAsync(job)).Number("transferred"));
    }

    [Fact]
    public async Task What_has_ended_or_does_not_run_cannot_be_stopped()
    {
        var (import, job, _, _) = await servers.QuietAsync();
        await import.UntilFreeAsync();
        Assert.Equal("job-ended", await RefusalAsync(import.App, $"jobs/{job}/stop"));
        Assert.Equal("not-running", await RefusalAsync(import.App, $"{import.PointAddress}/stop"));
        Assert.Equal("Completed with errors", (await import.JobAsync(job)).Text("status"));
    }

    private static async Task<HttpStatusCode> StopAsync(AppProcess app, string address)
    {
        using var answer = await app.Http.PostAsync(address, null);
        return answer.StatusCode;
    }

    private static async Task<string> RefusalAsync(AppProcess app, string address)
    {
        using var answer = await app.Http.PostAsync(address, null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("code");
    }
}
