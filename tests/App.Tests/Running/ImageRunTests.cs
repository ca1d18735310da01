using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// A production load file through the running app, in peace and disturbed: counts, errors, images, Bates numbers and the production come to the
/// same.
/// </summary>
public sealed class ImageRunTests(Servers servers)
{
    private const int Documents = 60;

    // Group IV, white, 64 by 32 pixels.
    internal static readonly byte[] Tiff = Convert.FromHexString(
        "49492A00080000000800000104000100000040000000010104000100000020000000020103000100000001000000030103000100000004000000060103000100000000000000"
        + "1101040001000000"
        + "6E000000" + "160104000100000020000000" + "170104000100000007000000" + "00000000" + "FFFFFFFF001001");

    public static TheoryData<string, (string, object)[]> Disturbances => new()
    {
        { "activities come twice, at once or late", [("Chaos:DuplicateActivities", 0.5)] },
        { "activities die", [("Chaos:FailActivities", 0.1)] },
        { "everything at once", [("Chaos:DuplicateActivities", 0.5), ("Chaos:FailActivities", 0.1), ("Chaos:DelayMs", 100), ("Chaos:DuplicateTriggers", 0.5)] },
    };

    [Fact]
    public async Task A_production_is_imported_listed_and_produced_and_refuses_another_import()
    {
        var import = await ProductionAsync(await servers.AppAsync());
        var job = await import.RunAsync();
        var view = await import.EndOfAsync(job);
        Assert.Equal("Completed with errors", view.GetProperty("status").GetString());
        Assert.Equal((Documents, Documents - 3, 3), (view.Number("read"), view.Number("transferred"), view.Number("withErrors")));
        view.AssertReconciles();

        var production = await import.App.Http.GetFromJsonAsync<JsonElement>($"workspaces/{import.Workspace}/productions/vol%201", TestContext.Current.CancellationToken);
        Assert.Equal("Produced", production.GetProperty("status").GetString());
        var lines = (await import.App.Http.GetStringAsync($"workspaces/{import.Workspace}/images.jsonl", TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Documents - 3, lines.Length);
        Assert.Equal(lines, await PagedAsync(import));
        var first = JsonNode.Parse(lines[0])!;
        Assert.Equal("B0000-0", first["document"]!.GetValue<string>());
        Assert.Equal(
            $$"""{"id":"B0000-0","file":"1.tif","bytes":{{Tiff.Length}},"type":"tiff","pagesInFile":1,"pageOfFile":0,"rotation":0,"sha256":"{{Hash(Tiff)}}","production":"{{production.GetProperty("id").GetString()}}"}""",
            first["pages"]![0]!.ToJsonString());

        var other = await import.PointAsync("Other", "in/images.opt", AsProduction);
        var refused = await other.RunAsync();
        Assert.Equal("Validation failed", (await other.EndOfAsync(refused)).GetProperty("status").GetString());
        Assert.Contains("| production-exists |", Assert.Single(await Snapshot.ProblemsAsync(import.App.Http, refused, "errors")), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Disturbances))]
    public async Task A_production_comes_to_the_same_when(string what, (string, object)[] settings)
    {
        Assert.NotEmpty(what);
        await using var app = await servers.NewAppAsync([.. settings, ("Chaos:LateMs", 1000), ("Chaos:Seed", 42)]);
        var import = await ProductionAsync(app);
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        (await QuietAsync()).AssertSame(await Snapshot.OfAsync(import, job));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_production_whose_process_dies_after_every_few_activities_comes_to_the_same(int activities)
    {
        await using var app = await servers.NewAppAsync(("Chaos:CrashAfterActivities", activities));
        var import = await ProductionAsync(app);
        var job = await import.RunAsync();
        while (!await EndsAsync(import, job))
        {
            await app.EndAsync();
            await app.StartAsync();
        }
        Assert.True(app.Starts > 2, "The process did not die.");
        await app.KillAsync();
        app.Set(("Chaos:CrashAfterActivities", 0));
        await app.StartAsync();
        await import.UntilFreeAsync();
        (await QuietAsync()).AssertSame(await Snapshot.OfAsync(import, job));
    }

    [Fact]
    public async Task An_image_load_file_that_lands_is_imported_when_its_images_are_there()
    {
        var import = await SampleImport.NewAsync(await servers.UploadsAppAsync(), "in/images.opt", body =>
        {
            AsProduction(body);
            body["source"]!["settings"]!["production"] = null;
            body["runOnUpload"] = true;
        });
        await import.StageAsync("Import/Sample/images.opt", "A,V,IMG\\1.tif,Y\n"u8.ToArray());
        await import.StageAsync("Import/Sample/IMG/1.tif", Tiff);
        var job = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal((1, 1), (job.Number("read"), job.Number("transferred")));
    }

    private async Task<Snapshot> QuietAsync()
    {
        var import = await ProductionAsync(await servers.AppAsync());
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        return await Snapshot.OfAsync(import, job);
    }

    internal static async Task<SampleImport> ProductionAsync(AppProcess app)
    {
        var import = await SampleImport.NewAsync(app, "in/images.opt", AsProduction);
        foreach (var name in new[] { "1.tif", "2.tif", "3.tif" }) await import.StageAsync($"in/IMG/{name}", Tiff);
        await import.StageAsync("in/IMG/bad.png", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0]);
        await import.StageAsync("in/images.opt", Encoding.ASCII.GetBytes(LoadFile()));
        return import;
    }

    // Three documents are bad: a file that is missing, one that is no image, a page id that stood at the beginning.
    private static string LoadFile()
    {
        var file = new StringBuilder();
        for (var document = 0; document < Documents; document++)
        {
            for (var page = 0; page < 3; page++)
            {
                var id = (document, page) == (50, 2) ? "b0000-1" : $"B{document:d4}-{page}";
                var name = (document, page) switch { (7, 1) => "gone.tif", (30, 2) => "bad.png", _ => $"{1 + page}.tif" };
                file.Append(CultureInfo.InvariantCulture, $"{id},V,IMG\\{name},{(page == 0 ? "Y" : "")},,,{(page == 0 ? "3" : "")}\r\n");
            }
        }
        return file.ToString();
    }

    private static void AsProduction(JsonObject body)
    {
        var file = body["source"]!["settings"]!["file"]!.GetValue<string>();
        body["source"] = JsonSerializer.SerializeToNode(new { provider = "image-load-file", settings = new { file, production = "Vol 1" } });
        body["import"] = JsonSerializer.SerializeToNode(new { overwrite = "append" });
    }

    private static async Task<IReadOnlyList<string>> PagedAsync(SampleImport import)
    {
        var lines = new List<string>();
        for (var token = ""; token is not null;)
        {
            var page = await import.App.Http.GetFromJsonAsync<JsonElement>(
                $"workspaces/{import.Workspace}/images?pageSize=7{(token.Length > 0 ? $"&continuationToken={Uri.EscapeDataString(token)}" : "")}", TestContext.Current.CancellationToken);
            lines.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()));
            token = page.GetProperty("continuationToken").GetString();
        }
        return lines;
    }

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

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
}
