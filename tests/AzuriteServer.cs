using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IntegrationPoints.Tests;

/// <summary>
/// Azurite on free ports of the loopback interface, for the tests of one assembly: <c>[assembly: AssemblyFixture(typeof(AzuriteServer))]</c>.
/// It ends when it is disposed of, and also when the process that started it is killed.
/// </summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    private const string Account = "devstoreaccount1";

    // The published key of the emulator's only account; not a secret.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    // The emulator has the accounts that it is told of when it starts.
    private const int OtherAccounts = 200;

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly string? _folder;
    private Process? _process;
    private int _givenAccounts;

    /// <summary>A server that keeps everything in memory.</summary>
    public AzuriteServer() { }

    private AzuriteServer(string folder) => _folder = folder;

    /// <summary>A started server whose data lies in a folder and outlives it.</summary>
    public static async Task<AzuriteServer> StartAsync(string folder)
    {
        var server = new AzuriteServer(folder);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>For BlobServiceClient, QueueServiceClient and TableServiceClient.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The connection string of an account of its own, empty, that no other caller gets.</summary>
    /// <exception cref="InvalidOperationException">All are given away.</exception>
    public string NewAccount()
    {
        var number = Interlocked.Increment(ref _givenAccounts);
        return number <= OtherAccounts
            ? ConnectionString.Replace(Account, Name(number), StringComparison.Ordinal)
            : throw new InvalidOperationException($"All {OtherAccounts} accounts are given away.");
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var tools = Path.Combine(RepositoryRoot(), "tools", "DevStorage");
        await InstallAsync(tools);
        string[] keep = _folder is null ? ["--inMemoryPersistence"] : ["--location", _folder];
        // The newest SDK speaks an API version that this Azurite has not heard of, though it does what the SDK asks for.
        string[] flags = ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0"];
        var accounts = string.Join(';', Enumerable.Range(1, OtherAccounts).Select(Name).Prepend(Account).Select(name => $"{name}:{Key}"));
        // What a request leaves behind is garbage at once: it is collected seldom.
        _process = Start(
            "node", tools,
            ["--max-semi-space-size=64", "--require", "./end-with-parent.cjs", "--require", "./quick.cjs", "node_modules/azurite/dist/src/azurite.js", .. flags, .. keep],
            ("AZURITE_ACCOUNTS", accounts), ("AZURITE_KEEPS_ALL", "1"));
        using var patience = new CancellationTokenSource(StartLimit);
        try
        {
            ConnectionString = await ReadPortsAsync(_process, patience.Token);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        using (process)
        {
            // The end of its input asks it to write down what it has and go.
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task<string> ReadPortsAsync(Process process, CancellationToken cancellationToken)
    {
        var connection = new StringBuilder($"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};");
        var said = new StringBuilder();
        foreach (var service in (string[])["Blob", "Queue", "Table"])
        {
            var ready = $"Azurite {service} service is successfully listening at ";
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync(cancellationToken)
                    ?? throw new InvalidOperationException($"Azurite did not start: {said}{await process.StandardError.ReadToEndAsync(cancellationToken)}");
                said.AppendLine(line);
            }
            while (!line.StartsWith(ready, StringComparison.Ordinal));
            connection.Append(CultureInfo.InvariantCulture, $"{service}Endpoint={line[ready.Length..].Trim()}/{Account};");
        }
        // Pipes that nobody reads would fill up and stop the server.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return connection.ToString();
    }

    /// <summary>Installs what the lock file of a folder says, unless it is there.</summary>
    internal static async Task InstallAsync(string tools)
    {
        var installed = Path.Combine(tools, "node_modules", ".package-lock.json");
        if (File.Exists(installed)) return;
        // Test projects run at the same time; one of them installs, the others wait.
        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(tools)))[..16];
        await using var mine = await LockAsync(Path.Combine(Path.GetTempPath(), $"dev-storage-{name}.lock"));
        if (File.Exists(installed)) return;
        using var npm = Start(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", tools, ["ci"]);
        npm.StandardInput.Close();
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0) throw new InvalidOperationException($"npm ci failed in {tools}:\n{await output}\n{await errors}");
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromMinutes(5))
            {
                await Task.Delay(200);
            }
        }
    }

    private static string Name(int account) => string.Create(CultureInfo.InvariantCulture, $"testaccount{account:d2}");

    private static Process Start(string program, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>The folder of the whole repository.</summary>
    internal static string RepositoryRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Serverless.sln"))) return folder;
        }
        throw new InvalidOperationException($"No Serverless.sln above {AppContext.BaseDirectory}.");
    }
}
