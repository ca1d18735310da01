using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Bench;

/// <summary>What a job took.</summary>
/// <param name="Job">Its id.</param>
/// <param name="Workspace">The workspace of its integration point.</param>
/// <param name="Elapsed">From the job's start to its end, as the job history has it; staging is not part of it.</param>
/// <param name="App">Processor time of the app, in the same span give or take a second.</param>
/// <param name="Storage">Processor time of Azurite.</param>
/// <param name="Requests">What the app asked of its storage account, by kind.</param>
internal sealed record MeasuredJob(
    string Job, string Workspace, TimeSpan Elapsed, TimeSpan App, TimeSpan Storage, IReadOnlyDictionary<string, int> Requests)
{
    private const int UploadsAtOnce = 16;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>How many of the requests were for the documents' own files: reads, copies, writes.</summary>
    public int FileOperations => Requests
        .Where(r => r.Key.EndsWith(" files", StringComparison.Ordinal) || r.Key.EndsWith(" staging", StringComparison.Ordinal)).Sum(r => r.Value);

    /// <summary>Puts a generated set into the staging area of a new workspace and imports it through the API.</summary>
    /// <exception cref="InvalidOperationException">Not every document was transferred.</exception>
    public static async Task<MeasuredJob> RunAsync(LocalApp app, GeneratorOptions options, GeneratedSet set, CancellationToken cancellationToken)
    {
        var (workspace, point) = await StagePointAsync(app, options, set, cancellationToken);
        return await RunAsync(app, workspace, point, set.Documents, cancellationToken);
    }

    /// <summary>Runs an integration point through the API.</summary>
    /// <param name="app">Where it was made.</param>
    /// <param name="workspace">The workspace that it is of.</param>
    /// <param name="point">Its address.</param>
    /// <param name="documents">How many it must transfer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Not every document was transferred.</exception>
    public static async Task<MeasuredJob> RunAsync(LocalApp app, string workspace, string point, int documents, CancellationToken cancellationToken)
    {
        app.Storage.TakeRequests();
        var before = app.Processor;
        var job = (await PostAsync(app, $"{point}/run", null, cancellationToken)).GetProperty("jobId").GetString()!;
        JsonElement view;
        do
        {
            await Task.Delay(Poll, cancellationToken);
            view = await app.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}", cancellationToken);
        }
        while (!view.GetProperty("isFinal").GetBoolean());
        if (view.GetProperty("transferred").GetInt64() != documents)
        {
            var errors = await app.Http.GetStringAsync($"jobs/{job}/errors?pageSize=3", cancellationToken);
            throw new InvalidOperationException($"The job went wrong: {view}\n{errors}");
        }
        var elapsed = view.GetProperty("endedUtc").GetDateTimeOffset() - view.GetProperty("startedUtc").GetDateTimeOffset();
        var after = app.Processor;
        return new MeasuredJob(job, workspace, elapsed, after.App - before.App, after.Storage - before.Storage, app.Storage.TakeRequests());
    }

    /// <summary>Puts a generated set into the staging area of a new workspace, and makes a point that imports it; answers with both addresses.</summary>
    public static Task<(string Workspace, string Point)> StagePointAsync(
        LocalApp app, GeneratorOptions options, GeneratedSet set, CancellationToken cancellationToken)
        => StagePointAsync(
            app, Path.GetDirectoryName(set.LoadFilePath)!, folder => Point(options, set, $"{folder}/{Path.GetFileName(set.LoadFilePath)}"), cancellationToken);

    /// <summary>Puts all files of a folder into the staging area of a new workspace, and makes a point; answers with both addresses.</summary>
    /// <param name="app">Where.</param>
    /// <param name="files">The folder on this machine.</param>
    /// <param name="body">The point as the API takes it, from the folder of the staging area that the files are in.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    public static async Task<(string Workspace, string Point)> StagePointAsync(
        LocalApp app, string files, Func<string, object> body, CancellationToken cancellationToken)
    {
        var workspace = (await PostAsync(app, "workspaces", new { name = "Bench" }, cancellationToken)).GetProperty("id").GetString()!;
        var folder = $"StructuredData/{workspace}/bench";
        await StageAsync(app, files, folder, cancellationToken);
        var points = $"workspaces/{workspace}/integration-points";
        var point = (await PostAsync(app, points, body(folder), cancellationToken)).GetProperty("id").GetString()!;
        return (workspace, $"{points}/{point}");
    }

    // The upload is not measured, so it takes the short way.
    private static async Task StageAsync(LocalApp app, string from, string folder, CancellationToken cancellationToken)
    {
        var staging = new BlobServiceClient(app.Storage.ConnectionString).GetBlobContainerClient("staging");
        var files = Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files, parallel, async (file, stop) =>
        {
            var name = $"{folder}/{Path.GetRelativePath(from, file).Replace('\\', '/')}";
            await staging.GetBlobClient(name).UploadAsync(file, overwrite: true, stop);
        });
    }

    /// <summary>A point that imports a generated set.</summary>
    /// <param name="options">What it was generated with.</param>
    /// <param name="set">The set.</param>
    /// <param name="file">The path of its load file in the staging area.</param>
    public static object Point(GeneratorOptions options, GeneratedSet set, string file) => new
    {
        name = "Bench",
        source = new { provider = "load-file", settings = new { file } },
        mapAllFields = true,
        import = new Dictionary<string, object>
        {
            ["identifierColumn"] = LoadFileGenerator.IdentifierColumn,
            ["folderColumn"] = LoadFileGenerator.FolderColumn,
            ["nativeColumn"] = options.Natives ? LoadFileGenerator.NativeColumn : "",
            ["textColumn"] = options.Text switch
            {
                TextPlace.File => LoadFileGenerator.TextPathColumn,
                TextPlace.Cell => LoadFileGenerator.TextColumn,
                _ => "",
            },
            ["textIsPath"] = options.Text == TextPlace.File,
            ["createFields"] = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(set.SchemaPath)),
        }.Where(setting => setting.Value is not "").ToDictionary(),
    };

    /// <summary>Posts to the app and reads its answer.</summary>
    /// <exception cref="InvalidOperationException">It refuses.</exception>
    public static async Task<JsonElement> PostAsync(LocalApp app, string route, object? body, CancellationToken cancellationToken)
    {
        using var answer = await app.Http.PostAsync(route, body is null ? null : JsonContent.Create(body), cancellationToken);
        var content = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.IsSuccessStatusCode ? content : throw new InvalidOperationException($"{route} answered {(int)answer.StatusCode}: {content}");
    }
}
