namespace IntegrationPoints.App.Tests.Running;

/// <summary>The history of orchestrations is purged days after they ended, and that of jobs is not.</summary>
[Trait("Speed", "Slow")]
public sealed class PurgeTests(Servers servers)
{
    [Fact]
    public async Task Orchestrations_that_ended_long_ago_are_purged_and_their_jobs_stay()
    {
        await using var app = await servers.NewAppAsync(("Jobs:HistoryDays", 10));
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var jobs = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            jobs.Add(await import.RunAsync());
            await import.EndOfAsync(jobs[^1]);
            await import.UntilFreeAsync();
        }
        await app.StopAsync();
        app.Age(jobs[0], begun: 12, ended: 11);
        // It was suspended meanwhile.
        app.Age(jobs[1], begun: 12, ended: 9);
        app.Age(jobs[2], begun: 9, ended: 9);

        app.MissTimers();
        await app.StartAsync();
        await Until.TrueAsync(
            () => Task.FromResult(app.Log.Any(line => line.Contains("1 orchestrations that ended before", StringComparison.Ordinal))),
            TimeSpan.FromMinutes(5), () => app.Failed("Nothing was purged.").Message);
        await app.StopAsync();
        Assert.Equal([false, true, true], jobs.Select(app.IsOver));

        await app.StartAsync();
        Assert.All(await import.JobsAsync(), job => Assert.Equal("Completed", job.Text("status")));
        Assert.Equal("Completed", (await import.JobAsync(jobs[0])).Text("status"));
        await import.EndOfAsync(await import.RunAsync());
    }
}
