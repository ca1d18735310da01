using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A file of people with managers, among them some who cannot be linked and one without a name, and what its import comes to.</summary>
internal static class ManagedPeople
{
    public const int Count = 130;

    // Line, code, field, and the value that the message names.
    private static readonly (long Line, string Code, string Field, string Value)[] Expected =
    [
        (12, "link-not-found", "Manager", "Nobody"), (22, "link-self", "Manager", "e20"), (32, "link-ambiguous", "Manager", "Twin, Tom"), (90, "missing-full-name", "Full Name", "Full Name"),
        (102, "link-not-found", "Manager", "E88"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Everybody is managed by the one 60 lines below or above; among them are those who cannot be linked.
    public static async Task<SampleImport> NewAsync(AppProcess app)
    {
        var import = await SampleImport.NewAsync(app, "in/people.csv", body =>
        {
            Entities(body);
            body["mapping"] = new JsonArray(new JsonObject { ["source"] = "Manager", ["destination"] = "Manager" });
        });
        var rows = new StringBuilder("Unique ID,First Name,Last Name,Manager\n");
        for (var i = 0; i < Count; i++)
        {
            var manager = i switch { 10 => "Nobody", 20 => "e20", 30 => "\"Twin, Tom\"", 100 => "E88", 5 => "", _ => $"E{Sound(i)}" };
            var name = i switch { 40 or 41 => "Tom,Twin", 88 => ",", _ => $"N{i},F" };
            rows.Append(CultureInfo.InvariantCulture, $"E{i},{name},{manager}\n");
        }
        await import.StageAsync("in/people.csv", Encoding.UTF8.GetBytes(rows.ToString()));
        return import;
    }

    private static int Sound(int i) => (i + 60) % Count is var other && other == 88 ? 89 : other;

    public static void Entities(JsonObject body)
    {
        body["objectType"] = "Entity";
        body["source"]!["settings"]!["column"] = 44;
        body["source"]!["settings"]!["quote"] = 34;
        body["import"] = new JsonObject { ["overwrite"] = "append" };
    }

    /// <summary>Waits until the job has ended; its counts, errors and records are those of a job that nothing disturbs.</summary>
    public static async Task AssertLinkedAsync(SampleImport import, string id)
    {
        var job = await import.EndOfAsync(id);
        Assert.True(job.Text("status") == "Completed with errors", await import.App.Http.GetStringAsync($"jobs/{id}/errors", Stop));
        job.AssertReconciles();
        Assert.Equal((Count, Count - 1, 1, Count), (job.Number("read"), job.Number("transferred"), job.Number("withErrors"), job.Number("total")));
        Assert.Equal((Count - 6, 4), (job.Number("links"), job.Number("linkProblems")));
        var errors = (await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{id}/errors?pageSize=1000", Stop)).GetProperty("items").EnumerateArray().ToList();
        Assert.All(errors, e => Assert.Equal("item", e.Text("type")));
        Assert.Equal(Expected.Select(e => (e.Line, e.Code, e.Field)), errors.OrderBy(e => e.Number("line")).Select(e => (e.Number("line"), e.Text("code"), e.Text("field"))));
        foreach (var (line, _, _, value) in Expected) Assert.Contains($"\"{value}\"", errors.Single(e => e.Number("line") == line).Text("error"), StringComparison.Ordinal);
        Assert.Equal("E10", errors.Single(e => e.Number("line") == 12).Text("sourceId"));
        var people = await RecordsAsync(import);
        Assert.Equal(Count - 1, people.Count);
        foreach (var person in people)
        {
            var i = int.Parse(person.Text("id").AsSpan(1), CultureInfo.InvariantCulture);
            var manager = person.GetProperty("fields").TryGetProperty("Manager", out var linked) ? linked.GetString() : null;
            Assert.Equal(i is 5 or 10 or 20 or 30 or 100 ? null : Sound(i) is 40 or 41 ? "Twin, Tom" : $"F, N{Sound(i)}", manager);
        }
    }

    public static async Task<List<JsonElement>> RecordsAsync(SampleImport import)
        => [.. (await import.App.Http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Entity/records.jsonl", Stop))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
