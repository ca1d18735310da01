using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Saved searches, views and folders over HTTP.</summary>
public sealed class SearchesTests(Servers servers)
{
    private const string Searches = "workspaces/{ws}/saved-searches", Views = "workspaces/{ws}/views", Folders = "workspaces/{ws}/folders";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Searches)]
    [InlineData(Views)]
    public async Task A_list_is_saved_found_by_name_changed_and_deleted(string all)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await api.PostAsync(all, """{"name":" Hot & new ","condition":{"field":"control number","op":"starts-with","value":"A"},"columns":["Control Number"],"sort":[{"field":"Control Number","descending":true}]}""");
        Assert.True(made.Status == 201, made.Text);
        var id = made.Json["id"]!.GetValue<string>();
        Assert.Equal(("Hot & new", null), (made.Json["name"]!.GetValue<string>(), made.Json["owner"]));
        Assert.Equal("starts-with", made.Json["condition"]!["op"]!.GetValue<string>());
        foreach (var address in new[] { id, "Hot%20%26%20new", "HOT%20%26%20NEW" }) Assert.Equal(made.Text, (await api.GetAsync($"{all}/{address}")).Text);
        Assert.Equal("name-taken", (await api.PostAsync(all, """{"name":"hot & NEW"}""")).Code);
        Assert.Single(await api.AllAsync(all, 10));

        Assert.Equal(428, (await api.CallAsync("PUT", $"{all}/{id}", """{"name":"Hot & new"}""")).Status);
        Assert.Equal(412, (await api.CallAsync("PUT", $"{all}/{id}", """{"name":"Hot & new"}""", ("If-Match", "\"other\""))).Status);
        var changed = await api.CallAsync("PUT", $"{all}/{id}", """{"name":"Hot & new","columns":[]}""", ("If-Match", made.ETag));
        Assert.Equal((200, null, 0), (changed.Status, changed.Json["condition"], changed.Json["columns"]!.AsArray().Count));
        var renamed = await api.CallAsync("PUT", $"{all}/{id}", """{"name":"Cold","private":true,"objectType":"Entity"}""", ("If-Match", "*"));
        Assert.Equal(["read-only-member name", "read-only-member objectType", "read-only-member private"], renamed.Problems.Order());
        Assert.Equal(204, (await api.CallAsync("DELETE", $"{all}/{id}")).Status);
        Assert.Equal(404, (await api.GetAsync($"{all}/{id}")).Status);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_search_is_said_with_its_place()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var wrong = await api.PostAsync(Searches, """
            {"name":"x","condition":{"and":[{"field":"Nope","op":"is","value":1},{"field":"Control Number","op":"is"}]},"columns":["Gone"],"sort":[{"field":"Gone"}]}
            """);
        Assert.Equal(400, wrong.Status);
        Assert.Equal(
            ["field-not-found columns[0]", "field-not-found condition.and[0].field", "field-not-found sort[0].field", "value-missing condition.and[1].value"], wrong.Problems.Order());
        Assert.Equal(["object-type-not-found objectType"], (await api.PostAsync(Searches, """{"name":"x","objectType":"Nope"}""")).Problems);
        Assert.Equal(["invalid-value condition.op"], (await api.PostAsync(Searches, """{"name":"x","condition":{"op":"like"}}""")).Problems);
        Assert.Equal(["invalid-value condition.value"], (await api.PostAsync(Searches, """{"name":"x","condition":{"field":"Control Number","op":"is","value":{}}}""")).Problems);
        Assert.Equal(["unknown-member condition.sql"], (await api.PostAsync(Searches, """{"name":"x","condition":{"sql":"1=1"}}""")).Problems);
        var deep = string.Concat(Enumerable.Repeat("{\"not\":", 30)) + "{\"and\":[]}" + new string('}', 30);
        Assert.Contains("condition-too-deep", (await api.PostAsync(Searches, $$"""{"name":"x","condition":{{deep}}}""")).Text, StringComparison.Ordinal);
        var far = string.Concat(Enumerable.Repeat("{\"not\":", 5000)) + "{\"and\":[]}" + new string('}', 5000);
        Assert.Equal(400, (await api.PostAsync(Searches, $$"""{"name":"x","condition":{{far}}}""")).Status);
        Assert.Empty(await api.AllAsync(Searches, 10));
    }

    [Fact]
    public async Task A_search_runs_in_pages_counts_and_says_what_no_index_serves()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string fields = "workspaces/{ws}/object-types/Document/fields";
        var title = (await api.PostAsync(fields, """{"name":"Title","type":"fixed-length-text","filterable":true}""")).Json["id"]!.GetValue<string>();
        var pages = (await api.PostAsync(fields, """{"name":"Pages","type":"whole-number"}""")).Json["id"]!.GetValue<string>();
        await using var store = new SqliteRecords(api.App.Records);
        for (var i = 0; i < 40; i++)
        {
            var record = new Record { Type = "Document", Identifier = $"D{i:d2}", Folder = FolderPath.Parse("", i % 2 == 0 ? "Even" : "").Folder };
            record.Filterable[title] = i % 4 == 0 ? "Ärger" : "other";
            record.Values[pages] = i;
            await store.WriteAsync([new ItemWrite(WriteKind.Create, Identifier.Key(api.Workspace, 16, "Document", record.Identifier), Identifier.Sort("Document", record.Identifier), RecordJson.Write(record))], Stop);
        }
        await api.PostAsync(Searches, """{"name":"S","condition":{"and":[{"field":"Title","op":"is","value":"ÄRGER"},{"field":"Pages","op":"greater","value":10},{"op":"in-folder","value":"even"}]},"columns":["Pages"]}""");
        Assert.Equal(["D12", "D16", "D20", "D24", "D28", "D32", "D36"], (await api.AllAsync($"{Searches}/s/records", 3)).Select(r => r["id"]!.GetValue<string>()));
        var page = await api.GetAsync($"{Searches}/S/records?pageSize=1");
        Assert.Equal("""{"Pages":12}""", page.Json["items"]![0]!["fields"]!.ToJsonString());
        Assert.Equal("""["Pages"]""", page.Json["scanned"]!.ToJsonString());
        Assert.Equal("""{"count":7,"scanned":["Pages"]}""", (await api.GetAsync($"{Searches}/S/count")).Json.ToJsonString());

        await api.PostAsync(Views, """{"name":"All","condition":{"field":"Title","op":"is-not","value":"x"}}""");
        Assert.Equal("""{"count":40,"scanned":[]}""", (await api.GetAsync($"{Views}/All/count")).Json.ToJsonString());
        // A field that is gone since is named.
        Assert.Equal(204, (await api.CallAsync("DELETE", $"{fields}/{pages}", null, ("If-Match", "*"))).Status);
        Assert.Equal(["field-not-found condition.and[1].field"], (await api.GetAsync($"{Searches}/S/count")).Problems);
    }

    [Fact]
    public async Task A_private_search_is_its_owners_only()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var mine = await api.PostAsync(Searches, """{"name":"Same","private":true}""");
        Assert.Equal((201, Environment.UserName), (mine.Status, mine.Json["owner"]!.GetValue<string>()));
        // The names of private ones say nothing about each other's, nor about public ones.
        Assert.Equal(201, (await api.PostAsync(Searches, """{"name":"Same"}""")).Status);
        Assert.Equal(mine.Text, (await api.GetAsync($"{Searches}/same")).Text);
        await using var store = new SqliteRecords(api.App.Records);
        var searches = new Storage.Catalog.SavedSearchCatalog(new Storage.Catalog.Catalog(store));
        var theirs = new Engine.Searches.SavedList { Id = searches.IdFor("Theirs", "somebody"), Name = "Theirs", Owner = "somebody" };
        Assert.NotNull(await searches.CreateAsync(api.Workspace, theirs, Stop));
        Assert.Equal(2, (await api.AllAsync(Searches, 10)).Count);
        foreach (var address in new[] { theirs.Id, "Theirs" }) Assert.Equal(404, (await api.GetAsync($"{Searches}/{address}")).Status);
        Assert.Equal(404, (await api.CallAsync("DELETE", $"{Searches}/{theirs.Id}")).Status);
    }

    [Fact]
    public async Task Folders_are_made_and_listed_level_by_level()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        Assert.Equal(201, (await api.PostAsync(Folders, """{"path":"Acme\\ Mail \\Sent"}""")).Status);
        Assert.Equal(201, (await api.PostAsync(Folders, """{"path":"Acme B"}""")).Status);
        Assert.Equal("folder-exists", (await api.PostAsync(Folders, """{"path":"\\acme\\MAIL"}""")).Code);
        Assert.Equal(["invalid-folder path"], (await api.PostAsync(Folders, """{"path":" \\ "}""")).Problems);
        Assert.Equal(["invalid-folder path"], (await api.PostAsync(Folders, $$"""{"path":"{{new string('x', 300)}}"}""")).Problems);
        Assert.Equal(["Acme", "Acme B"], await PathsAsync(""));
        Assert.Equal([@"Acme\Mail"], await PathsAsync("?parent=ACME"));
        Assert.Equal([@"Acme\Mail", @"Acme\Mail\Sent"], await PathsAsync("?parent=acme&levels=all"));
        Assert.Equal(["Acme", "Acme B", @"Acme\Mail", @"Acme\Mail\Sent"], await PathsAsync("?levels=all"));
        Assert.Empty(await PathsAsync("?parent=None"));
        Assert.Equal("invalid-levels", (await api.GetAsync($"{Folders}?levels=2")).Code);
        var page = await api.GetAsync($"{Folders}?levels=all&pageSize=3");
        var next = await api.GetAsync($"{Folders}?levels=all&continuationToken={page.Json["continuationToken"]!.GetValue<string>()}");
        Assert.Equal("""[{"path":"Acme\\Mail\\Sent","id":"ID","name":"Sent"}]""".Replace("ID", FolderPath.IdFor(@"ACME\MAIL\SENT"), StringComparison.Ordinal), next.Json["items"]!.ToJsonString());

        async Task<List<string>> PathsAsync(string query)
            => [.. (await api.GetAsync(Folders + query)).Json["items"]!.AsArray().Select(f => f!["path"]!.GetValue<string>())];
    }
}
