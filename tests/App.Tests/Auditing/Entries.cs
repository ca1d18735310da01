using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;

namespace IntegrationPoints.App.Tests.Auditing;

/// <summary>Requests, and the entries that they leave in the audit.</summary>
internal static class Entries
{
    private static readonly (string, string) Any = ("If-Match", "*");

    public static async Task<int> CountAsync(Api api, string? action) => (await api.GetAsync($"workspaces/{{ws}}/audit?pageSize=1000{(action is null ? "" : $"&action={action}")}")).Json["items"]!.AsArray().Count;

    public static async Task<JsonNode> NewestAsync(Api api, string action) => (await api.GetAsync($"workspaces/{{ws}}/audit?pageSize=1&action={action}")).Json["items"]![0]!;

    public static async Task<string> MakeAsync(Api api, string route, string? body)
    {
        var made = await api.PostAsync(route, body);
        Assert.True(made.Status is 200 or 201 or 202, $"{route}: {made.Text}");
        return (made.Json["id"] ?? made.Json["jobId"] ?? made.Json["path"] ?? made.Json["name"])?.GetValue<string>() ?? "";
    }

    public static async Task DoAsync(Api api, string method, string route, string? body = null)
    {
        var done = await api.CallAsync(method, route, body, Any);
        Assert.True(done.Status is 200 or 204, $"{method} {route}: {done.Text}");
    }

    // The newest entry, and that the answer did not come before it.
    public static async Task<JsonNode> AssertAsync(Api api, string action, string kind, string? name, string? before, string? after, string outcome = "done")
    {
        var entry = (await api.GetAsync("workspaces/{ws}/audit?pageSize=1")).Json["items"]![0]!;
        Assert.Equal((action, kind, outcome), (entry["action"]!.GetValue<string>(), entry["on"]!["kind"]!.GetValue<string>(), entry["outcome"]!.GetValue<string>()));
        if (name is not null) Assert.Equal(name, entry["on"]!["name"]!.GetValue<string>());
        Assert.Equal(api.Workspace, entry["workspace"]!.GetValue<string>());
        AssertHolds(before, entry["before"]);
        if (after is not null || before is not null) AssertHolds(after, entry["after"]);
        return entry;
    }

    private static void AssertHolds(string? expected, JsonNode? actual)
    {
        if (expected is null) Assert.Null(actual);
        else Holds(JsonNode.Parse(expected)!.AsObject(), actual!.AsObject());

        static void Holds(JsonObject part, JsonObject whole)
        {
            foreach (var (name, value) in part)
            {
                if (value is JsonObject inner) Holds(inner, whole[name]!.AsObject());
                else Assert.True(JsonNode.DeepEquals(value, whole[name]), $"{name} is {whole[name]?.ToJsonString()} instead of {value?.ToJsonString()}.");
            }
        }
    }
}
