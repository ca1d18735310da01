using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Checks before an import, over HTTP.</summary>
public sealed class ChecksTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The sample's generator says which rows are bad, and why.</summary>
    [Fact]
    public async Task The_sample_is_told_row_by_row_before_it_is_imported_and_after()
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app);
        var api = new Api(app, import.Workspace);
        var fields = await FieldsAsync(api);
        var check = await EndAsync(api, await StartAsync(api, $"workspaces/{{ws}}/integration-points/{import.Point}/check", null));
        var report = check["report"]!;
        Assert.Equal("240 rows: 232 would be new, 8 would be rejected.", report["verdict"]!.GetValue<string>());
        var expected = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(SampleImport.SampleFolder, "expected.json"), Stop))!["badRows"]!.AsArray();
        var examples = report["findings"]!.AsArray().Where(f => f!["severity"]!.GetValue<string>() == "error")
            .SelectMany(f => f!["examples"]!.AsArray(), (f, e) => $"{e!["line"]} {f!["code"]}");
        Assert.Equal(expected.Select(r => $"{r!["line"]} {r["code"]}").Order(StringComparer.Ordinal), examples.Order(StringComparer.Ordinal));

        // Nothing was made: no record, no field, no job.
        Assert.Equal(0, await import.CountAsync());
        Assert.Equal(fields, await FieldsAsync(api));
        Assert.Empty(await import.JobsAsync());

        await import.EndOfAsync(await import.RunAsync());
        var again = (await EndAsync(api, await StartAsync(api, $"workspaces/{{ws}}/integration-points/{import.Point}/check", null)))["report"]!;
        Assert.Equal("240 rows: 240 would be rejected.", again["verdict"]!.GetValue<string>());
        var overlay = await import.OverlayAsync();
        var third = (await EndAsync(api, await StartAsync(api, $"workspaces/{{ws}}/integration-points/{overlay.Point}/check", null)))["report"]!;
        Assert.Equal("240 rows: 232 would be overlaid, 8 would be rejected.", third["verdict"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_check_without_an_integration_point_leaves_none_behind_and_its_page_encodes_every_value()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string Evil = "<script>alert(1)</script>";
        await UploadAsync(api, "in/docs.dat", $"Id,{Evil},Sent\n\"<img src=x onerror=1>\",1,2/30/2021\n\"{Evil}\",{new string('9', 50_000)},\"{Evil}\"\nA&B,1,03/04/2021\n");
        var id = await StartAsync(api, "workspaces/{ws}/checks", """
            {"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat","column":44,"quote":34}},"mapAllFields":true,
             "import":{"createFields":{"fields":[{"name":"Sent","type":"date"}]}}}
            """);
        var check = await EndAsync(api, id);
        Assert.Equal(("Done", "3 rows: 1 would be new, 2 would be rejected."), (check["status"]!.GetValue<string>(), check["report"]!["verdict"]!.GetValue<string>()));
        Assert.Empty((await api.GetAsync("workspaces/{ws}/integration-points")).Json["items"]!.AsArray());

        var page = await api.GetAsync($"checks/{id}/report");
        Assert.Equal((200, "text/html"), (page.Status, page.ContentHeaders.ContentType!.MediaType));
        Assert.StartsWith("default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page.Text, StringComparison.Ordinal);
        Assert.Contains("3 rows: 1 would be new, 2 would be rejected.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('9', 200), page.Text, StringComparison.Ordinal);
        Assert.True(page.Text.Length < 100_000, "A giant value is not shown whole.");
    }

    [Fact]
    public async Task A_load_file_that_cannot_be_read_ends_the_check_with_the_words_of_the_import()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var id = await StartAsync(api, "workspaces/{ws}/checks",
            """{"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/none.dat"}},"mapAllFields":true}""");
        var check = await EndAsync(api, id);
        Assert.Equal(("Failed", "file-not-found"), (check["status"]!.GetValue<string>(), check["problem"]!["code"]!.GetValue<string>()));
        var page = await api.GetAsync($"checks/{id}/report");
        Assert.Equal((404, "no-report"), (page.Status, page.Code));
    }

    [Fact]
    public async Task Requests_with_the_same_key_start_one_check()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await UploadAsync(api, "in/docs.dat", "Id\nA\n");
        const string Body = """{"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat","column":44,"quote":34}},"mapAllFields":true}""";
        Assert.Equal(await StartAsync(api, "workspaces/{ws}/checks", Body, "k"), await StartAsync(api, "workspaces/{ws}/checks", Body, "k"));
        Assert.NotEqual(await StartAsync(api, "workspaces/{ws}/checks", Body), await StartAsync(api, "workspaces/{ws}/checks", Body));
    }

    /// <summary>Nobody would ever refer to the secret, so that it is not kept.</summary>
    [Fact]
    public async Task Sources_with_secrets_are_checked_with_their_integration_point()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var refused = await api.CallAsync("POST", "workspaces/{ws}/checks", """{"source":{"provider":"csv","settings":{"host":"files.example.com","path":"/a.csv","user":"u","password":"p"}},"mapAllFields":true}""");
        Assert.Equal((400, "check-needs-point source.provider"), (refused.Status, Assert.Single(refused.Problems)));
    }

    [Theory]
    [InlineData("""{"imageFile":"../x.opt"}""", "path-outside-root imageFile")]
    [InlineData("""{"inventory":"StructuredData/another/x"}""", "path-outside-root inventory")]
    [InlineData("""{"columns":{"bates":"x"}}""", "unknown-member columns.bates")]
    public async Task What_a_check_may_not_read_or_does_not_know_is_refused(string options, string problem)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var body = $$"""{"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"} },"mapAllFields":true,"options":{{options}}}""";
        var refused = await api.CallAsync("POST", "workspaces/{ws}/checks", body);
        Assert.Equal(400, refused.Status);
        Assert.Equal([problem], refused.Problems.Select(p => p.Replace("options.", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("checks/none")]
    [InlineData("checks/none/report")]
    [InlineData("checks/..%2fnone")]
    public async Task A_check_that_is_not_there_is_not_found(string route)
        => Assert.Equal(404, (await (await Api.NewAsync(await servers.AppAsync())).GetAsync(route)).Status);

    private static async Task<string> StartAsync(Api api, string route, string? body, string? key = null)
    {
        var started = await api.CallAsync("POST", route, body, key is null ? [] : [("Idempotency-Key", key)]);
        Assert.True(started.Status == 202, started.Text);
        var id = started.Json["checkId"]!.GetValue<string>();
        Assert.Equal($"/api/checks/{id}", started.Headers.Location!.ToString());
        return id;
    }

    private static async Task<JsonNode> EndAsync(Api api, string check)
    {
        JsonNode now = JsonValue.Create(0);
        await Until.TrueAsync(
            async () => (now = (await api.GetAsync($"checks/{check}")).Json)["isFinal"]!.GetValue<bool>(), TimeSpan.FromSeconds(90),
            () => api.App.Failed($"The check did not end: {now}").Message);
        return now;
    }

    private static async Task<string> FieldsAsync(Api api) => (await api.GetAsync("workspaces/{ws}/object-types/Document/fields")).Text;

    private static Task UploadAsync(Api api, string path, string content)
        => api.App.Blobs.Staging.GetBlobClient(string.Create(CultureInfo.InvariantCulture, $"StructuredData/{api.Workspace}/{path}"))
            .UploadAsync(BinaryData.FromBytes(Encoding.UTF8.GetBytes(content)), overwrite: true, Stop);
}
