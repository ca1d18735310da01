using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>What systems may do with API keys: their actions in their workspaces, in the same words as people.</summary>
public sealed class KeysTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points";

    [Fact]
    public async Task A_key_does_what_its_actions_say_in_its_workspaces_and_sees_no_other()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync());
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var api = new Api(import.App, import.Workspace);
        var run = $"{Points}/{import.Point}/run";
        const string Point = """{"name":"By a key","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}}}""";
        (string Action, int View, int Create, int Run, int Group)[] rows =
        [
            ("view", 200, 403, 403, 403), ("edit", 200, 201, 403, 403), ("run", 200, 403, 202, 403), ("administer", 200, 409, 202, 201),
        ];
        foreach (var (action, view, create, started, group) in rows)
        {
            var (key, _) = await KeyAsync(api, api.Workspace, action);
            Assert.Equal((action, view), (action, (await key.GetAsync($"{Points}/{import.Point}")).Status));
            Assert.Equal((action, create), (action, (await key.PostAsync(Points, Point)).Status));
            Assert.Equal((action, group), (action, (await key.PostAsync("workspaces/{ws}/groups", $$$"""{"name":"{{{action}}}"}""")).Status));
            // Nothing beyond its workspace, whatever it may do there.
            Assert.Equal((403, 403), ((await key.PostAsync("workspaces", """{"name":"x"}""")).Status, (await key.GetAsync("settings")).Status));
            Assert.Equal([api.Workspace], (await key.AllAsync("workspaces", 100)).Select(w => w["id"]!.GetValue<string>()));
            await import.UntilFreeAsync();
            Assert.Equal((action, started), (action, (await key.PostAsync(run)).Status));
        }
        var (elsewhere, _) = await KeyAsync(api, (await Api.NewAsync(api.App)).Workspace, "administer");
        Assert.Equal(404, (await elsewhere.GetAsync($"{Points}/{import.Point}")).Status);
    }

    /// <summary>"Scoped to workspaces and actions": nobody widens a key by a group.</summary>
    [Fact]
    public async Task A_key_is_a_member_of_no_group()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var (key, name) = await KeyAsync(api, api.Workspace, "view");
        var refused = await api.PostAsync("workspaces/{ws}/groups", $$"""{"name":"G","members":["key:{{name}}"],"permissions":[{"object":"Folder","rights":["view","add"]}]}""");
        Assert.Equal((400, "invalid-value"), (refused.Status, refused.Code));
        Assert.Equal(403, (await key.PostAsync("workspaces/{ws}/folders", """{"path":"A"}""")).Status);
    }

    /// <summary>"A revoked or expired key has no rights": what it saved does not run by itself any more.</summary>
    [Fact]
    public async Task What_a_revoked_key_saved_is_not_run_by_an_upload()
    {
        var import = await SampleImport.NewSmallAsync(await servers.UploadsAppAsync());
        var api = new Api(import.App, import.Workspace);
        var made = await MakeAsync(api, api.Workspace, "edit", "run");
        var key = api.As($"ApiKey {made.GetProperty("key").GetString()}");
        var saved = await key.CallAsync("PUT", $"{Points}/{import.Point}", (await api.GetAsync($"{Points}/{import.Point}")).Text, ("If-Match", "*"));
        Assert.True(saved.Status == 200, saved.Text);
        await import.StageAsync("Import/Sample/small.dat", SampleImport.SmallFile(("A1", "")));
        Assert.Equal("Completed", Assert.Single(await import.EndedJobsAsync(1)).Text("status"));

        Assert.Equal(200, (await api.CallAsync("DELETE", $"api-keys/{made.GetProperty("id").GetString()}")).Status);
        await import.StageAsync("Import/Sample/small.dat", SampleImport.SmallFile(("A2", "")));
        var refused = (await import.EndedJobsAsync(2))[^1];
        Assert.Equal("Error - job failed", refused.Text("status"));
        var errors = await api.GetAsync($"jobs/{refused.Text("jobId")}/errors");
        Assert.Equal("missing-permissions", errors.Json["items"]![0]!["code"]!.GetValue<string>());
        Assert.Contains("is an API key that has ended", errors.Text, StringComparison.Ordinal);
    }

    private static async Task<(Api Key, string Name)> KeyAsync(Api api, string workspace, params string[] actions)
    {
        var made = await MakeAsync(api, workspace, actions);
        return (api.As($"ApiKey {made.GetProperty("key").GetString()}"), made.GetProperty("name").GetString()!);
    }

    private static async Task<JsonElement> MakeAsync(Api api, string workspace, params string[] actions)
    {
        var body = JsonSerializer.Serialize(new { name = $"{Guid.NewGuid():n}", workspaces = new[] { workspace }, actions, expiresUtc = DateTimeOffset.UtcNow.AddDays(1) });
        var made = await api.PostAsync("api-keys", body);
        Assert.True(made.Status == 201, made.Text);
        return JsonDocument.Parse(made.Text).RootElement;
    }
}
