using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using IntegrationPoints.Storage;
using IntegrationPoints.Tests.Graph;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>The users of a directory, from the check of the settings to the records (guide 4.7): against a look-alike of Microsoft Graph.</summary>
public sealed class EntraRunTests(Servers servers)
{
    private const string Other = "72f988bf-86f1-41af-91ab-2d7cd011db47", Wrong = "Planted~wrong";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_directory_is_checked_mapped_imported_and_its_secret_told_nowhere()
    {
        await using var graph = await GraphServer.StartAsync();
        (graph.People, graph.Person) = (45, Person);
        var authority = Path.GetTempFileName();
        await File.WriteAllTextAsync(authority, graph.Pem, Stop);
        await using var app = await servers.NewAppAsync(
            ("Entra:SignIn", graph.Address), ("Entra:Graph", graph.Address), ("SSL_CERT_FILE", authority), ("IDENTITY_ENDPOINT", $"{graph.Address}msi/token"), ("IDENTITY_HEADER", "x"));
        var told = new StringBuilder();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        var settings = new JsonObject { ["directoryId"] = graph.Directory, ["applicationId"] = graph.Application, ["secret"] = graph.Secret, ["filter"] = "department eq 'Legal'" };

        // Nobody has opened the server yet, or the secret is another, or the filter is not to be had.
        Assert.Equal("400 host-not-allowed", await TryAsync("check", settings));
        using var opened = await app.Http.PutAsJsonAsync("settings/AllowedHosts", new { value = $"127.0.0.1:{graph.Port}" }, Stop);
        Assert.Equal("400 sign-in-failed", await TryAsync("check", With("secret", Wrong)));
        Assert.Equal("400 advanced-query settings.filter", await TryAsync("check", With("filter", "accountEnabled ne true")));
        Assert.Equal("200", await TryAsync("check", settings));
        Assert.Equal("200", await TryAsync("fields", settings));
        Assert.Contains("extension_0a1b2c_badge", told.ToString(), StringComparison.Ordinal);

        var own = new JsonObject { ["directoryId"] = graph.Directory, ["managedIdentity"] = true, ["filter"] = "department eq 'Legal'" };
        Assert.Equal("400 managed-identity-not-allowed", await TryAsync("check", own));
        Assert.Equal("400 managed-identity-not-allowed", await TryAsync("fields", own));
        using var allowed = await app.Http.PutAsJsonAsync("settings/ManagedIdentityWorkspaces", new { value = import.Workspace }, Stop);
        Assert.True(allowed.IsSuccessStatusCode);
        var ended = await RunAsync("Identity", own);
        Assert.Equal(("Completed", 40, 40), (ended.Text("status"), ended.Number("read"), ended.Number("transferred")));
        var records = (await app.Http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Document/records.jsonl", Stop)).Split('\n');
        var seventh = JsonDocument.Parse(records.Single(r => r.Contains("\"person-07\"", StringComparison.Ordinal) && r.Contains("Jane 7", StringComparison.Ordinal))).RootElement.GetProperty("fields");
        Assert.Equal(("Jane 7", "person-06", true, "2024-02-29T12:30:00"),
            (seventh.Text("Full Name"), seventh.Text("Manager Id"), seventh.GetProperty("Enabled").GetBoolean(), seventh.Text("Created")));

        own["directoryId"] = Other;
        Assert.Equal("400 sign-in-failed", await TryAsync("check", own));

        await CollectAsync(app, told);
        Assert.Contains(graph.Application, told.ToString(), StringComparison.Ordinal);
        Assert.All((string[])[graph.Secret, Wrong, "planted-signature"], secret => Assert.DoesNotContain(secret, told.ToString(), StringComparison.Ordinal));
        File.Delete(authority);

        JsonObject With(string setting, string value)
        {
            var other = settings.DeepClone().AsObject();
            other[setting] = value;
            return other;
        }

        async Task<string> TryAsync(string verb, JsonObject tried)
        {
            using var answer = await app.Http.PostAsJsonAsync($"workspaces/{import.Workspace}/providers/entra/{verb}", new JsonObject { ["settings"] = tried.DeepClone() }, Stop);
            var body = await answer.Content.ReadFromJsonAsync<JsonNode>(Stop);
            told.AppendLine(body!.ToJsonString());
            return $"{(int)answer.StatusCode} {body["code"]} {body["errors"]?[0]?["field"]}".TrimEnd();
        }

        async Task<JsonElement> RunAsync(string name, JsonObject source)
        {
            var point = await import.PointAsync(name, "in/none.dat", body =>
            {
                body["source"] = new JsonObject { ["provider"] = "entra", ["settings"] = source.DeepClone() };
                body["mapAllFields"] = false;
                body["mapping"] = new JsonArray([.. Mapped.Select(m => new JsonObject { ["source"] = m.Source, ["destination"] = m.Field })]);
                body["import"] = JsonNode.Parse("""{"overwrite":"append-overlay","createFields":{"fields":[{"name":"Enabled","type":"yes-no"},{"name":"Created","type":"date"}]}}""");
            });
            told.AppendLine(await app.Http.GetStringAsync(point.PointAddress, Stop));
            var job = await point.EndOfAsync(await point.RunAsync());
            var errors = await app.Http.GetStringAsync($"jobs/{job.Text("jobId")}/errors", Stop);
            Assert.True(job.Text("status") == "Completed", errors);
            told.AppendLine(errors);
            return job;
        }
    }

    private static readonly (string Source, string Field)[] Mapped =
        [("id", "Control Number"), ("displayName", "Full Name"), ("manager", "Manager Id"), ("accountEnabled", "Enabled"), ("createdDateTime", "Created")];

    private static JsonObject Person(int i) => new()
    {
        ["id"] = $"person-{i:d2}",
        ["displayName"] = $"Jane {i}",
        ["department"] = i < 40 ? "Legal" : "Sales",
        ["accountEnabled"] = i % 2 == 1,
        ["createdDateTime"] = "2024-02-29T12:30:00Z",
        ["manager"] = i == 0 ? null : $"person-{i - 1:d2}",
    };

    // All that the app has written: log, blobs, tables, records, orchestrations, audit.
    private static async Task CollectAsync(AppProcess app, StringBuilder told)
    {
        told.AppendLine(await app.Http.GetStringAsync("audit?pageSize=1000", Stop));
        await using var services = app.Services();
        var tables = new TableServiceClient(services.GetRequiredService<IConfiguration>()["DataStorage"]);
        await app.StopAsync();
        foreach (var line in app.Log) told.AppendLine(line);
        await foreach (var blob in Blobs.ListAsync(app.Blobs.Jobs, "", Stop)) told.Append((await app.Blobs.Jobs.GetBlobClient(blob.Name).DownloadContentAsync(Stop)).Value.Content);
        await foreach (var table in tables.QueryAsync(cancellationToken: Stop))
            await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Stop)) told.AppendLine(string.Join('\n', row));
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(app.Records)!, "*", SearchOption.AllDirectories)) told.Append(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Stop)));
    }
}
