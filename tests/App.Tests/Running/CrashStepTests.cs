namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// A kill at each step of a job that leaves a trace in the storage account, before the trace is there or when it is: the next process goes on,
/// and the job comes to what a quiet one does.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CrashStepTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // In the order in which a job takes them; what was killed before a step comes to it again.
    private static readonly Dictionary<string, KillAt[]> Parts = new()
    {
        ["starts"] =
        [
            KillAt.Before(@"PUT .*/job\.json$"), KillAt.After(@"PUT .*/job\.json$"), KillAt.After(@"POST .*/Leases$"), KillAt.After(@"POST .*/Jobs$"),
            KillAt.Before(@"POST .*/JobHistory$"), KillAt.After(@"POST .*/JobHistory$"),
        ],
        ["is validated and planned"] =
        [
            KillAt.After(@"PUT .*/JobHistory\("), KillAt.Before(@"PUT .*/prepared\.json$"), KillAt.After(@"PUT .*/prepared\.json$"),
            KillAt.After(@"PUT .*/JobHistory\("), KillAt.After(@"PUT .*/plan/000000\.ids$"), KillAt.After(@"PUT .*/plan/000000\.json$"),
            KillAt.Before(@"PUT .*/plan/000002\.json$"),
        ],
        ["transfers"] =
        [
            KillAt.Before(@"PUT .*/batches/\d+$"), KillAt.After(@"PUT .*/batches/\d+$"), KillAt.After("PUT /[^/]+/files/"),
            KillAt.Before(@"POST .*/BatchResults$"), KillAt.After(@"POST .*/BatchResults$"), KillAt.Before(@"PUT .*/JobErrors\("), KillAt.After(@"PUT .*/JobErrors\("),
            KillAt.Before(@"PUT .*/batches/\d+\.rejected$"), KillAt.After(@"PUT .*/batches/\d+\.rejected$"), KillAt.Before(@"PATCH .*/BatchResults\("),
            KillAt.Before(@"PUT .*/manifest\.csv$"), KillAt.After(@"PUT .*/manifest\.csv$"),
            KillAt.After(@"PATCH .*/BatchResults\("),
        ],
        ["ends"] =
        [
            KillAt.After(@"PUT .*/manifest\.csv$"), KillAt.Before(@"PUT .*/manifest\.json$"), KillAt.After(@"PUT .*/manifest\.json$"),
            KillAt.Before("PUT .*/errors/error-file$"), KillAt.After("PUT .*/errors/error-file$"), KillAt.After(@"PUT .*/errors/error-report\.csv$"),
            KillAt.Before(@"PUT .*/JobHistory\("), KillAt.After(@"PUT .*/JobHistory\("), KillAt.Before(@"DELETE .*/Leases\("), KillAt.After(@"DELETE .*/Leases\("),
        ],
    };

    public static TheoryData<string> PartNames => [.. Parts.Keys];

    [Theory]
    [MemberData(nameof(PartNames))]
    public async Task A_job_comes_to_the_same_that_is_killed_at_each_step_when_it(string part)
    {
        var quiet = (await servers.QuietAsync()).Appended;
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, Servers.SmallBatches);
        var import = await SampleImport.NewAsync(app);
        var steps = Parts[part];
        var come = gate.HoldAsync(steps[0]);
        for (var i = 0; i < steps.Length; i++)
        {
            var run = AskAsync(import);
            await Until.TrueAsync(() => Task.FromResult(come.IsCompleted), Patience, () => app.Failed($"The job did not come to {steps[i]}.").Message);
            await app.KillAsync();
            await run;
            if (i + 1 < steps.Length) come = gate.HoldAsync(steps[i + 1]);
            await app.StartAsync();
        }

        var job = await import.RunAsync("key");
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        quiet.AssertSame(await Snapshot.OfAsync(import, job));
        Assert.Single(await import.JobsAsync());
    }

    // A user whose request fails asks again; the key says that it is the same request.
    private static async Task AskAsync(SampleImport import)
    {
        try
        {
            await import.RunAsync("key");
        }
        catch (HttpRequestException)
        {
            // The process was killed while it answered.
        }
    }
}
