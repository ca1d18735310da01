using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Cli.Dev;

/// <summary>The function app: built when its sources are newer than its program, started in the background on the local host.</summary>
internal sealed class AppServer(LocalFolders folders)
{
    private const int UsualPort = 7071;
    private const int StartTries = 3;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    // Longer than the app itself waits for running activities.
    private const int ShutdownSeconds = 20;

    /// <summary>How long a stop is waited for.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(ShutdownSeconds + 15);

    /// <summary>Where it is to keep its records; null: in the SQLite file of its folder.</summary>
    public RecordStore? Records { get; init; }

    private string Output => Path.Combine(folders.App, "bin", "local", "Release", "net10.0");

    private string Program => Path.Combine(Output, "IntegrationPoints.App.dll");

    /// <summary>Whether the program is as new as its sources.</summary>
    public bool IsBuilt
    {
        get
        {
            if (!File.Exists(Program)) return false;
            var built = Directory.EnumerateFiles(Output, "IntegrationPoints.*.dll").Max(File.GetLastWriteTimeUtc);
            return Sources().All(source => File.GetLastWriteTimeUtc(source) <= built);
        }
    }

    /// <summary>Builds it, unless it is built.</summary>
    /// <exception cref="CommandException">It does not build.</exception>
    public async Task BuildAsync(CancellationToken cancellationToken)
    {
        if (IsBuilt) return;
        // A build server that stays behind would hold our pipes open.
        string[] quiet = ["-nodeReuse:false", "-p:UseSharedCompilation=false", "-v:quiet", "-nologo"];
        string[] arguments = ["build", folders.App, "-c", "Release", "-p:FunctionsRuntime=local", .. quiet];
        var environment = new Dictionary<string, string> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1" };
        var (exitCode, output) = await Tool.RunAsync(DotNet, arguments, folders.Root, environment, cancellationToken);
        if (exitCode != 0) throw new CommandException($"The app does not build:\n{output.Trim()}");
        // Nothing was compiled when only a time stamp was new.
        File.SetLastWriteTimeUtc(Program, DateTime.UtcNow);
    }

    /// <summary>Starts it, and waits until it is healthy.</summary>
    /// <param name="folder">Where its databases and its output go.</param>
    /// <param name="usualPort">Take the port that the Functions host takes, when it is free.</param>
    /// <param name="storage">Connection string of the storage account.</param>
    /// <param name="instance">What its health must say.</param>
    /// <param name="started">Is told the process at once, before it listens.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Its address.</returns>
    public async Task<Uri> StartAsync(
        DevFolder folder, bool usualPort, string storage, string instance, Action<OwnProcess> started, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var port = usualPort && tries == 1 && Ports.IsFree(UsualPort) ? UsualPort : Ports.Free();
            var settings = Settings(folder, port, storage, instance);
            foreach (var (name, value) in Records?.Settings ?? new Dictionary<string, string>()) settings[name] = value;
            var process = await OwnProcess.StartAsync(DotNet, [Program], Output, folder.AppLog, settings, cancellationToken);
            started(process);
            var address = new Uri($"http://127.0.0.1:{port}");
            if (await BecomesHealthyAsync(process, address, instance, folder.AppLog, cancellationToken)) return address;
            var said = await LogFile.ReadAsync(folder.AppLog, cancellationToken);
            // Between finding a port and listening on it, somebody else can take it.
            if (tries < StartTries && said.Contains("address already in use", StringComparison.OrdinalIgnoreCase)) continue;
            throw new CommandException($"The app ended while it started. Its last words, from {folder.AppLog}:\n{LogFile.End(said)}");
        }
    }

    // False when the process ended first.
    private static async Task<bool> BecomesHealthyAsync(
        OwnProcess process, Uri address, string instance, string log, CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartLimit;)
        {
            if (await IsHealthyAsync(address, instance, cancellationToken)) return true;
            if (!process.IsAlive) return false;
            await Task.Delay(100, cancellationToken);
        }
        var said = LogFile.End(await LogFile.ReadAsync(log, cancellationToken));
        throw new CommandException($"The app was not healthy within {StartLimit.TotalSeconds:0} s. The end of {log}:\n{said}");
    }

    private static Dictionary<string, string> Settings(DevFolder folder, int port, string storage, string instance) => new()
    {
        ["AzureWebJobsStorage"] = storage,
        ["DataStorage"] = storage,
        ["Records__Sqlite"] = folder.Records,
        ["LocalHost__Database"] = folder.Orchestrations,
        ["LocalHost__Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["LocalHost__ShutdownSeconds"] = ShutdownSeconds.ToString(CultureInfo.InvariantCulture),
        ["App__Instance"] = instance,
        ["Auth__LocalKeyFile"] = folder.SigningKey,
        ["Secrets__Folder"] = folder.Secrets,
        ["Limits__RequestsPerMinute"] = "0",
    };

    /// <summary>Whether the app of this instance answers there and is well.</summary>
    public static async Task<bool> IsHealthyAsync(Uri address, string instance, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = AppAddress.Normal(address), Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            var health = await http.GetFromJsonAsync<JsonElement>("health", cancellationToken);
            return health.TryGetProperty("status", out var status) && status.GetString() == "healthy"
                && health.TryGetProperty("instance", out var said) && said.GetString() == instance;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    private IEnumerable<string> Sources()
    {
        string[] projects = [Path.Combine(folders.Root, "functions"), Path.Combine(folders.Root, "tools", "LocalHost")];
        string[] shared = ["Directory.Build.props", "Directory.Packages.props", "global.json", "host.json"];
        return projects.SelectMany(Files).Concat(shared.Select(name => Path.Combine(folders.Root, name)).Where(File.Exists));
    }

    private static IEnumerable<string> Files(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            if (Path.GetFileName(inner) is "bin" or "obj") continue;
            foreach (var file in Files(inner)) yield return file;
        }
    }
}
