using IntegrationPoints.App.Tests.Access;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Engine.Access;
using static IntegrationPoints.App.Tests.Auditing.Entries;

namespace IntegrationPoints.App.Tests.Auditing;

/// <summary>Who did what: what is entered, who sees it and how it is listed.</summary>
public sealed class AuditTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_not_done_is_not_entered()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var before = await CountAsync(api, null);
        Assert.Equal(400, (await api.PostAsync(Points, """{"name":""}""")).Status);
        Assert.Equal(404, (await api.PostAsync(Points + "/none/run")).Status);
        Assert.Equal(428, (await api.CallAsync("PUT", "workspaces/{ws}", """{"name":"x"}""")).Status);
        Assert.Equal(404, (await api.PostAsync("jobs/0123/stop")).Status);
        Assert.Equal(before, await CountAsync(api, null));
        Assert.DoesNotContain(await api.App.Tables.Audit.LeftOpenAsync(DateTimeOffset.UtcNow, Stop), e => e.Workspace == api.Workspace);
    }

    [Fact]
    public async Task What_somebody_was_not_allowed_is_entered_as_refused()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        // A workspace that one does not see is not there; administrators see who asked for it all the same.
        var stranger = api.As(new LocalToken { Name = $"stranger-{api.Workspace}", Roles = [] });
        Assert.Equal(404, (await stranger.GetAsync("workspaces/{ws}")).Status);
        Assert.Equal(404, (await stranger.PostAsync("workspaces/{ws}/folders", """{"path":"A"}""")).Status);
        Assert.Equal(404, (await stranger.GetAsync("workspaces/no-such-workspace")).Status);
        Assert.Equal(403, (await stranger.GetAsync("audit")).Status);
        Assert.Equal(403, (await stranger.PostAsync("workspaces", """{"name":"Mine"}""")).Status);
        Assert.Equal(1, await CountAsync(api, null));
        Assert.Equal(
            [
                "create-workspace missing-permissions workspace - -", "list-audit missing-permissions workspace - -", "get-workspace not-found workspace no-such-workspace -",
                $"create-folder not-found workspace {api.Workspace} -", $"get-workspace not-found workspace {api.Workspace} -",
            ],
            await RefusedAsync(api, $"stranger-{api.Workspace}"));

        var member = await Member.NewAsync(api, [Permission.To(Right.View, SecuredObject.Workspace)]);
        Assert.Equal(200, (await member.Api.GetAsync("workspaces/{ws}")).Status);
        Assert.Equal(403, (await member.Api.PostAsync("workspaces/{ws}/folders", """{"path":"A"}""")).Status);
        Assert.Equal(403, (await member.Api.GetAsync("workspaces/{ws}/object-types/Document/records")).Status);
        Assert.Equal(403, (await member.Api.GetAsync("workspaces/{ws}/audit")).Status);
        Assert.Equal(
            [
                $"list-workspace-audit missing-permissions workspace {api.Workspace} {api.Workspace}",
                $"read-records missing-permissions object-type Document {api.Workspace}", $"create-folder missing-permissions folder - {api.Workspace}",
            ],
            await RefusedAsync(api, member.Name));
        Assert.DoesNotContain(await api.App.Tables.Audit.LeftOpenAsync(DateTimeOffset.UtcNow, Stop), e => e.Workspace == api.Workspace);
    }

    private static async Task<IEnumerable<string>> RefusedAsync(Api api, string who)
        => (await api.GetAsync($"audit?outcome=refused&who={who}")).Json["items"]!.AsArray()
            .Select(e => $"{e!["action"]} {e["code"]} {e["on"]!["kind"]} {e["on"]!["id"] ?? "-"} {e["workspace"] ?? "-"}");

    /// <summary>Who manages a workspace sees that something was done to somebody's private saved search, not what it is called and what it finds.</summary>
    [Fact]
    public async Task What_is_private_shows_its_name_and_condition_to_its_owner_and_to_administrators()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var rights = AccessTable.Needs(Operation.ViewAudit).Concat(AccessTable.Needs(Operation.RunSearch, new AccessTarget("Document"))).Concat(AccessTable.Needs(Operation.AddSearch)).Distinct().ToList();
        var (owner, manager) = (await Member.NewAsync(api, rights), await Member.NewAsync(api, rights));
        foreach (var (name, isPrivate) in new[] { ("Hush", "true"), ("Open", "false") })
        {
            var body = $$$"""{"name":"{{{name}}}","private":{{{isPrivate}}},"condition":{"field":"Control Number","op":"is","value":"{{{name}}}-1"}}""";
            var id = await MakeAsync(owner.Api, "workspaces/{ws}/saved-searches", body);
            Assert.Equal(200, (await owner.Api.GetAsync($"workspaces/{{ws}}/saved-searches/{id}/records")).Status);
            // By its name, and without the right to.
            Assert.Equal(403, (await owner.Api.CallAsync("DELETE", $"workspaces/{{ws}}/saved-searches/{name}")).Status);
        }
        string[] Entries(Reply list) => [.. list.Json["items"]!.AsArray().Where(e => e!["who"]!.GetValue<string>() == owner.Name)
            .Select(e => $"{e!["action"]} {e["on"]!["name"] ?? "-"} {e["isPrivate"]}")];
        string[] hidden = ["delete-saved-search - true", "read-records Open false", "create-saved-search Open false", "delete-saved-search - true", "read-records - true", "create-saved-search - true"];
        string[] shown = ["delete-saved-search - false", "read-records Open false", "create-saved-search Open false", "delete-saved-search - false", "read-records Hush false", "create-saved-search Hush false"];
        var seen = await manager.Api.GetAsync("workspaces/{ws}/audit?pageSize=100");
        Assert.Equal(hidden, Entries(seen));
        Assert.DoesNotContain("Hush", seen.Text, StringComparison.Ordinal);
        foreach (var reader in (Api[])[owner.Api, api])
        {
            var all = await reader.GetAsync("workspaces/{ws}/audit?pageSize=100");
            Assert.Equal(shown, Entries(all));
            Assert.Contains("Hush-1", all.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_audit_is_listed_in_pages_by_who_what_outcome_and_when()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var jane = api.As(new LocalToken { Name = "jane@example.com" });
        for (var i = 0; i < 3; i++) await MakeAsync(jane, "workspaces/{ws}/folders", $$"""{"path":"F{{i}}"}""");
        await MakeAsync(api, "workspaces/{ws}/folders", """{"path":"F9"}""");
        const string Audit = "workspaces/{ws}/audit";
        Assert.Equal(["F9", "F2", "F1", "F0", "Case"], (await api.AllAsync(Audit, 2)).Select(e => e["on"]!["name"]!.GetValue<string>()));
        foreach (var (filter, expected) in new[]
        {
            ("who=JANE@example.com", 3), ("who=nobody", 0), ("action=create-folder", 4), ("action=create-folder&who=jane@example.com", 3), ("outcome=done", 5), ("outcome=refused", 0),
            ("from=2020-01-01", 5), ("to=2020-01-01", 0), ("from=2999-01-01", 0), ($"from={DateTime.UtcNow:yyyy-MM-dd}T00:00Z", 5), ($"to={DateTime.UtcNow:yyyy-MM-dd}", 5),
        })
        {
            Assert.True(expected == (await api.GetAsync($"{Audit}?{filter}")).Json["items"]!.AsArray().Count, filter);
        }
        var all = await api.GetAsync("audit?workspace={ws}&pageSize=2&who=jane@example.com");
        Assert.Equal((2, true), (all.Json["items"]!.AsArray().Count, all.Json["continuationToken"] is not null));
        foreach (var (filter, code) in new[] { ("from=yesterday", "invalid-filter"), ("outcome=maybe", "invalid-filter"), ("by=x", "unknown-filter"), ("pageSize=0", "invalid-page-size"), ("continuationToken=x", "invalid-continuation-token") })
            Assert.Equal((400, code), ((await api.GetAsync($"{Audit}?{filter}")).Status, (await api.GetAsync($"{Audit}?{filter}")).Code));
        // Nothing changes an entry, and nothing removes one.
        foreach (var method in new[] { "POST", "PUT", "PATCH", "DELETE" }) Assert.InRange((await api.CallAsync(method, Audit, "{}")).Status, 404, 405);
    }

    [Fact]
    public async Task Hostile_names_break_no_line_of_the_log_and_stand_in_the_audit_as_they_are()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string Evil = "evil\\u001b[2J\\r\\nwarn: forged";
        await api.PostAsync("workspaces/{ws}/folders", $$"""{"path":"{{Evil}}"}""");
        var name = (await NewestAsync(api, "create-folder"))["on"]!["name"]!.GetValue<string>();
        Assert.DoesNotContain("\u001b", name, StringComparison.Ordinal);
        var somebody = api.As(new LocalToken { Name = "mallory\u001b[2J\r\nwarn: forged" });
        await MakeAsync(somebody, "workspaces/{ws}/folders", """{"path":"B"}""");
        Assert.StartsWith("mallory\u001b[2J", (await NewestAsync(api, "create-folder"))["who"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain(api.App.Log, line => line.Contains("forged", StringComparison.Ordinal) || line.Contains("\u001b[2J", StringComparison.Ordinal));
    }
}
