using System.Diagnostics;
using System.Text.Json;

namespace IntegrationPoints.Tests;

/// <summary>A real server on 127.0.0.1, of files or a directory, started by a script of tests/servers, which ends it when this process does.</summary>
public sealed class FilesServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly Process process;
    private readonly JsonElement said;

    private FilesServer(Process process, JsonElement said) => (this.process, this.said) = (process, said);

    public int Port => said.GetProperty("port").GetInt32();
    public string User => Text("user");
    public string Password => Text("password");

    /// <summary>Where its files lie on this machine.</summary>
    public string Folder => Text("folder");

    public string Text(string name) => said.GetProperty(name).GetString()!;

    /// <summary>Why none can be started here; null: it can.</summary>
    public static string? Missing(string program)
        => !File.Exists($"/usr/sbin/{program}") ? $"{program} is not installed, and could not be: ./check installs it with apt when it runs as root."
            : Environment.UserName != "root" ? $"{program} is started with a user of its own, which only root can make."
            : null;

    /// <summary>Why no directory can be started here; null: one can.</summary>
    public static string? MissingDirectory()
        => File.Exists("/usr/sbin/slapd") ? null : "slapd is not installed, and could not be: ./check installs it with apt when it runs as root.";

    /// <summary>A started server of files.</summary>
    public static Task<FilesServer> StartAsync(string script, params string[] arguments) => RunAsync(Path.Combine("files", script), arguments);

    /// <summary>A started directory; tests/servers/ldap/slapd.sh says what is in it.</summary>
    public static Task<FilesServer> StartDirectoryAsync(params string[] arguments) => RunAsync(Path.Combine("ldap", "slapd.sh"), arguments);

    private static async Task<FilesServer> RunAsync(string script, string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Root(), "tests", "servers", script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.True(line is not null, line is null ? await process.StandardError.ReadToEndAsync(limit.Token) : "");
        return new FilesServer(process, JsonDocument.Parse(line!).RootElement);
    }

    /// <summary>Puts a file where the server hands it out.</summary>
    public async Task WriteAsync(string path, string content)
    {
        var file = Path.Combine(Folder, path);
        var folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder)) Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(file, content);
        if (OperatingSystem.IsWindows()) return;
        // Its user is another than that of the tests.
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Serverless.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
