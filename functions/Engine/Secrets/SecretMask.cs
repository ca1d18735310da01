using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IntegrationPoints.Engine.Secrets;

/// <summary>
/// Which values are secrets, and what stands in their place. The one place that decides: by type (<see cref="Secret"/>), by the name of
/// a member (passwords, keys, tokens, signatures, connection strings), or by what a text looks like (addresses with a signature or a password,
/// connection strings, API keys, bearer tokens).
/// </summary>
public static partial class SecretMask
{
    /// <summary>What is shown instead of a secret.</summary>
    public const string Mask = "***";

    /// <summary>What is shown instead of one that is another than before.</summary>
    public const string Changed = $"{Mask} (changed)";

    // Parts of names, compared without regard to case, hyphens and underscores.
    private static readonly string[] Parts =
    [
        "password", "passwd", "passphrase", "pwd", "secret", "credential", "token", "apikey", "accesskey", "accountkey", "privatekey", "signingkey",
        "sharedaccess", "signature", "connectionstring", "authorization", "cookie", "sasurl", "saskey",
    ];

    // Whole names: too short to be looked for inside of others.
    private static readonly string[] Wholes = ["sas", "sig", "key", "pass", "hash", "salt", "auth"];

    /// <summary>Whether a member of this name holds a secret.</summary>
    public static bool IsSecret(string name)
    {
        var bare = name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return Wholes.Contains(bare, StringComparer.OrdinalIgnoreCase) || Parts.Any(p => bare.Contains(p, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The names, as JSON has them, of the properties of types that are secrets.</summary>
    public static IReadOnlySet<string> OfTypes(IEnumerable<Type> types)
        => types.SelectMany(t => t.GetProperties()).Where(p => p.PropertyType == typeof(Secret))
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Masks the secrets of a document, in place.</summary>
    /// <param name="document">The document.</param>
    /// <param name="marked">Names of members that are secrets beyond those that every document has.</param>
    /// <param name="before">What the document was, not masked: what is a secret in both and differs is said to have changed. Null: that is not known.</param>
    /// <returns>The document, or what stands for it when it is a secret as a whole.</returns>
    public static JsonNode? In(JsonNode? document, IReadOnlySet<string> marked, JsonNode? before = null)
    {
        switch (document)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (value is null) continue;
                    var was = (before as JsonObject)?[name];
                    if (IsSecret(name) || marked.Contains(name)) members[name] = was is null || JsonNode.DeepEquals(was, value) ? Mask : Changed;
                    else if (In(value, marked, was) is var masked && masked != value) members[name] = masked;
                }
                return members;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                    if (In(items[i], marked) is var masked && masked != items[i]) items[i] = masked;
                return items;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && InText(value.GetValue<string>()) is var masked && masked != value.GetValue<string>():
                return JsonValue.Create(masked);
            default:
                return document;
        }
    }

    /// <summary>A text without the secrets that it carries: signatures and passwords of addresses and connection strings, API keys, bearer tokens.</summary>
    public static string InText(string text) => ApiKey().Replace(JsonWebToken().Replace(UserInfo().Replace(Setting().Replace(text, $"$1{Mask}"), $"$1{Mask}@"), Mask), Mask);

    [GeneratedRegex(@"\b((?:sig|AccountKey|SharedAccessKey|SharedAccessSignature|password|passwd|pwd|access_token|api[-_]?key|client_secret)\s*=\s*)[^&;\r\n""'<>]+", RegexOptions.IgnoreCase)]
    private static partial Regex Setting();

    // RFC 3986, 3.2.1: what stands before the host of an address.
    [GeneratedRegex(@"([a-z][a-z0-9+.-]{0,20}://)[^/\s@""'<>]{1,500}@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    // RFC 7519: header and payload are JSON objects in base64url, so that both begin with {" encoded.
    [GeneratedRegex(@"\beyJ[\w-]{5,2000}\.eyJ[\w-]{5,9000}\.[\w-]*")]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"\bipk_[\w-]+")]
    private static partial Regex ApiKey();
}
