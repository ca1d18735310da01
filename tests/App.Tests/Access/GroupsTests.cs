using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>The groups of a workspace over HTTP.</summary>
public sealed class GroupsTests(Servers servers)
{
    private const string Groups = "workspaces/{ws}/groups";

    private const string Readers = """{"name":"Readers","members":["jane@example.com"],"permissions":[{"object":"workspace","rights":["view"]},{"object":"Document","rights":["view"]}],"operations":["allow-export"]}""";

    [Fact]
    public async Task A_group_is_made_shown_changed_and_removed_each_version_by_its_etag()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await api.PostAsync(Groups, Readers);
        Assert.Equal((201, $"/api/workspaces/{api.Workspace}/groups/Readers"), (made.Status, made.Headers.Location!.OriginalString));
        var shown = await api.GetAsync($"{Groups}/readers");
        Assert.Equal((200, made.ETag, made.Text), (shown.Status, shown.ETag, shown.Text));
        Assert.Equal("Workspace", shown.Json["permissions"]![0]!["object"]!.GetValue<string>());
        Assert.Equal("name-taken", (await api.PostAsync(Groups, """{"name":"READERS"}""")).Code);

        Assert.Equal(201, (await api.PostAsync(Groups, """{"name":"Loaders"}""")).Status);
        Assert.Equal(["Loaders", "Readers"], (await api.AllAsync(Groups, 1)).Select(g => g["name"]!.GetValue<string>()));
        // All groups are one version: the other one changed it.
        Assert.Equal(428, (await api.CallAsync("PUT", $"{Groups}/Readers", Readers)).Status);
        Assert.Equal(412, (await api.CallAsync("PUT", $"{Groups}/Readers", Readers, ("If-Match", made.ETag))).Status);
        Assert.Equal(412, (await api.CallAsync("DELETE", $"{Groups}/Readers", null, ("If-Match", made.ETag))).Status);
        var version = (await api.GetAsync($"{Groups}/Readers")).ETag;
        Assert.Equal(409, (await api.CallAsync("PUT", $"{Groups}/Readers", """{"name":"loaders"}""", ("If-Match", version))).Status);
        var renamed = await api.CallAsync("PUT", $"{Groups}/Readers", """{"name":"People"}""", ("If-Match", version));
        Assert.Equal((200, "People", 0), (renamed.Status, renamed.Json["name"]!.GetValue<string>(), renamed.Json["members"]!.AsArray().Count));
        Assert.Equal(204, (await api.CallAsync("DELETE", $"{Groups}/people", null, ("If-Match", renamed.ETag))).Status);
        Assert.Equal(404, (await api.GetAsync($"{Groups}/People")).Status);
    }

    [Theory]
    [InlineData("""{"name":" "}""", "name-missing name")]
    [InlineData("""{"name":"G","members":[""]}""", "invalid-value members")]
    [InlineData("""{"name":"G","permissions":[{"object":"Witness","rights":["view"]}]}""", "object-type-not-found permissions")]
    [InlineData("""{"name":"G","permissions":[{"object":"Document","rights":["own"]}]}""", "invalid-value permissions[0].rights[0]")]
    [InlineData("""{"name":"G","operations":["allow-all"]}""", "invalid-value operations[0]")]
    public async Task What_no_group_may_hold_is_refused(string body, string problem)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var refused = await api.PostAsync(Groups, body);
        Assert.Equal(400, refused.Status);
        Assert.Equal([problem], refused.Problems);
    }

    [Fact] // Together they lie in one item of the store, which takes 2 MB.
    public async Task Groups_that_become_too_large_together_are_refused_in_words()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var members = string.Join(',', Enumerable.Range(0, 500).Select(n => $"\"{new string('ü', 250)}{n}\""));
        Reply? last = null;
        for (var n = 0; last is null or { Status: 201 }; n++) last = await api.PostAsync(Groups, $$"""{"name":"G{{n}}","members":[{{members}}]}""");
        Assert.Equal((400, "item-too-large"), (last.Status, last.Code));
    }

    /// <summary>Members by name, by object id, by a group of the directory; a name is compared without regard to case.</summary>
    [Fact]
    public async Task Members_are_known_by_name_object_id_and_group_of_the_directory()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await api.PostAsync(Groups, """{"name":"G","members":["JANE@example.com","6f2d","team-7"],"permissions":[{"object":"Workspace","rights":["view"]}]}""");
        (LocalToken Who, int Status)[] rows =
        [
            (new LocalToken { Name = "jane@EXAMPLE.com", Roles = [] }, 200),
            (new LocalToken { Name = "joe", ObjectId = "6F2D", Roles = [] }, 200),
            (new LocalToken { Name = "joe", Groups = ["team-6", "team-7"], Roles = [] }, 200),
            (new LocalToken { Name = "joe", Roles = [] }, 404),
            (new LocalToken { Name = "joe", ObjectId = "6f2", Groups = ["team"], Roles = ["team-7"] }, 404),
        ];
        foreach (var (who, status) in rows) Assert.Equal(status, (await api.As(who).GetAsync("workspaces/{ws}")).Status);
    }

    /// <summary>Whoever may submit has Edit of the workspace; that must not be enough to give oneself the rest.</summary>
    [Fact]
    public async Task Groups_are_changed_by_administrators_and_whoever_may_remove_the_workspace()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        Permission[] submit = [On(Right.View), On(Right.Edit), On(Right.Add)];
        var member = await Member.NewAsync(api, submit);
        Assert.Equal(200, (await member.Api.GetAsync(Groups)).Status);
        var refused = await member.Api.PostAsync(Groups, Readers);
        Assert.Equal((403, "Workspace: Delete"), (refused.Status, refused.Json["errors"]![0]!["message"]!.GetValue<string>()));
        await member.MayAsync([.. submit, On(Right.Delete)]);
        Assert.Equal(201, (await member.Api.PostAsync(Groups, Readers)).Status);
    }

    [Fact]
    public async Task Object_types_of_the_users_own_have_rights_of_their_own_and_no_name_that_means_another()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        foreach (var name in (string[])["search", "Integration Point"])
            Assert.Equal(["name-reserved name"], (await api.PostAsync("workspaces/{ws}/object-types", $$$"""{"name":"{{{name}}}","identifier":{"name":"Id"}}""")).Problems);
        Assert.Equal(201, (await api.PostAsync("workspaces/{ws}/object-types", """{"name":"Witness","identifier":{"name":"Id"}}""")).Status);
        var made = await api.PostAsync(Groups, """{"name":"G","permissions":[{"object":"WITNESS","rights":["edit","view","view"]}]}""");
        Assert.Equal("""[{"object":"Witness","rights":["view","edit"]}]""", made.Json["permissions"]!.ToJsonString());
    }

    [Fact]
    public async Task Groups_made_at_once_are_all_there()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => api.PostAsync(Groups, $$$"""{"name":"G{{{i}}}"}""")));
        Assert.All(made, reply => Assert.Equal(201, reply.Status));
        Assert.Equal(8, (await api.AllAsync(Groups, 100)).Count);
    }

    private static Permission On(Right right) => Permission.To(right, SecuredObject.Workspace);
}
