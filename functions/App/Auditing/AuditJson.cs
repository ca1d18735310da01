using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers;

namespace IntegrationPoints.App.Auditing;

/// <summary>What things were and are, as the audit keeps it: JSON as the API shows it, without secrets, and not endless.</summary>
internal static class AuditJson
{
    /// <summary>The most characters of a document that is kept whole.</summary>
    public const int Longest = 30_000;

    // Within JSON again, each character may take two.
    private const int LongestBeginning = 12_000;

    // Settings of providers are untyped in an integration point; what their types say is a secret is known by its name.
    private static readonly IReadOnlySet<string> Marked = SecretMask.OfTypes(Sources.Settings.Values);

    /// <summary>Two versions of a thing. Of large ones the members that did not change are left out; what is still large is cut, and says so.</summary>
    public static (string? Before, string? After) Of(object? before, object? after)
    {
        var (was, now) = (Node(before), Node(after));
        // That a secret was entered again is seen, and nothing of it.
        now = SecretMask.In(now, Marked, was);
        was = SecretMask.In(was, Marked);
        if (was is JsonObject old && now is JsonObject young && Math.Max(Text(was)!.Length, Text(now)!.Length) > Longest)
        {
            foreach (var (name, value) in old.ToList())
            {
                if (!young.TryGetPropertyValue(name, out var other) || !JsonNode.DeepEquals(value, other)) continue;
                old.Remove(name);
                young.Remove(name);
            }
        }
        return (Short(was), Short(now));
    }

    private static JsonNode? Node(object? value)
        => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), ApiJson.Options);

    private static string? Short(JsonNode? node)
    {
        if (Text(node) is not { Length: > Longest } text) return Text(node);
        return Text(new JsonObject
        {
            ["shortened"] = true,
            ["characters"] = text.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            ["beginning"] = text[..LongestBeginning],
        });
    }

    private static string? Text(JsonNode? node) => node?.ToJsonString(ApiJson.Options);
}
