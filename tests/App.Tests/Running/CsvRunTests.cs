using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A CSV file of a real FTP server, from the check of the settings to the records (guide 4.2).</summary>
public sealed class CsvRunTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_a_server_is_checked_mapped_imported_and_accounted_for()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        await using var ftp = await FilesServer.StartAsync("ftp.sh", "plain");
        var name = $"{DateTimeOffset.UtcNow:yyyy-MM-dd}_people.csv";
        await File.WriteAllTextAsync(Path.Combine(ftp.Text("anonymous"), name), "Control Number,Full Name\n1,\"Smith, Jane\"\n2,a,b\n3,\"two\nlines\"\n", Stop);
        await using var app = await servers.NewAppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        var settings = new JsonObject { ["host"] = "127.0.0.1", ["protocol"] = "ftp", ["port"] = ftp.Port, ["path"] = "/*yyyy-MM-dd*_people" };
        var providers = $"workspaces/{import.Workspace}/providers/csv";

        // Nobody has opened the server yet.
        var closed = await PostAsync(app, $"{providers}/check", settings);
        Assert.Equal((400, "host-not-allowed"), ((int)closed.Status, closed.Body.Text("code")));
        using var opened = await app.Http.PutAsJsonAsync("settings/AllowedHosts", new { value = $"127.0.0.1:{ftp.Port}" }, Stop);
        Assert.True(opened.IsSuccessStatusCode);

        var check = await PostAsync(app, $"{providers}/check", settings);
        Assert.True(check.Status == 200, check.Body.ToString());
        Assert.Equal($"/{name}", check.Body.GetProperty("found").Text("path"));
        Assert.Equal(["not-encrypted", "signs-in-anonymously"], check.Body.GetProperty("warnings").EnumerateArray().Select(w => w.Text("code")));
        var fields = await PostAsync(app, $"{providers}/fields", settings);
        Assert.Equal(["Control Number", "Full Name"], fields.Body.GetProperty("items").EnumerateArray().Select(f => f.Text("name")));

        var point = await import.PointAsync("People", "in/none.dat", body =>
        {
            body["source"] = new JsonObject { ["provider"] = "csv", ["settings"] = settings.DeepClone() };
            body["import"] = new JsonObject { ["createFields"] = new JsonObject() };
        });
        var before = await RetrievalsAsync(ftp);
        var ended = await point.EndOfAsync(await point.RunAsync());
        Assert.Equal(("Completed with errors", 3, 2, 1), (ended.Text("status"), ended.Number("read"), ended.Number("transferred"), ended.Number("withErrors")));
        Assert.Equal(before + 1, await RetrievalsAsync(ftp));
        using var errors = await app.Http.GetAsync($"jobs/{ended.Text("jobId")}/error-file", Stop);
        Assert.Equal("Control Number,Full Name\n2,a,b\n", await errors.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData("""{"host":"a b","protocol":"ftp","path":"/x.csv"}""", "invalid-host", "settings.host")]
    [InlineData("""{"host":"files.example.com","protocol":"ftp","path":"/*yyyy.csv"}""", "invalid-path", "settings.path")]
    [InlineData("""{"host":"files.example.com","protocol":"telnet","path":"/x.csv"}""", "invalid-value", "settings.protocol")]
    [InlineData("""{"host":"files.example.com","user":"hr","password":{"secret":"no/such name"},"path":"/x.csv"}""", "invalid-value", "settings.password")]
    [InlineData("""{"host":"files.example.com","user":"hr","password":{"secret":"none"},"path":"/x.csv"}""", "secret-needed-again", "settings.password")]
    public async Task Settings_that_cannot_be_tried_are_refused(string settings, string code, string? field)
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        foreach (var verb in (string[])["check", "fields"])
        {
            var refused = await PostAsync(app, $"workspaces/{import.Workspace}/providers/csv/{verb}", JsonNode.Parse(settings)!);
            Assert.Equal((400, code), (refused.Status, refused.Body.Text("code")));
            var at = refused.Body.GetProperty("errors")[0].GetProperty("field");
            Assert.Equal(field, at.ValueKind == JsonValueKind.Null ? null : at.GetString());
        }
    }

    [Fact]
    public async Task A_provider_that_is_not_there_and_an_upload_that_cannot_be_are_told()
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        Assert.Equal(404, (await PostAsync(app, $"workspaces/{import.Workspace}/providers/pigeon/check", new JsonObject())).Status);
        var body = new JsonObject
        {
            ["name"] = "P",
            ["runOnUpload"] = true,
            ["mapAllFields"] = true,
            ["source"] = new JsonObject { ["provider"] = "csv", ["settings"] = new JsonObject { ["host"] = "files.example.com", ["protocol"] = "ftp", ["path"] = "/x" } },
        };
        using var made = await app.Http.PostAsJsonAsync($"workspaces/{import.Workspace}/integration-points", body, Stop);
        var problem = await made.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal("upload-not-for-source", problem.Text("code"));
    }

    /// <summary>Guide 4.2.1: a secured server, and nobody anonymous, are strongly recommended.</summary>
    [Fact]
    public async Task What_is_worth_knowing_of_settings_is_noted_when_they_are_saved()
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        var settings = new JsonObject { ["host"] = "files.example.com", ["protocol"] = "ftp", ["path"] = "/*yyyy-mm-dd*_people", ["user"] = "hr", ["password"] = "PLANTED" };
        var body = new JsonObject { ["name"] = "Noted", ["mapAllFields"] = true, ["source"] = new JsonObject { ["provider"] = "csv", ["settings"] = settings } };
        using var made = await app.Http.PostAsJsonAsync($"workspaces/{import.Workspace}/integration-points", body, Stop);
        var point = await made.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.True(made.IsSuccessStatusCode, point.ToString());
        var notes = point.GetProperty("notes").EnumerateArray().Select(n => n.GetString()!).ToList();
        Assert.Contains(notes, n => n.StartsWith("FTP encrypts nothing: the password and the file can be read", StringComparison.Ordinal));
        Assert.Contains(notes, n => n.EndsWith("If the month is meant, write MM.", StringComparison.Ordinal));
    }

    private static async Task<(int Status, JsonElement Body)> PostAsync(AppProcess app, string route, JsonNode settings)
    {
        using var answer = await app.Http.PostAsJsonAsync(route, new JsonObject { ["settings"] = settings.DeepClone() }, Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
    }

    private static async Task<int> RetrievalsAsync(FilesServer server)
        => (await File.ReadAllLinesAsync(server.Text("log"), Stop)).Count(line => line.Contains("\"RETR ", StringComparison.Ordinal));
}
