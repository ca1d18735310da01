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
        var table = (await app.IpAsync("provider", "schema", "csv")).Out.Split('\n').Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains(table, line => line.StartsWith("host text (needed) Name or address", StringComparison.Ordinal));
        Assert.Contains(table, line => line.StartsWith("protocol ftp, ftps, sftp sftp ", StringComparison.Ordinal));
        Assert.Contains("password secret Password.", table);
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
        // Equals signs belong to the value; yes and no are no texts.
        var directory = await app.IpAsync("provider", "check", "ldap", "--workspace", workspace, "--set", "path=127.0.0.1:6363/OU=People,DC=example", "--set", "nested=true");
        Assert.Equal((2, ""), (directory.ExitCode, directory.Out));
        Assert.Contains("127.0.0.1:6363", directory.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await app.IpAsync("provider", "check", "csv", "--workspace", workspace, "--set", "host")).ExitCode);
        Assert.Equal(64, (await app.IpAsync("provider", "check", "csv", "--workspace", workspace, "--settings", _folder["none.json"])).ExitCode);
    }

    [Fact]
    public async Task A_point_of_another_provider_is_made()
    {
        var workspace = await app.WorkspaceAsync("Points of servers");
        var point = await app.JsonAsync(["point", "create", "People", "--workspace", workspace, "--source", "csv", .. Server]);
        Assert.Equal("csv", Text(point.GetProperty("source"), "provider"));
        // Nobody answers there: the point is made all the same, and what it does not know is said.
        Assert.Empty(point.GetProperty("source").GetProperty("settings").GetProperty("columns").EnumerateArray());
        Assert.Equal(2121, point.GetProperty("source").GetProperty("settings").GetProperty("port").GetInt32());
        Assert.Equal(64, (await app.IpAsync(["point", "create", "Both", "--workspace", workspace, "--file", "x.dat", "--source", "csv", .. Server])).ExitCode);
        Assert.Equal(64, (await app.IpAsync("point", "create", "Neither", "--workspace", workspace)).ExitCode);
        Assert.Equal(64, (await app.IpAsync(["point", "create", "Settings", "--workspace", workspace, "--file", "x.dat", .. Server])).ExitCode);
    }

    [Fact]
    public async Task Fields_are_mapped_to_look_at_to_write_down_and_to_save()
    {
        var workspace = await app.WorkspaceAsync("Mapped fields");
        _folder.Write("docs.csv", "DOCID,Title,Else\n1,T,E\n");
        await app.JsonAsync("field", "create", "TITLE", "--workspace", workspace, "--type", "long-text");
        await app.JsonAsync("stage", _folder["docs.csv"], "--workspace", workspace, "--to", "in");
        string[] source = ["--workspace", workspace, "--identifier", "docid", "--set", $"file=StructuredData/{workspace}/in/docs.csv", "--set", "column=44", "--set", "quote=34", "--out", _folder["map.json"]];
        var found = await app.JsonAsync(["provider", "map", "load-file", .. source]);
        Assert.Equal(["DOCID>Control Number identifier", "Title>TITLE similar"], found.GetProperty("pairs").EnumerateArray().Select(Pair));
        // What was written down is what --map takes.
        var point = await app.JsonAsync("point", "create", "By file", "--workspace", workspace, "--file", "in/docs.csv", "--column", "44", "--quote", "34", "--map", _folder["map.json"]);
        Assert.Equal(2, point.GetProperty("mapping").GetArrayLength());
        Assert.Equal(2, (await app.JsonAsync("point", "map", Text(point, "id")!, "--workspace", workspace, "--identifier", "DOCID", "--save")).GetProperty("pairs").GetArrayLength());
        // Pairs of one's own go before those of names, and an empty one leaves a field out.
        string[] own = ["point", "map", Text(point, "id")!, "--workspace", workspace, "--identifier", "DOCID", "--pair"];
        Assert.Equal(["DOCID>Control Number identifier", "Else>Title given"], (await app.JsonAsync([.. own, "else=Title", "--save"])).GetProperty("pairs").EnumerateArray().Select(Pair));
        Assert.Equal(["DOCID", "Else"], (await app.JsonAsync("point", "show", Text(point, "id")!, "--workspace", workspace)).GetProperty("mapping").EnumerateArray().Select(p => Text(p, "source")));
        Assert.Equal(["DOCID>Control Number identifier"], (await app.JsonAsync([.. own, "Title="])).GetProperty("pairs").EnumerateArray().Select(Pair));
        Assert.Equal(64, (await app.IpAsync([.. own, "Nowhere=Title"])).ExitCode);
        Assert.Equal(2, (await app.IpAsync([.. own, "Else=Nowhere", "--save"])).ExitCode);
        var people = await app.IpAsync("point", "map", Text(point, "id")!, "--workspace", workspace, "--only-identifiers");
        Assert.Equal(0, people.ExitCode);
        Assert.Contains("Only identifiers were to be mapped", string.Join(' ', people.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        static string Pair(JsonElement pair) => $"{Text(pair, "source")}>{Text(pair, "destination")} {Text(pair, "why")}";
    }

    [Fact]
    public async Task The_field_catalogue_is_kept()
    {
        var name = $"N{Guid.NewGuid():n}";
        Assert.Equal($"{name}A,{name}B", Synonyms(await app.JsonAsync("catalog", "add", name, $"{name}A", $"{name}B")));
        Assert.Equal($"{name}A,{name}B,={name}", Synonyms(await app.JsonAsync("catalog", "add", name, $"{name}B", $"={name}")));
        Assert.Equal($"{name}A,={name}", Synonyms(await app.JsonAsync("catalog", "remove", name, $"{name}B")));
        await app.JsonAsync("catalog", "export", _folder["catalog.csv"]);
        Assert.Equal(64, (await app.IpAsync("catalog", "import", _folder["none.csv"])).ExitCode);
        await app.JsonAsync("catalog", "remove", name);
        await app.JsonAsync("catalog", "import", _folder["catalog.csv"]);
        Assert.Equal($"{name}A,={name}", Synonyms((await app.LinesAsync("catalog", "list")).Single(entry => Text(entry, "name") == name)));
        _folder.Write("wrong.csv", $"Name,Synonym\n{name}X,{name}A\n");
        var wrong = await app.IpAsync("catalog", "import", _folder["wrong.csv"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Line 2", wrong.Error, StringComparison.Ordinal);
        await app.JsonAsync("catalog", "remove", name);

        static string Synonyms(JsonElement entry) => string.Join(',', entry.GetProperty("synonyms").EnumerateArray().Select(s => s.GetString()));
    }

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
