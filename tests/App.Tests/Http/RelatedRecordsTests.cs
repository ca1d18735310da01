using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Families, duplicate groups, users and object fields over HTTP.</summary>
public sealed class RelatedRecordsTests(Servers servers)
{
    private const string Records = "workspaces/{ws}/object-types/Document/records", Fields = "workspaces/{ws}/object-types/Document/fields";

    [Fact]
    public async Task A_family_has_one_group_identifier_and_a_duplicate_group_one_hash()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var group = await FieldAsync(api, """{"name":"Group Identifier","type":"fixed-length-text"}""");
        var hash = await FieldAsync(api, """{"name":"MD5 Hash","type":"fixed-length-text"}""");
        (string Id, string? Group, string? Hash)[] documents = [("P/1", "P/1", "x"), ("A1", "P/1", "y"), ("A2", "P/1", "x"), ("Q", "Q", "x"), ("Lone", null, null)];
        await using var store = new SqliteRecords(api.App.Records);
        foreach (var document in documents)
        {
            var record = new Record { Type = "Document", Identifier = document.Id };
            if (document.Group is not null) record.Filterable[group] = document.Group;
            if (document.Hash is not null) record.Filterable[hash] = document.Hash;
            var key = Identifier.Key(api.Workspace, 16, "Document", document.Id);
            await store.WriteAsync([new ItemWrite(WriteKind.Create, key, Identifier.Sort("Document", document.Id), RecordJson.Write(record))], Stop);
        }

        Assert.Equal(["A1", "A2", "P/1"], await IdsAsync(api, "p%2F1/family"));
        Assert.Equal(["A1", "A2", "P/1"], await IdsAsync(api, "A2/family"));
        Assert.Equal(["A2", "P/1", "Q"], await IdsAsync(api, "P%2F1/duplicates"));
        Assert.Equal(["Q"], await IdsAsync(api, "Q/family"));
        Assert.Equal("no-group", (await api.GetAsync($"{Records}/Lone/family")).Code);
        Assert.Equal("no-group", (await api.GetAsync($"{Records}/Lone/duplicates")).Code);
        Assert.Equal(404, (await api.GetAsync($"{Records}/Nobody/family")).Status);
    }

    [Fact]
    public async Task Users_are_added_listed_and_taken_out()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string users = "workspaces/{ws}/users";
        Assert.Equal(201, (await api.PostAsync(users, """{"email":" Zoe@example.com ","name":"Zoë"}""")).Status);
        Assert.Equal(201, (await api.PostAsync(users, """{"email":"ann@example.com"}""")).Status);
        Assert.Equal("name-taken", (await api.PostAsync(users, """{"email":"ZOE@EXAMPLE.COM"}""")).Code);
        Assert.Equal("invalid-address", (await api.PostAsync(users, """{"email":"nobody"}""")).Code);
        Assert.Equal(["ann@example.com", "Zoe@example.com"], (await api.AllAsync(users, 1)).Select(u => u["email"]!.GetValue<string>()));
        Assert.Equal(204, (await api.CallAsync("DELETE", $"{users}/zoe%40example.com")).Status);
        Assert.Equal(404, (await api.CallAsync("DELETE", $"{users}/zoe%40example.com")).Status);
        Assert.Single(await api.AllAsync(users, 10));
    }

    [Theory]
    [InlineData("""{"name":"C","type":"single-object","associatedType":"entity"}""", 201, "Entity")]
    [InlineData("""{"name":"C","type":"multiple-object","associatedType":"Entity","overlay":"merge"}""", 201, "Entity")]
    [InlineData("""{"name":"C","type":"user"}""", 201, null)]
    [InlineData("""{"name":"C","type":"single-object"}""", 400, "associated-type-invalid")]
    [InlineData("""{"name":"C","type":"single-object","associatedType":"Matter"}""", 400, "object-type-not-found")]
    [InlineData("""{"name":"C","type":"long-text","associatedType":"Entity"}""", 400, "associated-type-invalid")]
    [InlineData("""{"name":"C","type":"decimal","scale":40}""", 400, "scale-invalid")]
    [InlineData("""{"name":"Relativity Native Time Zone Offset","type":"decimal"}""", 400, "type-invalid")]
    public async Task Fields_of_objects_name_their_type(string body, int status, string? says)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var answer = await api.PostAsync(Fields, body);
        Assert.Equal(status, answer.Status);
        Assert.Equal(says, status == 201 ? answer.Json["associatedType"]?.GetValue<string>() : answer.Json["errors"]![0]!["code"]!.GetValue<string>());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<string> FieldAsync(Api api, string body) => (await api.PostAsync(Fields, body)).Json["id"]!.GetValue<string>();

    private static async Task<List<string>> IdsAsync(Api api, string related)
        => [.. (await api.AllAsync($"{Records}/{related}", 2)).Select((JsonNode r) => r["id"]!.GetValue<string>())];
}
