using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>People whom a job imported, with their managers, as the API shows them.</summary>
internal static class LinkedPeople
{
    /// <summary>A point of a source that imports people, with fields of the source and those of Entity.</summary>
    public static Task<SampleImport> PointAsync(SampleImport import, string name, JsonObject source, params (string Source, string Destination)[] pairs)
        => import.PointAsync(name, "in/none.dat", body =>
        {
            body["objectType"] = "Entity";
            body["source"] = source.DeepClone();
            body["mapAllFields"] = false;
            body["mapping"] = new JsonArray([.. pairs.Select(p => new JsonObject { ["source"] = p.Source, ["destination"] = p.Destination })]);
            body["import"] = new JsonObject { ["overwrite"] = "append-overlay" };
        });

    /// <summary>
    /// Every record was transferred and none is in error; so many were linked, and the others are listed, each with its line, the field and the value: as
    /// source id, code, field and value.
    /// </summary>
    public static async Task AssertAsync(SampleImport import, string id, int read, int links, params (string SourceId, string Code, string Field, string Value)[] problems)
    {
        var job = await import.EndOfAsync(id);
        var listed = (await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{id}/errors?pageSize=1000")).GetProperty("items").EnumerateArray().ToList();
        Assert.True(job.Text("status") == "Completed with errors", $"{job} {string.Join('\n', listed)}");
        job.AssertReconciles();
        Assert.Equal((read, read, 0, read), (job.Number("read"), job.Number("transferred"), job.Number("withErrors"), job.Number("total")));
        Assert.Equal((links, problems.Length), (job.Number("links"), job.Number("linkProblems")));
        Assert.Equal(problems.Select(p => (p.SourceId, p.Code, p.Field)).Order(), listed.Select(e => (e.Text("sourceId"), e.Text("code"), e.Text("field"))).Order());
        foreach (var (sourceId, _, field, value) in problems)
        {
            var message = listed.Single(e => e.Text("sourceId") == sourceId);
            Assert.True(message.Number("line") > 1);
            Assert.Contains($"field \"{field}\"", message.Text("error"), StringComparison.Ordinal);
            Assert.Contains($"\"{value}\"", message.Text("error"), StringComparison.Ordinal);
        }
    }

    /// <summary>Who manages whom, by what people are told apart by and by full name.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> ManagersAsync(SampleImport import)
        => (await import.App.Http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Entity/records.jsonl"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(p => p.Text("id"), p => p.GetProperty("fields").TryGetProperty("Manager", out var manager) ? manager.GetString() : null);
}
