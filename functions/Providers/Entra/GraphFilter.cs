using System.Text.RegularExpressions;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Providers.Entra;

/// <summary>
/// What of a <c>$filter</c> is known to be refused before anybody is asked (learn.microsoft.com, "Advanced query capabilities on Microsoft Entra ID
/// objects"). Directories answer <c>not</c>, <c>ne</c>, <c>endsWith</c> and <c>$count</c> to advanced queries only, whatever the property; the guide
/// (4.7.2) has none of those. Which properties can be filtered otherwise is for Microsoft Graph to say, which changes it from time to time.
/// </summary>
internal static partial class GraphFilter
{
    /// <summary>What is wrong with a filter; null: nothing that is known before it is tried.</summary>
    public static Problem? Check(string filter)
    {
        var bare = Literal().Replace(filter, "''");
        if (filter.Any(char.IsControl)) return Invalid("it holds control characters. Write it in one line.");
        if (bare.Replace("''", "", StringComparison.Ordinal).Contains('\'', StringComparison.Ordinal))
            return Invalid("a quote is not closed. Texts stand between single quotes, and a quote inside of one is written twice: 'O''Brien'.");
        if (bare.TrimStart().StartsWith("$filter", StringComparison.OrdinalIgnoreCase)) return Invalid("it begins with \"$filter\". Leave that out: department eq 'Engineering'.");
        if (Depth(bare) is not 0) return Invalid("its parentheses do not match.");
        if (Advanced().Match(bare) is { Success: true } found) return Refused(found.Value.TrimEnd('(', ' ').ToLowerInvariant());
        return bare.Contains('$', StringComparison.Ordinal) || bare.Contains('&', StringComparison.Ordinal)
            ? Invalid("it holds more than a filter. Parts of an address such as $select, $top or & have no place in it.") : null;

        Problem Invalid(string why) => new("invalid-filter", $"The filter {Words.Quote(filter)} cannot be used: {why}");
    }

    private static Problem Refused(string found) => new(
        "advanced-query",
        $"The filter uses {Words.Quote(found)}, which directories answer in advanced queries only, and those are not made. " + found switch
        {
            "ne" or "not" => "Say who is wanted rather than who is not, with eq, in, startsWith, and, or: accountEnabled eq true in place of accountEnabled ne false.",
            "endswith" => "Use eq, in or startsWith, or import all and filter what has been imported.",
            "$count" => "Use eq, in or startsWith on the members of the collection: otherMails/any(m:m eq 'jane@example.com').",
            _ => "Use eq, in or startsWith: startsWith(displayName,'Jane').",
        });

    private static int Depth(string bare)
    {
        var depth = 0;
        foreach (var c in bare)
        {
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0) return depth;
        }
        return depth;
    }

    // OData 4.01, URL conventions 5.1.1.14: a quote inside of a literal is doubled.
    [GeneratedRegex("'(?:[^']|'')*'")]
    private static partial Regex Literal();

    [GeneratedRegex(@"(?<![\w/$])(?:ne|not)(?![\w/])|\bendsWith\s*\(|\$count\b|\$search\b|\$orderby\b", RegexOptions.IgnoreCase)]
    private static partial Regex Advanced();
}
