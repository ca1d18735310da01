using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Jobs;
using static IntegrationPoints.App.Tests.Auditing.Entries;

namespace IntegrationPoints.App.Tests.Auditing;

/// <summary>Everything that is audited is entered, before the caller is answered, with what was before and is after.</summary>
public sealed class AuditedActionsTests(Servers servers)
{
    private const string Searches = "workspaces/{ws}/saved-searches", Views = "workspaces/{ws}/views", Points = "workspaces/{ws}/integration-points",
        Fields = "workspaces/{ws}/object-types/Document/fields";

    // Names are the users'; what may stand in them stays as it is. (Control and invisible characters are refused.)
    private const string Hostile = "=cmd|' /C calc'!A1 <script>alert(1)</script>";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>All that is audited is done once here; what <see cref="AuditedFunctions"/> lists and nothing below does fails the test.</summary>
    [Fact]
    public async Task Every_audited_action_is_entered_when_it_is_done()
    {
        var app = await servers.AppAsync();
        var (changed, ran) = (await Api.NewAsync(app), await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false));
        await ChangeAsync(changed);
        await RunAsync(ran);
        await MapAsync(new Api(app, ran.Workspace));
        await KeyAsync(new Api(app, ran.Workspace));
        string[] workspaces = [changed.Workspace, ran.Workspace];
        var entries = (await changed.AllAsync("audit", 1000)).Where(e => workspaces.Contains(e["workspace"]?.GetValue<string>()) || e["action"]!.GetValue<string>() is "set-setting" or "create-api-key" or "revoke-api-key" || e["action"]!.GetValue<string>().EndsWith("catalog-entry", StringComparison.Ordinal) || e["action"]!.GetValue<string>().EndsWith("field-catalog", StringComparison.Ordinal)).ToList();
        Assert.All(entries.Where(e => e["workspace"] is not null), e => Assert.Equal(Environment.UserName, e["who"]!.GetValue<string>()));
        Assert.All(entries.Where(e => e["workspace"] is not null && e["action"]!.GetValue<string>() != "resume"), e => Assert.Equal("done", e["outcome"]!.GetValue<string>()));
        Assert.Empty(AuditedFunctions.All.Values.Select(f => f.Action).Except(entries.Select(e => e["action"]!.GetValue<string>())));
    }

    private static async Task ChangeAsync(Api api)
    {
        await AssertAsync(api, "create-workspace", "workspace", "Case", null, """{"name":"Case"}""");
        await DoAsync(api, "PUT", "workspaces/{ws}", """{"name":"Case 2"}""");
        await AssertAsync(api, "change-workspace", "workspace", "Case 2", """{"name":"Case"}""", """{"name":"Case 2"}""");

        var field = await MakeAsync(api, Fields, $$"""{"name":{{JsonSerializer.Serialize(Hostile)}},"type":"fixed-length-text"}""");
        await AssertAsync(api, "create-field", "field", Hostile, null, """{"type":"fixed-length-text"}""");
        await DoAsync(api, "PUT", $"{Fields}/{field}", $$"""{"name":"Tag","type":"fixed-length-text","length":20}""");
        await AssertAsync(api, "change-field", "field", "Tag", """{"length":255}""", """{"length":20}""");
        await DoAsync(api, "DELETE", $"{Fields}/{field}");
        await AssertAsync(api, "delete-field", "field", "Tag", """{"length":20}""", null);

        await MakeAsync(api, "workspaces/{ws}/object-types", """{"name":"Case File","identifier":{"name":"No"}}""");
        await AssertAsync(api, "create-object-type", "object-type", "Case File", null, """{"type":{"name":"Case File"},"identifier":{"name":"No"}}""");
        await MakeAsync(api, "workspaces/{ws}/folders", """{"path":"A\\B"}""");
        await AssertAsync(api, "create-folder", "folder", "A\\B", null, """{"path":"A\\B"}""");
        await MakeAsync(api, "workspaces/{ws}/productions", """{"name":"Prod 1"}""");
        await AssertAsync(api, "create-production", "production", "Prod 1", null, """{"name":"Prod 1"}""");

        await MakeAsync(api, "workspaces/{ws}/users", """{"email":"jane@example.com","name":"Jane"}""");
        await AssertAsync(api, "add-user", "user", "Jane", null, """{"email":"jane@example.com"}""");
        await DoAsync(api, "DELETE", "workspaces/{ws}/users/JANE@example.com");
        await AssertAsync(api, "remove-user", "user", "Jane", """{"email":"jane@example.com"}""", null);

        const string Groups = "workspaces/{ws}/groups";
        await MakeAsync(api, Groups, """{"name":"Team","members":["jane@example.com"]}""");
        await AssertAsync(api, "create-group", "group", "Team", null, """{"members":["jane@example.com"]}""");
        await DoAsync(api, "PUT", $"{Groups}/team", """{"name":"Team","members":[]}""");
        await AssertAsync(api, "change-group", "group", "Team", """{"members":["jane@example.com"]}""", """{"members":[]}""");
        await DoAsync(api, "DELETE", $"{Groups}/team");
        await AssertAsync(api, "delete-group", "group", "Team", """{"members":[]}""", null);

        foreach (var (route, kind) in new[] { (Searches, "saved-search"), (Views, "view") })
        {
            var id = await MakeAsync(api, route, """{"name":"Hot"}""");
            await AssertAsync(api, $"create-{kind}", kind, "Hot", null, """{"columns":[]}""");
            await DoAsync(api, "PUT", $"{route}/{id}", """{"name":"Hot","columns":["Control Number"]}""");
            await AssertAsync(api, $"change-{kind}", kind, "Hot", """{"columns":[]}""", """{"columns":["Control Number"]}""");
            await DoAsync(api, "DELETE", $"{route}/{id}");
            await AssertAsync(api, $"delete-{kind}", kind, "Hot", """{"columns":["Control Number"]}""", null);
        }

        var point = await api.PointAsync();
        await AssertAsync(api, "create-integration-point", "integration-point", "Point", null, """{"mapAllFields":true}""");
        var profile = await MakeAsync(api, "workspaces/{ws}/profiles-of-points", $$"""{"integrationPoint":"{{point}}","name":"Template"}""");
        await AssertAsync(api, "create-profile", "profile", "Template", null, """{"name":"Template"}""");
        var body = (await api.GetAsync($"{Points}/{point}")).Json;
        body["import"]!["overwrite"] = "overlay";
        await DoAsync(api, "PUT", $"{Points}/{point}", body.ToJsonString());
        await AssertAsync(api, "change-integration-point", "integration-point", "Point", """{"import":{"overwrite":"append"}}""", """{"import":{"overwrite":"overlay"}}""");
        await MakeAsync(api, $"workspaces/{{ws}}/profiles/{profile}/integration-points", """{"name":"Made of it"}""");
        await AssertAsync(api, "create-integration-point", "integration-point", "Made of it", null, """{"name":"Made of it"}""");
        await DoAsync(api, "DELETE", $"{Points}/{point}");
        await AssertAsync(api, "delete-integration-point", "integration-point", "Point", """{"import":{"overwrite":"overlay"}}""", null);

        body = (await api.GetAsync($"workspaces/{{ws}}/profiles/{profile}")).Json;
        body["import"]!["overwrite"] = "overlay";
        await DoAsync(api, "PUT", $"workspaces/{{ws}}/profiles/{profile}", body.ToJsonString());
        await AssertAsync(api, "change-profile", "profile", "Template", """{"import":{"overwrite":"append"}}""", """{"import":{"overwrite":"overlay"}}""");
        await DoAsync(api, "DELETE", $"workspaces/{{ws}}/profiles/{profile}");
        await AssertAsync(api, "delete-profile", "profile", "Template", """{"import":{"overwrite":"overlay"}}""", null);

        await DoAsync(api, "DELETE", "workspaces/{ws}");
        Assert.Equal(404, (await api.GetAsync("workspaces/{ws}/audit")).Status);
        var gone = (await api.GetAsync("audit?workspace={ws}&pageSize=1")).Json["items"]![0]!;
        Assert.Equal(("delete-workspace", "Case 2"), (gone["action"]!.GetValue<string>(), gone["before"]!["name"]!.GetValue<string>()));

        var setting = (await api.GetAsync("settings")).Json["items"]!.AsArray().Single(i => i!["name"]!.GetValue<string>() == "MaxPackageNesting")!["value"]!.GetValue<string>();
        await DoAsync(api, "PUT", "settings/maxpackagenesting", $$"""{"value":"{{setting}}"}""");
        var set = await EntryAsync(api, "set-setting", "name", "MaxPackageNesting");
        Assert.Equal($$"""{"MaxPackageNesting":"{{setting}}"}""", set["after"]!.ToJsonString());
    }

    private static async Task MapAsync(Api api)
    {
        Assert.Equal(200, (await api.PostAsync("workspaces/{ws}/providers/load-file/fields", """{"settings":{"file":"StructuredData/{ws}/in/small.dat"}}""")).Status);
        Assert.Equal(200, (await api.PostAsync("workspaces/{ws}/object-types/document/map-all", """{"fields":[]}""")).Status);
        var name = $"E{Guid.NewGuid():n}";
        var entry = $"field-catalog/{name}";
        Assert.Equal(201, (await api.CallAsync("PUT", entry, """{"synonyms":["A of the audit"]}""")).Status);
        Assert.Equal("A of the audit", (await EntryAsync(api, "set-catalog-entry", "name", name))["after"]!["synonyms"]![0]!.GetValue<string>());
        Assert.Equal(200, (await api.PostAsync("field-catalog.csv", JsonSerializer.Serialize(new { csv = $"Name,Synonym\n{name},B of the audit\n" }))).Status);
        Assert.Equal(200, (await api.GetAsync("field-catalog.csv")).Status);
        Assert.Equal(204, (await api.CallAsync("DELETE", entry)).Status);
    }

    // Other tests do the same at the same time.
    private static async Task<JsonNode> EntryAsync(Api api, string action, string member, string value)
        => (await api.GetAsync($"audit?action={action}&pageSize=50")).Json["items"]!.AsArray().First(e => e!["on"]![member]?.GetValue<string>() == value)!;

    private static async Task KeyAsync(Api api)
    {
        var made = await api.PostAsync("api-keys", $$"""{"name":"Loader {{api.Workspace}}","workspaces":["{ws}"],"actions":["run"],"expiresUtc":"{{DateTime.UtcNow.AddDays(2):O}}"}""");
        Assert.True(made.Status == 201, made.Text);
        var id = made.Json["id"]!.GetValue<string>();
        var entry = await EntryAsync(api, "create-api-key", "id", id);
        Assert.Equal("valid", entry["after"]!["status"]!.GetValue<string>());
        Assert.DoesNotContain(made.Json["key"]!.GetValue<string>(), entry.ToJsonString(), StringComparison.Ordinal);
        await DoAsync(api, "DELETE", $"api-keys/{id}");
        entry = await EntryAsync(api, "revoke-api-key", "id", id);
        Assert.Equal(("valid", "revoked"), (entry["before"]!["status"]!.GetValue<string>(), entry["after"]!["status"]!.GetValue<string>()));
    }

    private static async Task RunAsync(SampleImport import)
    {
        var (app, api) = (import.App, new Api(import.App, import.Workspace));
        var upload = await api.PostAsync("workspaces/{ws}/uploads", """{"path":"in/one.dat","bytes":3}""");
        Assert.Contains("sig=", upload.Text, StringComparison.Ordinal);
        var entry = await AssertAsync(api, "upload", "file", "in/one.dat", null, """{"bytes":3}""");
        Assert.DoesNotContain("sig=", entry.ToJsonString(), StringComparison.Ordinal);
        await api.PostAsync("workspaces/{ws}/uploads/batch", """{"paths":["a","b","c"]}""");
        await AssertAsync(api, "upload", "file", "a and 2 more", null, null);

        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", ""), ("A2", "lost.pdf")));
        await MakeAsync(api, $"{import.PointAddress}/check", null);
        await AssertAsync(api, "check", "integration-point", "Sample", null, null);
        await MakeAsync(api, $"{import.PointAddress}/statistics", null);
        await AssertAsync(api, "calculate-statistics", "integration-point", "Sample", null, null);

        var job = await import.RunAsync();
        Assert.Equal(job, (await AssertAsync(api, "run", "integration-point", "Sample", null, null))["jobId"]!.GetValue<string>());
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        await ReadFilesAsync(api, job);
        await ExportAsync(import, api);
        var retry = await MakeAsync(api, $"{import.PointAddress}/retry", null);
        Assert.Equal(retry, (await AssertAsync(api, "retry", "integration-point", "Sample", null, null))["jobId"]!.GetValue<string>());
        await import.EndOfAsync(retry);
        await import.UntilFreeAsync();
        await MakeAsync(api, $"jobs/{job}/verify", null);
        Assert.Equal(job, (await AssertAsync(api, "verify", "job", "Sample", null, null))["jobId"]!.GetValue<string>());
        var undo = await MakeAsync(api, $"jobs/{job}/undo", null);
        await AssertAsync(api, "undo", "job", "Sample", null, $$"""{"undoneBy":"{{undo}}"}""");
        await import.EndOfAsync(undo);
        await import.UntilFreeAsync();

        // A row that says of a job that has ended that it runs, so that it can be told to pause and to stop; to go on there is nobody.
        foreach (var (status, verb) in new[] { (JobStatus.Processing, "suspend"), (JobStatus.Processing, "stop"), (JobStatus.Suspended, "resume") })
        {
            await app.Tables.History.TryUpdateAsync((await app.Tables.History.GetAsync(job, Stop))! with { Status = status, StopRequested = false, EndedUtc = null }, Stop);
            Assert.Equal(verb == "resume" ? 500 : 202, (await api.PostAsync($"jobs/{job}/{verb}")).Status);
            await AssertAsync(api, verb, "job", "Sample", null, null, verb == "resume" ? "failed" : "done");
        }
        await app.Tables.History.TryUpdateAsync((await app.Tables.History.GetAsync(job, Stop))! with { Status = JobStatus.Processing, StopRequested = false }, Stop);
        await import.HoldAsync(job);
        await MakeAsync(api, $"{import.PointAddress}/stop", null);
        await AssertAsync(api, "stop", "integration-point", "Sample", null, null);
        await app.Tables.History.TryUpdateAsync((await app.Tables.History.GetAsync(job, Stop))! with { Status = JobStatus.Stopped }, Stop);
        await import.ReleaseAsync(job);
    }

    private static async Task ReadFilesAsync(Api api, string job)
    {
        foreach (var (route, action) in new[] { ("error-file", "download-error-file"), ("error-report", "download-error-report"), ("manifest/files", "download-manifest") })
        {
            Assert.Equal(200, (await api.GetAsync($"jobs/{job}/{route}")).Status);
            await AssertAsync(api, action, "job", "Sample", null, null);
        }
        const string Records = "workspaces/{ws}/object-types/document/records";
        foreach (var route in new[] { Records, Records + ".jsonl", Records + "/a1" })
        {
            var count = await CountAsync(api, "read-records");
            Assert.True((await api.GetAsync(route)).Status is 200, route);
            Assert.Equal(count + 1, await CountAsync(api, "read-records"));
        }
        foreach (var (route, kind) in new[] { (Searches, "saved-search"), (Views, "view") })
        {
            await MakeAsync(api, route, """{"name":"Found"}""");
            Assert.Equal(200, (await api.GetAsync($"{route}/found/records")).Status);
            await AssertAsync(api, "read-records", kind, "Found", null, null);
        }
        foreach (var route in new[] { "workspaces/{ws}/images", "workspaces/{ws}/images.jsonl" })
        {
            var count = await CountAsync(api, "read-images");
            Assert.Equal(200, (await api.GetAsync(route)).Status);
            Assert.Equal(count + 1, await CountAsync(api, "read-images"));
        }
        // What is not there was not handed out.
        var read = await CountAsync(api, "read-records");
        Assert.Equal(404, (await api.GetAsync(Records + "/nobody")).Status);
        Assert.Equal(read, await CountAsync(api, "read-records"));
        var check = (await api.PostAsync("workspaces/{ws}/checks", """{"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/small.dat"}},"mapAllFields":true}""")).Json["checkId"]!.GetValue<string>();
        await AssertAsync(api, "check", "workspace", null, null, null);
        await Until.TrueAsync(async () => (await api.GetAsync($"checks/{check}/report")).Status == 200, TimeSpan.FromMinutes(5), () => api.App.Failed("The check has no report.").Message);
        Assert.Equal(check, (await AssertAsync(api, "download-check-report", "check", null, null, null))["on"]!["id"]!.GetValue<string>());
    }

    private static async Task ExportAsync(SampleImport import, Api api)
    {
        var export = await import.ExportAsync(body => body["destination"]!["settings"]!["textFiles"] = false);
        var job = await export.RunAsync();
        Assert.Equal(job, (await AssertAsync(api, "export", "integration-point", null, null, null))["jobId"]!.GetValue<string>());
        await export.EndOfAsync(job);
        await export.UntilFreeAsync();
        Assert.True((await api.GetAsync($"jobs/{job}/output/files")).Status == 200, (await api.GetAsync($"jobs/{job}/errors")).Text);
        await AssertAsync(api, "download-export", "job", null, null, null);
    }
}
