using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Plants secrets wherever an app takes some, and looks for them wherever it keeps or says something.</summary>
/// <param name="app">The app, which is used by nobody else.</param>
/// <param name="known">Secrets that were planted already.</param>
internal sealed class PlantedSecrets(AppProcess app, params string[] known)
{
    // Letters that are written otherwise in addresses, in JSON and in HTML.
    private const string Odd = "+/=&%\"<ä 7f3a";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> secrets = [.. known];
    private readonly List<(string Place, string Text)> told = [];
    private string made = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Points, profiles, trials, checks and jobs; right and wrong ones, refused and accepted.</summary>
    /// <param name="point">A point of CSV files whose password is right.</param>
    /// <param name="settings">The same settings, with the password.</param>
    public async Task EverywhereAsync(SampleImport point, JsonObject settings)
    {
        var api = new Api(app, point.Workspace);
        const string Points = "workspaces/{ws}/integration-points", Profiles = "workspaces/{ws}/profiles", Provider = "workspaces/{ws}/providers/csv/";
        Assert.Equal(200, await CallAsync(api, "POST", Provider + "check", Trial(settings)));
        Assert.Equal(200, await CallAsync(api, "POST", Provider + "fields", Trial(settings)));
        foreach (var setting in (string[])["password", "privateKey", "passphrase"])
        {
            var wrong = settings.DeepClone().AsObject();
            wrong["privateKey"] = Plant("key");
            wrong[setting] = Plant(setting);
            Assert.Equal(400, await CallAsync(api, "POST", Provider + "check", Trial(wrong)));
            var body = new JsonObject { ["name"] = $"Wrong {setting}", ["mapAllFields"] = true, ["source"] = Source(wrong) };
            Assert.Equal(201, await CallAsync(api, "POST", Points, body));
            var failing = point.WithPoint(made);
            Assert.Equal(409, await CallAsync(api, "POST", Points, body));
            var job = await failing.EndOfAsync(await failing.RunAsync());
            Assert.Equal("Validation failed", job.Text("status"));
            Assert.Equal(200, await CallAsync(api, "GET", $"jobs/{job.Text("jobId")}/errors"));
            Assert.Equal(201, await CallAsync(api, "POST", $"{Profiles}-of-points", new JsonObject { ["integrationPoint"] = failing.Point }));
            wrong[setting] = Plant($"new {setting}");
            wrong["timeoutSeconds"] = 0;
            Assert.Equal(400, await CallAsync(api, "PUT", failing.PointAddress, Changed(body, wrong)));
            wrong["timeoutSeconds"] = 7;
            Assert.Equal(200, await CallAsync(api, "PUT", failing.PointAddress, Changed(body, wrong)));
            wrong[setting] = new JsonArray(Plant("list"));
            Assert.Equal(400, await CallAsync(api, "PUT", failing.PointAddress, Changed(body, wrong)));
            wrong[setting] = Plant("profile");
            body["name"] = $"Profile {setting}";
            Assert.Equal(201, await CallAsync(api, "POST", Profiles, Changed(body, wrong)));
            var profile = made;
            Assert.Equal(201, await CallAsync(api, "POST", $"{Profiles}/{profile}/integration-points", new JsonObject { ["name"] = $"Of {setting}", ["secrets"] = new JsonObject { [setting] = Plant("given") } }));
            Assert.Equal(400, await CallAsync(api, "POST", $"{Profiles}/{profile}/integration-points", new JsonObject { ["secrets"] = Plant("text") }));
            body.Remove("name");
            await CallAsync(api, "POST", "workspaces/{ws}/checks", body);
        }
        foreach (var address in (string[])[Points, Profiles, "workspaces/{ws}/jobs", "audit?pageSize=1000", "providers/csv/schema", "openapi.json"])
            Assert.Equal(200, await CallAsync(api, "GET", address));
    }

    /// <summary>Ends the app and looks through all that it has written and answered.</summary>
    public async Task FindNoneAsync()
    {
        await using var services = app.Services();
        var tables = new TableServiceClient(services.GetRequiredService<IConfiguration>()["DataStorage"]);
        await app.StopAsync();
        told.AddRange(app.Log.Select(line => ("log", line)));
        foreach (var container in (Azure.Storage.Blobs.BlobContainerClient[])[app.Blobs.Jobs, app.Blobs.Files, app.Blobs.Staging])
        {
            await foreach (var blob in Blobs.ListAsync(container, "", Stop))
                told.Add(($"{container.Name}/{blob.Name}", (await container.GetBlobClient(blob.Name).DownloadContentAsync(Stop)).Value.Content.ToString()));
        }
        var rows = 0;
        await foreach (var table in tables.QueryAsync(cancellationToken: Stop))
        {
            await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Stop))
            {
                told.Add(($"table {table.Name}", string.Join('\n', row.Select(column => $"{column.Key}={(column.Value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : column.Value)}"))));
                rows++;
            }
        }
        // Records, orchestrations, and the folder in which secrets are kept.
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(app.Records)!, "*", SearchOption.AllDirectories))
            told.Add((file, Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, Stop))));

        Assert.NotEqual(0, rows);
        Assert.Contains(told, t => t.Place.EndsWith(".secret", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Place.EndsWith("records.db", StringComparison.Ordinal) && t.Text.Contains("password-", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Place.EndsWith("/job.json", StringComparison.Ordinal) && t.Text.Contains("password-", StringComparison.Ordinal));
        var spellings = secrets.SelectMany(Spellings).ToHashSet();
        Assert.All(told, t => Assert.DoesNotContain(spellings, spelling => t.Text.Contains(spelling, StringComparison.OrdinalIgnoreCase)));
    }

    private string Plant(string what)
    {
        secrets.Add($"PLANTED-{what}-{Odd}");
        return secrets[^1];
    }

    private async Task<int> CallAsync(Api api, string method, string address, JsonObject? body = null)
    {
        var reply = await api.CallAsync(method, address, body?.ToJsonString(), ("If-Match", "*"));
        told.Add(($"{method} {address}: {reply.Status}", $"{reply.Headers}{reply.ContentHeaders}{reply.Text}"));
        if (reply.Status == 201) made = reply.Json["id"]!.GetValue<string>();
        return reply.Status;
    }

    private static JsonObject Trial(JsonObject settings) => new() { ["settings"] = settings.DeepClone() };

    private static JsonObject Source(JsonObject settings) => new() { ["provider"] = "csv", ["settings"] = settings.DeepClone() };

    private static JsonObject Changed(JsonObject body, JsonObject settings)
    {
        body["source"] = Source(settings);
        return body;
    }

    // As it is, in an address, in a form, in JSON, in Base64 wherever it begins, in hexadecimal.
    private static IEnumerable<string> Spellings(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return System.Net.WebUtility.UrlEncode(secret);
        yield return System.Net.WebUtility.HtmlEncode(secret);
        yield return JsonSerializer.Serialize(secret).Trim('"');
        yield return JsonSerializer.Serialize(secret, Relaxed)[1..^1];
        yield return Convert.ToHexString(bytes);
        for (var offset = 0; offset < 3; offset++) yield return Convert.ToBase64String(bytes.AsSpan(offset, (bytes.Length - offset) / 3 * 3));
    }
}
