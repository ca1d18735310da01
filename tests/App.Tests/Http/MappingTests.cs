using System.Text.Json;
using IntegrationPoints.App.Tests.Access;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Map all fields, what is said of a mapping when it is saved, and the field catalogue, over HTTP.</summary>
public sealed class MappingTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points", MapAll = "workspaces/{ws}/object-types/document/map-all", Catalog = "field-catalog";

    // The catalogue is the tenant's, and other tests have theirs.
    private readonly string own = $"N{Guid.NewGuid():N}";

    [Fact]
    public async Task Fields_are_paired_with_the_reason_and_what_is_left_is_said()
    {
        var api = await WithFieldsAsync();
        Assert.Equal(201, (await api.CallAsync("PUT", $"{Catalog}/{own}", $$"""{"synonyms":["Title","{{own}} Heading"]}""")).Status);
        var found = await api.PostAsync(MapAll, $$"""
            {"fields":[{"name":"Doc ID","isIdentifier":true},{"name":"sent_on"},{"name":"{{own}} heading"},{"name":"Custodian"},{"name":"Author","type":"fixed-length-text","length":99},{"name":"Else"}]}
            """);
        Assert.True(found.Status == 200, found.Text);
        Assert.Equal(
            ["Doc ID>Control Number identifier", $"{own} heading>Title synonym", "sent_on>Sent On similar"],
            found.Json["pairs"]!.AsArray().Select(p => $"{p!["source"]}>{p["destination"]} {p["why"]}"));
        Assert.Equal(
            ["Custodian object-field", "Author incompatible-type", "Else no-match"], found.Json["leftOfSource"]!.AsArray().Select(p => $"{p!["name"]} {p["code"]}"));
        Assert.Contains("Custodian object-field", found.Json["leftOfDestination"]!.AsArray().Select(p => $"{p!["name"]} {p["code"]}"));
        Assert.Equal(6, found.Json["columns"]!.AsArray().Count);

        foreach (var body in (string[])["{}", """{"provider":"csv"}""", """{"fields":[],"provider":"csv","settings":{}}""", """{"fields":[],"integrationPoint":"people"}"""])
            Assert.Equal((400, "source-missing"), Refusal(await api.PostAsync(MapAll, body)));
        Assert.Equal((400, "identifier-column-missing"), Refusal(await api.PostAsync(MapAll, """{"fields":[{"name":"A"}],"identifier":"B"}""")));
        Assert.Equal(404, (await api.PostAsync(MapAll, """{"provider":"none","settings":{}}""")).Status);
        Assert.Equal(204, (await api.CallAsync("DELETE", $"{Catalog}/{own}")).Status);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_mapping_is_said_when_it_is_saved()
    {
        var api = await WithFieldsAsync();
        Assert.Equal(201, (await api.PostAsync("workspaces/{ws}/object-types/document/fields", """{"name":"Matter","type":"long-text","required":true}""")).Status);
        var refused = await api.PostAsync(Points, Point("""
            {"source":"Id","destination":"Title"},{"source":"A","destination":"Titel"},{"source":"B","destination":"title"},{"source":"a","destination":"Author"},{"source":" ","destination":"Author"},
            {"source":"S","destination":"Sent On","type":"yes-no"}
            """));
        Assert.Equal(
            [
                "column-mapped-twice mapping[3].source", "field-mapped-twice mapping[2].destination", "field-mapped-twice mapping[4].destination", "field-not-found mapping[1].destination",
                "field-type-changed mapping[5].destination", "identifier-not-mapped mapping", "name-missing mapping[4].source", "required-field-not-mapped mapping",
            ],
            refused.Problems.Order(StringComparer.Ordinal));
        // Each names the field or the column, also where no pair is to blame; a blank one has no name.
        Assert.Equal(
            ["column-mapped-twice a", "field-mapped-twice Author", "field-mapped-twice title", "field-not-found Titel", "field-type-changed Sent On", "identifier-not-mapped Control Number", "name-missing ", "required-field-not-mapped Matter"],
            refused.Json["errors"]!.AsArray().Select(e => $"{e!["code"]} {e["name"]}").Order(StringComparer.Ordinal));
        // What may fail at single records is told, and saved.
        var saved = await api.PostAsync(Points, Point("""
            {"source":"Id","destination":"Control Number"},{"source":"M","destination":"Matter"},{"source":"A","destination":"Author","sourceType":"long-text"},{"source":"S","destination":"Sent On","sourceType":"decimal"}
            """));
        Assert.True(saved.Status == 201, saved.Text);
        var notes = saved.Json["notes"]!.AsArray().Select(n => n!.GetValue<string>()).ToList();
        Assert.Equal(2, notes.Count);
        Assert.Contains("fixed-length text of 40 characters", notes[0], StringComparison.Ordinal);
        Assert.Contains("of the type decimal", notes[1], StringComparison.Ordinal);
        // They are no part of it.
        var kept = await api.GetAsync($"{Points}/{saved.Json["id"]}");
        Assert.Null(kept.Json["notes"]);
        Assert.Equal("decimal", kept.Json["mapping"]![3]!["sourceType"]!.GetValue<string>());
    }

    [Fact]
    public async Task Columns_that_a_source_is_known_to_have_are_held_against_the_mapping_without_asking_the_server()
    {
        var api = await WithFieldsAsync();
        static string Csv(string columns, string mapping) => $$$"""
            {"name":"{{{Guid.NewGuid():N}}}","source":{"provider":"csv","settings":{"host":"files.example.invalid","protocol":"ftp","path":"/people.csv","columns":[{{{columns}}}]}},"mapping":[{{{mapping}}}],"mapAllFields":{{{(mapping.Length == 0 ? "true" : "false")}}}}
            """;
        const string Mapping = """{"source":"Id","destination":"Control Number"},{"source":"T","destination":"Title"}""";
        Assert.Equal(201, (await api.PostAsync(Points, Csv("", Mapping))).Status);
        Assert.Equal(201, (await api.PostAsync(Points, Csv("\"ID\",\"T\",\"X\"", Mapping))).Status);
        Assert.Equal(["column-missing mapping[1].source"], (await api.PostAsync(Points, Csv("\"ID\",\"X\"", Mapping))).Problems);
    }

    [Fact]
    public async Task What_a_directory_is_known_to_hold_is_held_against_the_mapping_without_asking_it()
    {
        var api = await WithFieldsAsync();
        var saved = await api.PostAsync(Points, $$"""
            {"name":"{{Guid.NewGuid():N}}","source":{"provider":"entra","settings":{"directoryId":"example.com","applicationId":"04b07795-8ddb-461a-bbee-02f9e1bf7b46","secret":"none"} },
             "mapping":[{"source":"id","destination":"Control Number"},{"source":"accountEnabled","destination":"Sent On"},{"source":"createdDateTime","destination":"Author"},{"source":"mail","destination":"Title"}]}
            """);
        Assert.True(saved.Status == 201, saved.Text);
        var notes = saved.Json["notes"]!.AsArray().Select(n => n!.GetValue<string>()).ToList();
        Assert.Equal(2, notes.Count);
        Assert.Contains("\"accountEnabled\" is of the type yes/no, and the field \"Sent On\" of the type date", notes[0], StringComparison.Ordinal);
        Assert.Contains("\"createdDateTime\" is of the type date", notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_of_the_field_catalogue_is_made_changed_and_removed()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var (route, body) = ($"{Catalog}/{own}", $$"""{"synonyms":[" {{own}}A ","{{own}}_B","{{own}}A"]}""");
        Assert.Equal((412, "changed-meanwhile"), Refusal(await api.CallAsync("PUT", route, body, ("If-Match", "*"))));
        var made = await api.CallAsync("PUT", route, body);
        Assert.Equal((201, $"{own}A,{own}_B"), (made.Status, string.Join(',', made.Json["synonyms"]!.AsArray().Select(s => s!.GetValue<string>()))));
        // Any way to write the name leads to it.
        Assert.Equal(made.Text, (await api.GetAsync($"{Catalog}/{own.ToLowerInvariant()}")).Text);
        Assert.Equal((428, "precondition-required"), Refusal(await api.CallAsync("PUT", route, body)));
        Assert.Equal((412, "changed-meanwhile"), Refusal(await api.CallAsync("PUT", route, body, ("If-Match", "\"other\""))));
        Assert.Equal(200, (await api.CallAsync("PUT", route, $$"""{"synonyms":["{{own}}C"]}""", ("If-Match", "*"))).Status);
        // A name stands in one entry only.
        var second = await api.CallAsync("PUT", $"{route}Second", $$"""{"synonyms":["X{{own}}","{{own}}-c"]}""");
        Assert.Equal((400, "name-in-other-entry synonyms[1]"), (second.Status, Assert.Single(second.Problems)));
        Assert.Contains($"\"{own}\"", second.Json["errors"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["synonyms-missing synonyms"], (await api.CallAsync("PUT", $"{route}Second", $$"""{"synonyms":["{{own}}Second"]}""")).Problems);
        Assert.Contains(own, (await api.AllAsync(Catalog, 2)).Select(e => e["name"]!.GetValue<string>()));
        Assert.Equal(204, (await api.CallAsync("DELETE", route)).Status);
        Assert.Equal((404, 404), ((await api.GetAsync(route)).Status, (await api.CallAsync("DELETE", route)).Status));
    }

    [Fact]
    public async Task The_field_catalogue_goes_out_and_in_as_a_file()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        static string Body(string csv) => JsonSerializer.Serialize(new { csv });
        var size = await api.PostAsync($"{Catalog}.csv", Body($"Name,Synonym\n{own},={own}\n{own},{own}2\n"));
        Assert.True(size.Status == 200, size.Text);
        var file = await api.GetAsync($"{Catalog}.csv");
        Assert.Equal("text/csv", file.ContentHeaders.ContentType!.MediaType);
        Assert.Contains($"\"{own}\",\"'={own}\"\r\n\"{own}\",\"{own}2\"\r\n", file.Text, StringComparison.Ordinal);
        // Nothing is done with anything wrong.
        var wrong = await api.PostAsync($"{Catalog}.csv", Body($"Name,Synonym\n{own}New,{own}New2\n{own}New,{own}2\n{own}New\n"));
        Assert.Equal(["name-in-other-entry line 3", "column-count line 4"], wrong.Problems);
        Assert.Equal(404, (await api.GetAsync($"{Catalog}/{own}New")).Status);
        Assert.Equal($"={own}", (await api.GetAsync($"{Catalog}/{own}")).Json["synonyms"]![0]!.GetValue<string>());
        Assert.Equal(204, (await api.CallAsync("DELETE", $"{Catalog}/{own}")).Status);
    }

    [Fact]
    public async Task Whoever_may_make_points_reads_the_field_catalogue_and_administrators_change_it()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var maker = await Member.NewAsync(api, [Permission.To(Right.View, SecuredObject.Workspace), .. AccessTable.Needs(Operation.CreatePoint)]);
        var viewer = await Member.NewAsync(api, [Permission.To(Right.View, SecuredObject.Workspace)]);
        foreach (var route in (string[])[Catalog, $"{Catalog}.csv"])
        {
            Assert.Equal(200, (await maker.Api.GetAsync(route)).Status);
            Assert.Equal((403, "missing-permissions"), Refusal(await viewer.Api.GetAsync(route)));
        }
        foreach (var (method, route, body) in ((string, string, string?)[])[("PUT", $"{Catalog}/{own}", """{"synonyms":["x"]}"""), ("DELETE", $"{Catalog}/{own}", null), ("POST", $"{Catalog}.csv", """{"csv":""}""")])
            Assert.Equal(403, (await maker.Api.CallAsync(method, route, body)).Status);
    }

    private async Task<Api> WithFieldsAsync()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        foreach (var field in (string[])["""{"name":"Title","type":"long-text"}""", """{"name":"Sent On","type":"date"}""", """{"name":"Author","type":"fixed-length-text","length":40}""", """{"name":"Custodian","type":"single-object","associatedType":"Entity"}"""])
            Assert.Equal(201, (await api.PostAsync("workspaces/{ws}/object-types/document/fields", field)).Status);
        return api;
    }

    private static string Point(string mapping)
        => $$$"""{"name":"{{{Guid.NewGuid():N}}}","source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}},"mapping":[{{{mapping}}}]}""";

    private static (int, string) Refusal(Reply reply) => (reply.Status, reply.Code);
}
