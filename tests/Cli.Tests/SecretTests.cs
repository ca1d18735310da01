using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace IntegrationPoints.Cli.Tests;

/// <summary>Secrets on the command line (README, The command line): from standard input or a file to the server, used again and changed, never shown.</summary>
[Collection("app")]
public sealed class SecretTests(RunningApp app) : IDisposable
{
    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_secret_is_given_used_again_and_changed_without_being_shown()
    {
        using var server = new SignIns();
        // Connections go to public addresses only, until an administrator opens one.
        await app.JsonAsync("setting", "set", "AllowedHosts", $"127.0.0.1:{server.Port}, localhost:{server.Port}");
        string[] workspace = ["--workspace", await app.WorkspaceAsync("Secrets")];
        string[] settings = ["--set", "host=127.0.0.1", "--set", "protocol=ftp", "--set", $"port={server.Port}", "--set", "user=hr", "--set", "path=/a.csv"];
        var made = await app.TypeAsync("PLANTED one =\nnot this\n", ["point", "create", "People", .. workspace, "--source", "csv", .. settings, "--secret", "password", "--output", "json"]);
        Assert.Equal((0, "PLANTED one ="), (made.ExitCode, server.Last()));
        Assert.DoesNotContain("PLANTED", made.Out + made.Error, StringComparison.Ordinal);
        var point = Json(made).GetProperty("id").GetString()!;
        var first = Password(Json(made));

        // The settings are those of the point, and so is the secret.
        foreach (var trial in (string[])["check", "fields", "map"])
        {
            var tried = await app.IpAsync(["provider", trial, "csv", .. workspace, "--point", point, "--set", "path=/b.csv"]);
            Assert.Equal((2, "PLANTED one ="), (tried.ExitCode, server.Last()));
            Assert.DoesNotContain("PLANTED", tried.Out + tried.Error, StringComparison.Ordinal);
        }
        var another = await app.IpAsync(["provider", "check", "ldap", .. workspace, "--point", point]);
        Assert.Equal((2, null), (another.ExitCode, server.Last()));
        Assert.Contains("reads from the provider csv", another.Error, StringComparison.Ordinal);

        // Elsewhere it is not sent, and how to give it is said.
        var moved = await app.IpAsync(["point", "set", point, .. workspace, "--set", "host=localhost"]);
        Assert.Equal(2, moved.ExitCode);
        Assert.Contains("--secret password", moved.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await app.TypeAsync("PLANTED two\n", ["point", "set", point, .. workspace, "--set", "host=localhost", "--secret", "Password"])).ExitCode);

        _folder.Write("password.txt", "PLANTED three\r\n");
        var changed = await app.JsonAsync(["point", "set", point, .. workspace, "--set", "Path=/c.csv", "--secret-file", $"password={_folder["password.txt"]}"]);
        var source = changed.GetProperty("source").GetProperty("settings");
        Assert.Equal(("/c.csv", "localhost", "hr"), (source.GetProperty("path").GetString(), source.GetProperty("host").GetString(), source.GetProperty("user").GetString()));
        Assert.NotEqual(first, Password(changed));
        await app.IpAsync(["provider", "check", "csv", .. workspace, "--point", point]);
        Assert.Equal("PLANTED three", server.Last());

        // Nor does it leave its workspace with a profile.
        var profile = (await app.JsonAsync(["profile", "save", point, .. workspace])).GetProperty("id").GetString()!;
        string[] apply = ["profile", "apply", profile, .. workspace, "--to", await app.WorkspaceAsync("Other secrets")];
        var refused = await app.IpAsync(apply);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--secret password", refused.Error, StringComparison.Ordinal);
        var applied = await app.TypeAsync("PLANTED four\n", [.. apply, "--secret", "password", "--output", "json"]);
        Assert.True(applied.ExitCode == 0, applied.Error);
        Assert.NotEqual(Password(changed), Password(Json(applied)));
    }

    /// <summary>Issue, Secrets: nor does anything that the commands print hold the secrets of directories, where they are taken, refused, or could not be used.</summary>
    [Theory, Trait("Speed", "Slow")]
    [InlineData("ldap", "password", "path=127.0.0.1:1/DC=example,DC=com", "user=cn=reader", true)]
    [InlineData("entra", "secret", "directoryId=72f988bf-86f1-41af-91ab-2d7cd011db47", "applicationId=04b07795-8ddb-461a-bbee-02f9e1bf7b46", false)]
    public async Task The_secrets_of_directories_are_never_printed(string provider, string secret, string where, string who, bool isTried)
    {
        string[] workspace = ["--workspace", await app.WorkspaceAsync($"Secrets of {provider}")], settings = ["--set", where, "--set", who];
        var printed = new StringBuilder();
        var made = await PrintAsync("PLANTED one\n", 0, ["point", "create", "People", .. workspace, "--source", provider, .. settings, "--secret", secret, "--output", "json"]);
        var point = Json(made).GetProperty("id").GetString()!;
        await PrintAsync("PLANTED two\n", 2, ["point", "set", point, .. workspace, "--set", "timeoutSeconds=0", "--secret", secret]);
        await PrintAsync("PLANTED three\n", 0, ["point", "set", point, .. workspace, "--secret", secret]);
        await PrintAsync("PLANTED four\n", 64, ["point", "set", point, .. workspace, "--set", "none", "--secret", secret]);
        await PrintAsync("PLANTED five\n", 2, ["provider", "check", provider, .. workspace, .. settings, "--set", "timeoutSeconds=0", "--secret", secret]);
        foreach (var output in (string[])["json", "text"])
        {
            if (isTried)
            {
                // No administrator opened the host.
                await PrintAsync("PLANTED six\n", 2, ["provider", "check", provider, .. workspace, .. settings, "--secret", secret, "--output", output]);
                if (output == "text") await PrintAsync("", 2, ["point", "run", point, .. workspace, "--watch"]);
            }
            await PrintAsync("", 0, ["point", "show", point, .. workspace, "--output", output]);
            await PrintAsync("", 0, ["audit", .. workspace, "--output", output]);
        }
        Assert.Contains("*** (changed)", printed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", printed.ToString(), StringComparison.Ordinal);

        async Task<IpRun> PrintAsync(string input, int code, string[] arguments)
        {
            var run = await app.TypeAsync(input, arguments);
            Assert.True(run.ExitCode == code, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Out} {run.Error}");
            printed.Append(run.Out).Append(run.Error);
            return run;
        }
    }

    private static JsonElement Json(IpRun run) => JsonSerializer.Deserialize<JsonElement>(run.Out);

    private static string? Password(JsonElement point) => point.GetProperty("source").GetProperty("settings").GetProperty("password").GetProperty("secret").GetString();

    // As much of an FTP server as is there before somebody is let in: it remembers passwords and refuses all of them.
    private sealed class SignIns : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentStack<string> _passwords = new();

        public SignIns()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        /// <summary>The password that came last since this was asked.</summary>
        public string? Last()
        {
            _passwords.TryPop(out var last);
            _passwords.Clear();
            return last;
        }

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await _listener.AcceptTcpClientAsync();
                }
                catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
                {
                    return;
                }
                using (client) await AnswerAsync(client.GetStream());
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 ready");
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("PASS ", StringComparison.Ordinal)) _passwords.Push(line["PASS ".Length..]);
                await writer.WriteLineAsync(line.Split(' ')[0] switch { "USER" => "331 who?", "PASS" => "530 no", "QUIT" => "221 bye", _ => "502 no" });
                if (line == "QUIT") return;
            }
        }
    }
}
