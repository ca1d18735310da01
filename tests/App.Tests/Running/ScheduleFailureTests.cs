using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Scheduled runs that fail, or are due while the point is running (issue "Schedule"; guide 4.12).</summary>
public sealed class ScheduleFailureTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task After_so_many_failures_in_a_row_the_next_run_is_not_carried_out_until_the_point_is_saved()
    {
        await using var app = await NewAppAsync();
        await SetAsync(app, 2);
        // There is no load file yet, so that the check of each run fails.
        var import = await NewScheduledAsync(app);
        for (var run = 1; run <= 2; run++)
        {
            await TickAsync(app, import);
            Assert.Equal("Validation failed", (await import.EndedJobsAsync(run))[^1].Text("status"));
            await import.UntilFreeAsync();
            Assert.Equal(run, (await StateAsync(import)).Number("failuresInARow"));
        }
        await TickAsync(app, import);
        var refused = (await import.EndedJobsAsync(3))[^1];
        Assert.Equal(("Error - job failed", "Scheduled Run", JsonValueKind.Null), (refused.Text("status"), refused.Text("type"), Kind(refused, "total")));
        Assert.Equal((0, 0), (refused.Number("read"), refused.Number("transferred")));
        var error = Assert.Single(await ItemsAsync(app, $"jobs/{refused.Text("jobId")}/errors"));
        Assert.Equal(("schedule-stopped", "job"), (error.Text("code"), error.Text("type")));
        Assert.Contains("the last 2 scheduled runs failed", error.Text("error"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, Kind(await StateAsync(import), "nextRunUtc"));

        // Saved as it is, it is scheduled again, and counts from the beginning.
        await SaveAsync(import);
        var state = await StateAsync(import);
        Assert.NotEqual(JsonValueKind.Null, Kind(state, "nextRunUtc"));
        Assert.Equal(0, state.Number("failuresInARow"));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_run_that_goes_well_forgets_the_failures_before_it()
    {
        await using var app = await NewAppAsync();
        await SetAsync(app, 2);
        var import = await NewScheduledAsync(app);
        foreach (var (there, failures) in new[] { (false, 1), (true, 0), (false, 1) })
        {
            if (there) await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
            else await app.Blobs.Staging.GetBlobClient($"{import.Folder}/in/small.dat").DeleteIfExistsAsync(cancellationToken: Stop);
            await TickAsync(app, import);
            await import.UntilFreeAsync();
            Assert.Equal(failures, (await StateAsync(import)).Number("failuresInARow"));
        }
        Assert.Equal(["Validation failed", "Completed", "Validation failed"], (await import.EndedJobsAsync(3)).Select(j => j.Text("status")));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_failed_run_that_is_found_due_again_is_not_taken_for_one_more()
    {
        await using var app = await NewAppAsync();
        await SetAsync(app, 1);
        var import = await NewScheduledAsync(app);
        var due = await TickAsync(app, import);
        Assert.Equal("Validation failed", (await import.EndedJobsAsync(1))[0].Text("status"));
        await import.UntilFreeAsync();
        // As after a tick that died, or lost to the counting, before it could move the schedule on.
        await TickAsync(app, import, due);
        var job = Assert.Single(await import.JobsAsync());
        Assert.DoesNotContain(await ItemsAsync(app, $"jobs/{job.Text("jobId")}/errors"), e => e.Text("code") == "schedule-stopped");
        Assert.NotEqual(JsonValueKind.Null, Kind(await StateAsync(import), "nextRunUtc"));
    }

    // What the error of a stopped schedule promises, "resumes when the point is saved", holds whatever is saved; a run that is due is not put off.
    [Fact]
    public async Task A_point_that_is_saved_counts_its_failures_from_the_beginning_and_keeps_its_next_run()
    {
        var app = await servers.AppAsync();
        var import = await NewScheduledAsync(app);
        await app.Tables.Schedules.CountAsync(import.Workspace, import.Point, DateTimeOffset.UtcNow, failed: true, Stop);
        var before = await StateAsync(import);
        Assert.Equal(1, before.Number("failuresInARow"));
        var due = DateTimeOffset.UtcNow.AddHours(5);
        var entry = (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Stop))!;
        Assert.True(await app.Tables.Schedules.TryAdvanceAsync(entry, due, Stop));
        await SaveAsync(import);
        var after = (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Stop))!;
        Assert.Equal((0, due, entry.CountedUtc), (after.Failures, after.NextRunUtc, after.CountedUtc));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_run_that_is_due_while_the_point_is_running_is_left_out_and_said()
    {
        await using var app = await NewAppAsync();
        var import = await NewScheduledAsync(app);
        await import.HoldAsync("another-job");
        await TickAsync(app, import);
        var error = Assert.Single(await ItemsAsync(app, $"{import.PointAddress}/errors"));
        Assert.Equal("scheduled-run-left-out", error.Text("code"));
        Assert.Contains("another-job", error.Text("error"), StringComparison.Ordinal);
        Assert.Empty(await import.JobsAsync());
        Assert.NotEqual(JsonValueKind.Null, Kind(await StateAsync(import), "nextRunUtc"));
    }

    // Daily at an hour that is half a day away, so that no run comes by itself.
    private static Task<SampleImport> NewScheduledAsync(AppProcess app) => SampleImport.NewSmallAsync(app, body => body["schedule"] = JsonSerializer.SerializeToNode(new
    {
        startDate = "2026-01-01",
        localTime = DateTime.UtcNow.AddHours(12).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture),
    }));

    // Brings the next run to the present, as time would, and has the tick come at once.
    private static async Task<DateTimeOffset> TickAsync(AppProcess app, SampleImport import, DateTimeOffset? due = null)
    {
        var entry = (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Stop))!;
        var past = due ?? DateTimeOffset.UtcNow.AddSeconds(-1);
        Assert.True(await app.Tables.Schedules.TryAdvanceAsync(entry, past, Stop));
        await app.KillAsync();
        app.MissTimers();
        await app.StartAsync();
        await Until.TrueAsync(async () => (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Stop))?.NextRunUtc != past,
            TimeSpan.FromMinutes(1), () => app.Failed("The tick did not come.").Message);
        return past;
    }

    // As it is.
    private static async Task SaveAsync(SampleImport import)
    {
        var point = await import.App.Http.GetFromJsonAsync<JsonElement>(import.PointAddress, Stop);
        using var save = new HttpRequestMessage(HttpMethod.Put, import.PointAddress) { Content = JsonContent.Create(point) };
        save.Headers.IfMatch.ParseAdd("*");
        using var saved = await import.App.Http.SendAsync(save, Stop);
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Stop));
    }

    private static async Task SetAsync(AppProcess app, int most)
    {
        using var set = await app.Http.PutAsJsonAsync("settings/MaxFailedScheduledJobsCount", new { value = $"{most}" }, Stop);
        Assert.True(set.IsSuccessStatusCode);
    }

    private static Task<JsonElement> StateAsync(SampleImport import) => import.App.Http.GetFromJsonAsync<JsonElement>($"{import.PointAddress}/schedule", Stop);

    private static async Task<List<JsonElement>> ItemsAsync(AppProcess app, string address)
        => [.. (await app.Http.GetFromJsonAsync<JsonElement>(address, Stop)).GetProperty("items").EnumerateArray()];

    private static JsonValueKind Kind(JsonElement element, string member) => element.TryGetProperty(member, out var value) ? value.ValueKind : JsonValueKind.Null;

    private Task<AppProcess> NewAppAsync() => servers.NewAppAsync(("Jobs:PatienceSeconds", 0), ("Chaos:DuplicateTriggers", 1), ("Chaos:LateMs", 100));
}
