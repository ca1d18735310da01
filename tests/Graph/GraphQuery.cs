using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IntegrationPoints.Tests.Graph;

/// <summary>
/// A <c>$filter</c> as a directory understands it: <c>eq ne ge le in startsWith endsWith and or not</c> and parentheses, without regard to the case of
/// letters. <c>ne</c>, <c>not</c> and <c>endsWith</c> are answered in advanced queries only.
/// </summary>
internal sealed partial class GraphQuery
{
    private readonly List<string> tokens;
    private int at;

    private GraphQuery(string text) => tokens = [.. Token().Matches(text).Select(m => m.Value)];

    /// <summary>Whether it takes an advanced query.</summary>
    public bool IsAdvanced { get; private set; }

    private string Next => at < tokens.Count ? tokens[at] : "";

    /// <summary>Reads a filter; blank: everything fits.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static (Predicate<JsonObject> Fits, bool IsAdvanced) Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return (_ => true, false);
        var query = new GraphQuery(text);
        var fits = query.Or();
        if (query.at < query.tokens.Count) throw new FormatException($"Syntax error at '{query.Next}' in '{text}'.");
        return (fits, query.IsAdvanced);
    }

    private Predicate<JsonObject> Or()
    {
        var left = And();
        while (Takes("or"))
        {
            var (one, other) = (left, And());
            left = o => one(o) || other(o);
        }
        return left;
    }

    private Predicate<JsonObject> And()
    {
        var left = Not();
        while (Takes("and"))
        {
            var (one, other) = (left, Not());
            left = o => one(o) && other(o);
        }
        return left;
    }

    private Predicate<JsonObject> Not()
    {
        if (!Takes("not")) return Term();
        IsAdvanced = true;
        var inner = Not();
        return o => !inner(o);
    }

    private Predicate<JsonObject> Term()
    {
        if (Takes("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }
        var name = Take();
        if (Takes("("))
        {
            var property = Take();
            Expect(",");
            var text = Value(Take());
            Expect(")");
            IsAdvanced |= name.Equals("endsWith", StringComparison.OrdinalIgnoreCase);
            return name.ToLowerInvariant() switch
            {
                "startswith" => o => Text(o, property)?.StartsWith(text!, StringComparison.OrdinalIgnoreCase) == true,
                "endswith" => o => Text(o, property)?.EndsWith(text!, StringComparison.OrdinalIgnoreCase) == true,
                _ => throw new FormatException($"Unknown function '{name}'."),
            };
        }
        var compare = Take().ToLowerInvariant();
        if (compare == "in") return In(name);
        var value = Value(Take());
        IsAdvanced |= compare == "ne";
        return compare switch
        {
            "eq" => o => Same(Text(o, name), value),
            "ne" => o => !Same(Text(o, name), value),
            "ge" => o => string.CompareOrdinal(Text(o, name), value) >= 0,
            "le" => o => string.CompareOrdinal(Text(o, name), value) <= 0,
            _ => throw new FormatException($"Unknown operator '{compare}'."),
        };
    }

    private Predicate<JsonObject> In(string name)
    {
        var values = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Expect("(");
        do values.Add(Value(Take())!);
        while (Takes(","));
        Expect(")");
        return values.Count <= 15 ? o => Text(o, name) is { } text && values.Contains(text) : throw new FormatException("Too many child clauses specified.");
    }

    private bool Takes(string token)
    {
        if (!Next.Equals(token, StringComparison.OrdinalIgnoreCase)) return false;
        at++;
        return true;
    }

    private string Take() => at < tokens.Count ? tokens[at++] : throw new FormatException("The filter ends too early.");

    private void Expect(string token)
    {
        if (!Takes(token)) throw new FormatException($"'{token}' expected, '{Next}' found.");
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonObject o, string property) => o[property]?.ToString();

    private static string? Value(string token) => token == "null" ? null : token[0] == '\'' ? token[1..^1].Replace("''", "'", StringComparison.Ordinal) : token;

    [GeneratedRegex(@"'(?:[^']|'')*'|[(),]|[^\s(),']+")]
    private static partial Regex Token();
}
