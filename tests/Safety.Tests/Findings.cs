using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>What must hold of every answer, whatever was asked; what does not is found.</summary>
internal sealed class Findings
{
    private const int Shown = 20;

    // What only the inside of the app should know: frames of a stack, types, paths of the machine, addresses of stores, keys of stores.
    private static readonly string[] Inside = ["   at ", "System.", "Microsoft.", "IntegrationPoints.", "/tmp/", ".cs:line", "AccountKey", "devstoreaccount", "SQLite", "127.0.0.1:", "BEGIN "];

    private readonly List<string> all = [];

    /// <summary>Adds what somebody else found.</summary>
    public void Add(string what) => all.Add(what);

    /// <summary>Looks at an answer.</summary>
    /// <param name="what">What was asked.</param>
    /// <param name="reply">What was answered.</param>
    public void Look(string what, Reply reply)
    {
        if (reply.Status >= 500) Add($"{what}: {reply.Status} {reply.Text}");
        if (reply.Status >= 400) LookAtProblem(what, reply);
        else if (reply.Text.Contains(Target.Secret, StringComparison.Ordinal)) Add($"{what}: told the secret");
        foreach (var header in reply.Headers.Concat(reply.ContentHeaders))
        {
            if (header.Key.StartsWith("X-Injected", StringComparison.OrdinalIgnoreCase) || header.Value.Any(v => v.Any(char.IsControl))) Add($"{what}: header {header.Key}");
        }
    }

    /// <summary>Fails when anything was found.</summary>
    public void AssertNone() => Assert.True(all.Count == 0, $"{all.Count} findings:\n{string.Join('\n', all.Take(Shown))}");

    /// <summary>Fails when anything was found, or the app logged a failure of its own.</summary>
    public void AssertNone(AppProcess app)
    {
        all.AddRange(app.Log.Where(line => line.Contains("internal-error", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal)));
        AssertNone();
    }

    private void LookAtProblem(string what, Reply reply)
    {
        // 404 without a body: no such route, the host's own answer; 400 without one: no HTTP.
        if (reply.Text.Length == 0 && reply.Status is 400 or 404 or 405) return;
        if (reply.ContentHeaders.ContentType?.MediaType != "application/problem+json")
        {
            Add($"{what}: {reply.Status} without problem details: {reply.ContentHeaders.ContentType} {reply.Text}");
            return;
        }
        var problem = JsonNode.Parse(reply.Text)!;
        var (code, detail) = (problem["code"]?.GetValue<string>() ?? "", problem["detail"]?.GetValue<string>() ?? "");
        if (problem["status"]?.GetValue<int>() != reply.Status || code.Length == 0 || detail.Length == 0) Add($"{what}: incomplete problem details {reply.Text}");
        if (detail.Any(char.IsControl) || detail.Contains('\u202e')) Add($"{what}: control characters in {JsonSerializer.Serialize(detail)}");
        if (Inside.FirstOrDefault(i => reply.Text.Contains(i, StringComparison.Ordinal)) is { } inside) Add($"{what}: tells of the inside ({inside}): {reply.Text}");
        if (reply.Text.Length > 40_000) Add($"{what}: {reply.Text.Length} characters of problem details");
    }
}
