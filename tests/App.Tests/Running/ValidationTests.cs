using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>What is missing or changed is found before any record moves, all of it at once (issue "Errors", "Statuses").</summary>
public sealed class ValidationTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<bool, string, string[]> Cases => new()
    {
        { true, "field-type-changed", ["\"Sent\" was of the type date", "is long text now", "no field \"Gone\""] },
        // The load file is missing, too
        { false, "file-not-found", ["small.dat", "\"Sent\" was of the type date", "no field \"Gone\""] },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task One_error_of_the_job_names_everything_that_is_wrong(bool isThere, string code, string[] says)
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        foreach (var (name, type) in new[] { ("Sent", "date"), ("Gone", "long-text"), ("Title", "long-text") }) await FieldAsync(app, import, name, type);
        var point = await import.PointAsync("Mapped", "in/small.dat", body =>
        {
            body["import"] = new JsonObject();
            body["mapAllFields"] = false;
            body["mapping"] = new JsonArray([.. new[] { ("Id", "Control Number"), ("Sent", "Sent"), ("Other", "Gone"), ("Title", "Title") }
                .Select(p => (JsonNode)new JsonObject { ["source"] = p.Item1, ["destination"] = p.Item2 })]);
        });
        if (isThere) await point.StageAsync("in/small.dat", "\u00FEId\u00FE\u0014\u00FESent\u00FE\u0014\u00FEOther\u00FE\u0014\u00FETitle\u00FE\r\n\u00FEA1\u00FE\u0014\u00FE\u00FE\u0014\u00FE\u00FE\u0014\u00FET\u00FE\r\n"u8.ToArray());
        foreach (var name in new[] { "Sent", "Gone" }) await RemoveAsync(app, import, name);
        await FieldAsync(app, import, "Sent", "long-text");

        var job = await point.RunAsync();
        var ended = await point.EndOfAsync(job);
        Assert.Equal(("Validation failed", 0, 0), (ended.Text("status"), ended.Number("read"), ended.Number("transferred")));
        var error = Assert.Single((await app.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/errors", Stop)).GetProperty("items").EnumerateArray());
        Assert.Equal((code, "job"), (error.Text("code"), error.Text("type")));
        Assert.All(says, words => Assert.Contains(words, error.Text("error"), StringComparison.Ordinal));
        Assert.Equal(0, await import.CountAsync());
    }

    private static string Fields(SampleImport import) => $"workspaces/{import.Workspace}/object-types/Document/fields";

    private static Task<JsonElement> FieldAsync(AppProcess app, SampleImport import, string name, string type) => SampleImport.PostAsync(app, Fields(import), new { name, type });

    private static async Task RemoveAsync(AppProcess app, SampleImport import, string name)
    {
        var field = (await app.Http.GetFromJsonAsync<JsonElement>(Fields(import), Stop)).GetProperty("items").EnumerateArray().Single(f => f.Text("name") == name);
        using var removed = await app.Http.DeleteAsync(new Uri($"{Fields(import)}/{field.Text("id")}", UriKind.Relative), Stop);
        Assert.True(removed.IsSuccessStatusCode);
    }
}
