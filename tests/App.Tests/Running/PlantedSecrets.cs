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
/// <param name="app">The app, which is used by nobody else meanwhile.</param>
/// <param name="provider">The provider whose secrets they are.</param>
/// <param name="settings">The settings of its that are secret.</param>
/// <param name="known">Secrets that were planted already.</param>
internal sealed class PlantedSecrets(AppProcess app, string provider, string[] settings, params string[] known)
{
    // Letters that are written otherwise in addresses, in JSON and in HTML.
    private const string Odd = "+/=&%\"<ä 7f3a";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> secrets = [.. known];
    private readonly List<(string Place, string Text)> told = [];
    private string made = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Points, profiles, trials, checks and jobs; right and wrong ones, refused and accepted. In the end no server may be connected to.</summary>
    /// <param name="point">A point whose secrets are right.</param>
    /// <param name="right">Its settings, with the secrets.</param>
    public async Task EverywhereAsync(SampleImport point, JsonObject right)
    {
        var api = new Api(app, point.Workspace);
        const string Points = "workspaces/{ws}/integration-points", Profiles = "workspaces/{ws}/profiles";
        var trials = $"workspaces/{{ws}}/providers/{provider}/";
        Assert.Equal(200, await CallAsync(api, "POST", trials + "check", Trial(right)));
        Assert.Equal(200, await CallAsync(api, "POST", trials + "fields", Trial(right)));
        foreach (var setting in settings)
        {
            var wrong = right.DeepClone().AsObject();
            // A passphrase is none without a key.
            if (settings.Contains("privateKey")) wrong["privateKey"] = Plant("key");
            wrong[setting] = Plant(setting);
            Assert.Equal(400, await CallAsync(api, "POST", trials + "check", Trial(wrong)));
            var body = new JsonObject { ["name"] = $"Wrong {setting}", ["mapAllFields"] = true, ["source"] = Source(wrong) };
            Assert.Equal(201, await CallAsync(api, "POST", Points, body));
            var failing = point.WithPoint(made);
            Assert.Equal(409, await CallAsync(api, "POST", Points, body));
            await FailAsync(api, failing);
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
        var unknown = Changed(new JsonObject { ["name"] = "Unknown", ["mapAllFields"] = true }, right);
        unknown["source"]!["provider"] = "none";
        Assert.Equal(400, await CallAsync(api, "POST", Points, unknown));
        Assert.Equal(404, await CallAsync(api, "POST", "workspaces/{ws}/providers/none/check", Trial(right)));
        // The host is refused from here on.
        Assert.Equal(200, await CallAsync(api, "PUT", "settings/AllowedHosts", new JsonObject { ["value"] = "127.0.0.1:1" }));
        Assert.Equal(400, await CallAsync(api, "POST", trials + "check", Trial(right)));
        await FailAsync(api, point);
        foreach (var address in (string[])[Points, Profiles, "workspaces/{ws}/jobs", "audit?pageSize=1000", $"providers/{provider}/schema", "openapi.json"])
            Assert.Equal(200, await CallAsync(api, "GET", address));
    }

    private async Task FailAsync(Api api, SampleImport point)
    {
        var job = await point.EndOfAsync(await point.RunAsync());
        Assert.Equal("Validation failed", job.Text("status"));
        Assert.Equal(200, await CallAsync(api, "GET", $"jobs/{job.Text("jobId")}/errors"));
    }

    /// <summary>Ends the app, looks through all that it has written and answered, and starts it anew.</summary>
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
        Assert.Contains(told, t => t.Place.EndsWith("records.db", StringComparison.Ordinal) && t.Text.Contains($"{settings[0]}-", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Place.EndsWith("/job.json", StringComparison.Ordinal) && t.Text.Contains($"{settings[0]}-", StringComparison.Ordinal));
        var spellings = secrets.SelectMany(Spellings).ToHashSet();
        Assert.All(told, t => Assert.DoesNotContain(spellings, spelling => t.Text.Contains(spelling, StringComparison.OrdinalIgnoreCase)));
        await app.StartAsync();
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

    private static JsonObject Trial(JsonObject tried) => new() { ["settings"] = tried.DeepClone() };

    private JsonObject Source(JsonObject sent) => new() { ["provider"] = provider, ["settings"] = sent.DeepClone() };

    private JsonObject Changed(JsonObject body, JsonObject sent)
    {
        body["source"] = Source(sent);
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
