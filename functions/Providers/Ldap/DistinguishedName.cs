using System.Text.RegularExpressions;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>
/// How distinguished names are written (RFC 4514): <c>OU=Employees,DC=example,DC=com</c>. Blanks around commas are taken too, as directories take them.
/// </summary>
public static partial class DistinguishedName
{
    private const string Special = "\"+,;<>";

    /// <summary>Why a text is no distinguished name, with the place in it; null: it is one. The empty name is one.</summary>
    public static string? WhatIsWrong(string text)
    {
        if (text.Length == 0) return null;
        for (var at = 0; ;)
        {
            while (at < text.Length && text[at] == ' ') at++;
            var type = AttributeType().Match(text, at);
            if (!type.Success) return $"at character {at + 1} the name of an attribute is expected, such as OU or DC.";
            at += type.Length;
            while (at < text.Length && text[at] == ' ') at++;
            if (at == text.Length || text[at] != '=') return $"at character {at + 1} a = is expected behind {type.Value}.";
            at++;
            if (ValueIsWrong(text, ref at) is { } why) return why;
            if (at == text.Length) return null;
            at++;
        }
    }

    // Goes on to the comma or plus behind the value, or to the end.
    private static string? ValueIsWrong(string text, ref int at)
    {
        while (at < text.Length && text[at] == ' ') at++;
        if (at < text.Length && text[at] == '#')
        {
            var hex = HexString().Match(text, at);
            if (!hex.Success) return $"at character {at + 1} a # begins a value in hexadecimal digits, of which there must be an even number; write \\# for a # that is meant.";
            at += hex.Length;
            return at == text.Length || text[at] is ',' or '+' ? null : $"at character {at + 1} a comma is expected behind the hexadecimal digits.";
        }
        for (; at < text.Length && text[at] is not (',' or '+'); at++)
        {
            var c = text[at];
            if (c == '\0' || char.IsSurrogate(c) && !IsPaired(text, at)) return $"at character {at + 1} stands a character that no name can hold.";
            if (Special.Contains(c)) return $"at character {at + 1} a {c} must be written as \\{c}.";
            if (c != '\\') continue;
            if (at + 1 < text.Length && (Special.Contains(text[at + 1]) || text[at + 1] is '\\' or ' ' or '#' or '=')) at++;
            else if (at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2])) at += 2;
            else return $"at character {at + 1} a \\ must be followed by two hexadecimal digits or a special character; write \\\\ for a \\ that is meant.";
        }
        return null;
    }

    private static bool IsPaired(string text, int at)
        => char.IsHighSurrogate(text[at]) ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) : at > 0 && char.IsHighSurrogate(text[at - 1]);

    // RFC 4512, 1.4: a name, or numbers with dots.
    [GeneratedRegex(@"\G(?:[A-Za-z][A-Za-z0-9-]*|(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))+)")]
    private static partial Regex AttributeType();

    [GeneratedRegex(@"\G#(?:[0-9A-Fa-f]{2})+")]
    private static partial Regex HexString();
}
