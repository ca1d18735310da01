using System.Diagnostics;
using System.Text.RegularExpressions;

namespace IntegrationPoints.Bench;

/// <summary>Azurite from <c>tools/DevStorage</c> on free ports. It says of every request what was asked, which is counted.</summary>
internal sealed partial class Azurite : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // The published key of the emulator's only account; not a secret.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly Dictionary<string, int> requests = [];

    private readonly List<string> endpoints = [];
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Azurite(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>For the clients of its services.</summary>
    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};{string.Concat(endpoints)}";

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Processor => Children.ProcessorTime(process);

    /// <summary>Starts it with its data in a folder, or in memory alone.</summary>
    public static async Task<Azurite> StartAsync(string folder, CancellationToken cancellationToken, bool inMemory = false)
    {
        var tools = Path.Combine(Children.Repository, "tools", "DevStorage");
        if (!Directory.Exists(Path.Combine(tools, "node_modules"))) throw new UsageException($"Run `npm ci` in {tools} first.");
        Directory.CreateDirectory(folder);
        string[] arguments =
        [
            "--require", "./end-with-parent.cjs", "--require", "./quick.cjs", "node_modules/azurite/dist/src/azurite.js", "--disableTelemetry", "--skipApiVersionCheck",
            "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", .. inMemory ? (string[])["--inMemoryPersistence"] : ["--location", folder],
        ];
        var azurite = new Azurite(Children.Start("node", arguments, tools, new Dictionary<string, string>()));
        try
        {
            await azurite.listening.Task.WaitAsync(StartLimit, cancellationToken);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>How often each kind of request came since the last call: the method, and the container or table or the kind of path in it.</summary>
    public Dictionary<string, int> TakeRequests()
    {
        lock (requests)
        {
            var taken = new Dictionary<string, int>(requests);
            requests.Clear();
            return taken;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(Children.StopAsync(process, TimeSpan.FromSeconds(15)));

    private void Hear(string? line)
    {
        if (line is null) return;
        if (Request().Match(line) is { Success: true } request)
        {
            var kind = $"{request.Groups["method"].Value} {Kind(request.Groups["path"].Value)}";
            lock (requests) requests[kind] = requests.GetValueOrDefault(kind) + 1;
        }
        else if (Endpoint().Match(line) is { Success: true } endpoint)
        {
            endpoints.Add($"{endpoint.Groups["service"].Value}Endpoint={endpoint.Groups["address"].Value}/{Account};");
            if (endpoints.Count == 3) listening.TrySetResult();
        }
    }

    // staging/StructuredData/w/NATIVES/0001/a.eml → staging; jobs/{job}/batches/0 → jobs/batches; BatchResults(PartitionKey=…) → BatchResults
    private static string Kind(string address)
    {
        var (path, query) = address.Split('?', 2) is [var p, var q] ? (p, q) : (address, "");
        var levels = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray();
        if (levels.Length == 0) return "account";
        var name = levels[0].Split('(')[0];
        if (query.Contains("comp=list", StringComparison.Ordinal)) return $"{name} (list)";
        if (name == "staging" && Path.GetExtension(path) is ".dat" or ".opt") return "load file";
        if (name == "staging" && Path.GetFileName(path) is "manifest.csv" or "summary.txt") return "list";
        return name == "jobs" && levels.Length > 2 ? $"jobs/{(levels.Length > 3 ? levels[2] : "*.json")}" : name;
    }

    [GeneratedRegex(@"Azurite (?<service>\w+) service is successfully listening at (?<address>\S+)")]
    private static partial Regex Endpoint();

    [GeneratedRegex("""
        "(?<method>[A-Z]+) (?<path>/\S*) HTTP
        """)]
    private static partial Regex Request();
}
