using IntegrationPoints.App.Access;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Storage.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>"A missing permission answers 403 listing every missing one": also what only the body, the point or the profile says is needed.</summary>
public sealed class AllMissingTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points", Maker = "Integration Point: View|Integration Point: Add|Integration Point Type: View|Allow Import",
        Exported = """{"provider":"load-file","settings":{"file":"StructuredData/{ws}/Export/job/export.dat"}}""", MakesFields = ""","import":{"createFields":{}}""",
        Submit = "Workspace: Edit|Workspace: Add|Job History: Edit|Job History: Add|Destination Provider: View|Source Provider: View";

    private static readonly Permission[] Nothing = [Permission.To(Right.View, SecuredObject.Workspace)], SeesPoints = [.. Nothing, .. AccessTable.Needs(Operation.ViewPoint)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What is asked with which body by whom, and all that is missing for it.</summary>
    public static TheoryData<string, string, string, bool, string> Rows => new()
    {
        { "POST", Points, $$"""{"name":"New","mapAllFields":true,"source":{{Exported}}{{MakesFields}}}""", false, $"{Maker}|Manage Object Types" },
        { "POST", Points, """{"name":"New","mapAllFields":true,"source":null}""", false, Maker },
        { "POST", Points, "no JSON", false, Maker },
        { "PUT", $"{Points}/{{point}}", $$"""{"name":"Changed","mapAllFields":true,"source":{{Exported}}{{MakesFields}}}""", true, "Integration Point: Edit|Allow Import|Manage Object Types" },
        { "POST", "workspaces/{ws}/profiles/{profile}/integration-points", "{}", false, $"Integration Point Profile: View|{Maker}" },
        { "POST", "workspaces/{ws}/providers/workspace/check", """{"settings":{"part":"saved-search"},"integrationPoint":"none"}""", false,
            $"{Maker}|Source Provider: View|Document: View|Search: View|Folder: View|Production: View|Integration Point: Edit" },
        { "POST", "workspaces/{ws}/object-types/document/map-all", """{"provider":"load-file","settings":{"file":"StructuredData/{ws}/Export/a.dat"}}""", false,
            $"{Maker}|Document: View|Source Provider: View|Allow Export" },
        { "POST", "workspaces/{ws}/object-types/document/map-all", """{"integrationPoint":"{point}"}""", false, $"{Maker}|Document: View|Source Provider: View" },
        { "POST", "workspaces/{ws}/object-types/document/map-all", """{"integrationPoint":"{point}"}""", true, "Integration Point: Add|Allow Import|Document: View|Source Provider: View|Allow Export" },
        { "POST", "workspaces/{ws}/object-types/document/map-all", "{", false, $"{Maker}|Document: View" },
        { "POST", "workspaces/{ws}/object-types/none/map-all", "{}", false, $"{Maker}|Its object type: View" },
        { "POST", "workspaces/{ws}/checks", $$"""{"mapAllFields":true,"objectType":"Entity","source":{{Exported}}}""", false,
            "Integration Point: View|Integration Point Type: View|Source Provider: View|Entity: View|Allow Import|Allow Export" },
        { "POST", "workspaces/{ws}/checks", "{", false, "Integration Point: View|Integration Point Type: View|Source Provider: View|Its object type: View" },
        { "POST", $"{Points}/{{point}}/check", """{"inventory":"StructuredData/{ws}/in/list.csv"}""", true, "Source Provider: View|Document: View|Allow Export|Allow Import" },
        { "POST", $"{Points}/{{point}}/run", "", true, $"{Submit}|Document: View|Document: Edit|Document: Add|Allow Import|Allow Export" },
    };

    [Theory, MemberData(nameof(Rows))]
    public async Task One_answer_lists_all_that_is_missing(string method, string route, string body, bool seesPoints, string missing)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var point = await NewAsync(api, Points, $$"""{"name":"Point","mapAllFields":true,"source":{{Exported}}}""");
        var profile = route.Contains("{profile}", StringComparison.Ordinal)
            ? await NewAsync(api, "workspaces/{ws}/profiles", $$"""{"name":"Profile","mapAllFields":true,"source":{{Exported}}{{MakesFields}}}""") : "";
        var member = await Member.NewAsync(api, seesPoints ? SeesPoints : Nothing);
        string With(string text) => text.Replace("{point}", point, StringComparison.Ordinal).Replace("{profile}", profile, StringComparison.Ordinal);
        Assert.Equal(missing, Missing(await member.Api.CallAsync(method, With(route), body.Length == 0 ? null : With(body), ("If-Match", "*"))));
    }

    /// <summary>A profile tells what its points make to whoever may look at it.</summary>
    [Fact]
    public async Task What_a_profile_makes_is_listed_for_the_workspace_that_gets_the_point()
    {
        var (api, other) = (await Api.NewAsync(await servers.AppAsync()), await Api.NewAsync(await servers.AppAsync()));
        var profile = await NewAsync(api, "workspaces/{ws}/profiles", $$"""{"name":"Profile","mapAllFields":true,"source":{{Exported}}{{MakesFields}}}""");
        var member = await Member.NewAsync(api, [.. Nothing, Permission.To(Right.View, SecuredObject.Profile)]);
        var route = $"workspaces/{{ws}}/profiles/{profile}/integration-points";
        Assert.Equal($"{Maker}|Manage Object Types", Missing(await member.Api.PostAsync(route, "{}")));
        Assert.Equal(201, (await other.PostAsync("workspaces/{ws}/groups", $$"""{"name":"There","members":["{{member.Name}}"],"permissions":[{"object":"Workspace","rights":["view"]}]}""")).Status);
        var there = $", in the workspace \"{other.Workspace}\"";
        Assert.Equal($"{Maker.Replace("|", $"{there}|", StringComparison.Ordinal)}{there}|Manage Object Types{there}", Missing(await member.Api.PostAsync(route, $$"""{"workspace":"{{other.Workspace}}"}""")));
    }

    /// <summary>What an export wrote is read with Allow Export, whoever starts it: the caller, a retry, or a schedule or upload with the rights of whoever saved the point.</summary>
    [Theory]
    [InlineData("Export/job/export.dat", "", true)]
    [InlineData("in/docs.dat", ""","baseFolder":"StructuredData/{ws}/Export/job" """, true)]
    [InlineData("in/docs.dat", ""","baseFolder":"StructuredData/{ws}/in" """, false)]
    [InlineData("Exports/docs.dat", "", false)]
    public async Task What_was_exported_is_imported_by_those_who_may_take_it_out(string file, string more, bool isExport)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var settings = $$"""{"file":"StructuredData/{ws}/{{file}}"{{more}}} """;
        var body = $$"""{"name":"Again","mapAllFields":true,"source":{"provider":"load-file","settings":{{settings}} } }""";
        Permission[] may = [.. AccessTable.Needs(Operation.CreatePoint).Concat(AccessTable.Needs(Operation.RetryPoint, new AccessTarget("Document"))).Distinct()];
        var member = await Member.NewAsync(api, may);
        var point = await NewAsync(member.Api, Points, body);
        await using var services = api.App.Services();
        var saved = (await services.GetRequiredService<PointCatalog>().FindAsync(api.Workspace, point, Stop))!.Value;
        var byItself = await services.GetRequiredService<AccessCheck>().AgainstRunAsync(saved, Stop);
        if (!isExport)
        {
            Assert.Null(byItself);
            return;
        }
        Assert.Contains("Missing: Allow Export.", byItself!.Message, StringComparison.Ordinal);
        foreach (var verb in (string[])["run", "retry"]) Assert.Equal("Allow Export", Missing(await member.Api.PostAsync($"{Points}/{point}/{verb}")));
        await member.MayAsync([.. may, Permission.To(AdminOperation.AllowExport)]);
        Assert.Equal(202, (await member.Api.PostAsync($"{Points}/{point}/run")).Status);
        await using var again = api.App.Services();
        Assert.Null(await again.GetRequiredService<AccessCheck>().AgainstRunAsync(saved, Stop));
    }

    private static async Task<string> NewAsync(Api api, string route, string body)
    {
        var made = await api.PostAsync(route, body);
        Assert.True(made.Status == 201, made.Text);
        return made.Json["id"]!.GetValue<string>();
    }

    private static string Missing(Reply reply)
    {
        Assert.True(reply.Status == 403, $"{reply.Status} {reply.Text}");
        return string.Join('|', reply.Json["errors"]!.AsArray().Select(e => e!["message"]!.GetValue<string>()));
    }
}
