using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Documents of the sample exported by the running app, and what disturbances change of it: nothing.</summary>
public sealed class ExportTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_document_of_a_workspace_is_in_the_load_file_with_its_native_and_its_text()
    {
        var (import, _, _, _) = await servers.QuietAsync();
        var export = await import.ExportAsync();
        var job = await export.RunAsync();
        var ended = await export.EndOfAsync(job);

        Assert.Equal("Completed", ended.Text("status"));
        ended.AssertReconciles();
        Assert.Equal(await import.CountAsync(), ended.Number("transferred"));
        Assert.Equal(ended.Number("total"), ended.Number("read"));
        var output = await export.OutputAsync(job);
        var data = output.Single(line => line.StartsWith("Harbour_export.dat", StringComparison.Ordinal));
        Assert.Equal(ended.Number("transferred") + 1, data.Count(c => c == '\n'));
        Assert.All(data.Split("\r\n")[1..^1], row => Assert.Matches(@"\.\\VOL01\\NATIVES\\NATIVE\d{3}\\", row));
        Assert.Contains(output, line => line.StartsWith("manifest.csv ", StringComparison.Ordinal));
        Assert.Contains(output, line => line.StartsWith("summary.txt ", StringComparison.Ordinal) && line.Contains("Completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_of_files_gives_addresses_from_which_each_can_be_read()
    {
        var (import, _, _, _) = await servers.QuietAsync();
        var export = await import.ExportAsync();
        var job = await export.RunAsync();
        await export.EndOfAsync(job);
        await export.UntilFreeAsync();
        var output = await export.OutputAsync(job);

        var listed = new List<JsonElement>();
        string? token = null;
        do
        {
            var page = await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/output/files?pageSize=150{(token is null ? "" : $"&continuationToken={token}")}", Stop);
            listed.AddRange(page.GetProperty("items").EnumerateArray());
            token = page.TryGetProperty("continuationToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        Assert.Equal(output.Count, listed.Count);
        using var plain = new HttpClient();
        foreach (var file in listed.Where(f => f.Text("kind") is "load-file" or "list").Concat(listed.Take(3)))
            Assert.Equal(file.Number("bytes"), (await plain.GetByteArrayAsync(new Uri(file.Text("address")), Stop)).Length);
    }

    [Fact]
    public async Task A_load_file_that_is_there_fails_the_job_before_anything_is_written()
    {
        var (import, _, _, _) = await servers.QuietAsync();
        var export = await import.ExportAsync(Into("Fixed"));
        await export.EndOfAsync(await export.RunAsync());
        await export.UntilFreeAsync();
        var second = await export.RunAsync();
        Assert.Equal("Validation failed", (await export.EndOfAsync(second)).Text("status"));
        var errors = await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{second}/errors", Stop);
        Assert.Equal("load-file-exists", errors.GetProperty("items")[0].Text("code"));
    }

    [Fact]
    public async Task Files_that_are_there_are_left_or_replaced_as_the_settings_say()
    {
        var (import, _, _, _) = await servers.QuietAsync();
        var export = await import.ExportAsync(body => { Into("Again")(body); Settings(body)["overwrite"] = true; });
        var first = await export.RunAsync();
        await export.EndOfAsync(first);
        await export.UntilFreeAsync();
        var before = await export.OutputAsync(first);
        var second = await export.RunAsync();
        Assert.Equal("Completed", (await export.EndOfAsync(second)).Text("status"));
        await export.UntilFreeAsync();
        Assert.Equal(before, await export.OutputAsync(second));
    }

    [Fact]
    public async Task A_document_whose_file_is_gone_is_left_out_whole_and_a_retry_exports_it_beside_the_others()
    {
        var import = await SampleImport.NewAsync(await servers.AppAsync());
        await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        var native = await import.App.Blobs.Files.GetBlobsAsync(new Azure.Storage.Blobs.Models.GetBlobsOptions { Prefix = import.Workspace + "/" }, Stop)
            .FirstAsync(b => b.Name.EndsWith(".eml", StringComparison.Ordinal), Stop);
        var blob = import.App.Blobs.Files.GetBlobClient(native.Name);
        var content = (await blob.DownloadContentAsync(Stop)).Value.Content;
        await blob.DeleteAsync(cancellationToken: Stop);

        var export = await import.ExportAsync(Into("Retried"));
        var first = await export.RunAsync();
        var ended = await export.EndOfAsync(first);
        Assert.Equal(("Completed with errors", 1L), (ended.Text("status"), ended.Number("withErrors")));
        ended.AssertReconciles();
        var error = (await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{first}/errors", Stop)).GetProperty("items")[0];
        Assert.Equal("missing-file", error.Text("code"));
        await export.UntilFreeAsync();
        var before = await export.OutputAsync(first);
        Assert.DoesNotContain($"\u00FE{error.Text("sourceId")}\u00FE", before.Single(IsData), StringComparison.Ordinal);

        await blob.UploadAsync(content, Stop);
        var second = (await SampleImport.PostAsync(import.App, $"{export.PointAddress}/retry", new { })).Text("jobId");
        var retried = await export.EndOfAsync(second);
        Assert.Equal(("Completed", 1L), (retried.Text("status"), retried.Number("transferred")));
        await export.UntilFreeAsync();
        Assert.Contains($"\u00FE{error.Text("sourceId")}\u00FE", (await export.OutputAsync(second)).Single(IsData), StringComparison.Ordinal);
        Assert.Equal(before, (await export.OutputAsync(first)).Where(line => !line.StartsWith("Out ", StringComparison.Ordinal)));

        static bool IsData(string line) => line.StartsWith("Harbour_export.dat", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_export_of_other_settings_needs_is_said_all_at_once_when_it_is_saved()
    {
        var (import, _, _, _) = await servers.QuietAsync();
        var body = new JsonObject
        {
            ["name"] = "Wrong",
            ["objectType"] = "Entity",
            ["runOnUpload"] = true,
            ["source"] = new JsonObject { ["provider"] = "workspace", ["settings"] = new JsonObject { ["part"] = "saved-search" } },
            ["destination"] = new JsonObject
            {
                ["provider"] = "load-file",
                ["settings"] = new JsonObject { ["encoding"] = "klingon", ["folder"] = "../../other", ["volume"] = new JsonObject { ["maxMegabytes"] = 0 } },
            },
        };
        using var answer = await import.App.Http.PostAsJsonAsync($"workspaces/{import.Workspace}/integration-points", body, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        foreach (var part in (string[])["objectType", "runOnUpload", "source.settings.savedSearch", "destination.settings.encoding", "destination.settings.folder", "destination.settings.volume.maxMegabytes"])
            Assert.Contains($"\"{part}\"", text, StringComparison.Ordinal);
    }

    internal static JsonObject Settings(JsonObject body) => body["destination"]!["settings"]!.AsObject();

    internal static Action<JsonObject> Into(string folder) => body =>
    {
        Settings(body)["folder"] = folder;
        Settings(body)["createFolder"] = false;
    };
}

/// <summary>Exports whose activities come twice, late or die, whose process is killed, or whose batches are of another size: the bytes are the same.</summary>
[Trait("Speed", "Slow")]
public sealed class ExportChaosTests(Servers servers)
{
    public static TheoryData<string, (string, object)[]> Disturbances => new()
    {
        { "batches are of another size", [("Jobs:BatchRecords", 7), ("Jobs:PageBatches", 64)] },
        { "activities come twice, at once or late", [("Chaos:DuplicateActivities", 0.5), ("Chaos:LateMs", 500)] },
        { "activities die", [("Chaos:FailActivities", 0.1)] },
        { "the process dies after every few activities", [("Chaos:CrashAfterActivities", 6)] },
    };

    [Theory]
    [MemberData(nameof(Disturbances))]
    public async Task An_export_comes_to_the_same_bytes_when(string what, (string, object)[] settings)
    {
        Assert.NotEmpty(what);
        var (quiet, _, _, _) = await servers.QuietAsync();
        var (expected, _) = await OutputAsync(await quiet.ExportAsync());

        await using var app = await servers.NewAppAsync();
        var import = await SampleImport.NewAsync(app);
        await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        await app.KillAsync();
        app.Set([.. settings, ("Chaos:Seed", 11)]);
        await app.StartAsync();
        var (output, starts) = await OutputAsync(await import.ExportAsync());

        Assert.Equal(expected, output);
        if (app.Settings.ContainsKey("Chaos:CrashAfterActivities")) Assert.True(starts > 2, "The process did not die.");
    }

    [Fact]
    public async Task A_stopped_export_leaves_load_files_of_what_was_transferred()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DelayMs", 500), ("Chaos:Seed", 5));
        var import = await SampleImport.NewAsync(app);
        await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        var export = await import.ExportAsync();
        var job = await export.RunAsync();
        await export.UntilAsync(job, j => j.Number("read") > 0);
        using var stop = await app.Http.PostAsync($"jobs/{job}/stop", null, TestContext.Current.CancellationToken);
        var ended = await export.EndOfAsync(job);

        Assert.Equal("Stopped", ended.Text("status"));
        ended.AssertReconciles();
        await export.UntilFreeAsync();
        var data = (await export.OutputAsync(job)).Single(line => line.StartsWith("Harbour_export.dat", StringComparison.Ordinal));
        Assert.Equal(ended.Number("transferred") + 1, data.Count(c => c == '\n'));
    }

    private static async Task<(IReadOnlyList<string> Output, int Starts)> OutputAsync(SampleImport export)
    {
        var job = await export.RunAsync();
        while (true)
        {
            try
            {
                Assert.Equal("Completed", (await export.EndOfAsync(job)).Text("status"));
                await export.UntilFreeAsync();
                var starts = export.App.Starts;
                if (export.App.Settings.ContainsKey("Chaos:CrashAfterActivities"))
                {
                    // The next death may come at any time after the end.
                    await export.App.KillAsync();
                    export.App.Set(("Chaos:CrashAfterActivities", 0));
                    await export.App.StartAsync();
                }
                return (await export.OutputAsync(job), starts);
            }
            catch (HttpRequestException)
            {
                await export.App.EndAsync();
                await export.App.StartAsync();
            }
        }
    }
}
