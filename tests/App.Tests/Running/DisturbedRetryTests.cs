using System.Text;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// Retrying the errors of records, of a job, and of both, while activities come twice and the process dies: records, counts, errors and what
/// became of them are those of a quiet retry (issue "Retry", "Proof"; guide 7.2).
/// </summary>
[Collection(Servers.Gated)]
[Trait("Speed", "Slow")]
public sealed class DisturbedRetryTests(Servers servers)
{
    private const int Records = 70;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("records were rejected", 70, 35, 35, "Retried", null)]
    [InlineData("the job failed", 0, 0, 70, null, "Retried")]
    [InlineData("records were rejected and then the job failed", 60, 30, 70, "Expired", "Retried")]
    public async Task A_retry_comes_to_the_same_when(string what, int read, int written, int readAgain, string? items, string? own)
    {
        var (gate, app) = await servers.GatedAsync();
        var quiet = await RetryAsync(what, gate, app);
        Assert.Equal((read, written), (quiet.FirstRead, quiet.FirstWritten));
        Assert.Equal(readAgain, quiet.RetryRead);
        foreach (var error in quiet.First.Errors.Select(e => e.Split(" | "))) Assert.Equal(error[4] == "job" ? own : items, error[6]);
        Assert.All(quiet.Retry.Errors, e => Assert.Equal("New", e.Split(" | ")[6]));

        foreach (var disturbance in new (string, object)[][]
        {
            [("Chaos:DuplicateActivities", 1), ("Chaos:LateMs", 300)],
            [("Chaos:DuplicateActivities", 0.5), ("Chaos:LateMs", 300), ("Chaos:CrashAfterActivities", 3)],
        })
        {
            await using var ownGate = await servers.NewGateAsync();
            await using var ownApp = await AppProcess.StartAsync(ownGate.Account, Servers.SmallBatches);
            var disturbed = await RetryAsync(what, ownGate, ownApp, disturbance);
            quiet.First.AssertSame(disturbed.First);
            quiet.Retry.AssertSame(disturbed.Retry);
        }
    }

    private static async Task<Retried> RetryAsync(string what, StoreGate gate, AppProcess app, params (string, object)[] disturbance)
    {
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        var first = await FailAsync(what, gate, import);
        var ended = await import.EndOfAsync(first);
        await import.UntilFreeAsync();
        // Half of what was missing is there now.
        foreach (var i in Enumerable.Range(1, Records).Where(i => i % 4 == 0)) await import.StageAsync($"in/natives/{i}.txt", Encoding.UTF8.GetBytes($"{i}"));
        if (disturbance.Length > 0)
        {
            await app.StopAsync();
            app.Set(disturbance);
            await app.StartAsync();
        }
        var retry = (await SampleImport.PostAsync(app, $"{import.PointAddress}/retry", new { confirmOverlay = true })).Text("jobId");
        while (!await EndsAsync(import, retry)) await app.StartAsync();
        if (disturbance.Length > 0)
        {
            // What is left to do after its end is done in peace.
            Assert.True(disturbance.Length < 3 || app.Starts > 3, "The process did not die.");
            await app.KillAsync();
            app.Set(("Chaos:CrashAfterActivities", 0));
            await app.StartAsync();
        }
        await import.UntilFreeAsync();
        var again = await import.JobAsync(retry);
        return new Retried(
            await Snapshot.OfAsync(import, first), await Snapshot.OfAsync(import, retry), ended.Number("read"), ended.Number("transferred"), again.Number("read"));
    }

    private static async Task<string> FailAsync(string what, StoreGate gate, SampleImport import)
    {
        if (what == "the job failed")
        {
            var missing = await import.RunAsync();
            await import.EndOfAsync(missing);
            await StageAsync(import, "");
            return missing;
        }
        await StageAsync(import, "");
        if (what == "records were rejected") return await import.RunAsync();
        // The file is replaced when all but the last page of it are transferred.
        var planning = gate.Hold(KillAt.Before(@"GET .*/plan/000003\.json$"));
        var job = await import.RunAsync();
        await Until.TrueAsync(() => Task.FromResult(planning.Come.IsCompleted), Patience, () => import.App.Failed("The last page was not planned.").Message);
        await import.UntilAsync(job, j => j.Number("read") == 60);
        await StageAsync(import, "x");
        planning.Release();
        return job;
    }

    // Every second record has a native, which is not there; the name of the last one tells versions of the file apart.
    private static Task StageAsync(SampleImport import, string version) => import.StageAsync("in/small.dat", SampleImport.SmallFile(
        [.. Enumerable.Range(1, Records).Select(i => ($"A{i:d3}{(i == Records ? version : "")}", i % 2 == 0 ? $"natives/{i}.txt" : ""))]));

    private static async Task<bool> EndsAsync(SampleImport import, string job)
    {
        try
        {
            await import.EndOfAsync(job);
            return true;
        }
        catch (HttpRequestException)
        {
            await import.App.EndAsync();
            return false;
        }
    }

    private sealed record Retried(Snapshot First, Snapshot Retry, long FirstRead, long FirstWritten, long RetryRead);
}
