using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>The process dies while a job is suspended, resumed or stopped (issue "Suspend and resume", "Stop and restart").</summary>
[Trait("Speed", "Slow")]
public sealed class CrashedPauseTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly KillAt BatchDecides = KillAt.Before(@"PUT .*/batches/\d+$"), RowChanged = KillAt.After(@"PUT .*/JobHistory\(");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("before a batch has decided", @"PUT .*/batches/\d+$", false)]
    [InlineData("after a batch has decided", @"PUT .*/batches/\d+$", true)]
    [InlineData("before a batch has its result", "POST .*/BatchResults$", false)]
    public async Task A_job_that_is_being_suspended_is_suspended_afterwards_and_goes_on_when_the_app_dies(string when, string request, bool takesEffect)
    {
        Assert.NotEmpty(when);
        await using var gate = await servers.NewGateAsync();
        await using var app = await NewAppAsync(gate);
        var (import, job) = await RunToAsync(gate, app, new KillAt(takesEffect, request));
        await SampleImport.PostAsync(app, $"jobs/{job}/suspend", new { });
        await KillAndStartAsync(app);
        await UntilSuspendedAsync(import, job);
        await SampleImport.PostAsync(app, $"jobs/{job}/resume", new { });
        await AssertSameAsync(import, job);
    }

    [Fact]
    public async Task A_suspended_job_stays_suspended_and_goes_on_when_the_app_dies_at_each_step_from_suspending_to_waking()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await NewAppAsync(gate);
        var (import, job) = await RunToAsync(gate, app, BatchDecides);
        await SampleImport.PostAsync(app, $"jobs/{job}/suspend", new { });
        await KillAtAsync(gate, app, RowChanged, start: () => KillAndStartAsync(app));
        await app.StartAsync();
        await UntilSuspendedAsync(import, job);
        await KillAndStartAsync(app);
        Assert.Equal("Suspended", (await import.JobAsync(job)).Text("status"));

        // Resumed, and the app dies before it can wake the orchestration: the tick does.
        await KillAtAsync(gate, app, RowChanged, start: () => AskAsync(app, job, "resume"));
        Assert.Equal("Processing", (await app.Tables.History.GetAsync(job, Cancel))!.Status.ToString());
        app.MissTimers();
        var again = gate.Hold(BatchDecides);
        await app.StartAsync();
        await ComeAsync(app, again);
        await KillAndStartAsync(app);
        await AssertSameAsync(import, job);
    }

    [Fact]
    public async Task A_suspended_job_that_is_stopped_becomes_stopped_when_the_app_dies_before_it_wakes_the_job()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await NewAppAsync(gate);
        var (import, job) = await RunToAsync(gate, app, BatchDecides);
        await SampleImport.PostAsync(app, $"jobs/{job}/suspend", new { });
        await KillAndStartAsync(app);
        await UntilSuspendedAsync(import, job);
        await KillAtAsync(gate, app, RowChanged, start: () => AskAsync(app, job, "stop"));
        app.MissTimers();
        await app.StartAsync();
        await AssertStoppedAsync(import, job);
    }

    [Theory]
    [InlineData("before a batch has decided", @"PUT .*/batches/\d+$", false)]
    [InlineData("after a batch has decided", @"PUT .*/batches/\d+$", true)]
    [InlineData("before a batch has its result", "POST .*/BatchResults$", false)]
    [InlineData("when a batch has its result", "POST .*/BatchResults$", true)]
    public async Task A_job_that_is_stopping_becomes_stopped_with_true_counts_when_the_app_dies(string when, string request, bool takesEffect)
    {
        Assert.NotEmpty(when);
        await using var gate = await servers.NewGateAsync();
        await using var app = await NewAppAsync(gate);
        var (import, job) = await RunToAsync(gate, app, new KillAt(takesEffect, request));
        await SampleImport.PostAsync(app, $"jobs/{job}/stop", new { });
        await KillAndStartAsync(app);
        await AssertStoppedAsync(import, job);
    }

    [Fact]
    public async Task A_job_that_is_stopping_becomes_stopped_when_the_app_dies_before_and_after_its_row_is_final()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await NewAppAsync(gate);
        var (import, job) = await RunToAsync(gate, app, BatchDecides);
        await SampleImport.PostAsync(app, $"jobs/{job}/stop", new { });
        await KillAtAsync(gate, app, KillAt.Before(@"PUT .*/JobHistory\("), start: () => KillAndStartAsync(app));
        await KillAtAsync(gate, app, RowChanged, start: app.StartAsync);
        Assert.Equal("Stopped", (await app.Tables.History.GetAsync(job, Cancel))!.Status.ToString());
        await app.StartAsync();
        await AssertStoppedAsync(import, job);
    }

    private static Task<AppProcess> NewAppAsync(StoreGate gate) => AppProcess.StartAsync(gate.Account, [.. Servers.SmallBatches, ("Jobs:PatienceSeconds", 0)]);

    private static async Task<(SampleImport Import, string Job)> RunToAsync(StoreGate gate, AppProcess app, KillAt step)
    {
        var import = await SampleImport.NewAsync(app);
        var held = gate.Hold(step);
        var job = await import.RunAsync();
        await ComeAsync(app, held);
        return (import, job);
    }

    private static Task ComeAsync(AppProcess app, StoreGate.Held held) => Until.TrueAsync(
        () => Task.FromResult(held.Come.IsCompleted), Patience, () => app.Failed($"The app did not come to {held.Step}.").Message);

    private static async Task KillAndStartAsync(AppProcess app)
    {
        await app.KillAsync();
        await app.StartAsync();
    }

    // Has something happen that leads to a step, and kills the app there.
    private static async Task KillAtAsync(StoreGate gate, AppProcess app, KillAt step, Func<Task> start)
    {
        var held = gate.Hold(step);
        var happens = start();
        await ComeAsync(app, held);
        await app.KillAsync();
        await happens;
    }

    private static async Task AskAsync(AppProcess app, string job, string verb)
    {
        try
        {
            using var answer = await app.Http.PostAsync($"jobs/{job}/{verb}", null, Cancel);
            Assert.Fail($"The app answered {answer.StatusCode}.");
        }
        catch (HttpRequestException)
        {
            // The process was killed while it answered.
        }
    }

    private static Task UntilSuspendedAsync(SampleImport import, string job) => import.UntilAsync(job, j => j.Text("status") == "Suspended");

    private async Task AssertSameAsync(SampleImport import, string job)
    {
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        (await servers.QuietAsync()).Appended.AssertSame(await Snapshot.OfAsync(import, job));
        Assert.Single(await import.JobsAsync());
    }

    private static async Task AssertStoppedAsync(SampleImport import, string job)
    {
        var stopped = await import.EndOfAsync(job);
        Assert.Equal("Stopped", stopped.Text("status"));
        stopped.AssertReconciles();
        await import.UntilFreeAsync();
        Assert.Equal(stopped.Number("transferred"), await import.CountAsync());
        Assert.All((await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/errors", Cancel)).GetProperty("items").EnumerateArray(), e => Assert.Equal("Expired", e.Text("status")));
    }
}
