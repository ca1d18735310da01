using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>What a kill between two steps of starting or ending a job leaves, the tick takes up (design, Rules of orchestration 10 and 11).</summary>
public sealed class LeftJobTests(Servers servers)
{
    internal const string Id = "0123456789abcdef0123456789abcdef";

    [Theory, Trait("Speed", "Slow")]
    [InlineData("between taking the lease and entering the job into the history", false)]
    [InlineData("between entering the job into the history and scheduling it", true)]
    public async Task A_job_whose_start_was_cut_off_runs_when_the_app_is_back(string cut, bool entered)
    {
        Assert.NotEmpty(cut);
        await using var app = await NewAppAsync();
        var import = await NewImportAsync(app);
        await app.KillAsync();
        await LeaveAsync(import, entered);

        app.MissTimers();
        await app.StartAsync();
        var job = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal(Id, job.Text("jobId"));
        Assert.Equal("Completed", job.Text("status"));
        Assert.Equal(2, job.Number("transferred"));
        await import.UntilFreeAsync();
    }

    [Fact]
    public async Task A_job_that_was_stopped_before_it_began_stays_stopped_and_leaves_the_point_free()
    {
        var import = await NewImportAsync(await servers.AppAsync());
        await LeaveAsync(import, entered: true);
        using var answer = await import.App.Http.PostAsync($"jobs/{Id}/stop", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var job = await import.JobAsync(Id);
        Assert.Equal("Stopped", job.Text("status"));
        Assert.Equal(0, job.Number("read"));
        await import.EndOfAsync(await import.RunAsync());
        Assert.Equal("Stopped", (await import.JobAsync(Id)).Text("status"));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_point_whose_job_ended_without_letting_it_go_can_run_again_after_the_tick()
    {
        await using var app = await NewAppAsync();
        var import = await NewImportAsync(app);
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        await import.HoldAsync(job);
        using (var refused = await import.TryRunAsync()) Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);

        await app.KillAsync();
        app.MissTimers();
        await app.StartAsync();
        await import.UntilFreeAsync();
        Assert.Equal("Completed", (await import.EndOfAsync(await import.RunAsync())).Text("status"));
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData(false, "Error - job failed")]
    [InlineData(true, "Stopped")]
    public async Task A_job_whose_orchestration_is_over_without_a_final_status_ends_with_the_counts_of_its_batches(bool isStopping, string status)
    {
        await using var app = await NewAppAsync();
        var import = await NewImportAsync(app);
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        await app.KillAsync();
        var row = (await app.Tables.History.GetAsync(job, TestContext.Current.CancellationToken))!;
        var running = row with { Status = isStopping ? JobStatus.Stopping : JobStatus.Processing, StopRequested = isStopping, Counts = new JobCounts(), Total = null, EndedUtc = null };
        Assert.True(await app.Tables.History.TryUpdateAsync(running, TestContext.Current.CancellationToken));
        await import.HoldAsync(job);

        app.MissTimers();
        await app.StartAsync();
        var end = await import.EndOfAsync(job);
        Assert.Equal(status, end.Text("status"));
        Assert.Equal(2, end.Number("transferred"));
        end.AssertReconciles();
        var errors = await Snapshot.ProblemsAsync(app.Http, job, "errors");
        // After a stop no new errors are made.
        if (isStopping) Assert.Empty(errors);
        else Assert.Contains("job-ended-early | ", Assert.Single(errors), StringComparison.Ordinal);
        await import.UntilFreeAsync();
    }

    // FinishJob itself is refused the job's row until the orchestration has failed: what it would have done is done by the next tick.
    [Fact, Trait("Speed", "Slow")]
    public async Task A_job_that_could_not_be_ended_ends_as_any_other_when_storage_is_back()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, [.. Servers.SmallBatches, ("Jobs:PatienceSeconds", 0)]);
        var import = await ImageRunTests.ProductionAsync(app);
        var ending = gate.Hold(KillAt.Before("PUT .*/errors/error-file$"));
        var job = await import.RunAsync();
        await ending.Come.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        gate.Refuse(@"PUT .*/JobHistory\(|PUT .*/errors/error-file$");
        ending.Release();
        await Until.TrueAsync(() => Task.FromResult(gate.Refusals >= 5), TimeSpan.FromMinutes(5), () => app.Failed("The end was not refused often enough.").Message);
        await app.StopAsync();
        gate.Refuse(null);

        app.MissTimers();
        await app.StartAsync();
        var end = await import.EndOfAsync(job);
        Assert.Equal("Error - job failed", end.Text("status"));
        Assert.Equal((60, 57, 3), (end.Number("read"), end.Number("transferred"), end.Number("withErrors")));
        end.AssertReconciles();
        Assert.Contains(await Snapshot.ProblemsAsync(app.Http, job, "errors"), e => e.Contains("job-ended-early | ", StringComparison.Ordinal));
        await import.UntilFreeAsync();
        foreach (var file in (string[])["error-file", "manifest"])
        {
            using var answer = await app.Http.GetAsync($"jobs/{job}/{file}", TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, file);
        }
        var production = await app.Http.GetFromJsonAsync<JsonElement>($"workspaces/{import.Workspace}/productions/vol%201", TestContext.Current.CancellationToken);
        Assert.Equal("New", production.Text("status"));
    }

    private Task<AppProcess> NewAppAsync() => servers.NewAppAsync(("Jobs:PatienceSeconds", 0));

    private static async Task<SampleImport> NewImportAsync(AppProcess app)
    {
        var import = await SampleImport.NewSmallAsync(app);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", ""), ("A2", "")));
        return import;
    }

    // What StartJob had done when the process died.
    internal static async Task LeaveAsync(SampleImport import, bool entered)
    {
        var none = CancellationToken.None;
        await using var records = new SqliteRecords(import.App.Records);
        var point = (await new PointCatalog(new Catalog(records), TimeProvider.System).FindAsync(import.Workspace, import.Point, none))!.Value;
        var job = new Job { Id = Id, Point = point, Trigger = "user", StartedBy = "tester", StartedUtc = DateTimeOffset.UtcNow };
        await new JobFiles(import.App.Blobs).DecideAsync(JobFiles.JobName(Id), job, none);
        await import.HoldAsync(Id);
        if (!entered) return;
        await import.App.Tables.History.CreateAsync(
            new JobHistory
            {
                JobId = Id,
                Workspace = import.Workspace,
                WorkspaceName = "Harbour",
                PointId = import.Point,
                Name = point.Name,
                Trigger = job.Trigger,
                StartedBy = job.StartedBy,
                StartedUtc = job.StartedUtc,
            },
            none);
    }
}
