using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Suspending and resuming jobs: no record is done twice, none is lost (issue "Suspend and resume"; design, Rules of orchestration 9).</summary>
public sealed class PauseTests(Servers servers)
{
    public static TheoryData<string, (string, object)[]> Disturbances => new()
    {
        { "nothing is wrong", [] },
        { "activities come twice", [("Chaos:DuplicateActivities", 1), ("Chaos:LateMs", 300)] },
    };

    [Theory]
    [MemberData(nameof(Disturbances))]
    [Trait("Speed", "Slow")]
    public async Task A_suspended_job_goes_on_where_it_was_also_after_the_app_was_stopped_when(string what, (string, object)[] settings)
    {
        Assert.NotEmpty(what);
        await using var app = await servers.NewAppAsync([.. settings, ("Chaos:DelayMs", 600), ("Chaos:Seed", 7)]);
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        await import.UntilAsync(job, j => j.Text("status") == "Processing");
        Assert.Equal("Accepted", await AskAsync(app, job, "suspend"));
        Assert.Equal("job-not-processing", await AskAsync(app, job, "suspend"));
        var suspended = await import.UntilAsync(job, j => j.Text("status") == "Suspended");
        Assert.InRange(suspended.Number("read"), 0, 239);
        var written = await import.CountAsync();
        await app.StopAsync();
        await app.StartAsync();
        Assert.Equal(("Suspended", written), ((await import.JobAsync(job)).Text("status"), await import.CountAsync()));

        // A pause after a pause, and an event of the first that comes twice.
        Assert.Equal("Accepted", await AskAsync(app, job, "resume"));
        Assert.Equal("Accepted", await AskAsync(app, job, "resume"));
        await AskAsync(app, job, "suspend");
        await import.UntilAsync(job, j => j.Text("status") is "Suspended" or "Completed with errors");
        await AskAsync(app, job, "resume");

        var ended = await import.EndOfAsync(job);
        Assert.Equal("Completed with errors", ended.Text("status"));
        (await servers.QuietAsync()).Appended.AssertSame(await Snapshot.OfAsync(import, job));
        Assert.Equal("job-not-suspended", await AskAsync(app, job, "resume"));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_suspended_job_can_be_stopped_and_counts_what_it_transferred()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DelayMs", 600), ("Chaos:Seed", 7));
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        await import.UntilAsync(job, j => j.Text("status") == "Processing");
        await AskAsync(app, job, "suspend");
        await import.UntilAsync(job, j => j.Text("status") == "Suspended");
        Assert.Equal("Accepted", await AskAsync(app, job, "stop"));
        var stopped = await import.EndOfAsync(job);
        Assert.Equal("Stopped", stopped.Text("status"));
        stopped.AssertReconciles();
        Assert.Equal(stopped.Number("transferred"), await import.CountAsync());
        await import.UntilFreeAsync();
    }

    private static async Task<string> AskAsync(AppProcess app, string job, string verb)
    {
        using var answer = await app.Http.PostAsync($"jobs/{job}/{verb}", null, TestContext.Current.CancellationToken);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? "Accepted"
            : (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).Text("code");
    }
}
