using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>What a run makes beside records: fields need Manage Object Types, objects Add on their type, of whoever starts it or saved the point.</summary>
public sealed class MakingTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points";

    private static readonly AccessTarget Documents = new("Document");

    private static readonly Permission Manage = Permission.To(AdminOperation.ManageObjectTypes);

    [Fact]
    public async Task A_point_that_makes_fields_is_saved_and_run_by_those_who_may_manage_object_types()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var point = await api.PointAsync("Plain");
        Permission[] may = [.. AccessTable.Needs(Operation.CreatePoint), .. AccessTable.Needs(Operation.EditPoint), .. AccessTable.Needs(Operation.RunPoint, Documents), .. AccessTable.Needs(Operation.ViewProfile)];
        var member = await Member.NewAsync(api, may.Distinct());
        var profile = (await api.PostAsync("workspaces/{ws}/profiles", Body("Makes fields", makesFields: true))).Json["id"];

        (string What, int Done, Func<Task<Reply>> Act)[] made =
        [
            ("create", 201, () => member.Api.PostAsync(Points, Body("New", makesFields: true))),
            ("edit", 200, () => member.Api.CallAsync("PUT", $"{Points}/{point}", Body("Plain", makesFields: true), ("If-Match", "*"))),
            ("of a profile", 201, () => member.Api.PostAsync($"workspaces/{{ws}}/profiles/{profile}/integration-points", """{"name":"Of a profile"}""")),
        ];
        foreach (var (what, _, act) in made) AssertMissing(await act(), what, "");
        // Without fields to make it is enough; and whoever may not have them made may still end it.
        Assert.Equal(201, (await member.Api.PostAsync(Points, Body("Another", makesFields: false))).Status);
        Assert.Equal(200, (await api.CallAsync("PUT", $"{Points}/{point}", Body("Plain", makesFields: true), ("If-Match", "*"))).Status);
        AssertMissing(await member.Api.PostAsync($"{Points}/{point}/run"), "run", "Failed to submit integration job. ");
        Assert.Equal(200, (await member.Api.CallAsync("PUT", $"{Points}/{point}", Body("Plain", makesFields: false), ("If-Match", "*"))).Status);

        await member.MayAsync(may.Append(Manage).Distinct());
        foreach (var (what, done, act) in made) Assert.Equal((what, done), (what, (await act()).Status));
        Assert.Equal(202, (await member.Api.PostAsync($"{Points}/{point}/run")).Status);
    }

    [Fact]
    public async Task An_ordinary_import_makes_objects_where_its_starter_may_add_them()
    {
        var import = await SampleImport.NewAsync(await servers.AppAsync(), "in/docs.csv", body =>
        {
            body["runOnUpload"] = true;
            body["source"]!["settings"] = JsonSerializer.SerializeToNode(new { file = $"StructuredData/{body["source"]!["settings"]!["file"]!.GetValue<string>().Split('/')[1]}/in/docs.csv", column = 44, quote = 34 });
            body["import"] = JsonSerializer.SerializeToNode(new { overwrite = "append-overlay" });
        });
        var api = new Api(import.App, import.Workspace);
        var field = await api.PostAsync("workspaces/{ws}/object-types/Document/fields", """{"name":"Custodian","type":"single-object","associatedType":"Entity"}""");
        Assert.True(field.Status == 201, field.Text);
        // Fields that name objects are mapped by people only.
        var point = (await api.GetAsync($"{Points}/{import.Point}")).Json;
        point["mapping"] = JsonSerializer.SerializeToNode(new[] { new { source = "Custodian", destination = "Custodian" } });
        var mapped = await api.CallAsync("PUT", $"{Points}/{import.Point}", point.ToJsonString(), ("If-Match", "*"));
        Assert.True(mapped.Status == 200, mapped.Text);
        Permission[] may = [.. AccessTable.Needs(Operation.RunPoint, Documents), .. AccessTable.Needs(Operation.EditPoint)];
        var member = await Member.NewAsync(api, may.Distinct());
        await import.StageAsync("in/docs.csv", "DocID,Custodian\nA1,Ann\n"u8.ToArray());

        // Asked for by the member, then uploaded to what the member saved: the same rights.
        var started = await member.Api.PostAsync($"{Points}/{import.Point}/run");
        Assert.True(started.Status == 202, started.Text);
        var jobs = await import.EndedJobsAsync(1);
        var saved = await member.Api.CallAsync("PUT", $"{Points}/{import.Point}", (await api.GetAsync($"{Points}/{import.Point}")).Text, ("If-Match", "*"));
        Assert.True(saved.Status == 200, saved.Text);
        await import.UntilFreeAsync();
        await import.StageAsync("Import/Sample/docs.csv", "DocID,Custodian\nA1,Ann\n"u8.ToArray());
        jobs = await import.EndedJobsAsync(2);
        foreach (var job in jobs)
        {
            Assert.Equal("Completed with errors", job.Text("status"));
            var error = (await api.GetAsync($"jobs/{job.Text("jobId")}/errors")).Json["items"]!.AsArray().Single()!;
            Assert.Equal("object-not-found", error["code"]!.GetValue<string>());
            Assert.Contains("Missing: Entity: Add.", error["error"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        // No field was replaced: the column went to the identifier that there is.
        Assert.Contains("\"Control Number\"", (await api.GetAsync("workspaces/{ws}/object-types/Document/fields")).Text, StringComparison.Ordinal);

        await member.MayAsync([.. may.Distinct(), .. AccessTable.Needs(Operation.MakeObjects, new AccessTarget("Entity"))]);
        await import.UntilFreeAsync();
        Assert.Equal(202, (await member.Api.PostAsync($"{Points}/{import.Point}/run")).Status);
        Assert.Equal("Completed", (await import.EndedJobsAsync(3))[^1].Text("status"));
    }

    private static void AssertMissing(Reply refused, string what, string prefix)
    {
        Assert.True((refused.Status, refused.Text.Contains("missing-permissions", StringComparison.Ordinal)) == (403, true), $"{what}: {refused.Status} {refused.Text}");
        Assert.StartsWith(prefix + "You do not have", refused.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["Manage Object Types"], refused.Json["errors"]!.AsArray().Select(e => e!["message"]!.GetValue<string>()));
    }

    private static string Body(string name, bool makesFields)
        => $$$$"""
            {"name":"{{{{name}}}}","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}}{{{{(makesFields ? ""","import":{"createFields":{}}""" : "")}}}}}
            """;
}
