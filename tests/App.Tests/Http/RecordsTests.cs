using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Records as the API shows them: by the names of fields, in identifier order, in pages or as JSON lines.</summary>
public sealed class RecordsTests(Servers servers)
{
    private const string Records = "workspaces/{ws}/object-types/Document/records";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_shows_its_values_by_the_names_of_fields()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var (notes, pages, paid, issues, gone) = (
            await FieldAsync(api, "Notes", "long-text"), await FieldAsync(api, "Pages", "whole-number"), await FieldAsync(api, "Paid", "yes-no"),
            await FieldAsync(api, "Issues", "multiple-choice"), await FieldAsync(api, "Gone", "date"));
        await WriteAsync(api, new Record
        {
            Type = "Document",
            Identifier = "Doc/1 %2F ü",
            Filterable = { [pages] = 7, [issues] = new[] { "A", @"A\B" } },
            Values = { [notes] = "a\n\"b\" <c> 漢 😀", [paid] = true, [gone] = "2026-01-01T00:00:00" },
            Folder = new RecordFolder(@"In\Out", ["1", "2"]),
            Native = new NativeFile("a.msg", 12, "blob"),
        });
        Assert.Equal(204, (await api.CallAsync("DELETE", $"workspaces/{{ws}}/object-types/Document/fields/{gone}")).Status);

        var expected = JsonNode.Parse("""
            {
                "id": "Doc/1 %2F ü",
                "fields": {"Control Number": "Doc/1 %2F ü", "Issues": ["A", "A\\B"], "Notes": "a\n\"b\" <c> 漢 😀", "Pages": 7, "Paid": true},
                "folder": "In\\Out",
                "native": {"name": "a.msg", "bytes": 12}
            }
            """);
        var one = await api.GetAsync($"{Records}/{Uri.EscapeDataString("dOC/1 %2f Ü")}");
        Assert.True(JsonNode.DeepEquals(expected, one.Json), one.Text);
        Assert.True(JsonNode.DeepEquals(expected, (await api.GetAsync(Records)).Json["items"]![0]));
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(Assert.Single(await LinesAsync(api)))));
    }

    [Fact]
    public async Task Empty_values_are_left_out_and_no_folder_is_null()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await FieldAsync(api, "Notes", "long-text");
        await WriteAsync(api, new Record { Type = "Document", Identifier = "D1" });
        Assert.Equal("""{"id":"D1","fields":{"Control Number":"D1"},"folder":null,"native":null}""", (await api.GetAsync($"{Records}/D1")).Text);
        Assert.Equal("""{"items":[],"continuationToken":null}""", (await (await Api.NewAsync(api.App)).GetAsync(Records)).Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Pages_hold_every_record_once_in_the_order_of_bytes(int pageSize)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        string[] identifiers = ["b", "A", "ä", "\uFF21", "😀", "x|y", "10", "9", .. Enumerable.Range(0, 60).Select(i => $"D{i:d3}")];
        await WriteAsync(api, [.. identifiers.Select(i => new Record { Type = "Document", Identifier = i })]);
        var expected = identifiers.OrderBy(i => Convert.ToHexString(Encoding.UTF8.GetBytes(Identifier.Fold(i))), StringComparer.Ordinal).ToList();
        Assert.Equal(expected, (await api.AllAsync(Records, pageSize)).Select(r => r["id"]!.GetValue<string>()));
        Assert.Equal(expected, (await LinesAsync(api)).Select(line => JsonNode.Parse(line)!["id"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(33_000)]
    [InlineData(5_000_001)]
    public async Task Long_text_is_shown_in_full(int characters)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        // Three bytes each, so that pieces end within characters; with what JSON must escape in between.
        var text = string.Concat(Enumerable.Repeat("漢字\n\"😀\"", (characters / 6) + 1)).AsSpan(0, characters - (characters == 5_000_001 ? 1 : 0)).ToString();
        if (text.Length > 0 && char.IsHighSurrogate(text[^1])) text = text[..^1];
        var bytes = Encoding.UTF8.GetBytes(text);
        await Blobs.CreateAsync(api.App.Blobs.Files, $"{api.Workspace}/job/0-2.text", BinaryData.FromBytes(bytes), Stop);
        var field = await FieldAsync(api, "Text", "long-text");
        await WriteAsync(api, new Record
        {
            Type = "Document",
            Identifier = "D1",
            Values = { [field] = new TextReference($"{api.Workspace}/job/0-2.text", bytes.Length) },
        });
        Assert.Equal(text, (await api.GetAsync($"{Records}/D1")).Json["fields"]!["Text"]!.GetValue<string>());
        Assert.Equal(text, (await api.GetAsync(Records)).Json["items"]![0]!["fields"]!["Text"]!.GetValue<string>());
        Assert.Equal(text, JsonNode.Parse(Assert.Single(await LinesAsync(api)))!["fields"]!["Text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_page_of_large_records_ends_early_and_goes_on()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var field = await FieldAsync(api, "Text", "long-text");
        await Blobs.CreateAsync(api.App.Blobs.Files, $"{api.Workspace}/t", BinaryData.FromString(new string('x', 3 * 1024 * 1024)), Stop);
        await WriteAsync(api, [.. Enumerable.Range(0, 8).Select(i => new Record
        {
            Type = "Document",
            Identifier = $"D{i}",
            Values = { [field] = new TextReference($"{api.Workspace}/t", 3 * 1024 * 1024) },
        })]);
        var first = await api.GetAsync(Records);
        Assert.Equal(["D0", "D1", "D2"], first.Json["items"]!.AsArray().Select(r => r!["id"]!.GetValue<string>()));
        var all = await api.AllAsync(Records, 100);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"D{i}"), all.Select(r => r["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_failure_is_told_without_its_text_and_cuts_off_what_is_on_its_way()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await using (var store = new SqliteRecords(api.App.Records))
        {
            var broken = new ItemWrite(
                WriteKind.Create, Identifier.Key(api.Workspace, 16, "Document", "Z"), Identifier.Sort("Document", "Z"), "{\"secret\":1}"u8.ToArray());
            await store.WriteAsync([broken], Stop);
        }
        var reply = await api.GetAsync(Records);
        Assert.Equal((500, "internal-error"), (reply.Status, reply.Code));
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
        Assert.Contains(reply.Json["traceId"]!.GetValue<string>(), reply.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);

        var field = await FieldAsync(api, "Text", "long-text");
        await WriteAsync(api, [.. Enumerable.Range(0, 50).Select(i => new Record { Type = "Document", Identifier = $"D{i}", Values = { [field] = new string('x', 30_000) } })]);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => LinesAsync(api));
    }

    private static async Task<List<string>> LinesAsync(Api api)
    {
        var lines = await api.GetAsync(Records + ".jsonl");
        Assert.Equal("application/x-ndjson", lines.ContentHeaders.ContentType!.MediaType);
        Assert.Equal(lines.Text, (await api.GetAsync(Records, ("Accept", "application/x-ndjson"))).Text);
        Assert.True(lines.Text.Length == 0 || lines.Text.EndsWith('\n'));
        return [.. lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task<string> FieldAsync(Api api, string name, string type)
    {
        var made = await api.PostAsync("workspaces/{ws}/object-types/Document/fields", string.Create(CultureInfo.InvariantCulture, $$"""{"name":"{{name}}","type":"{{type}}"}"""));
        Assert.Equal(201, made.Status);
        return made.Json["id"]!.GetValue<string>();
    }

    private static async Task WriteAsync(Api api, params Record[] records)
    {
        await using var store = new SqliteRecords(api.App.Records);
        var writes = records.Select(r => new ItemWrite(
            WriteKind.Create, Identifier.Key(api.Workspace, new Workspace { Id = "", Name = "" }.Buckets, r.Type, r.Identifier),
            Identifier.Sort(r.Type, r.Identifier), RecordJson.Write(r)));
        Assert.All(await store.WriteAsync([.. writes], Stop), result => Assert.Equal(WriteStatus.Done, result.Status));
    }
}
