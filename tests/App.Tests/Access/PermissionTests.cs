using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>
/// Users with exactly the permissions that something needs can do it; without any one of them they cannot, and the answer names that one, without
/// several those. What is needed is <see cref="AccessTable"/>'s, which has tests of its own.
/// </summary>
public sealed class PermissionTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points", Profiles = "workspaces/{ws}/profiles";

    private const string Sufficient = "You do not have sufficient permissions. Please contact your system administrator.";

    private static readonly AccessTarget Documents = new("Document"), Export = new("Document", FromWorkspace: true);

    [Fact]
    public async Task Submitting_a_job_from_a_file()
    {
        var (api, point) = await ImportAsync();
        await ExactlyAsync(api, Operation.RunPoint, Documents, 202, member => member.PostAsync($"{Points}/{point}/run"), "Failed to submit integration job. ");
    }

    [Fact]
    public async Task Submitting_a_job_that_writes_an_object_type_of_the_users_own()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await api.PostAsync("workspaces/{ws}/object-types", """{"name":"Witness","identifier":{"name":"Id"}}""");
        var point = await api.PointAsync("Witnesses", ""","objectType":"witness" """);
        await ExactlyAsync(
            api, Operation.RunPoint, new AccessTarget("Witness"), 202, member => member.PostAsync($"{Points}/{point}/run"), "Failed to submit integration job. ");
    }

    [Fact]
    public async Task Submitting_a_job_with_the_workspace_as_source()
    {
        var (api, point, _) = await ExportAsync(isPrivate: false);
        await ExactlyAsync(api, Operation.RunPoint, Export, 202, member => member.PostAsync($"{Points}/{point}/run"), "Failed to submit integration job. ");
    }

    /// <summary>Guide 2.2: "The saved search that you use for the integration point must have an owner of Public."</summary>
    [Fact]
    public async Task A_private_saved_search_is_missing_like_a_permission()
    {
        var (api, point, _) = await ExportAsync(isPrivate: true);
        var needs = AccessTable.Needs(Operation.RunPoint, Export);
        var member = await Member.NewAsync(api, needs.Except([Permission.To(AdminOperation.AllowExport)]));
        var refused = await member.Api.PostAsync($"{Points}/{point}/run");
        Assert.Equal((403, "missing-permissions"), (refused.Status, refused.Code));
        Assert.Equal(["Allow Export", "Search: the saved search \"Hot\" is private; it must be Public"], Missing(refused));
    }

    [Fact]
    public async Task Viewing_a_point()
    {
        var (api, point) = await ImportAsync();
        foreach (var route in (string[])[Points, $"{Points}/{point}", $"{Points}/{point}/schedule", $"{Points}/{point}/statistics"])
            await ExactlyAsync(api, AccessTable.Needs(Operation.ViewPoint), 200, member => member.GetAsync(route));
    }

    [Fact]
    public async Task Creating_and_editing_a_point()
    {
        var (api, point) = await ImportAsync();
        await ExactlyAsync(api, AccessTable.Needs(Operation.CreatePoint), 201, member => member.PostAsync(Points, Body("Another")));
        await ExactlyAsync(api, AccessTable.Needs(Operation.EditPoint), 200, member => member.CallAsync("PUT", $"{Points}/{point}", Body("Changed"), ("If-Match", "*")));
        await ExactlyAsync(api, AccessTable.Needs(Operation.DeletePoint), 204, member => member.CallAsync("DELETE", $"{Points}/{point}"));
    }

    [Fact]
    public async Task Viewing_creating_editing_and_using_a_profile()
    {
        var (api, point) = await ImportAsync();
        await ExactlyAsync(api, AccessTable.Needs(Operation.CreateProfile), 201, member => member.PostAsync(Profiles, Body("P")));
        await ExactlyAsync(api, AccessTable.Needs(Operation.SaveAsProfile), 201, member => member.PostAsync($"{Profiles}-of-points", $$"""{"integrationPoint":"{{point}}"}"""));
        var profile = (await api.AllAsync(Profiles, 1))[0]["id"];
        await ExactlyAsync(api, AccessTable.Needs(Operation.ViewProfile), 200, member => member.GetAsync($"{Profiles}/{profile}"));
        await ExactlyAsync(api, AccessTable.Needs(Operation.EditProfile), 200, member => member.CallAsync("PUT", $"{Profiles}/{profile}", Body("Q"), ("If-Match", "*")));
        await ExactlyAsync(
            api, [.. AccessTable.Needs(Operation.UseProfile), .. AccessTable.Needs(Operation.CreatePoint)], 201,
            member => member.PostAsync($"{Profiles}/{profile}/integration-points", """{"name":"Of a profile"}"""));
    }

    /// <summary>The point belongs to the workspace that gets it, and to whoever made it: not to the profile's workspace, and not to who saved the profile.</summary>
    [Fact]
    public async Task A_profile_is_used_in_another_workspace_by_whoever_may_create_points_there()
    {
        var (api, _) = await ImportAsync();
        var other = await Api.NewAsync(api.App);
        var profile = (await api.PostAsync(Profiles, Body("P"))).Json["id"];
        var member = await Member.NewAsync(api, [On(SecuredObject.Workspace), On(SecuredObject.Profile)]);
        var route = $"{Profiles}/{profile}/integration-points";
        string Wanted(string workspace) => $$"""{"workspace":"{{workspace}}"}""";
        var (unseen, missing) = (await member.Api.PostAsync(route, Wanted(other.Workspace)), await member.Api.PostAsync(route, Wanted("case-00000000")));
        Assert.Equal((404, 404), (unseen.Status, missing.Status));
        Assert.Equal(missing.Text.Replace("case-00000000", other.Workspace, StringComparison.Ordinal), unseen.Text);

        var there = JsonSerializer.Serialize(new { name = "There", members = new[] { member.Name }, permissions = new[] { new { @object = "Workspace", rights = new[] { "view" } } } });
        Assert.Equal(201, (await other.PostAsync("workspaces/{ws}/groups", there)).Status);
        Assert.Equal(AccessTable.Needs(Operation.CreatePoint).Select(p => $"{p}, in the workspace \"{other.Workspace}\""), Missing(await member.Api.PostAsync(route, Wanted(other.Workspace))));
        there = JsonSerializer.Serialize(new
        {
            name = "There",
            members = new[] { member.Name },
            permissions = new object[]
            {
                new { @object = "Workspace", rights = new[] { "view" } }, new { @object = "Integration Point", rights = new[] { "view", "add" } },
                new { @object = "Integration Point Type", rights = new[] { "view" } },
            },
            operations = new[] { "allow-import" },
        });
        Assert.Equal(200, (await other.CallAsync("PUT", "workspaces/{ws}/groups/There", there, ("If-Match", "*"))).Status);
        var made = await member.Api.PostAsync(route, Wanted(other.Workspace));
        Assert.Equal((201, member.Name), (made.Status, made.Json["savedBy"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Errors_retry_and_undo()
    {
        var (api, point) = await ImportAsync();
        var job = await RunAsync(api, point);
        foreach (var route in (string[])[$"jobs/{job}/errors", $"jobs/{job}/warnings", $"jobs/{job}/error-report", $"{Points}/{point}/errors", "workspaces/{ws}/errors"])
            await ExactlyAsync(api, AccessTable.Needs(Operation.ViewErrors), 200, member => member.GetAsync(route));
        await ExactlyAsync(api, Operation.DownloadErrorFile, Documents, 200, member => member.GetAsync($"jobs/{job}/error-file"));
        await ExactlyAsync(api, AccessTable.Needs(Operation.ViewJobs), 200, member => member.GetAsync($"jobs/{job}"));
        await ExactlyAsync(
            api, Operation.RetryPoint, Documents, 202,
            member => member.PostAsync($"{Points}/{point}/retry", """{"confirmOverlay":true}"""), "Failed to submit the retry job. ");
        await UntilFreeAsync(api, point);
        await ExactlyAsync(api, Operation.UndoJob, Documents, 202, member => member.PostAsync($"jobs/{job}/undo"));
    }

    [Fact]
    public async Task Export_and_its_files()
    {
        var (api, point, _) = await ExportAsync(isPrivate: false);
        var job = await RunAsync(api, point);
        await ExactlyAsync(api, AccessTable.Needs(Operation.Download), 200, member => member.GetAsync($"jobs/{job}/output/files"));
        await ExactlyAsync(api, Operation.ViewFiles, Export, 200, member => member.GetAsync($"jobs/{job}/manifest/files"));
    }

    /// <summary>Checks and statistics read what a run would read: a check has an id of its own, by which nobody gets around this.</summary>
    [Fact]
    public async Task Studying_a_point()
    {
        var (api, point) = await ImportAsync();
        await ExactlyAsync(api, Operation.StudyPoint, Documents, 202, member => member.PostAsync($"{Points}/{point}/statistics"));
        await ExactlyAsync(api, Operation.StudyPoint, Documents, 202, member => member.PostAsync($"{Points}/{point}/check"));
        var check = (await api.PostAsync($"{Points}/{point}/check")).Json["checkId"];
        await ExactlyAsync(api, Operation.StudyPoint, Documents, 200, member => member.GetAsync($"checks/{check}"));
        var stranger = await Member.NewAsync(api, []);
        var (unseen, missing) = (await stranger.Api.GetAsync($"checks/{check}/report"), await stranger.Api.GetAsync("checks/0000/report"));
        Assert.Equal(missing.Text.Replace("0000", $"{check}", StringComparison.Ordinal), unseen.Text);
        Assert.Equal(404, unseen.Status);
    }

    /// <summary>A check that names files itself reads them with Allow Import, and what was exported with Allow Export; so is its report read.</summary>
    [Theory]
    [InlineData("in/docs.dat", "", false)]
    [InlineData("Export/job/export.dat", "", true)]
    [InlineData("in/docs.dat", ""","baseFolder":"structureddata/{ws}/export" """, true)]
    public async Task Checking_what_lies_in_the_staging_area(string file, string more, bool isExport)
    {
        var (api, _) = await ImportAsync();
        var target = Documents with { NamesFiles = true, ReadsExports = isExport };
        var body = $$$"""{"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/{{{file}}}"{{{more}}}}},"mapAllFields":true}""";
        await ExactlyAsync(api, AccessTable.Needs(Operation.StudyPoint, target), 202, member => member.PostAsync("workspaces/{ws}/checks", body));
        var check = (await api.PostAsync("workspaces/{ws}/checks", body)).Json["checkId"];
        await ExactlyAsync(api, Operation.StudyPoint, target, 200, member => member.GetAsync($"checks/{check}"));
    }

    [Fact]
    public async Task A_file_that_is_named_beside_a_point_is_one_of_the_staging_area()
    {
        var (api, point) = await ImportAsync();
        string[] known = [.. AccessTable.NeedsAlways(Operation.StudyPoint).Select(p => p.ToString()), "Its object type: View", "Allow Import", "Allow Export"];
        await ExactlyAsync(api, known, AccessTable.Needs(Operation.StudyPoint, Documents with { NamesFiles = true, ReadsExports = true }), 202,
            member => member.PostAsync($"{Points}/{point}/check", """{"imageFile":"StructuredData/{ws}/Export/job/export.opt"}"""));
    }

    /// <summary>Whoever may not look at it gets the same answer, word for word, whether it is there or not, and whether the request is right or not.</summary>
    [Theory]
    [InlineData("POST", Points + "/{0}/run", null)]
    [InlineData("POST", Points + "/{0}/retry", null)]
    [InlineData("POST", Points + "/{0}/check", """{"imageFile":"nowhere"}""")]
    [InlineData("POST", Points + "/{0}/statistics", null)]
    [InlineData("GET", "workspaces/{ws}/saved-searches/{0}/records", null)]
    [InlineData("POST", "workspaces/{ws}/checks", """{"objectType":"None","source":{"provider":"{0}","settings":{}}}""")]
    public async Task Whoever_lacks_the_rights_learns_nothing_of_what_there_is(string method, string route, string? body)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await api.PostAsync("workspaces/{ws}/object-types", """{"name":"Witness","identifier":{"name":"Id"}}""");
        var point = await api.PointAsync("Witnesses", ""","objectType":"witness" """);
        await api.PostAsync("workspaces/{ws}/saved-searches", """{"name":"Hot","objectType":"Witness"}""");
        var member = (await Member.NewAsync(api, [On(SecuredObject.Workspace)])).Api;
        string With(string text, string name) => text.Replace("{0}", name, StringComparison.Ordinal);
        var answers = new List<Reply>();
        foreach (var name in (string[])[point, "Hot", "load-file", "none"]) answers.Add(await member.CallAsync(method, With(route, name), body is null ? null : With(body, name)));
        Assert.All(answers, answer => Assert.Equal((403, string.Join('|', Missing(answers[^1]))), (answer.Status, string.Join('|', Missing(answer)))));
    }

    /// <summary>Records of an object type, by whatever leads to them.</summary>
    [Fact]
    public async Task Records_fields_and_searches()
    {
        var (api, _) = await ImportAsync();
        await api.PostAsync("workspaces/{ws}/saved-searches", """{"name":"People","objectType":"Entity"}""");
        foreach (var route in (string[])["records", "records.jsonl", "fields"])
            await ExactlyAsync(api, [On("Entity")], 200, member => member.GetAsync($"workspaces/{{ws}}/object-types/entity/{route}"));
        foreach (var route in (string[])["records", "count"])
            await ExactlyAsync(api, Operation.RunSearch, new AccessTarget("Entity"), 200, member => member.GetAsync($"workspaces/{{ws}}/saved-searches/People/{route}"));
        await ExactlyAsync(api, [On("Document")], 200, member => member.GetAsync("workspaces/{ws}/images"));
    }

    [Fact]
    public async Task The_list_of_workspaces_shows_those_that_one_sees()
    {
        var (seen, unseen) = (await Api.NewAsync(await servers.AppAsync()), await Api.NewAsync(await servers.AppAsync()));
        var member = await Member.NewAsync(seen, [On(SecuredObject.Workspace)]);
        Assert.Equal([seen.Workspace], (await member.Api.AllAsync("workspaces", 100)).Select(w => w["id"]!.GetValue<string>()));
        Assert.Equal(200, (await member.Api.GetAsync("workspaces/{ws}")).Status);
        Assert.Equal(404, (await member.Api.GetAsync($"workspaces/{unseen.Workspace}")).Status);
    }

    // Exactly what is needed, and each of it left out once.
    private static Task ExactlyAsync(Api api, IReadOnlyList<Permission> needs, int done, Func<Api, Task<Reply>> act) => ExactlyAsync(api, [.. needs.Select(p => p.ToString())], needs, done, act);

    // Whoever may look at nothing is told what is missing whatever it is done with: not of which object type the thing is.
    private static Task ExactlyAsync(Api api, Operation operation, AccessTarget target, int done, Func<Api, Task<Reply>> act, string prefix = "")
        => ExactlyAsync(
            api, [.. AccessTable.NeedsAlways(operation).Select(p => p.ToString()), .. AccessTable.NeedsOnTarget(operation).Select(right => $"Its object type: {right}")],
            AccessTable.Needs(operation, target), done, act, prefix);

    private static async Task ExactlyAsync(Api api, IReadOnlyList<string> first, IReadOnlyList<Permission> needs, int done, Func<Api, Task<Reply>> act, string prefix = "")
    {
        var visible = On(SecuredObject.Workspace);
        var all = needs.Prepend(visible).Distinct().ToList();
        var member = await Member.NewAsync(api, [visible]);
        Assert.Equal(first.Where(p => p != visible.ToString()), Missing(await act(member.Api)));
        foreach (var left in all)
        {
            await member.MayAsync(all.Where(p => p != left));
            var refused = await act(member.Api);
            if (left == visible)
            {
                Assert.Equal((404, "not-found"), (refused.Status, refused.Code));
                continue;
            }
            Assert.True((refused.Status, refused.Text.Contains("missing-permissions", StringComparison.Ordinal)) == (403, true), $"Without {left}: {refused.Status} {refused.Text}");
            Assert.Equal(prefix + Sufficient, refused.Json["detail"]!.GetValue<string>());
            Assert.Equal([left.ToString()], Missing(refused));
        }
        await member.MayAsync(all);
        var reply = await act(member.Api);
        Assert.True(reply.Status == done, $"With all: {reply.Status} {reply.Text}");
    }

    private static IEnumerable<string> Missing(Reply reply) => reply.Json["errors"]!.AsArray().Select(e => e!["message"]!.GetValue<string>());

    private static Permission On(string name, Right right = Right.View) => Permission.To(right, name);

    private static string Body(string name)
        => $$$$"""{"name":"{{{{name}}}}","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}}}""";

    // A point whose load file has a good row and a bad one.
    private async Task<(Api Api, string Point)> ImportAsync()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync());
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", ""), ("A1", "")));
        return (new Api(import.App, import.Workspace), import.Point);
    }

    private async Task<(Api Api, string Point, string Import)> ExportAsync(bool isPrivate)
    {
        var (api, import) = await ImportAsync();
        await RunAsync(api, import);
        var search = await api.PostAsync("workspaces/{ws}/saved-searches", $$"""{"name":"Hot","private":{{(isPrivate ? "true" : "false")}}}""");
        Assert.True(search.Status == 201, search.Text);
        var made = await api.PostAsync(Points, """
            {"name":"Out","source":{"provider":"workspace","settings":{"part":"saved-search","savedSearch":"Hot"}},"destination":{"provider":"load-file","settings":{}}}
            """);
        Assert.True(made.Status == 201, made.Text);
        return (api, made.Json["id"]!.GetValue<string>(), import);
    }

    private static async Task<string> RunAsync(Api api, string point)
    {
        var job = (await api.PostAsync($"{Points}/{point}/run")).Json["jobId"]!.GetValue<string>();
        await Until.TrueAsync(
            async () => (await api.GetAsync($"jobs/{job}")).Json["isFinal"]!.GetValue<bool>(), TimeSpan.FromMinutes(5), () => api.App.Failed("The job does not end.").Message);
        await UntilFreeAsync(api, point);
        return job;
    }

    private static Task UntilFreeAsync(Api api, string point) => Until.TrueAsync(
        async () => await api.App.Tables.Leases.HolderAsync(api.Workspace, point, CancellationToken.None) is null, TimeSpan.FromMinutes(5), () => api.App.Failed("The point stays busy.").Message);
}
