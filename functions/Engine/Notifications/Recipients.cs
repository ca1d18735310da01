using System.Buffers;
using System.Globalization;

namespace IntegrationPoints.Engine.Notifications;

/// <summary>E-mail addresses as people enter them: one text, separated by semicolons (guide 4.2.1).</summary>
public static class Recipients
{
    /// <summary>The most addresses of an integration point.</summary>
    public const int Most = 100;

    // RFC 5321, 4.5.3.1: a local part of 64 characters, a path of 256 with its brackets.
    private const int LongestLocalPart = 64, LongestAddress = 254, LongestLabel = 63;

    private static readonly SearchValues<char> OfLocalParts =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.");

    private static readonly SearchValues<char> OfLabels = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>The addresses, without the blanks around them, each once; null and empty: none.</summary>
    public static IReadOnlyList<string> Of(string? text) => [.. Pieces(text).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Everything that is wrong with the text, in its order; empty when nothing is.</summary>
    public static IEnumerable<Problem> Check(string? text, string property)
    {
        var pieces = Pieces(text);
        if (pieces.Count > Most)
        {
            return [new Problem("too-many-recipients", string.Create(CultureInfo.InvariantCulture,
                $"There are {pieces.Count} e-mail addresses; an integration point may have {Most}. Use the address of a group.")) { Field = property }];
        }
        return pieces.Where(p => !IsAddress(p)).Select(p => p.Length == 0
            ? new Problem("recipient-missing", "Missing email. There are only blanks between two semicolons, or after the last. Enter an address there, or remove the semicolon.") { Field = property }
            : new Problem("recipient-invalid", $"E-mail format is invalid: {Words.Quote(p)}. Write addresses such as name@example.com, separated by semicolons.") { Field = property });
    }

    /// <summary>
    /// Whether a text is an address that mails can be sent to: name@domain in the characters of RFC 5322's dot-atom (an international domain in its
    /// xn-- form). It holds nothing with which a header of a mail could be ended or another address added.
    /// </summary>
    public static bool IsAddress(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > LongestLocalPart || text.Length > LongestAddress) return false;
        var local = text.AsSpan(0, at);
        if (local.ContainsAnyExcept(OfLocalParts) || local[0] == '.' || local[^1] == '.' || local.IndexOf("..") >= 0) return false;
        var labels = text[(at + 1)..].Split('.');
        return labels.Length > 1 && labels.All(l => l.Length is > 0 and <= LongestLabel && !l.AsSpan().ContainsAnyExcept(OfLabels) && l[0] != '-' && l[^1] != '-');
    }

    // What is empty is dropped before blanks are: "a;;b" has two pieces, and "a; ;b" three.
    private static List<string> Pieces(string? text) => [.. (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Trim())];
}
