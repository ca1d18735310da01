using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// Two hosts over the same stores find the same schedule due at the same time (issue "Schedule"; design, Rules of orchestration 10). Each has
/// orchestrations of its own, so that what both start runs twice at once: harsher than in a deployment, where they share them.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class TwoHostTests(Servers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_due_run_is_started_once_a_missed_one_too_and_one_that_is_left_out_is_said_once()
    {
        await using var app = await servers.NewAppAsync();
        await using var other = app.Another();
        await other.StartAsync();
        // Daily at an hour that is half a day away, so that no run comes by itself.
        var import = await SampleImport.NewSmallAsync(app, body =>
        {
            body["runOnUpload"] = false;
            body["schedule"] = JsonSerializer.SerializeToNode(new { startDate = "2026-01-01", localTime = DateTime.UtcNow.AddHours(12).ToString("HH:mm", CultureInfo.InvariantCulture) });
        });
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. Enumerable.Range(1, 70).Select(i => ($"A{i:d3}", i % 10 == 0 ? "natives/none.txt" : ""))]));

        // Due a second ago; and three days ago, over which nothing ran.
        foreach (var (run, late) in new[] { (1, TimeSpan.FromSeconds(1)), (2, TimeSpan.FromDays(3)) })
        {
            await TickAsync(import, app, other, late);
            var job = (await import.EndedJobsAsync(run))[^1];
            Assert.Equal(("Completed with errors", "Scheduled Run", 70, 63, 7), (job.Text("status"), job.Text("type"), job.Number("read"), job.Number("transferred"), job.Number("withErrors")));
            Assert.Equal(7, (await Snapshot.ProblemsAsync(app.Http, job.Text("jobId"), "errors")).Count);
            Assert.Equal(63, ManyBatches.WrittenBy(import, job.Text("jobId")));
            await import.UntilFreeAsync();
        }

        await import.HoldAsync("another-job");
        await TickAsync(import, app, other, TimeSpan.FromSeconds(1));
        await RestartAsync(app, other);
        // Beside the errors of the two jobs before.
        var errors = (await app.Http.GetFromJsonAsync<JsonElement>($"{import.PointAddress}/errors", Cancel)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(15, errors.Count);
        Assert.Equal("scheduled-run-left-out", Assert.Single(errors, error => error.GetProperty("jobId").ValueKind == JsonValueKind.Null).Text("code"));
        await import.ReleaseAsync("another-job");

        // A run that fails counts once, whichever host ends it.
        await app.Blobs.Staging.GetBlobClient($"{import.Folder}/in/small.dat").DeleteAsync(cancellationToken: Cancel);
        await TickAsync(import, app, other, TimeSpan.FromSeconds(1));
        Assert.Equal("Validation failed", (await import.EndedJobsAsync(3))[^1].Text("status"));
        await import.UntilFreeAsync();
        await RestartAsync(app, other);
        Assert.Equal(1, (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Cancel))!.Failures);
        Assert.Equal(3, (await import.JobsAsync()).Count);
    }

    // Brings the next run to the past, as time would, and has the tick come to both hosts at once.
    private static async Task TickAsync(SampleImport import, AppProcess app, AppProcess other, TimeSpan late)
    {
        var entry = (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Cancel))!;
        Assert.True(entry.NextRunUtc > DateTimeOffset.UtcNow, $"{entry}");
        await Task.WhenAll(app.KillAsync(), other.KillAsync());
        var due = DateTimeOffset.UtcNow - late;
        Assert.True(await app.Tables.Schedules.TryAdvanceAsync(entry, due, Cancel));
        app.MissTimers();
        other.MissTimers();
        await Task.WhenAll(app.StartAsync(), other.StartAsync());
        await Until.TrueAsync(async () => (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Cancel))!.NextRunUtc > due,
            TimeSpan.FromMinutes(1), () => app.Failed("The tick did not come.").Message);
    }

    // Both bring to an end what they are at; whatever that is, it is done afterwards.
    private static async Task RestartAsync(AppProcess app, AppProcess other)
    {
        await Task.WhenAll(app.StopAsync(), other.StopAsync());
        await Task.WhenAll(app.StartAsync(), other.StartAsync());
    }
}
