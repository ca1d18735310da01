using System.Text.Json;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Cli.Tests;

/// <summary>The host key of an SFTP server is kept from the first look at it on, not from the first job on (README, The command line).</summary>
[Collection("app")]
public sealed class HostKeyTests(RunningApp app)
{
    [Fact]
    public async Task The_host_key_that_a_look_found_is_kept_when_a_point_is_saved()
    {
        if (FilesServer.Missing("sshd") is { } missing) Assert.Skip(missing);
        await using var server = await FilesServer.StartAsync("sftp.sh");
        await server.WriteAsync("people.csv", "Control Number,Name\n1,Jane\n");
        await app.JsonAsync("setting", "set", "AllowedHosts", $"127.0.0.1:{server.Port}");
        string[] workspace = ["--workspace", await app.WorkspaceAsync("Host keys")];
        string[] settings = ["--set", "host=127.0.0.1", "--set", $"port={server.Port}", "--set", $"user={server.User}", "--set", "path=people.csv", "--secret", "password"];

        var made = await app.TypeAsync(server.Password + "\n", ["point", "create", "People", .. workspace, "--source", "csv", .. settings, "--output", "json"]);
        Assert.True(made.ExitCode == 0, made.Error);
        var key = HostKey(made);
        Assert.StartsWith("SHA256:", key, StringComparison.Ordinal);
        Assert.Contains($"host key is {key}.", made.Error, StringComparison.Ordinal);
        Assert.Equal(2, Settings(made).GetProperty("columns").GetArrayLength());

        // One that is given stays, whatever the server shows.
        var other = $"SHA256:{new string('A', 43)}";
        var pinned = await app.TypeAsync(server.Password + "\n", ["point", "create", "Pinned", .. workspace, "--source", "csv", .. settings, "--set", $"hostKey={other}", "--output", "json"]);
        Assert.Equal((0, other), (pinned.ExitCode, HostKey(pinned)));
        Assert.Contains("has another host key than the one recorded", pinned.Error, StringComparison.Ordinal);

        string[] set = ["point", "set", JsonSerializer.Deserialize<JsonElement>(pinned.Out).GetProperty("id").GetString()!, .. workspace, "--output", "json"];
        var kept = await app.TypeAsync(server.Password + "\n", [.. set, "--set", "path=./people.csv", "--secret", "password"]);
        Assert.Equal((0, other), (kept.ExitCode, HostKey(kept)));
        var looked = await app.TypeAsync(server.Password + "\n", [.. set, "--set", "hostKey=", "--secret", "password"]);
        Assert.Equal((0, key), (looked.ExitCode, HostKey(looked)));
        Assert.Contains($"host key is {key}.", looked.Error, StringComparison.Ordinal);
    }

    private static JsonElement Settings(IpRun run) => JsonSerializer.Deserialize<JsonElement>(run.Out).GetProperty("source").GetProperty("settings");

    private static string? HostKey(IpRun run) => Settings(run).GetProperty("hostKey").GetString();
}
