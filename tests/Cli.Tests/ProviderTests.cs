using System.Text.Json;

namespace IntegrationPoints.Cli.Tests;

/// <summary>The commands about providers (README, The command line).</summary>
[Collection("app")]
public sealed class ProviderTests(RunningApp app) : IDisposable
{
    private static readonly string[] Server = ["--set", "host=127.0.0.1", "--set", "protocol=ftp", "--set", "port=2121", "--set", "path=/export/*yyyy-MM-dd*"];

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Providers_have_schemas()
    {
        Assert.Contains(await app.LinesAsync("provider", "list"), provider => Text(provider, "name") == "csv");
        var schema = Assert.Single(await app.LinesAsync("provider", "schema", "csv"));
        Assert.Contains("host", schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Fields_of_a_source_are_listed()
    {
        var workspace = await app.WorkspaceAsync("Fields of a source");
        _folder.Write("people.csv", "Control Number,Name\n1,Jane\n");
        await app.JsonAsync("stage", _folder["people.csv"], "--workspace", workspace, "--to", "in");
        _folder.Write("settings.json", $$"""{"file":"StructuredData/{{workspace}}/in/people.csv","column":20,"quote":34}""");
        // What is set on the command line wins over the file.
        string[] settings = ["--workspace", workspace, "--settings", _folder["settings.json"], "--set", "column=44"];
        Assert.Equal(["Control Number", "Name"], (await app.LinesAsync(["provider", "fields", "load-file", .. settings])).Select(field => Text(field, "name")));
        var check = await app.JsonAsync(["provider", "check", "load-file", .. settings]);
        Assert.Equal(("people.csv", 2), (Text(check, "name"), check.GetProperty("fields").GetInt32()));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_a_failure_in_words()
    {
        var workspace = await app.WorkspaceAsync("Servers");
        var check = await app.IpAsync(["provider", "check", "csv", "--workspace", workspace, .. Server]);
        Assert.Equal((2, ""), (check.ExitCode, check.Out));
        Assert.Contains("127.0.0.1:2121", check.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await app.IpAsync("provider", "check", "csv", "--workspace", workspace, "--set", "host")).ExitCode);
        Assert.Equal(64, (await app.IpAsync("provider", "check", "csv", "--workspace", workspace, "--settings", _folder["none.json"])).ExitCode);
    }

    [Fact]
    public async Task A_point_of_another_provider_is_made()
    {
        var workspace = await app.WorkspaceAsync("Points of servers");
        var point = await app.JsonAsync(["point", "create", "People", "--workspace", workspace, "--source", "csv", .. Server]);
        Assert.Equal("csv", Text(point.GetProperty("source"), "provider"));
        Assert.Equal(2121, point.GetProperty("source").GetProperty("settings").GetProperty("port").GetInt32());
        Assert.Equal(64, (await app.IpAsync(["point", "create", "Both", "--workspace", workspace, "--file", "x.dat", "--source", "csv", .. Server])).ExitCode);
        Assert.Equal(64, (await app.IpAsync("point", "create", "Neither", "--workspace", workspace)).ExitCode);
        Assert.Equal(64, (await app.IpAsync(["point", "create", "Settings", "--workspace", workspace, "--file", "x.dat", .. Server])).ExitCode);
    }

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
