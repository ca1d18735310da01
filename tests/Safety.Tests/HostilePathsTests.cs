using System.Text;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>No path inside a load file, of a native, a text or an image, reads what is not below the load file's folder: least of all a file of another workspace.</summary>
public sealed class HostilePathsTests(Servers servers)
{
    private const string Folder = "{victim}", Address = "{address}";

    private static readonly Lock Turn = new();
    private static readonly Dictionary<string, Task<Attempt>> Attempts = [];
    private static Task<(Target Target, SampleImport Victim)>? place;

    // Every name that is one, and those that know where the secret lies.
    private static readonly IReadOnlyDictionary<string, string> Paths = new Dictionary<string, string>(HostileNames.All.Where(n => !string.IsNullOrWhiteSpace(n.Value) && !n.Value.Contains('\n')))
    {
        ["the secret, from the folder"] = $"../../{Folder}/in/secret.txt",
        ["the secret, with backslashes"] = $@"..\..\{Folder}\in\secret.txt",
        ["the secret, down and up again"] = $"a/../../../{Folder}/in/secret.txt",
        ["the secret, encoded"] = $"..%2f..%2f{Folder}%2fin%2fsecret.txt",
        ["the secret, encoded twice"] = $"%252e%252e/%252e%252e/{Folder}/in/secret.txt",
        ["the secret, from the root of the staging area"] = $"/StructuredData/{Folder}/in/secret.txt",
        ["the secret, by its container"] = $"/staging/StructuredData/{Folder}/in/secret.txt",
        ["the secret, as a path of settings"] = $"StructuredData/{Folder}/in/secret.txt",
        ["the secret, by its address"] = $"{Address}/StructuredData/{Folder}/in/secret.txt",
        ["the secret, by its address with a drive before it"] = $"C:/{Address}/StructuredData/{Folder}/in/secret.txt",
        ["the secret, on a server"] = $@"\\localhost\staging\StructuredData\{Folder}\in\secret.txt",
        ["the secret, on a drive that a rule maps away"] = $@"V:\{Folder}\in\secret.txt",
        ["the secret, on a drive and up"] = $@"D:\..\..\{Folder}\in\secret.txt",
        ["the machine's users"] = "../../../../../../../../etc/passwd",
        ["the machine's environment"] = "/proc/self/environ",
    };

    /// <summary>What the path is of, and what it tries.</summary>
    public static TheoryData<string, string> Rows => [.. from kind in (string[])["native", "text", "image"] from path in Paths where Fits(kind, path.Value) select (kind, path.Key)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Rows))]
    public async Task A_path_reads_nothing_outside(string kind, string path)
    {
        var attempt = await AttemptAsync(kind);
        Assert.True(attempt.Errors.Count > 1, attempt.Everything[^1]);
        var id = IdOf(path);
        // Its record is rejected, for whatever of the path is wrong, and nothing of it is there.
        Assert.Contains(attempt.Errors, e => e.Id == id && e.Code is "path-outside-root" or "path-absolute" or "missing-file");
        Assert.DoesNotContain(attempt.Records, r => r.Contains($"\"{id}\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("text")]
    [InlineData("image")]
    public async Task Nothing_of_the_other_workspace_or_of_the_machine_came_in(string kind)
    {
        var attempt = await AttemptAsync(kind);
        Assert.NotEmpty(attempt.Errors);
        foreach (var text in attempt.Everything)
        {
            Assert.DoesNotContain(Target.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("root:x:0", text, StringComparison.Ordinal);
        }
    }

    /// <summary>A rule that maps drives may not map them out, either.</summary>
    [Theory]
    [InlineData("../{victim}/in")]
    [InlineData(@"..\{victim}\in")]
    [InlineData("https://example.com/{victim}")]
    [InlineData("%2e%2e/{victim}")]
    public async Task A_path_rule_leads_nowhere_outside(string to)
    {
        var (target, victim) = await PlaceAsync();
        var reply = await target.Api.PostAsync("workspaces/{ws}/integration-points", new JsonObject
        {
            ["name"] = $"Rule {Guid.NewGuid():n}",
            ["source"] = new JsonObject { ["provider"] = "load-file", ["settings"] = new JsonObject { ["file"] = $"StructuredData/{target.Workspace}/in/small.dat" } },
            ["mapAllFields"] = true,
            ["import"] = new JsonObject { ["nativeColumn"] = "Native Path", ["pathRules"] = new JsonArray(new JsonObject { ["from"] = @"V:\", ["to"] = to.Replace(Folder, victim.Workspace, StringComparison.Ordinal) }) },
        }.ToJsonString());
        Assert.True(reply.Status == 400, reply.Text);
        Assert.Contains(reply.Problems, p => p.Contains("pathRules", StringComparison.Ordinal));
    }

    // Load files of images are read in the usual letters only; with others the whole file is refused.
    private static bool Fits(string kind, string path) => kind != "image" || path.All(c => c is >= ' ' and <= '~');

    private static string IdOf(string path) => $"X{Paths.Keys.ToList().IndexOf(path):000}";

    private Task<(Target Target, SampleImport Victim)> PlaceAsync()
    {
        lock (Turn) return place ??= MakeAsync();

        async Task<(Target, SampleImport)> MakeAsync()
        {
            var target = await SharedTarget.Async(servers);
            return (target, await target.VictimAsync());
        }
    }

    private Task<Attempt> AttemptAsync(string kind)
    {
        lock (Turn) return Attempts.TryGetValue(kind, out var made) ? made : (Attempts[kind] = TryAsync(kind));
    }

    private async Task<Attempt> TryAsync(string kind)
    {
        var (target, victim) = await PlaceAsync();
        var rows = Paths.Where(p => Fits(kind, p.Value)).Select(p => (Id: IdOf(p.Key), Path: p.Value.Replace(Folder, victim.Workspace, StringComparison.Ordinal)
            .Replace(Address, target.App.Blobs.Staging.Uri.ToString(), StringComparison.Ordinal)));
        var import = await SampleImport.NewAsync(target.App, $"in/rows.{(kind == "image" ? "opt" : "dat")}", body => Settings(body, kind));
        await import.StageAsync($"in/rows.{(kind == "image" ? "opt" : "dat")}", Encoding.UTF8.GetBytes(kind == "image"
            ? string.Concat(rows.Select(r => $"{r.Id},VOL,{r.Path},Y,,,1\r\n"))
            : string.Concat(rows.Prepend(("Control Number", "Path")).Select(r => $"\u00FE{r.Item1}\u00FE\u0014\u00FE{r.Item2}\u00FE\r\n"))));
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();

        var api = new Api(target.App, import.Workspace);
        var errors = await api.AllAsync($"jobs/{job}/errors", 1000);
        var records = (await target.App.Http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Document/records.jsonl", Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<string> everything = [.. records, .. errors.Select(e => e.ToJsonString())];
        foreach (var (container, folder) in ((Azure.Storage.Blobs.BlobContainerClient, string)[])[(target.App.Blobs.Files, import.Workspace), (target.App.Blobs.Jobs, job)])
        {
            await foreach (var blob in Storage.Blobs.ListAsync(container, folder + "/", Stop))
                everything.Add(Encoding.UTF8.GetString((await container.GetBlobClient(blob.Name).DownloadContentAsync(Stop)).Value.Content));
        }
        return new Attempt([.. errors.Select(e => (e["sourceId"]?.GetValue<string>() ?? "", e["code"]!.GetValue<string>()))], records, everything);
    }

    private static void Settings(JsonObject body, string kind)
    {
        var import = new JsonObject { ["overwrite"] = "append-overlay", ["pathRules"] = new JsonArray(new JsonObject { ["from"] = @"D:\", ["to"] = "natives" }) };
        body["import"] = import;
        if (kind == "image")
        {
            body["source"]!["provider"] = "image-load-file";
            return;
        }
        import["createFields"] = new JsonObject { ["identifier"] = "Control Number" };
        import[kind == "native" ? "nativeColumn" : "textColumn"] = "Path";
        if (kind == "text") import["textIsPath"] = true;
    }

    /// <summary>What came of an import of every path.</summary>
    private sealed record Attempt(IReadOnlyList<(string Id, string Code)> Errors, IReadOnlyList<string> Records, IReadOnlyList<string> Everything);
}
