using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// The whole app with its records in Cosmos DB, a server on this machine (<see cref="CosmosServer"/>): every job comes to what it comes to over SQLite,
/// and shows what it was charged.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CosmosRunTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_overlay_export_and_undo_come_to_the_same_over_Cosmos_DB_and_say_what_was_charged()
    {
        var quiet = await servers.QuietAsync();
        await using var server = await CosmosServer.StartAsync();
        await using var app = await NewAppAsync(server);
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        var ended = await import.EndOfAsync(job);
        quiet.Appended.AssertSame(await Snapshot.OfAsync(import, job));
        // Each record that was written was created in a request, whatever else there was to read and write.
        Assert.InRange(await ChargeAsync(app, ended), ended.Number("transferred") * CosmosServer.CreateCharge, double.MaxValue);

        var overlay = await import.OverlayAsync();
        var overlaid = await overlay.RunAsync();
        var after = await overlay.EndOfAsync(overlaid);
        quiet.Overlaid.AssertSame(await Snapshot.OfAsync(overlay, overlaid));
        Assert.InRange(await ChargeAsync(app, after), after.Number("transferred") * CosmosServer.ReplaceCharge, double.MaxValue);

        var (here, expected) = (await ExportAsync(import), await ExportAsync(quiet.Import));
        Assert.Equal(expected.Output, here.Output);
        Assert.InRange(await ChargeAsync(app, here.Job), CosmosServer.ReadCharge, double.MaxValue);
        Assert.False(expected.Job.TryGetProperty("requestUnits", out _));

        await overlay.UntilFreeAsync();
        using var answer = await app.Http.PostAsync($"jobs/{overlaid}/undo", null, Stop);
        var undone = await import.EndOfAsync((await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("jobId"));
        Assert.Equal(("Completed", after.Number("transferred")), (undone.Text("status"), undone.Number("transferred")));
        Assert.InRange(await ChargeAsync(app, undone), undone.Number("transferred") * CosmosServer.ReplaceCharge, double.MaxValue);
    }

    [Fact]
    public async Task Records_that_failed_are_transferred_again_also_when_activities_come_twice_and_the_app_is_killed()
    {
        await using var server = await CosmosServer.StartAsync();
        await using var app = await NewAppAsync(server, ("Chaos:DuplicateActivities", 1), ("Chaos:LateMs", 300), ("Chaos:Seed", 5));
        var import = await SampleImport.NewSmallAsync(app);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. Enumerable.Range(1, 60).Select(i => ($"A{i:d3}", i % 2 == 0 ? $"natives/{i}.txt" : ""))]));
        var first = await import.RunAsync();
        await import.UntilAsync(first, job => job.Number("read") > 0 || job.GetProperty("isFinal").GetBoolean());
        await app.KillAsync();
        await app.StartAsync();
        Assert.Equal((60, 30, 30), Counts(await import.EndOfAsync(first)));

        for (var i = 2; i <= 60; i += 2) await import.StageAsync($"in/natives/{i}.txt", "here now"u8.ToArray());
        await import.UntilFreeAsync();
        using var answer = await app.Http.PostAsJsonAsync($"{import.PointAddress}/retry", new { confirmOverlay = true }, Stop);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var retry = await import.EndOfAsync((await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("jobId"));
        Assert.Equal((30, 30, 0), Counts(retry));
        Assert.Equal(60, await import.CountAsync());
        Assert.NotEqual(0, await ChargeAsync(app, retry));
    }

    private Task<AppProcess> NewAppAsync(CosmosServer server, params (string, object)[] settings) => servers.NewAppAsync(
        [("Records:Cosmos:Endpoint", server.Endpoint), ("Records:Cosmos:Key", CosmosServer.Key), ("Records:Cosmos:Database", "app-tests"), .. settings]);

    private static async Task<(JsonElement Job, IReadOnlyList<string> Output)> ExportAsync(SampleImport import)
    {
        await import.UntilFreeAsync();
        var export = await import.ExportAsync(body => body["name"] = "Out");
        var job = await export.RunAsync();
        var ended = await export.EndOfAsync(job);
        return (ended, await export.OutputAsync(job));
    }

    // What the job shows is what its batches were charged.
    private static async Task<double> ChargeAsync(AppProcess app, JsonElement job)
    {
        var batches = await app.Tables.Batches.ListAsync(job.Text("jobId"), Stop).ToListAsync(Stop);
        var shown = job.GetProperty("requestUnits").GetDouble();
        Assert.Equal(batches.Sum(b => b.RequestUnits), shown, 6);
        return shown;
    }

    private static (long Read, long Written, long Rejected) Counts(JsonElement job)
    {
        job.AssertReconciles();
        return (job.Number("read"), job.Number("transferred"), job.Number("withErrors"));
    }
}
