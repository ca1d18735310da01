using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace IntegrationPoints.Cli.Dev;

/// <summary>Azurite: installed from <c>tools/DevStorage</c> at its locked version, started in the background.</summary>
internal sealed class StorageEmulator(LocalFolders folders)
{
    private const string Account = "devstoreaccount1";

    // The emulator's own key is published: with it every page that a browser here is made to open, and every user of this machine, could read
    // what is stored. Each start has a key of its own.
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    private static readonly int[] UsualPorts = [10000, 10001, 10002];

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    /// <summary>Whether the locked version is installed.</summary>
    public bool IsInstalled
    {
        get
        {
            var installed = new FileInfo(Path.Combine(folders.Storage, "node_modules", ".package-lock.json"));
            var wanted = new FileInfo(Path.Combine(folders.Storage, "package-lock.json"));
            return installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc;
        }
    }

    /// <summary>Installs the locked version, unless it is there.</summary>
    /// <exception cref="CommandException">npm could not.</exception>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        if (IsInstalled) return;
        // Whoever installs holds this lock, tests of other projects too; a second `npm ci` would empty the folder under them.
        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(folders.Storage)))[..16];
        await using var mine = await LockFile.TakeAsync(Path.Combine(Path.GetTempPath(), $"dev-storage-{name}.lock"), cancellationToken);
        if (IsInstalled) return;
        var cache = Path.Combine(folders.Local, "npm-cache");
        var environment = new Dictionary<string, string> { ["npm_config_cache"] = cache, ["npm_config_update_notifier"] = "false" };
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        string[] arguments = ["ci", "--no-audit", "--no-fund", "--loglevel", "error"];
        var (exitCode, output) = await Tool.RunAsync(npm, arguments, folders.Storage, environment, cancellationToken);
        if (exitCode != 0)
            throw new CommandException($"The storage emulator could not be installed: `npm ci` in {folders.Storage} failed.\n{output.Trim()}");
        if (Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="folder">Where its data and its output go.</param>
    /// <param name="usualPorts">Take the emulator's usual ports when they are free.</param>
    /// <param name="started">Is told the process at once, before it listens.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>Its connection string.</returns>
    public async Task<string> StartAsync(DevFolder folder, bool usualPorts, Action<OwnProcess> started, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Storage);
        // The emulator finds free ports by itself when it is told 0.
        var ports = usualPorts ? UsualPorts.Select(port => Ports.IsFree(port) ? port : 0).ToArray() : [0, 0, 0];
        if (await TryStartAsync(folder, ports, started, cancellationToken) is { } connection) return connection;
        // Between finding a port free and listening on it, somebody else can take it.
        if (ports.Any(port => port != 0) && await TryStartAsync(folder, [0, 0, 0], started, cancellationToken) is { } elsewhere) return elsewhere;
        var said = await LogFile.ReadAsync(folder.StorageLog, cancellationToken);
        throw new CommandException($"The storage emulator ended while it started. Its last words, from {folder.StorageLog}:\n{LogFile.End(said)}");
    }

    private async Task<string?> TryStartAsync(DevFolder folder, int[] ports, Action<OwnProcess> started, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            "--require", "./quick.cjs", Path.Combine("node_modules", "azurite", "dist", "src", "azurite.js"), "--silent", "--disableTelemetry",
            // The newest SDK speaks an API version that the emulator has not heard of, though it does what the SDK asks for.
            "--skipApiVersionCheck", "--location", folder.Storage,
        ];
        for (var i = 0; i < Services.Length; i++)
        {
            var service = Services[i].ToLowerInvariant();
            arguments.AddRange([$"--{service}Host", "127.0.0.1", $"--{service}Port", ports[i].ToString(CultureInfo.InvariantCulture)]);
        }
        var process = await OwnProcess.StartAsync(
            "node", arguments, folders.Storage, folder.StorageLog,
            new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}" }, cancellationToken);
        started(process);
        return await ListeningAsync(process, folder.StorageLog, cancellationToken);
    }

    // Null when the process ended first.
    private async Task<string?> ListeningAsync(OwnProcess process, string log, CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartLimit;)
        {
            var isAlive = process.IsAlive;
            var said = File.Exists(log) ? await LogFile.ReadAsync(log, cancellationToken) : "";
            var endpoints = Services.Select(service => Endpoint(said, service)).ToList();
            if (endpoints.All(endpoint => endpoint is not null))
                return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};{string.Concat(endpoints)}";
            if (!isAlive) return null;
            await Task.Delay(100, cancellationToken);
        }
        throw new CommandException($"The storage emulator did not start within {StartLimit.TotalSeconds:0} s. See {log}.");
    }

    private static string? Endpoint(string said, string service)
    {
        var sentence = $"Azurite {service} service is successfully listening at ";
        var at = said.IndexOf(sentence, StringComparison.Ordinal);
        if (at < 0) return null;
        var address = said[(at + sentence.Length)..];
        var end = address.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? null : $"{service}Endpoint={address[..end].Trim()}/{Account};";
    }
}

/// <summary>Ports of the loopback interface.</summary>
internal static class Ports
{
    /// <summary>Whether nobody listens there.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>One that is free now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
