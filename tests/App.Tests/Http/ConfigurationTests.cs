using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Workspaces, object types, fields and integration points over HTTP.</summary>
public sealed class ConfigurationTests(Servers servers)
{
    private const string Fields = "workspaces/{ws}/object-types/Document/fields";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Changeable => new()
    {
        { "workspaces/{ws}", """{"name":"Other"}""", "name" },
        { Fields + "/{new}", """{"name":"Other","required":true}""", "name" },
        { "workspaces/{ws}/integration-points/{new}", """{"name":"Other","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/b.dat"}}}""", "name" },
    };

    /// <summary>RFC 9110, 13.1.1: a change names the version that it changes.</summary>
    [Theory, MemberData(nameof(Changeable))]
    public async Task Changes_name_the_version_that_they_change(string route, string body, string member)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        route = route.Replace("{new}", route.Contains("fields", StringComparison.Ordinal) ? await FieldAsync(api, """{"name":"New","type":"date"}""") : "{point}", StringComparison.Ordinal);
        if (route.Contains("{point}", StringComparison.Ordinal)) route = route.Replace("{point}", await api.PointAsync(), StringComparison.Ordinal);
        var first = await api.GetAsync(route);
        Assert.Equal((428, "precondition-required"), Refusal(await api.CallAsync("PUT", route, body)));
        Assert.Equal((412, "changed-meanwhile"), Refusal(await api.CallAsync("PUT", route, body, ("If-Match", "\"other\""))));
        Assert.Equal((412, "changed-meanwhile"), Refusal(await api.CallAsync("PUT", route, body, ("If-Match", $"W/{first.ETag}"))));
        Assert.Equal((400, "invalid-if-match"), Refusal(await api.CallAsync("PUT", route, body, ("If-Match", "no quotes"))));

        var changed = await api.CallAsync("PUT", route, body, ("If-Match", $"\"x\", {first.ETag}"));
        Assert.Equal(200, changed.Status);
        Assert.NotEqual(first.ETag, changed.ETag);
        Assert.Equal("Other", changed.Json[member]!.GetValue<string>());
        Assert.Equal((412, "changed-meanwhile"), Refusal(await api.CallAsync("PUT", route, body, ("If-Match", first.ETag))));
        Assert.Equal((412, "changed-meanwhile"), Refusal(await api.CallAsync("DELETE", route, null, ("If-Match", first.ETag))));

        var read = await api.GetAsync(route);
        Assert.Equal((changed.ETag, changed.Text), (read.ETag, read.Text));
        // What was read can be sent back as it is.
        Assert.Equal(200, (await api.CallAsync("PUT", route, read.Text, ("If-Match", "*"))).Status);
        Assert.Equal(204, (await api.CallAsync("DELETE", route)).Status);
        Assert.Equal(404, (await api.GetAsync(route)).Status);
    }

    [Fact]
    public async Task What_is_made_is_found_where_the_answer_says()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var workspace = await api.PostAsync("workspaces", """{"name":"  Smith v. Jones  "}""");
        Assert.Equal("Smith v. Jones", workspace.Json["name"]!.GetValue<string>());
        var point = await api.PostAsync("workspaces/{ws}/integration-points", """
            {"name":" Daily ","objectType":"document","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"structureddata/{ws}/a.dat"}}}
            """);
        foreach (var made in (Reply[])[workspace, await api.PostAsync(Fields, """{"name":"Sent?","type":"date"}"""), point])
        {
            Assert.Equal(201, made.Status);
            var found = await api.GetAsync(made.Headers.Location!.OriginalString);
            Assert.Equal((200, made.Text, made.ETag), (found.Status, found.Text, found.ETag));
        }
        Assert.Equal("Daily", point.Json["name"]!.GetValue<string>());
        Assert.Equal("Document", point.Json["objectType"]!.GetValue<string>());
        Assert.Equal($"StructuredData/{api.Workspace}/a.dat", point.Json["source"]!["settings"]!["file"]!.GetValue<string>());
        Assert.NotEqual("", point.Json["savedBy"]!.GetValue<string>());
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        for (var i = 0; i < 4; i++) await FieldAsync(api, $$"""{"name":"F{{i}}","type":"date"}""");
        for (var i = 0; i < 4; i++) await api.PointAsync($"P{i}");
        await api.PostAsync("workspaces/{ws}/object-types", """{"name":"Person","identifier":{"name":"Name"}}""");
        Assert.Equal(["Control Number", "F0", "F1", "F2", "F3"], (await api.AllAsync(Fields, 2)).Select(f => f["name"]!.GetValue<string>()).Order());
        Assert.Equal(["P0", "P1", "P2", "P3"], (await api.AllAsync("workspaces/{ws}/integration-points", 3)).Select(f => f["name"]!.GetValue<string>()).Order());
        Assert.Equal(["Document", "Entity", "Person"], (await api.AllAsync("workspaces/{ws}/object-types", 1)).Select(f => f["name"]!.GetValue<string>()));
        Assert.Contains(await api.AllAsync("workspaces", 1000), w => w["id"]!.GetValue<string>() == api.Workspace);
        // A token belongs to the list that gave it.
        var token = (await api.GetAsync($"{Fields}?pageSize=1")).Json["continuationToken"];
        Assert.Equal("invalid-continuation-token", (await api.GetAsync($"workspaces/{{ws}}/integration-points?continuationToken={token}")).Code);
    }

    [Theory]
    [InlineData("""{"name":"Control Number"}""", 400, "identifier-required")]
    [InlineData("""{"name":"Control Number","required":true,"length":300}""", 400, "length-invalid")]
    [InlineData("""{"name":"Control Number","required":true,"type":"long-text"}""", 400, "read-only-member")]
    [InlineData("""{"name":"new","required":true}""", 409, "name-taken")]
    [InlineData("""{"name":"Doc ID","required":true,"length":100}""", 200, null)]
    public async Task The_identifier_can_be_renamed_and_not_much_else(string body, int status, string? code)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await FieldAsync(api, """{"name":"New","type":"date"}""");
        var route = $"{Fields}/{(await api.GetAsync("workspaces/{ws}/object-types")).Json["items"]![0]!["identifierField"]}";
        var reply = await api.CallAsync("PUT", route, body, ("If-Match", "*"));
        Assert.Equal((status, code), (reply.Status, status == 200 ? null : reply.Code));
        Assert.Equal((409, "identifier-field"), Refusal(await api.CallAsync("DELETE", route)));
    }

    /// <summary>Values are stored by field id and by how the field was when they were written.</summary>
    [Theory]
    [InlineData("""{"name":"F","lookup":true}""", 409)]
    [InlineData("""{"name":"F","filterable":true}""", 409)]
    [InlineData("""{"name":"G","required":true,"length":7}""", 200)]
    public async Task Records_that_are_there_keep_some_changes_out(string body, int status)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var route = $"{Fields}/{await FieldAsync(api, """{"name":"F","type":"fixed-length-text"}""")}";
        Assert.Equal(200, (await api.CallAsync("PUT", route, body, ("If-Match", "*"))).Status);
        Assert.Equal(200, (await api.CallAsync("PUT", route, """{"name":"F"}""", ("If-Match", "*"))).Status);
        await using (var records = new SqliteRecords(api.App.Records))
        {
            var write = new ItemWrite(
                WriteKind.Create, Identifier.Key(api.Workspace, 16, "Document", "D1"), Identifier.Sort("Document", "D1"),
                RecordJson.Write(new Record { Type = "Document", Identifier = "D1" }));
            await records.WriteAsync([write], Stop);
        }
        var reply = await api.CallAsync("PUT", route, body, ("If-Match", "*"));
        Assert.Equal(status, reply.Status);
        if (status == 409) Assert.Equal("field-in-use", reply.Code);
    }

    [Fact]
    public async Task A_renamed_field_keeps_its_id_and_a_new_one_may_take_its_name()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var first = await FieldAsync(api, """{"name":"F","type":"date"}""");
        Assert.Equal(200, (await api.CallAsync("PUT", $"{Fields}/{first}", """{"name":"G"}""", ("If-Match", "*"))).Status);
        Assert.NotEqual(first, await FieldAsync(api, """{"name":"F","type":"date"}"""));
    }

    [Fact]
    public async Task Names_of_points_are_theirs_in_any_case_of_letters()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await api.PointAsync("Daily");
        var other = await api.PointAsync("Other");
        var body = """{"name":"DAILY","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/b.dat"}}}""";
        Assert.Equal((409, "name-taken"), Refusal(await api.PostAsync("workspaces/{ws}/integration-points", body)));
        Assert.Equal((409, "name-taken"), Refusal(await api.CallAsync("PUT", $"workspaces/{{ws}}/integration-points/{other}", body, ("If-Match", "*"))));
    }

    [Fact]
    public async Task While_a_job_runs_its_point_and_workspace_stay()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var point = await api.PointAsync();
        await api.App.Tables.Leases.TryAcquireAsync(api.Workspace, point, "job-1", Stop);
        var busy = await api.PostAsync($"workspaces/{{ws}}/integration-points/{point}/run");
        Assert.Equal((409, "point-busy"), Refusal(busy));
        Assert.Contains("job-1", busy.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((409, "point-busy"), Refusal(await api.CallAsync("DELETE", $"workspaces/{{ws}}/integration-points/{point}")));
        Assert.Equal((409, "workspace-busy"), Refusal(await api.CallAsync("DELETE", "workspaces/{ws}")));
        await api.App.Tables.Leases.ReleaseAsync(api.Workspace, point, "job-1", Stop);
        Assert.Equal((409, "not-running"), Refusal(await api.PostAsync($"workspaces/{{ws}}/integration-points/{point}/stop")));
        Assert.Equal(204, (await api.CallAsync("DELETE", "workspaces/{ws}")).Status);
    }

    [Fact]
    public async Task Removing_a_workspace_removes_its_files_in_every_container()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var blobs = api.App.Blobs;
        await Blobs.CreateAsync(blobs.Files, $"{api.Workspace}/job/1", BinaryData.FromString("native"), Stop);
        await Blobs.CreateAsync(blobs.Staging, $"StructuredData/{api.Workspace}/in/a.dat", BinaryData.FromString("row"), Stop);
        await Blobs.CreateAsync(blobs.Staging, $"StructuredData/{api.Workspace}x/in/a.dat", BinaryData.FromString("row"), Stop);
        Assert.Equal(204, (await api.CallAsync("DELETE", "workspaces/{ws}")).Status);
        Assert.Null(await Blobs.FindAsync(blobs.Files, $"{api.Workspace}/job/1", Stop));
        Assert.Null(await Blobs.FindAsync(blobs.Staging, $"StructuredData/{api.Workspace}/in/a.dat", Stop));
        Assert.NotNull(await Blobs.FindAsync(blobs.Staging, $"StructuredData/{api.Workspace}x/in/a.dat", Stop));
    }

    [Fact]
    public async Task Saving_a_schedule_enters_the_next_run_and_taking_it_away_clears_it()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string Daily = ""","schedule":{"startDate":"2090-01-01","localTime":"22:30:00","timeZone":"Europe/Berlin"}""";
        var point = await api.PointAsync("Daily", Daily);
        Assert.Equal(new DateTimeOffset(2090, 1, 1, 21, 30, 0, TimeSpan.Zero), await NextAsync());

        var route = $"workspaces/{{ws}}/integration-points/{point}";
        var read = (await api.GetAsync(route)).Json;
        read["schedule"]!["localTime"] = "23:30:00";
        Assert.Equal(200, (await api.CallAsync("PUT", route, read.ToJsonString(), ("If-Match", "*"))).Status);
        Assert.Equal(new DateTimeOffset(2090, 1, 1, 22, 30, 0, TimeSpan.Zero), await NextAsync());
        // An entry that a crash lost comes back when the request is repeated.
        await api.App.Tables.Schedules.SetAsync(api.Workspace, point, null, Stop);
        Assert.Equal(200, (await api.CallAsync("PUT", route, read.ToJsonString(), ("If-Match", "*"))).Status);
        Assert.Equal(new DateTimeOffset(2090, 1, 1, 22, 30, 0, TimeSpan.Zero), await NextAsync());
        // One that is due is not put off by a change of something else.
        var due = new DateTimeOffset(2086, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await api.App.Tables.Schedules.SetAsync(api.Workspace, point, due, Stop);
        read["logErrors"] = false;
        Assert.Equal(200, (await api.CallAsync("PUT", route, read.ToJsonString(), ("If-Match", "*"))).Status);
        Assert.Equal(due, await NextAsync());
        read["schedule"] = null;
        Assert.Equal(200, (await api.CallAsync("PUT", route, read.ToJsonString(), ("If-Match", "*"))).Status);
        Assert.Null(await NextAsync());

        var second = await api.PointAsync("Again", Daily);
        Assert.NotNull(await NextAsync());
        // A point that could not be made leaves no entry.
        const string Taken = """{"name":"again","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/b.dat"}}""";
        Assert.Equal((409, "name-taken"), Refusal(await api.PostAsync("workspaces/{ws}/integration-points", Taken + Daily + "}")));
        Assert.NotNull(await NextAsync());
        Assert.Equal(204, (await api.CallAsync("DELETE", $"workspaces/{{ws}}/integration-points/{second}")).Status);
        Assert.Null(await NextAsync());

        async Task<DateTimeOffset?> NextAsync()
            => (await api.App.Tables.Schedules.DueAsync(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), Stop))
                .SingleOrDefault(s => s.Workspace == api.Workspace)?.NextRunUtc;
    }

    private static async Task<string> FieldAsync(Api api, string body)
    {
        var made = await api.PostAsync(Fields, body);
        Assert.True(made.Status == 201, made.Text);
        return made.Json["id"]!.GetValue<string>();
    }

    private static (int Status, string Code) Refusal(Reply reply) => (reply.Status, reply.Code);
}
