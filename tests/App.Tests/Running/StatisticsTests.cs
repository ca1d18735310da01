using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>How much an integration point would transfer, calculated in the background (guide 6.5).</summary>
public sealed class StatisticsTests(Servers servers)
{
    private const int Rows = 130;

    // Of each kind some stand in other batches, and in other pages of batches, than the first.
    private const string Expected =
        """{"state":"Completed","documents":129,"unreadable":1,"natives":{"count":100,"bytes":1100,"text":"100 (1.07 KB)","missing":20,"refused":1}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_load_file_has_rows_and_natives_that_are_there_or_missing()
    {
        var import = await DocumentsAsync(await servers.AppAsync());
        var before = await VersionAsync(import);
        Assert.Equal("""{"state":"New"}""", (await ShowAsync(import)).GetRawText());

        var began = DateTime.UtcNow.AddSeconds(-1);
        var statistics = await CalculateAsync(import);
        Assert.Equal(Expected, Plain(statistics));
        Assert.InRange(statistics.GetProperty("calculatedAt").GetDateTime(), began, DateTime.UtcNow.AddSeconds(1));
        Assert.EndsWith("Z", statistics.Text("calculatedAt"), StringComparison.Ordinal);
        Assert.Equal(statistics.GetRawText(), (await ShowAsync(import)).GetRawText());

        // It is no job, no change of the point, and nothing of the records is in the log.
        Assert.Equal(before, await VersionAsync(import));
        Assert.Empty(await import.JobsAsync());
        Assert.DoesNotContain(import.App.Log, line => line.Contains("SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_load_file_has_documents_and_images()
    {
        var import = await SampleImport.NewAsync(await servers.AppAsync(), "in/images.opt", body =>
        {
            var file = body["source"]!["settings"]!["file"]!.GetValue<string>();
            body["source"] = JsonSerializer.SerializeToNode(new { provider = "image-load-file", settings = new { file, production = "Vol 1" } });
            body["import"] = JsonSerializer.SerializeToNode(new { overwrite = "append" });
        });
        await import.StageAsync("in/IMG/1.tif", new byte[600]);
        await import.StageAsync("in/IMG/2.tif", new byte[500]);
        await import.StageAsync("in/images.opt", "A1,V,IMG\\1.tif,Y,,,2\r\nA2,V,img\\2.tif,,,,\r\nB1,V,IMG\\gone.tif,Y,,,1\r\nC1,V,D:\\x.tif,Y,,,1\r\n"u8.ToArray());
        Assert.Equal(
            """{"state":"Completed","documents":3,"unreadable":0,"images":{"count":2,"bytes":1100,"text":"2 (1.07 KB)","missing":1,"refused":1}}""",
            Plain(await CalculateAsync(import)));
    }

    // SECRET000 to SECRET099 have natives; the first ten are left out.
    [Fact]
    public async Task An_export_has_the_documents_of_its_workspace_and_the_files_that_it_would_write()
    {
        var import = await DocumentsAsync(await servers.AppAsync());
        await import.EndOfAsync(await import.RunAsync());
        var documents = await import.CountAsync();
        var natives = await import.ExportAsync(body =>
        {
            body["source"]!["settings"]!["startAtRecord"] = 11;
            body["destination"]!["settings"]!["textFiles"] = false;
        });
        var none = await import.ExportAsync(body => body["destination"]!["settings"] = new JsonObject());

        Assert.Equal(
            $$$"""{"state":"Completed","documents":{{{documents - 10}}},"unreadable":0,"natives":{"count":90,"bytes":990,"text":"90 (990 Bytes)","missing":0,"refused":0}}""",
            Plain(await CalculateAsync(natives)));
        Assert.Equal($$"""{"state":"Completed","documents":{{documents}},"unreadable":0}""", Plain(await CalculateAsync(none)));
    }

    [Fact]
    public async Task What_cannot_be_calculated_is_an_error_in_words_until_it_is_mended_and_calculated_again()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync());
        var gone = await CalculateAsync(import);
        Assert.Equal(("Error", "file-not-found"), (gone.Text("state"), gone.GetProperty("problem").Text("code")));
        Assert.Contains("small.dat", gone.GetProperty("problem").Text("message"), StringComparison.Ordinal);
        Assert.True(gone.TryGetProperty("calculatedAt", out _));
        Assert.False(gone.TryGetProperty("documents", out _));

        await import.StageAsync("in/small.dat", "þControl Numberþ\u0014þNativesþ\r\nþAþ\u0014þþ\r\n"u8.ToArray());
        var column = await CalculateAsync(import);
        Assert.Equal(("Error", "column-missing"), (column.Text("state"), column.GetProperty("problem").Text("code")));

        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A", "")));
        Assert.Equal(
            """{"state":"Completed","documents":1,"unreadable":0,"natives":{"count":0,"bytes":0,"text":"0 (0 Bytes)","missing":0,"refused":0}}""",
            Plain(await CalculateAsync(import)));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Asking_again_while_they_are_calculated_answers_with_the_calculation_that_goes_on()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, Servers.SmallBatches);
        var import = await DocumentsAsync(app);
        var come = gate.HoldAsync(KillAt.After(@"PUT .*/plan/000001\.json$"));
        Assert.Equal("In progress", (await AskAsync(import)).Text("state"));
        await HeldAsync(app, come);
        // What was counted so far shows: the first batches, and no time at which they were calculated.
        var now = await AskAsync(import);
        Assert.Equal("In progress", now.Text("state"));
        Assert.InRange(now.Number("documents"), 1, Rows - 1);
        Assert.False(now.TryGetProperty("calculatedAt", out _));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AskAsync(import))), again => Assert.Equal("In progress", again.Text("state")));
        await app.KillAsync();
        await app.StartAsync();
        Assert.Equal(Expected, Plain(await EndAsync(import)));
        Assert.Equal(1, await CalculationsAsync(app));

        await CalculateAsync(import);
        Assert.Equal(2, await CalculationsAsync(app));
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData("the version of the source is about to be frozen", false, @"PUT .*/statistics/source\.json$")]
    [InlineData("it is frozen", true, @"PUT .*/statistics/source\.json$")]
    [InlineData("the first page of batches is planned", true, @"PUT .*/plan/000000\.json$")]
    [InlineData("a later page is being planned", false, @"PUT .*/plan/000002\.json$")]
    public async Task An_app_that_is_killed_goes_on_with_them_when_it_is_back(string when, bool takesEffect, string request)
    {
        Assert.NotEmpty(when);
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, Servers.SmallBatches);
        var import = await DocumentsAsync(app);
        var come = gate.HoldAsync(new KillAt(takesEffect, request));
        await AskAsync(import);
        await HeldAsync(app, come);
        await app.KillAsync();
        await app.StartAsync();
        Assert.Equal(Expected, Plain(await EndAsync(import)));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_calculation_that_was_cut_off_before_it_began_is_an_error_and_not_in_progress_for_good()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, Servers.SmallBatches);
        var import = await DocumentsAsync(app);
        var come = gate.HoldAsync(KillAt.After(@"PUT .*/statistics/job\.json$"));
        var asking = AskAsync(import);
        await HeldAsync(app, come);
        Assert.Equal("In progress", (await ShowAsync(import)).Text("state"));
        await app.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => asking);

        app.Set(("Jobs:PatienceSeconds", 0));
        await app.StartAsync();
        var lost = await ShowAsync(import);
        Assert.Equal(("Error", "statistics-failed"), (lost.Text("state"), lost.GetProperty("problem").Text("code")));
        Assert.Equal(Expected, Plain(await CalculateAsync(import)));

        // They go with the point.
        using (var deleted = await app.Http.DeleteAsync(import.PointAddress, Stop)) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using (var none = await app.Http.GetAsync($"{import.PointAddress}/statistics", Stop)) Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        await app.KillAsync();
        await using var left = new SqliteRecords(app.Records);
        Assert.Null(await new StatisticsCatalog(new Catalog(left)).FindAsync(import.Workspace, import.Point, Stop));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Steps_that_come_twice_late_or_die_come_to_the_same()
    {
        await using var app = await servers.NewAppAsync(
            ("Chaos:DuplicateActivities", 0.5), ("Chaos:FailActivities", 0.1), ("Chaos:DuplicateTriggers", 0.5), ("Chaos:DelayMs", 50), ("Chaos:LateMs", 500), ("Chaos:Seed", 11));
        var import = await DocumentsAsync(app);
        for (var i = 0; i < 3; i++) Assert.Equal(Expected, Plain(await CalculateAsync(import)));
    }

    // The first hundred natives are there, twenty are not, one lies on a drive, eight rows name none, one row has a cell too many.
    private static async Task<SampleImport> DocumentsAsync(AppProcess app)
    {
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => import.StageAsync($"in/N/{i}.txt", new byte[11])));
        var file = SampleImport.SmallFile([.. Enumerable.Range(0, Rows - 1).Select(i => ($"SECRET{i:d3}", i switch
        {
            < 120 => $"n\\{i}.txt",
            120 => "D:\\N\\1.txt",
            _ => "",
        }))]);
        await import.StageAsync("in/small.dat", [.. file, .. Encoding.UTF8.GetBytes("þSECRETþ\u0014þþ\u0014þþ\r\n")]);
        return import;
    }

    private static async Task<JsonElement> CalculateAsync(SampleImport import)
    {
        await AskAsync(import);
        return await EndAsync(import);
    }

    private static async Task<JsonElement> AskAsync(SampleImport import)
    {
        using var answer = await import.App.Http.PostAsync($"{import.PointAddress}/statistics", null, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        Assert.Equal($"/api/{import.PointAddress}/statistics", answer.Headers.Location!.OriginalString);
        return JsonDocument.Parse(text).RootElement;
    }

    private static Task<JsonElement> ShowAsync(SampleImport import) => import.App.Http.GetFromJsonAsync<JsonElement>($"{import.PointAddress}/statistics", Stop);

    private static async Task<JsonElement> EndAsync(SampleImport import)
    {
        JsonElement now = default;
        await Until.TrueAsync(
            async () => (now = await ShowAsync(import)).Text("state") != "In progress",
            TimeSpan.FromSeconds(90), () => import.App.Failed($"The calculation did not end: {now}").Message);
        return now;
    }

    private static async Task HeldAsync(AppProcess app, Task come)
        => await Until.TrueAsync(() => Task.FromResult(come.IsCompleted), TimeSpan.FromSeconds(90), () => app.Failed("The calculation did not come to the step.").Message);

    private static async Task<string> VersionAsync(SampleImport import)
    {
        using var answer = await import.App.Http.GetAsync(import.PointAddress, Stop);
        return answer.Headers.ETag!.Tag;
    }

    private static async Task<int> CalculationsAsync(AppProcess app)
        => await Blobs.ListAsync(app.Blobs.Jobs, "", Stop).CountAsync(b => b.Name.EndsWith("/statistics/source.json", StringComparison.Ordinal), Stop);

    // Without the time, which each calculation has of its own.
    private static string Plain(JsonElement statistics)
    {
        var plain = JsonObject.Create(statistics)!;
        plain.Remove("calculatedAt");
        return plain.ToJsonString();
    }
}
