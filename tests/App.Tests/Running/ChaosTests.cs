namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// Activities and triggers that come twice, late, or die: records, counts, errors and files are those of a quiet run.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ChaosTests(Servers servers)
{
    private const int LateMs = 1000;

    public static TheoryData<string, (string, object)[]> Disturbances => new()
    {
        { "activities come twice, at once or late", [("Chaos:DuplicateActivities", 0.5)] },
        // Five attempts: with one in ten failing, a job of some twenty activities is given up once in five thousand runs.
        { "activities die", [("Chaos:FailActivities", 0.1)] },
        { "activities are slow", [("Chaos:DelayMs", 300)] },
        { "everything at once", [("Chaos:DuplicateActivities", 0.5), ("Chaos:FailActivities", 0.1), ("Chaos:DelayMs", 100), ("Chaos:DuplicateTriggers", 0.5)] },
    };

    [Theory]
    [MemberData(nameof(Disturbances))]
    public async Task An_import_comes_to_the_same_when(string what, (string, object)[] settings)
    {
        Assert.NotEmpty(what);
        var quiet = await servers.QuietAsync();
        await using var app = await servers.NewAppAsync([.. settings, ("Chaos:LateMs", LateMs), ("Chaos:Seed", 4711)]);
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        quiet.Appended.AssertSame(await Snapshot.OfAsync(import, job));

        var overlay = await import.OverlayAsync();
        var overlaid = await overlay.RunAsync();
        await overlay.EndOfAsync(overlaid);
        quiet.Overlaid.AssertSame(await Snapshot.OfAsync(overlay, overlaid));
        // What is delivered after the end changes nothing either.
        await Task.Delay(LateMs, TestContext.Current.CancellationToken);
        quiet.Overlaid.AssertSame(await Snapshot.OfAsync(overlay, overlaid));
    }

    [Fact]
    public async Task Activities_do_come_twice_and_fail_under_these_switches()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DuplicateActivities", 1), ("Chaos:FailActivities", 0.1), ("Chaos:LateMs", 0), ("Chaos:Seed", 1));
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        Assert.True(app.Log.Count(line => line.Contains($"Job {job} batch", StringComparison.Ordinal)) > 12, app.Failed("No batch ran twice.").Message);
    }
}
