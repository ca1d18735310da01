using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>
/// Search filters (RFC 4515): <c>(&amp;(objectClass=user)(mail=*))</c>. What is sent is written anew from what was understood: without the blanks that
/// people put between its parts, with every byte of a value escaped that could mean something else.
/// </summary>
public sealed partial class LdapFilter
{
    /// <summary>What a blank filter means (guide 4.3.2).</summary>
    public const string Everything = "(objectClass=*)";

    private const int Deepest = 50;

    private readonly string text;
    private readonly int added;
    private readonly StringBuilder output = new();
    private int at;

    private LdapFilter(string sent)
    {
        added = sent.AsSpan().TrimStart()[0] == '(' ? 0 : 1;
        text = added == 0 ? sent : $"({sent})";
    }

    /// <summary>Reads a filter and writes it in its one form. Parentheses around all of it may be missing.</summary>
    /// <param name="text">As it was written; blank: <see cref="Everything"/>.</param>
    /// <param name="wrong">What is wrong with it, with the place; null: nothing.</param>
    public static string? Clean(string? text, out Problem? wrong)
    {
        wrong = null;
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        var filter = new LdapFilter(text);
        var why = filter.Filter(0);
        filter.Blanks();
        if (why is null && filter.at < filter.text.Length)
            why = filter.Here(filter.text[filter.at] == ')' ? "a ) closes what was not opened." : "the filter has ended already; put (& before and ) behind it to ask for several things at once.");
        if (why is null) return filter.output.ToString();
        wrong = new("invalid-filter", $"{Words.Quote(text)} is no object filter: {why} Write filters such as (objectClass=user) or (&(objectClass=user)(mail=*)).");
        return null;
    }

    /// <summary>A value as it stands in a filter: what is not a plain ASCII character, or means something there, as \ and two hexadecimal digits (RFC 4515, 3).</summary>
    public static string Escape(ReadOnlySpan<byte> value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (var b in value) Escape(b, escaped);
        return escaped.ToString();
    }

    private static void Escape(byte b, StringBuilder to)
    {
        if (b is >= 0x20 and < 0x7f and not ((byte)'(' or (byte)')' or (byte)'*' or (byte)'\\')) to.Append((char)b);
        else to.Append(CultureInfo.InvariantCulture, $"\\{b:x2}");
    }

    // Each of these goes on behind what it reads, and says why it cannot.
    private string? Filter(int depth)
    {
        Blanks();
        if (!Take("(")) return Here("a ( is expected.");
        if (depth == Deepest) return Here($"parentheses lie more than {Deepest} deep.");
        output.Append('(');
        Blanks();
        string? why = null;
        if (Next is '&' or '|')
        {
            output.Append(text[at++]);
            for (Blanks(); why is null && Next == '('; Blanks()) why = Filter(depth + 1);
        }
        else if (Take("!"))
        {
            output.Append('!');
            why = Filter(depth + 1);
            Blanks();
        }
        else
        {
            why = Item();
        }
        if (why is not null) return why;
        if (!Take(")")) return Here(at == text.Length ? "the filter ends before a ) that closes it." : "a ) is expected.");
        output.Append(')');
        return null;
    }

    private string? Item()
    {
        var attribute = Attribute().Match(text, at).Value;
        at += attribute.Length;
        output.Append(attribute);
        if (Next == ':') return Extensible(attribute);
        if (attribute.Length == 0) return Here("the name of an attribute is expected.");
        var relation = Take(">=") ? ">=" : Take("<=") ? "<=" : Take("~=") ? "~=" : Take("=") ? "=" : null;
        if (relation is null) return Here($"behind {Words.Shorten(attribute)} one of = >= <= ~= is expected.");
        output.Append(relation);
        return Value(takesWildcards: relation == "=");
    }

    // attribute:dn:rule:=value, of which attribute or rule may be missing.
    private string? Extensible(string attribute)
    {
        var rule = Rule().Match(text, at);
        if (!rule.Success || (attribute.Length == 0 && !rule.Groups["rule"].Success)) return Here("a matching rule such as :caseExactMatch:= is expected.");
        at += rule.Length;
        output.Append(rule.Value);
        return Value(takesWildcards: false);
    }

    private string? Value(bool takesWildcards)
    {
        Span<byte> bytes = stackalloc byte[4];
        while (at < text.Length && text[at] != ')')
        {
            var c = text[at];
            if (c == '(') return Here("a ( in a value must be written as \\28.");
            if (c == '\0') return Here("a NUL in a value must be written as \\00.");
            if (c == '*')
            {
                if (!takesWildcards) return Here("a * can stand behind = only; in a value it must be written as \\2a.");
                // Several mean what one does, and not every server takes them.
                if (output[^1] != '*') output.Append(c);
                at++;
            }
            else if (c == '\\')
            {
                if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
                    return Here("a \\ must be followed by two hexadecimal digits; write \\5c for a \\ that is meant.");
                Escape(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture), output);
                at += 3;
            }
            else
            {
                if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) != System.Buffers.OperationStatus.Done) return Here("half of a character stands.");
                output.Append(Escape(bytes[..rune.EncodeToUtf8(bytes)]));
                at += length;
            }
        }
        return null;
    }

    private char Next => at < text.Length ? text[at] : '\0';

    private bool Take(string token)
    {
        if (string.CompareOrdinal(text, at, token, 0, token.Length) != 0) return false;
        at += token.Length;
        return true;
    }

    private void Blanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n') at++;
    }

    private string Here(string what) => string.Create(CultureInfo.InvariantCulture, $"at character {Math.Min(at + 1 - added, text.Length - (2 * added))} {what}");

    // RFC 4512, 2.5: a name or numbers with dots, and options.
    [GeneratedRegex(@"\G(?:(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)(?:;[A-Za-z0-9-]+)*)?")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\G(?::[dD][nN])?(?::(?<rule>[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+))?:=")]
    private static partial Regex Rule();
}
