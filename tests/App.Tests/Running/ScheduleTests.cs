using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Points that run by themselves every day.</summary>
public sealed class ScheduleTests(Servers servers)
{
    [Fact, Trait("Speed", "Slow")]
    public async Task A_run_that_was_due_while_the_app_was_off_is_made_up_for_once()
    {
        await using var app = await NewAppAsync();
        var (import, first) = await NewAsync(app, HalfADay);
        await app.KillAsync();
        await BecomeDueAsync(import);
        app.MissTimers();
        await app.StartAsync();
        var job = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal("Scheduled Run", job.Text("type"));
        Assert.Equal("schedule", job.Text("trigger"));
        Assert.Equal(1, job.Number("transferred"));
        var entry = Assert.Single((await app.Http.GetFromJsonAsync<JsonNode>($"workspaces/{import.Workspace}/audit?action=run", TestContext.Current.CancellationToken))!["items"]!.AsArray());
        Assert.Equal(("done", "schedule", job.Text("jobId")), (entry!["outcome"]!.GetValue<string>(), entry["by"]!.GetValue<string>(), entry["jobId"]!.GetValue<string>()));

        // The next tick, which is known to have come when it lets the point go.
        await import.UntilFreeAsync();
        await import.HoldAsync(job.Text("jobId"));
        await app.KillAsync();
        app.MissTimers();
        await app.StartAsync();
        await import.UntilFreeAsync();
        await app.StopAsync();
        await app.StartAsync();
        Assert.Single(await import.JobsAsync());
        var next = Assert.Single(await app.Tables.Schedules.DueAsync(first, TestContext.Current.CancellationToken));
        Assert.Equal(first, next.NextRunUtc);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_run_starts_once_within_the_minute_in_which_it_is_due()
    {
        await using var app = await NewAppAsync();
        // So far away that the point is made by then, also on a busy machine.
        var (import, due) = await NewAsync(app, TimeSpan.FromSeconds(20));
        var job = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal("Scheduled Run", job.Text("type"));
        Assert.True(job.GetProperty("startedUtc").GetDateTimeOffset() >= due, job.ToString());
    }

    // The start of the first is held half-way; the others do not wait for it.
    [Fact]
    public async Task Runs_that_are_due_at_the_same_time_start_at_once()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, [.. Servers.SmallBatches, ("Jobs:PatienceSeconds", 0)]);
        var (import, _) = await NewAsync(app, HalfADay);
        var schedule = (await app.Http.GetFromJsonAsync<JsonNode>(import.PointAddress, TestContext.Current.CancellationToken))!["schedule"]!;
        var points = new List<SampleImport> { import };
        foreach (var name in (string[])["Second", "Third"]) points.Add(await import.PointAsync(name, "in/small.dat", body => body["schedule"] = schedule.DeepClone()));
        await app.KillAsync();
        foreach (var point in points) await BecomeDueAsync(point);
        app.MissTimers();
        var held = gate.Hold(KillAt.Before(@"PUT .*/job\.json$"));
        await app.StartAsync();
        await held.Come.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await import.EndedJobsAsync(2);
        held.Release();
        await import.EndedJobsAsync(3);
    }

    // So far away that it does not come by itself while a test runs, however slow the machine is.
    private static readonly TimeSpan HalfADay = TimeSpan.FromHours(12);

    private Task<AppProcess> NewAppAsync() => servers.NewAppAsync(("Jobs:PatienceSeconds", 0), ("Chaos:DuplicateTriggers", 1), ("Chaos:LateMs", 100));

    // Brings the next run to the present, as time would, while the app is off.
    private static async Task BecomeDueAsync(SampleImport import)
    {
        var schedules = import.App.Tables.Schedules;
        var entry = (await schedules.FindAsync(import.Workspace, import.Point, TestContext.Current.CancellationToken))!;
        Assert.True(await schedules.TryAdvanceAsync(entry, DateTimeOffset.UtcNow.AddSeconds(-1), TestContext.Current.CancellationToken));
    }

    private static async Task<(SampleImport Import, DateTimeOffset Due)> NewAsync(AppProcess app, TimeSpan ahead)
    {
        var wanted = DateTimeOffset.UtcNow + ahead;
        var due = wanted.AddTicks(-(wanted.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        var schedule = new { startDate = DateOnly.FromDateTime(due.UtcDateTime), localTime = TimeOnly.FromDateTime(due.UtcDateTime), timeZone = "UTC" };
        var import = await SampleImport.NewSmallAsync(app, body => body["schedule"] = JsonSerializer.SerializeToNode(schedule));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        return (import, due);
    }
}
