using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A workspace of a running app with an integration point that imports the sample data set, or another load file.</summary>
internal sealed class SampleImport
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private SampleImport(AppProcess app, string workspace, string point) => (App, Workspace, Point) = (app, workspace, point);

    /// <summary>Where the sample data set lies.</summary>
    public static string SampleFolder { get; } = Path.Combine(RepositoryRoot(), "tests", "data", "sample");

    /// <summary>The app.</summary>
    public AppProcess App { get; }

    /// <summary>The workspace's id.</summary>
    public string Workspace { get; }

    /// <summary>The integration point's id.</summary>
    public string Point { get; }

    /// <summary>The workspace's folder of the staging area.</summary>
    public string Folder => $"StructuredData/{Workspace}";

    /// <summary>The address of the integration point.</summary>
    public string PointAddress => $"workspaces/{Workspace}/integration-points/{Point}";

    /// <summary>A workspace whose point imports the sample, which is in the staging area.</summary>
    public static async Task<SampleImport> NewAsync(AppProcess app)
    {
        var import = await NewAsync(app, "in/documents.dat");
        await import.StageSampleAsync("in");
        return import;
    }

    /// <summary>A workspace with a point that imports a file of the workspace's folder; nothing is in the staging area yet.</summary>
    public static async Task<SampleImport> NewAsync(AppProcess app, string file, Action<JsonObject>? change = null)
    {
        var workspace = (await PostAsync(app, "workspaces", new { name = "Harbour" })).GetProperty("id").GetString()!;
        return await new SampleImport(app, workspace, "").PointAsync("Sample", file, change);
    }

    /// <summary>Another point in the same workspace.</summary>
    public async Task<SampleImport> PointAsync(string name, string file, Action<JsonObject>? change = null)
    {
        var body = JsonSerializer.SerializeToNode(PointBody(name, $"{Folder}/{file}"), JsonSerializerOptions.Web)!.AsObject();
        change?.Invoke(body);
        return new SampleImport(App, Workspace, (await PostAsync(App, $"workspaces/{Workspace}/integration-points", body)).GetProperty("id").GetString()!);
    }

    /// <summary>The same workspace with another of its points.</summary>
    public SampleImport WithPoint(string point) => new(App, Workspace, point);

    /// <summary>A point in the same workspace that overlays the records that are there with the sample.</summary>
    public Task<SampleImport> OverlayAsync() => PointAsync("Overlay", "in/documents.dat", body => body["import"]!["overwrite"] = "append-overlay");

    /// <summary>A workspace whose point imports small files of two columns, identifier and native; it runs when they are uploaded.</summary>
    public static Task<SampleImport> NewSmallAsync(AppProcess app, Action<JsonObject>? change = null) => NewAsync(app, "in/small.dat", body =>
    {
        body["runOnUpload"] = true;
        body["import"] = JsonSerializer.SerializeToNode(new { overwrite = "append-overlay", nativeColumn = "Native Path", identifierColumn = "Control Number" });
        change?.Invoke(body);
    });

    /// <summary>A load file for <see cref="NewSmallAsync"/>.</summary>
    public static byte[] SmallFile(params (string Identifier, string Native)[] rows) => Encoding.UTF8.GetBytes(
        string.Concat(rows.Prepend(("Control Number", "Native Path")).Select(r => $"\u00FE{r.Item1}\u00FE\u0014\u00FE{r.Item2}\u00FE\r\n")));

    /// <summary>Puts the sample into a folder below the workspace's own.</summary>
    public async Task StageSampleAsync(string folder)
    {
        var files = Directory.EnumerateFiles(SampleFolder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(SampleFolder, f).Replace('\\', '/'));
        await Parallel.ForEachAsync(
            files.Where(f => f.Contains('/', StringComparison.Ordinal) || f.EndsWith(".dat", StringComparison.Ordinal)),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (file, _) => await StageAsync($"{folder}/{file}", await File.ReadAllBytesAsync(Path.Combine(SampleFolder, file), CancellationToken.None)));
    }

    /// <summary>Puts a file into the workspace's folder of the staging area, in place of the one that is there.</summary>
    public Task StageAsync(string path, byte[] content) => App.Blobs.Staging.GetBlobClient($"{Folder}/{path}").UploadAsync(new BinaryData(content), overwrite: true);

    /// <summary>Asks for a run.</summary>
    public async Task<HttpResponseMessage> TryRunAsync(string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{PointAddress}/run");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await App.Http.SendAsync(request);
    }

    /// <summary>Starts a job and answers with its id.</summary>
    public async Task<string> RunAsync(string? key = null)
    {
        using var answer = await TryRunAsync(key);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
    }

    /// <summary>The job as the API shows it.</summary>
    public Task<JsonElement> JobAsync(string job) => App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}");

    /// <summary>The jobs of the workspace, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> JobsAsync()
        => [.. (await App.Http.GetFromJsonAsync<JsonElement>($"workspaces/{Workspace}/jobs?pageSize=1000")).GetProperty("items").EnumerateArray().Reverse()];

    /// <summary>Waits until the job has ended and answers with it.</summary>
    public Task<JsonElement> EndOfAsync(string job) => UntilAsync(Until.LastsAsync, job, j => j.GetProperty("isFinal").GetBoolean());

    /// <summary>Waits until the job is as asked for.</summary>
    public Task<JsonElement> UntilAsync(string job, Func<JsonElement, bool> condition) => UntilAsync(Until.TrueAsync, job, condition);

    private async Task<JsonElement> UntilAsync(Func<Func<Task<bool>>, TimeSpan, Func<string>, Task> until, string job, Func<JsonElement, bool> condition)
    {
        JsonElement now = default;
        await until(
            async () => condition(now = await JobAsync(job)), Patience, () => App.Failed($"The job did not come to what was waited for: {now}").Message);
        return now;
    }

    /// <summary>Waits until the workspace has so many jobs that have ended, and no others.</summary>
    public async Task<IReadOnlyList<JsonElement>> EndedJobsAsync(int count)
    {
        IReadOnlyList<JsonElement> jobs = [];
        await Until.TrueAsync(
            async () => (jobs = await JobsAsync()).Count >= count && jobs.All(j => j.GetProperty("isFinal").GetBoolean()),
            Patience, () => App.Failed($"There are other jobs than {count} that ended: {string.Join('\n', jobs)}").Message);
        Assert.Equal(count, jobs.Count);
        return jobs;
    }

    /// <summary>Takes the point's lease for a job, as if it ran.</summary>
    public async Task HoldAsync(string job)
        => Assert.Equal(job, await App.Tables.Leases.TryAcquireAsync(Workspace, Point, job, CancellationToken.None));

    /// <summary>Gives the point's lease back.</summary>
    public Task ReleaseAsync(string job) => App.Tables.Leases.ReleaseAsync(Workspace, Point, job, CancellationToken.None);

    /// <summary>Waits until the point can run again: the last thing that a job does.</summary>
    public Task UntilFreeAsync() => Until.TrueAsync(
        async () => await App.Tables.Leases.HolderAsync(Workspace, Point, CancellationToken.None) is null, Patience, () => App.Failed("The point stays busy.").Message);

    /// <summary>How many records the workspace holds.</summary>
    public async Task<int> CountAsync()
        => (await App.Http.GetStringAsync($"workspaces/{Workspace}/object-types/Document/records.jsonl")).Count(c => c == '\n');

    /// <summary>Posts and reads the answer; any failure ends the test with the app's words.</summary>
    public static async Task<JsonElement> PostAsync(AppProcess app, string address, object body)
    {
        using var answer = await app.Http.PostAsJsonAsync(address, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static object PointBody(string name, string file) => new
    {
        name,
        source = new { provider = "load-file", settings = new { file } },
        mapAllFields = true,
        import = new
        {
            overwrite = "append",
            nativeColumn = "Native Path",
            textColumn = "Text Path",
            textIsPath = true,
            folderColumn = "Folder Path",
            createFields = JsonNode.Parse(File.ReadAllText(Path.Combine(SampleFolder, "schema.json"))),
        },
    };

    private static string RepositoryRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Serverless.sln"))) return folder;
        throw new InvalidOperationException($"No Serverless.sln above {AppContext.BaseDirectory}.");
    }
}
