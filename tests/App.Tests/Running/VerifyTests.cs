using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>The manifest of a job over HTTP, and reading its files again.</summary>
public sealed class VerifyTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_manifest_says_what_was_imported_from_what_and_how()
    {
        var (import, job, quiet, _) = await servers.QuietAsync();
        var head = await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/manifest", Stop);
        var loadFile = await File.ReadAllBytesAsync(Path.Combine(SampleImport.SampleFolder, "documents.dat"), Stop);
        Assert.Equal($"{import.Folder}/in/documents.dat", head.GetProperty("loadFile").Text("name"));
        Assert.Equal(Hash(loadFile), head.GetProperty("loadFile").Text("sha256"));
        Assert.Equal("Native Path", head.GetProperty("import").Text("nativeColumn"));
        Assert.Equal((await import.JobAsync(job)).Number("transferred"), head.GetProperty("counts").Number("written"));

        using var answer = await import.App.Http.GetAsync($"jobs/{job}/manifest/files", Stop);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        var csv = await answer.Content.ReadAsByteArrayAsync(Stop);
        Assert.Equal(Hash(csv), head.GetProperty("manifest").Text("sha256"));
        var rows = Encoding.UTF8.GetString(csv).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(head.GetProperty("files").Number("files"), rows.Length);
        // Every file that the workspace keeps is in it.
        Assert.All(quiet.Files, file => Assert.Contains(quiet.Manifest, row => row.Contains($"\"{file.Split(' ')[0]}\"", StringComparison.Ordinal)));
        var lines = rows.Select(row => long.Parse(row.Split('"')[1], null)).ToList();
        Assert.Equal(lines.Order(), lines);
    }

    [Fact]
    public async Task A_job_whose_files_are_as_they_were_is_equal()
    {
        var (import, job, _, _) = await servers.QuietAsync();
        var result = await VerifyAsync(import, job);
        Assert.Equal("Equal", result.Text("status"));
        var counts = result.GetProperty("counts");
        Assert.Equal(result.Number("total"), counts.Number("files"));
        Assert.Equal(counts.Number("files"), counts.Number("equal"));
        Assert.NotEqual(0, counts.Number("withoutHash"));
        Assert.Contains("MD5", result.Text("remark"), StringComparison.Ordinal);
        Assert.Empty(result.GetProperty("differences").EnumerateArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_changed_truncated_or_removed_is_found_and_named(bool hashFiles)
    {
        var import = await ImportAsync(hashFiles, 5);
        var job = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        var natives = await NativesAsync(import);
        await OverwriteAsync(import, natives[0], "NATIVE 0"u8.ToArray());
        await OverwriteAsync(import, natives[1], "nati"u8.ToArray());
        await import.App.Blobs.Files.DeleteBlobAsync(natives[2], cancellationToken: Stop);
        await import.StageAsync("in/small.dat", [.. SampleImport.SmallFile(("X", "x.txt"))]);

        var result = await VerifyAsync(import, job);
        Assert.Equal("Different", result.Text("status"));
        var counts = result.GetProperty("counts");
        Assert.Equal((7, 3, 3, 1), (counts.Number("files"), counts.Number("equal"), counts.Number("differing"), counts.Number("missing")));
        Assert.Equal(hashFiles ? 0 : 2, counts.Number("withoutHash"));
        string[] expected = ["load-file size-differs", "native hash-differs D0", "native size-differs D1", "native file-missing D2"];
        Assert.Equal(expected, result.GetProperty("differences").EnumerateArray().Select(Words));

        // Page by page, whatever their size.
        var address = $"jobs/{job}/verifications/{result.Text("id")}/differences";
        var (listed, token) = (new List<string>(), (string?)null);
        do
        {
            var page = await import.App.Http.GetFromJsonAsync<JsonElement>($"{address}?pageSize=1{(token is null ? "" : $"&continuationToken={token}")}", Stop);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(Words));
            token = page.GetProperty("continuationToken").GetString();
        }
        while (token is not null);
        Assert.Equal(expected, listed);
    }

    [Fact]
    public async Task A_manifest_that_was_changed_is_not_relied_on()
    {
        var import = await ImportAsync(hashFiles: true, 3);
        var job = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        var blob = import.App.Blobs.Jobs.GetBlobClient(JobFiles.ManifestName(job));
        var csv = (await blob.DownloadContentAsync(Stop)).Value.Content.ToString();
        await blob.UploadAsync(BinaryData.FromString(csv.Replace("\"D1\"", "\"D9\"", StringComparison.Ordinal)), overwrite: true, Stop);
        var result = await VerifyAsync(import, job);
        Assert.Equal("Different", result.Text("status"));
        Assert.Equal(["manifest hash-differs"], result.GetProperty("differences").EnumerateArray().Select(Words));
        Assert.Equal(2, result.GetProperty("counts").Number("files"));
    }

    [Fact]
    public async Task A_text_of_a_record_that_another_job_overlaid_is_another_text()
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app, "in/small.dat", body =>
        {
            body["import"]!["overwrite"] = "append-overlay";
            body["import"]!["nativeColumn"] = null;
            body["import"]!["textColumn"] = "Native Path";
            body["import"]!["folderColumn"] = null;
            body["import"]!["createFields"] = JsonSerializer.SerializeToNode(new { identifier = "Control Number" });
        });
        await import.StageAsync("in/a.txt", "the text"u8.ToArray());
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A", "a.txt")));
        var first = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        await import.UntilFreeAsync();
        await import.StageAsync("in/a.txt", "another"u8.ToArray());
        await import.EndOfAsync(await import.RunAsync());
        var result = await VerifyAsync(import, first);
        Assert.Equal(["text text-differs A"], result.GetProperty("differences").EnumerateArray().Select(Words));
    }

    [Fact]
    public async Task What_imported_nothing_cannot_be_verified_and_what_nobody_started_is_not_found()
    {
        var import = await SampleImport.NewAsync(await servers.AppAsync(), "in/not there.dat");
        var job = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        using (var answer = await import.App.Http.PostAsync($"jobs/{job}/verify", null, Stop))
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Equal("no-manifest", (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("code"));
        }
        foreach (var id in (string[])["0123", new string('0', 32), "..%2F..%2Fjob"])
        {
            using var answer = await import.App.Http.GetAsync($"jobs/{job}/verifications/{id}", Stop);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_verification_that_is_killed_and_whose_steps_come_twice_comes_to_the_same()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DuplicateActivities", 0.5), ("Chaos:LateMs", 300), ("Chaos:Seed", 7));
        var import = await ImportAsync(hashFiles: true, 1200, app);
        var job = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        await app.Blobs.Files.DeleteBlobAsync((await NativesAsync(import))[^1], cancellationToken: Stop);
        var id = await StartAsync(import, job);
        await app.KillAsync();
        await app.StartAsync();
        var result = await EndAsync(import, job, id);
        Assert.Equal((1202, 1201, 1), (result.GetProperty("counts").Number("files"), result.GetProperty("counts").Number("equal"), result.GetProperty("counts").Number("missing")));
    }

    private async Task<SampleImport> ImportAsync(bool hashFiles, int documents, AppProcess? app = null)
    {
        var import = await SampleImport.NewSmallAsync(app ?? await servers.AppAsync(), body =>
        {
            body["runOnUpload"] = false;
            body["import"]!["hashFiles"] = hashFiles;
        });
        for (var i = 0; i < documents; i++) await import.StageAsync($"in/{i}.txt", Encoding.UTF8.GetBytes($"native {i}"));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. Enumerable.Range(0, documents).Select(i => ($"D{i}", $"{i}.txt"))]));
        return import;
    }

    private static async Task<List<string>> NativesAsync(SampleImport import)
        => [.. await Blobs.ListAsync(import.App.Blobs.Files, import.Workspace + "/", Stop).Select(b => b.Name).ToListAsync(Stop)];

    private static Task OverwriteAsync(SampleImport import, string name, byte[] content)
        => import.App.Blobs.Files.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Stop);

    private static async Task<string> StartAsync(SampleImport import, string job)
    {
        using var answer = await import.App.Http.PostAsync($"jobs/{job}/verify", null, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        var id = JsonDocument.Parse(text).RootElement.Text("id");
        Assert.Equal($"/api/jobs/{job}/verifications/{id}", answer.Headers.Location!.OriginalString);
        return id;
    }

    internal static async Task<JsonElement> VerifyAsync(SampleImport import, string job) => await EndAsync(import, job, await StartAsync(import, job));

    private static async Task<JsonElement> EndAsync(SampleImport import, string job, string id)
    {
        JsonElement now = default;
        await Until.TrueAsync(
            async () => (now = await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/verifications/{id}", Stop)).Text("status") != "Running",
            TimeSpan.FromSeconds(90), () => import.App.Failed($"The verification did not end: {now}").Message);
        return now;
    }

    internal static string Words(JsonElement difference)
        => $"{difference.Text("kind")} {difference.Text("code")} {(difference.TryGetProperty("identifier", out var id) ? id.GetString() : "")}".TrimEnd();

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
