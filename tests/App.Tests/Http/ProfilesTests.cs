using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Profiles, and what editing a point changes beside what was asked for (issue "Profiles", "Editing"; guide 3).</summary>
public sealed class ProfilesTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points", Profiles = "workspaces/{ws}/profiles";

    [Fact]
    public async Task A_point_is_saved_as_a_profile_and_others_are_made_from_it()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var point = await api.PointAsync("Weekly load", """,  "import":{"overwrite":"overlay"}""");
        var profile = (await api.PostAsync($"{Profiles}-of-points", $$"""{"integrationPoint":"{{point}}"}""")).Json;
        Assert.Equal(("Weekly load", "overlay"), (Text(profile, "name"), Text(profile["import"]!, "overwrite")));
        Assert.Equal("name-taken", (await api.PostAsync($"{Profiles}-of-points", $$"""{"integrationPoint":"{{point}}"}""")).Code);
        var named = await api.PostAsync($"{Profiles}-of-points", $$"""{"integrationPoint":"{{point}}","name":"Other"}""");
        Assert.Equal((201, "Other"), (named.Status, Text(named.Json, "name")));

        var made = await api.PostAsync($"{Profiles}/{Text(profile, "id")}/integration-points", """{"name":"From profile"}""");
        Assert.Equal((201, "From profile", "overlay"), (made.Status, Text(made.Json, "name"), Text(made.Json["import"]!, "overwrite")));
        // A profile has no run.
        Assert.Equal(404, (await api.PostAsync($"{Profiles}/{Text(profile, "id")}/run")).Status);

        Assert.Equal(204, (await api.CallAsync("DELETE", $"{Profiles}/{Text(profile, "id")}", null, ("If-Match", "*"))).Status);
        Assert.Equal(["Other"], (await api.AllAsync(Profiles, 10)).Select(p => Text(p, "name")));
        Assert.Equal(200, (await api.GetAsync($"{Points}/{Text(made.Json, "id")}")).Status);
    }

    [Fact]
    public async Task In_another_workspace_fields_are_found_by_name_and_what_has_no_match_is_kept_unmapped_and_said()
    {
        var app = await servers.AppAsync();
        var (api, other) = (await Api.NewAsync(app), await Api.NewAsync(app));
        foreach (var name in (string[])["Title", "Custodian"]) await FieldAsync(api, name);
        await FieldAsync(other, "CUSTODIAN");
        var profile = (await api.PostAsync(Profiles, """
            {"name":"P","source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}},
             "mapping":[{"source":"Id","destination":"Control Number"},{"source":"T","destination":"Title"},{"source":"C","destination":"Custodian"}]}
            """)).Json;
        var made = await api.PostAsync($"{Profiles}/{Text(profile, "id")}/integration-points", $$"""{"workspace":"{{other.Workspace}}"}""");
        Assert.True(made.Status == 201, made.Text);
        Assert.Equal(["Id>Control Number", "C>CUSTODIAN"], made.Json["mapping"]!.AsArray().Select(Pair));
        Assert.Equal(["T>Title"], made.Json["unmapped"]!.AsArray().Select(Pair));
        Assert.Contains("Title", Assert.Single(made.Json["notes"]!.AsArray())!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal($"StructuredData/{other.Workspace}/in/docs.dat", Text(made.Json["source"]!["settings"]!, "file"));
        // What is said is not kept.
        Assert.Null((await other.GetAsync($"{Points}/{Text(made.Json, "id")}")).Json["notes"]);
    }

    [Fact]
    public async Task A_point_made_from_a_profile_keeps_the_columns_that_its_saved_search_has_then()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await FieldAsync(api, "Title");
        await api.PostAsync("workspaces/{ws}/saved-searches", """{"name":"All","columns":["Control Number","Title"]}""");
        var profile = await api.PostAsync(Profiles, """
            {"name":"Out","source":{"provider":"workspace","settings":{"part":"saved-search","savedSearch":"All"}},"destination":{"provider":"load-file","settings":{}}}
            """);
        Assert.True(profile.Status == 201, profile.Text);
        var made = await api.PostAsync($"{Profiles}/{Text(profile.Json, "id")}/integration-points", """{"name":"From profile"}""");
        Assert.True(made.Status == 201, made.Text);
        Assert.Equal(["Control Number", "Title"], made.Json["source"]!["settings"]!["columns"]!.AsArray().Select(c => Text(c!, "field")));
    }

    [Fact]
    public async Task Another_object_type_clears_the_mapping_of_before_and_says_so()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await api.PostAsync("workspaces/{ws}/object-types", """{"name":"Exhibit","identifier":{"name":"Number"}}""");
        var made = await api.PostAsync(Points, """
            {"name":"P","source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}},"mapping":[{"source":"Id","destination":"Control Number"}]}
            """);
        var point = made.Json;
        point["objectType"] = "Exhibit";
        var saved = await api.CallAsync("PUT", $"{Points}/{Text(point, "id")}", point.ToJsonString(), ("If-Match", made.ETag));
        Assert.True(saved.Status == 200, saved.Text);
        Assert.Empty(saved.Json["mapping"]!.AsArray());
        Assert.Equal(2, saved.Json["notes"]!.AsArray().Count);

        // A mapping that came with the change is meant for it.
        point["objectType"] = "Document";
        point["mapping"] = new JsonArray(new JsonObject { ["source"] = "Nr", ["destination"] = "Control Number" });
        var again = await api.CallAsync("PUT", $"{Points}/{Text(point, "id")}", point.ToJsonString(), ("If-Match", saved.ETag));
        Assert.Equal(["Nr>Control Number"], again.Json["mapping"]!.AsArray().Select(Pair));
        Assert.Single(again.Json["notes"]!.AsArray());
    }

    [Fact]
    public async Task A_pair_remembers_the_type_of_its_field()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await FieldAsync(api, "Sent", "date");
        var made = await api.PostAsync(Points, Mapped("P", "Sent"));
        Assert.Equal(["Id>Control Number:fixed-length-text", "S>Sent:date"], made.Json["mapping"]!.AsArray().Select(Typed));
        var profile = await api.PostAsync($"{Profiles}-of-points", $$"""{"integrationPoint":"{{Text(made.Json, "id")}}"}""");
        await RetypeAsync(api, "Sent", "long-text");

        // Editing something else changes nothing of it, so that the next run is refused by name.
        var point = made.Json;
        point["logErrors"] = false;
        var saved = await api.CallAsync("PUT", $"{Points}/{Text(point, "id")}", point.ToJsonString(), ("If-Match", made.ETag));
        Assert.Equal((200, "S>Sent:date"), (saved.Status, Typed(saved.Json["mapping"]![1])));
        // Mapped again, without a type, the pair takes the one of now.
        point["mapping"]![1]!.AsObject().Remove("type");
        var again = await api.CallAsync("PUT", $"{Points}/{Text(point, "id")}", point.ToJsonString(), ("If-Match", saved.ETag));
        Assert.Equal((200, "S>Sent:long-text"), (again.Status, Typed(again.Json["mapping"]![1])));
        // A type that the field does not have is a mistake.
        point["mapping"]![1]!["type"] = "yes-no";
        var wrong = await api.CallAsync("PUT", $"{Points}/{Text(point, "id")}", point.ToJsonString(), ("If-Match", again.ETag));
        Assert.Equal((400, "field-type-changed mapping[1].destination"), (wrong.Status, Assert.Single(wrong.Problems)));

        // What the profile maps to a field of another type by now is kept, unmapped, and that is said.
        var applied = await api.PostAsync($"{Profiles}/{Text(profile.Json, "id")}/integration-points", """{"name":"Q"}""");
        Assert.True(applied.Status == 201, applied.Text);
        Assert.Equal(["Id>Control Number:fixed-length-text"], applied.Json["mapping"]!.AsArray().Select(Typed));
        Assert.Equal(["S>Sent:date"], applied.Json["unmapped"]!.AsArray().Select(Typed));
        Assert.Contains("These fields have another type in this workspace than in the profile: \"Sent\".", Assert.Single(applied.Json["notes"]!.AsArray())!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static string Mapped(string name, string field) => $$$"""
        {"name":"{{{name}}}","source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}},
         "mapping":[{"source":"Id","destination":"Control Number"},{"source":"S","destination":"{{{field}}}"}]}
        """;

    // A field's type never changes; another field takes its name.
    private static async Task RetypeAsync(Api api, string name, string type)
    {
        var fields = await api.AllAsync("workspaces/{ws}/object-types/Document/fields", 100);
        var id = Text(fields.Single(f => Text(f, "name") == name), "id");
        Assert.Equal(204, (await api.CallAsync("DELETE", $"workspaces/{{ws}}/object-types/Document/fields/{id}")).Status);
        await FieldAsync(api, name, type);
    }

    private static string Typed(JsonNode? pair) => $"{Pair(pair)}:{pair!["type"]}";

    private static async Task FieldAsync(Api api, string name, string type = "long-text")
        => Assert.Equal(201, (await api.PostAsync("workspaces/{ws}/object-types/Document/fields", $$"""{"name":"{{name}}","type":"{{type}}"}""")).Status);

    private static string Pair(JsonNode? pair) => $"{Text(pair!, "source")}>{Text(pair!, "destination")}";

    private static string Text(JsonNode json, string member) => json[member]!.GetValue<string>();
}
