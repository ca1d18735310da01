using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Activities that are delivered again long after they were done change nothing (design, Rules of orchestration 6 and 11).</summary>
[Collection(Servers.Gated)]
[Trait("Speed", "Slow")]
public sealed class LateStepTests(Servers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, Func<IServiceProvider, string, Task>> Steps = new()
    {
        ["the check"] = (services, job) => New<ValidateJob>(services).RunAsync(job, Cancel),
        ["the plan"] = (services, job) => New<PlanBatches>(services).RunAsync(new PlanRequest(job, new PlanCursor()), Cancel),
        ["a batch that was transferred"] = (services, job) => New<TransferBatch>(services).RunAsync(new TransferRequest(job, 0, 0), Cancel),
        ["a batch that waits"] = (services, job) => New<TransferBatch>(services).RunAsync(new TransferRequest(job, 1, 1), Cancel),
        ["the pause"] = (services, job) => New<SuspendJob>(services).RunAsync(job, Cancel),
    };

    public static TheoryData<string> StepNames => [.. Steps.Keys];

    [Theory]
    [MemberData(nameof(StepNames))]
    public async Task A_job_stays_as_it_is_when_late_comes(string step)
    {
        var (gate, app) = await servers.GatedAsync();
        await using var services = app.Services();
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. Enumerable.Range(1, 70).Select(i => ($"A{i:d3}", ""))]));
        var planned = gate.Hold(KillAt.After(@"PUT .*/plan/000001\.json$"));
        var job = await import.RunAsync();
        await planned.Come.WaitAsync(TimeSpan.FromMinutes(5), Cancel);
        await SampleImport.PostAsync(app, $"jobs/{job}/suspend", new { });
        planned.Release();
        var suspended = await import.UntilAsync(job, j => j.Text("status") == "Suspended");
        await Steps[step](services, job);
        Assert.Equal("Suspended", (await import.JobAsync(job)).Text("status"));

        await SampleImport.PostAsync(app, $"jobs/{job}/resume", new { });
        var ended = await import.EndOfAsync(job);
        Assert.Equal(("Completed", 70), (ended.Text("status"), ended.Number("transferred")));
        await import.UntilFreeAsync();
        await Steps[step](services, job);
        await New<FinishJob>(services).RunAsync(new JobEnd(job) { FailedStep = "a batch" }, Cancel);
        Assert.Equal(ended.ToString(), (await import.JobAsync(job)).ToString());
        Assert.Equal(70, await import.CountAsync());
        Assert.Null(await app.Tables.Leases.HolderAsync(import.Workspace, import.Point, Cancel));
    }

    private static T New<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(services);
}
