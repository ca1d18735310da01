using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.LocalHost.Durable.Client;
using IntegrationPoints.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// The app as users run it: a process of its own, with a storage account and SQLite files of its own. A test may kill it and start it again on
/// the same stores.
/// </summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5), EndLimit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("app-tests-");
    private readonly string account;
    private readonly ConcurrentQueue<string> log = new();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private Process? process;
    private Task? reading;
    private HttpClient? http, anonymous;

    private AppProcess(string account, string? records = null)
    {
        this.account = account;
        Records = records ?? Path.Combine(folder.FullName, "records.db");
        Blobs = Blobs.Connect(account, null);
        Tables = JobTables.Connect(account, null);
        File.WriteAllText(KeyFile, Convert.ToBase64String(key));
    }

    /// <summary>Settings of the next start, on top of those of every test.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>The app's files.</summary>
    public Blobs Blobs { get; }

    /// <summary>The app's tables.</summary>
    public JobTables Tables { get; }

    /// <summary>The SQLite file of its records.</summary>
    public string Records { get; }

    /// <summary>A client of the running process, signed in as an administrator with the name of the machine's user.</summary>
    public HttpClient Http => http ?? throw new InvalidOperationException("The app is not running.");

    /// <summary>A client that signs in only by what a request carries.</summary>
    public HttpClient Anonymous => anonymous ?? throw new InvalidOperationException("The app is not running.");

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Every line that the app has printed, in all its lives.</summary>
    public IReadOnlyCollection<string> Log => log;

    private string KeyFile => Path.Combine(folder.FullName, "signing-key");

    private string HostDatabase => Path.Combine(folder.FullName, "localhost.db");

    /// <summary>A started app on stores that are empty.</summary>
    public static async Task<AppProcess> StartAsync(string account, params (string Name, object Value)[] settings)
    {
        var app = new AppProcess(account);
        app.Set(settings);
        await app.StartAsync();
        return app;
    }

    /// <summary>Another host of the same app, which is not running yet: with the same stores, and orchestrations of its own.</summary>
    public AppProcess Another()
    {
        var other = new AppProcess(account, Records);
        foreach (var (name, value) in Settings) other.Settings[name] = value;
        return other;
    }

    /// <summary>Sets settings of the next start.</summary>
    public void Set(params (string Name, object Value)[] settings)
    {
        foreach (var (name, value) in settings) Settings[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }

    /// <summary>Starts the process and waits until it listens. Only when the one before has ended.</summary>
    public async Task StartAsync()
    {
        Forget();
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process = Process.Start(Command())!;
        process.StandardInput.Close();
        reading = Task.WhenAll(ReadAsync(process.StandardOutput, listening), ReadAsync(process.StandardError, null));
        Starts++;
        var first = await Task.WhenAny(listening.Task, process.WaitForExitAsync(), Task.Delay(StartLimit));
        if (first != listening.Task) throw Failed("The app did not start.");
        anonymous = new HttpClient { BaseAddress = new Uri(await listening.Task, "/api/"), Timeout = StartLimit };
        http = new HttpClient { BaseAddress = anonymous.BaseAddress, Timeout = StartLimit };
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(SignedIn(new LocalToken()));
    }

    /// <summary>The header Authorization of whom a token of this machine lets in.</summary>
    public string SignedIn(LocalToken token, TimeSpan ago = default) => $"Bearer {(token with { Lifetime = TimeSpan.FromHours(4) + ago }).Sign(key, DateTimeOffset.UtcNow - ago)}";

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await EndAsync();
    }

    /// <summary>Asks the process to end, as a deployment does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal(0, await EndAsync());
    }

    /// <summary>Waits until the process has ended by itself; answers with its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(EndLimit);
        await process!.WaitForExitAsync(patience.Token);
        await reading!;
        return process.ExitCode;
    }

    /// <summary>
    /// Makes it as if the app, which is not running, had been off over a full minute: a timer that it missed runs when it starts again.
    /// </summary>
    public void MissTimers()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = HostDatabase, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE schedules SET next = last";
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    /// <summary>Whether an orchestration of the app, which is not running, had come to its end: what a job does after its row is final was done.</summary>
    public bool IsOver(string instance)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = HostDatabase, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT status FROM instances WHERE id = $id";
        command.Parameters.AddWithValue("$id", instance);
        return command.ExecuteScalar() is long status && status == (long)OrchestrationRuntimeStatus.Completed;
    }

    /// <summary>Makes it as if an orchestration of the app, which is not running, had begun and ended so many days ago.</summary>
    public void Age(string instance, int begun, int ended)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = HostDatabase, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE instances SET created = $begun, updated = $ended WHERE id = $id";
        command.Parameters.AddWithValue("$begun", DateTime.UtcNow.AddDays(-begun).Ticks);
        command.Parameters.AddWithValue("$ended", DateTime.UtcNow.AddDays(-ended).Ticks);
        command.Parameters.AddWithValue("$id", instance);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    /// <summary>Whether the app's process has loaded a file.</summary>
    public bool HasLoaded(string file)
        => File.ReadLines($"/proc/{process!.Id.ToString(CultureInfo.InvariantCulture)}/maps").Any(line => line.EndsWith($"/{file}", StringComparison.Ordinal));

    /// <summary>What the app is made of, over its stores, in this process: so that a test can deliver an activity when it wants to.</summary>
    public ServiceProvider Services()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(AllSettings().Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging();
        Program.AddServices(services, configuration);
        return services.BuildServiceProvider();
    }

    /// <summary>How much memory the process takes.</summary>
    public long MemoryBytes()
    {
        process!.Refresh();
        return process.WorkingSet64;
    }

    /// <summary>An exception that carries the end of the log.</summary>
    public InvalidOperationException Failed(string what) => new($"{what}\n{string.Join('\n', log.TakeLast(60))}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await KillAsync();
        Forget();
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private ProcessStartInfo Command()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "IntegrationPoints.App.dll")])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Most of them live for seconds: what they call often is compiled a second time only once they have settled.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "1000";
        foreach (var (name, value) in AllSettings()) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return start;
    }

    private Dictionary<string, string> AllSettings()
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = account,
            ["DataStorage"] = account,
            ["Records:Sqlite"] = Records,
            ["Auth:LocalKeyFile"] = KeyFile,
            ["Secrets:Folder"] = Path.Combine(Path.GetDirectoryName(Records)!, "secrets"),
            ["Limits:RequestsPerMinute"] = "0",
            ["LocalHost:Port"] = "0",
            ["LocalHost:Database"] = HostDatabase,
            // Looking at every blob costs the emulator more than most tests do; those that upload say so: Servers.Uploads.
            ["LocalHost:BlobPollSeconds"] = "30",
            ["Jobs:FirstRetrySeconds"] = "0.1",
            ["TMPDIR"] = folder.FullName,
        };
        foreach (var (name, value) in Settings) settings[name] = value;
        return settings;
    }

    private async Task ReadAsync(StreamReader output, TaskCompletionSource<Uri>? listening)
    {
        const string Sign = "Now listening on: ";
        while (await output.ReadLineAsync() is { } line)
        {
            log.Enqueue(line);
            if (line.IndexOf(Sign, StringComparison.Ordinal) is >= 0 and var index) listening?.TrySetResult(new Uri(line[(index + Sign.Length)..].Trim()));
        }
    }

    private void Forget()
    {
        http?.Dispose();
        anonymous?.Dispose();
        process?.Dispose();
        (http, anonymous, process) = (null, null, null);
    }
}
