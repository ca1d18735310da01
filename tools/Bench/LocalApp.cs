using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Bench;

/// <summary>The function app as its users start it, in a process of its own, with an Azurite and a SQLite file of its own in one folder.</summary>
internal sealed class LocalApp : IAsyncDisposable
{
    /// <summary>The folder in its own in which Azurite keeps its data.</summary>
    public const string StorageFolder = "azurite";

    private const int ShutdownSeconds = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;

    private LocalApp(Process process, Azurite storage, string records, HttpClient http)
        => (this.process, Storage, Records, Http) = (process, storage, records, http);

    /// <summary>Where it keeps files and tables.</summary>
    public Azurite Storage { get; }

    /// <summary>The SQLite file of its records.</summary>
    public string Records { get; }

    /// <summary>Its API.</summary>
    public HttpClient Http { get; }

    /// <summary>The most memory that the process ever had (VmHWM), in bytes.</summary>
    /// <exception cref="PlatformNotSupportedException">The system does not say.</exception>
    public long PeakMemory => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', '\t')[^2], CultureInfo.InvariantCulture) * 1024
        : throw new PlatformNotSupportedException("Peak memory is read from /proc, which only Linux has.");

    /// <summary>The processor time that the app has used, and that of its storage.</summary>
    public (TimeSpan App, TimeSpan Storage) Processor => (Children.ProcessorTime(process), Storage.Processor);

    /// <summary>Starts both, and waits until the app is healthy.</summary>
    public static async Task<LocalApp> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var storage = await Azurite.StartAsync(Path.Combine(folder, StorageFolder), cancellationToken);
        LocalApp? app = null;
        try
        {
            app = Start(folder, storage);
            for (var waited = Stopwatch.StartNew(); !await app.IsHealthyAsync(cancellationToken);)
            {
                if (app.process.HasExited || waited.Elapsed > Patience)
                    throw new InvalidOperationException($"The app did not start; see {Log(folder)}:\n{await File.ReadAllTextAsync(Log(folder), cancellationToken)}");
                await Task.Delay(100, cancellationToken);
            }
            return app;
        }
        catch
        {
            await (app?.DisposeAsync() ?? storage.DisposeAsync());
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Children.StopAsync(process, TimeSpan.FromSeconds(ShutdownSeconds + 10));
        await Storage.DisposeAsync();
    }

    private static LocalApp Start(string folder, Azurite storage)
    {
        // Built together with this program, in the same configuration.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var output = Path.Combine(Children.Repository, "functions", "App", "bin", "local", configuration, "net10.0");
        var records = Path.Combine(folder, "records.db");
        var port = FreePort();
        var (keyFile, key) = (Path.Combine(folder, "signing-key"), RandomNumberGenerator.GetBytes(32));
        File.WriteAllText(keyFile, Convert.ToBase64String(key));
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage.ConnectionString,
            ["DataStorage"] = storage.ConnectionString,
            ["Records__Sqlite"] = records,
            ["Auth__LocalKeyFile"] = keyFile,
            ["Secrets__Folder"] = Path.Combine(folder, "secrets"),
            ["Limits__RequestsPerMinute"] = "0",
            ["LocalHost__Database"] = Path.Combine(folder, "localhost.db"),
            ["LocalHost__Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["LocalHost__ShutdownSeconds"] = ShutdownSeconds.ToString(CultureInfo.InvariantCulture),
        };
        var process = Children.Start("dotnet", [Path.Combine(output, "IntegrationPoints.App.dll")], output, settings);
        Children.Drain(process, Log(folder));
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/"), Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", new LocalToken { Lifetime = TimeSpan.FromDays(1) }.Sign(key, DateTimeOffset.UtcNow));
        return new LocalApp(process, storage, records, http);
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Http.GetFromJsonAsync<JsonElement>("health", cancellationToken)).GetProperty("status").GetString() == "healthy";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Log(string folder) => Path.Combine(folder, "app.log");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
