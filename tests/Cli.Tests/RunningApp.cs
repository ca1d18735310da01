using System.Text.Json;
using Azure.Storage.Blobs;

namespace IntegrationPoints.Cli.Tests;

/// <summary>The app with its storage, started by <c>ip dev up</c> in a place of its own, for the tests that need one.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    private readonly Scratch _local = new();

    /// <summary>What the command that started it printed.</summary>
    internal IpRun Up { get; private set; } = new(-1, "", "");

    /// <summary>Its folder of local state.</summary>
    internal string Local => _local.Path;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Up = await IpAsync("dev", "up", "--output", "json");
        if (Up.ExitCode != 0) throw new InvalidOperationException(Up.Error);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await IpAsync("dev", "down");
        _local.Dispose();
    }

    /// <summary>Runs a command against it.</summary>
    internal Task<IpRun> IpAsync(params string[] arguments) => IpProgram.RunAsync(arguments, null, ("IP_LOCAL", _local.Path));

    /// <summary>Runs a command against it that reads a standard input.</summary>
    internal Task<IpRun> TypeAsync(string input, params string[] arguments) => IpProgram.RunAsync(arguments, input, null, [("IP_LOCAL", _local.Path)]);

    /// <summary>Runs a command that must be done, and reads the document that it prints.</summary>
    internal async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var run = await IpAsync([.. arguments, "--output", "json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonSerializer.Deserialize<JsonElement>(run.Out);
    }

    /// <summary>Runs a command that must be done, and reads the lines that it prints.</summary>
    internal async Task<List<JsonElement>> LinesAsync(params string[] arguments)
    {
        var run = await IpAsync([.. arguments, "--output", "json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    /// <summary>A workspace of one test.</summary>
    internal async Task<string> WorkspaceAsync(string name) => (await JsonAsync("workspace", "create", name)).GetProperty("id").GetString()!;

    /// <summary>The names and sizes of what lies in the staging area of a workspace, below the folder of its import.</summary>
    internal async Task<Dictionary<string, long>> StagedAsync(string workspace)
    {
        var connection = (await JsonAsync("dev", "status")).GetProperty("storage").GetString();
        var staging = new BlobServiceClient(connection).GetBlobContainerClient("staging");
        var blobs = await staging.GetBlobsAsync(new() { Prefix = $"StructuredData/{workspace}/" }, TestContext.Current.CancellationToken).ToListAsync();
        return blobs.ToDictionary(blob => string.Join('/', blob.Name.Split('/').Skip(4)), blob => blob.Properties.ContentLength!.Value);
    }
}

/// <summary>Tests that share one app.</summary>
[CollectionDefinition("app")]
public sealed class AppTests : ICollectionFixture<RunningApp>;
