using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Stopping jobs: soon, with true counts, and nothing that was transferred is lost.</summary>
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

    // Issue "Stop and restart": where a job has ended or is stopping, a stop is refused with the reason.
    [Theory]
    [InlineData(JobStatus.Stopping, true, "job-stopping")]
    [InlineData(JobStatus.Suspended, true, "job-stopping")]
    [InlineData(JobStatus.Stopped, true, "job-ended")]
    [InlineData(JobStatus.Completed, false, "job-ended")]
    [InlineData(JobStatus.CompletedWithErrors, false, "job-ended")]
    [InlineData(JobStatus.Failed, false, "job-ended")]
    [InlineData(JobStatus.ValidationFailed, false, "job-ended")]
    public async Task A_stop_is_refused_with_the_reason(JobStatus status, bool wasAsked, string code)
    {
        var app = await servers.AppAsync();
        var row = Row(await SampleImport.NewSmallAsync(app), status) with { StopRequested = wasAsked };
        await app.Tables.History.CreateAsync(row, TestContext.Current.CancellationToken);
        Assert.Equal(code, await RefusalAsync(app, $"jobs/{row.JobId}/stop"));
        Assert.Equal(status, (await app.Tables.History.GetAsync(row.JobId, TestContext.Current.CancellationToken))!.Status);
    }

    [Fact]
    public async Task A_retry_that_is_stopped_before_it_began_lets_the_errors_that_it_was_to_retry_expire()
    {
        var stop = TestContext.Current.CancellationToken;
        var app = await servers.AppAsync();
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "none.pdf")));
        var failed = await import.RunAsync();
        Assert.Equal("Completed with errors", (await import.EndOfAsync(failed)).Text("status"));
        await import.UntilFreeAsync();
        var row = Row(import, JobStatus.Pending) with { Type = JobType.RetryErrors };
        var files = new JobFiles(app.Blobs);
        var retry = (await files.JobAsync(failed, stop)) with { Id = row.JobId, Type = row.Type, StartedBy = "tester", Retry = new RetryOf(failed, Whole: false) { Errors = failed } };
        await files.DecideAsync(JobFiles.JobName(retry.Id), retry, stop);
        await import.HoldAsync(retry.Id);
        await app.Tables.History.CreateAsync(row, stop);

        // While it is there nothing else of the point runs or is retried.
        Assert.Equal("point-busy", await RefusalAsync(app, $"{import.PointAddress}/run"));
        Assert.Equal("point-busy", await RefusalAsync(app, $"{import.PointAddress}/retry"));
        Assert.Equal(HttpStatusCode.Accepted, await StopAsync(app, $"jobs/{retry.Id}/stop"));
        foreach (var job in new[] { failed, retry.Id })
        {
            var ended = (await app.Tables.History.GetAsync(job, stop))!;
            Assert.Equal((ErrorStatus.Expired, ErrorStatus.Expired), (ended.ItemErrors, ended.JobErrors));
            // Not whoever started the retry: whoever asked for the stop.
            Assert.Equal((Environment.UserName, Environment.UserName), (ended.ItemErrorsChange!.By, ended.JobErrorsChange!.By));
        }
        await import.UntilFreeAsync();
        Assert.Equal("nothing-to-retry", await RefusalAsync(app, $"{import.PointAddress}/retry"));
    }

    // Guide 5.6.1: no new errors are created from the moment of the request, whatever goes wrong on the way to the end.
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task A_job_that_fails_after_the_stop_was_asked_for_is_stopped_and_has_no_error(bool isUndo, bool hasProblem)
    {
        var stop = TestContext.Current.CancellationToken;
        var app = await servers.AppAsync();
        await using var services = app.Services();
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        var other = await import.RunAsync();
        await import.EndOfAsync(other);
        await import.UntilFreeAsync();
        var row = Row(import, JobStatus.Stopping) with { Type = isUndo ? JobType.Undo : JobType.Run, StopRequested = true, StopRequestedBy = "stopper" };
        var files = new JobFiles(app.Blobs);
        var job = await files.JobAsync(other, stop) with { Id = row.JobId, Type = row.Type, StartedUtc = row.StartedUtc, Undo = isUndo ? new UndoneJob(other, null) : null };
        await files.DecideAsync(JobFiles.JobName(job.Id), job, stop);
        await app.Tables.History.CreateAsync(row, stop);

        var end = new JobEnd(job.Id) { FailedStep = "batch 0", Problem = hasProblem ? new Problem("file-changed", "The file is another.") : null };
        if (isUndo) await ActivatorUtilities.CreateInstance<FinishUndo>(services).RunAsync(end, stop);
        else await ActivatorUtilities.CreateInstance<FinishJob>(services).RunAsync(end, stop);
        var ended = (await app.Tables.History.GetAsync(job.Id, stop))!;
        Assert.Equal((JobStatus.Stopped, ErrorStatus.Expired, "stopper"), (ended.Status, ended.JobErrors, ended.JobErrorsChange!.By));
        Assert.Empty((await app.Http.GetFromJsonAsync<JsonElement>($"jobs/{job.Id}/errors", stop)).GetProperty("items").EnumerateArray());
    }

    private static JobHistory Row(SampleImport import, JobStatus status) => new()
    {
        JobId = Guid.NewGuid().ToString("n"),
        Workspace = import.Workspace,
        WorkspaceName = "Harbour",
        PointId = import.Point,
        Name = "Sample",
        Trigger = "user",
        StartedBy = "tester",
        StartedUtc = DateTimeOffset.UtcNow,
        Status = status,
    };

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
