namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// The process dies, and the next one goes on: records, counts, errors and files are those of a quiet run.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CrashTests(Servers servers)
{
    private const int Killed = 128 + 9;

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task An_import_whose_process_dies_after_every_few_activities_comes_to_the_same(int activities)
    {
        var quiet = await servers.QuietAsync();
        await using var app = await servers.NewAppAsync(("Chaos:CrashAfterActivities", activities));
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        while (!await EndsAsync(import, job))
        {
            Assert.Equal(Killed, await app.EndAsync());
            await app.StartAsync();
        }
        Assert.True(app.Starts > 2, "The process did not die.");
        // The next death may come at any time after the end; what is left to do then is done in peace.
        await app.KillAsync();
        app.Set(("Chaos:CrashAfterActivities", 0));
        await app.StartAsync();
        await AssertSameAsync(quiet.Appended, import, job);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_import_whose_process_is_killed_at_any_moment_comes_to_the_same(int seed)
    {
        var quiet = await servers.QuietAsync();
        var random = new Random(seed);
        // Slow enough that a kill finds the job at work, and in different places.
        await using var app = await servers.NewAppAsync(("Chaos:DelayMs", 600), ("Chaos:Seed", seed));
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        var hits = 0;
        for (var round = 0; round < 5; round++)
        {
            await Task.Delay(random.Next(900), TestContext.Current.CancellationToken);
            var ended = (await import.JobAsync(job)).GetProperty("isFinal").GetBoolean();
            await app.KillAsync();
            if (!ended) hits++;
            await app.StartAsync();
        }
        Assert.NotEqual(0, hits);
        await import.EndOfAsync(job);
        await AssertSameAsync(quiet.Appended, import, job);
    }

    [Fact]
    public async Task An_import_whose_process_is_stopped_for_a_deployment_goes_on_afterwards_and_comes_to_the_same()
    {
        var quiet = await servers.QuietAsync();
        await using var app = await servers.NewAppAsync(("Chaos:DelayMs", 600), ("Chaos:Seed", 3));
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        await import.UntilAsync(job, j => j.Number("read") > 0);
        await app.StopAsync();
        await app.StartAsync();
        Assert.False((await import.JobAsync(job)).GetProperty("isFinal").GetBoolean(), "The job was over before the app was stopped.");
        await import.EndOfAsync(job);
        await AssertSameAsync(quiet.Appended, import, job);
    }

    // Whether the job ends before the process does.
    private static async Task<bool> EndsAsync(SampleImport import, string job)
    {
        try
        {
            await import.EndOfAsync(job);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task AssertSameAsync(Snapshot quiet, SampleImport import, string job)
    {
        await import.UntilFreeAsync();
        quiet.AssertSame(await Snapshot.OfAsync(import, job));
        Assert.Single(await import.JobsAsync());
    }
}
