using IntegrationPoints.App.Access;
using IntegrationPoints.App.Tests.Auditing;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>Trials of sources, and pairing their fields: nobody learns by them what a check or a look at the object type would have refused.</summary>
public sealed class TrialTests(Servers servers)
{
    private const string Providers = "workspaces/{ws}/providers", MapAll = "workspaces/{ws}/object-types/document/map-all";

    private static readonly Permission Sources = Permission.To(Right.View, SecuredObject.SourceProvider), Documents = Permission.To(Right.View, "Document");

    private static readonly Permission[] Maker = [Permission.To(Right.View, SecuredObject.Workspace), .. AccessTable.Needs(Operation.CreatePoint)];

    [Fact]
    public async Task The_fields_of_an_object_type_are_paired_for_those_who_may_view_it()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var member = await Member.NewAsync(api, [.. Maker, Sources]);
        Assert.Equal("Document: View", Missing(await member.Api.PostAsync(MapAll, """{"fields":[]}""")));
        await member.MayAsync([.. Maker, Documents]);
        Assert.Equal(200, (await member.Api.PostAsync(MapAll, """{"fields":[]}""")).Status);
    }

    /// <summary>What a source is, where it lies, and what it takes on top.</summary>
    [Theory]
    [InlineData("load-file", """{"file":"StructuredData/{ws}/in/none.dat"}""", "Source Provider: View", "")]
    [InlineData("load-file", """{"file":"StructuredData/{ws}/Export/job/export.dat"}""", "Allow Export", "Source Provider: View")]
    [InlineData("load-file", """{"file":"structureddata/{ws}/export/job/export.dat"}""", "Allow Export", "Source Provider: View")]
    [InlineData("load-file", """{"file":"StructuredData/{ws}/in/none.dat","baseFolder":"StructuredData/{ws}/Export"}""", "Allow Export", "Source Provider: View")]
    [InlineData("image-load-file", """{"file":"StructuredData/{ws}/Export/job/export.opt"}""", "Allow Export", "Source Provider: View")]
    [InlineData("workspace", """{"part":"saved-search","savedSearch":"Hot"}""", "Search: View|Folder: View|Production: View", "Source Provider: View")]
    public async Task A_source_is_tried_by_those_who_may_read_it(string provider, string settings, string missing, string has)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var member = await Member.NewAsync(api, [.. Maker, Documents, .. has.Length > 0 ? [Sources] : Array.Empty<Permission>()]);
        foreach (var verb in (string[])["check", "fields"])
            Assert.Equal(missing, Missing(await member.Api.PostAsync($"{Providers}/{provider}/{verb}", $$"""{"settings":{{settings}}}""")));
        Assert.Equal(missing, Missing(await member.Api.PostAsync(MapAll, $$"""{"provider":"{{provider}}","settings":{{settings}}}""")));
    }

    /// <summary>The secrets of a point are sent with what is tried, also where that is not what was saved.</summary>
    [Fact]
    public async Task Settings_are_tried_with_the_secrets_of_a_point_by_those_who_may_change_it()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var member = await Member.NewAsync(api, [.. Maker, Sources]);
        foreach (var point in (string[])[await api.PointAsync(), "none"])
            Assert.Equal("Integration Point: Edit", Missing(await member.Api.PostAsync($"{Providers}/load-file/check", $$$"""{"settings":{"file":"StructuredData/{ws}/in/none.dat"},"integrationPoint":"{{{point}}}"}""")));
    }

    /// <summary>Runs by schedule go by the rights of those who saved points: trying something saves none.</summary>
    [Fact]
    public async Task Whoever_tries_a_source_is_not_kept_as_one_who_saves_points()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var member = await Member.NewAsync(api, [.. Maker, Sources, Documents]);
        await using var services = api.App.Services();
        var principals = services.GetRequiredService<Principals>();
        Assert.Equal(200, (await member.Api.PostAsync(MapAll, """{"fields":[]}""")).Status);
        Assert.Equal(400, (await member.Api.PostAsync($"{Providers}/csv/check", """{"settings":{}}""")).Status);
        Assert.Equal(400, (await member.Api.PostAsync("workspaces/{ws}/integration-points", """{"name":""}""")).Status);
        Assert.Null(await principals.FindAsync(member.Name, TestContext.Current.CancellationToken));
        await member.Api.PointAsync();
        Assert.NotNull(await principals.FindAsync(member.Name, TestContext.Current.CancellationToken));
    }

    /// <summary>Who looks for hosts or passwords is seen, also where nothing is found.</summary>
    [Fact]
    public async Task A_trial_that_fails_is_entered_with_what_was_tried_and_no_secret()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string Settings = """{"host":"127.0.0.1","protocol":"ftp","port":1,"path":"/people.csv","user":"hr","password":"PLANTED-trial"}""";
        foreach (var (route, body, action) in new[] { ($"{Providers}/csv/check", $$"""{"settings":{{Settings}}}""", "try-source"), (MapAll, $$"""{"provider":"csv","settings":{{Settings}}}""", "map-all") })
        {
            var refused = await api.PostAsync(route, body);
            var entry = await Entries.NewestAsync(api, action);
            Assert.Equal((400, "host-not-allowed"), (refused.Status, refused.Code));
            Assert.Equal(("failed", "host-not-allowed"), (entry["outcome"]!.GetValue<string>(), entry["code"]!.GetValue<string>()));
            Assert.Equal(("csv", "127.0.0.1", "/people.csv"), (
                entry["after"]!["provider"]!.GetValue<string>(), entry["after"]!["settings"]!["host"]!.GetValue<string>(), entry["after"]!["settings"]!["path"]!.GetValue<string>()));
            Assert.DoesNotContain("PLANTED", entry.ToJsonString(), StringComparison.Ordinal);
        }
    }

    private static string Missing(Reply reply)
    {
        Assert.Equal(403, reply.Status);
        return string.Join('|', reply.Json["errors"]!.AsArray().Select(e => e!["message"]!.GetValue<string>()));
    }
}
