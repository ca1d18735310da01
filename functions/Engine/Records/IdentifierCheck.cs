using System.Globalization;
using IntegrationPoints.Engine.Values;

namespace IntegrationPoints.Engine.Records;

/// <summary>What an identifier must be: there, one line, readable, and no longer than its field.</summary>
public static class IdentifierCheck
{
    /// <summary>
    /// The identifier, trimmed, or why the cell is none: <c>missing-identifier</c>, <c>invalid-identifier</c> (a line break, a control
    /// character, a character that could not be decoded) or <c>text-too-long</c>.
    /// </summary>
    /// <param name="cell">The cell as the source has it.</param>
    /// <param name="longest">The most characters of the identifier field.</param>
    public static ConvertedValue Check(string cell, int longest)
    {
        var identifier = cell.Trim();
        if (identifier.Length == 0)
        {
            return ConvertedValue.Error("missing-identifier", "The identifier is blank. Every record needs one; enter it, or leave the row out.");
        }
        var position = FirstUnusable(identifier);
        if (position >= 0)
        {
            return ConvertedValue.Error("invalid-identifier", string.Create(CultureInfo.InvariantCulture,
                $"{Words.Quote(identifier)} cannot be an identifier: it has {Kind(identifier[position])} at position {position + 1}. "
                + $"Remove it, or check the encoding and the quote character of the load file."));
        }
        return identifier.Length > longest ? ValueConverter.TooLong(identifier, longest) : ConvertedValue.Of(identifier);
    }

    private static int FirstUnusable(string identifier)
    {
        if (!identifier.AsSpan().ContainsAnyExceptInRange(' ', '~')) return -1;
        for (var i = 0; i < identifier.Length; i++)
        {
            var c = identifier[i];
            if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufffd') return i;
            if (!char.IsSurrogate(c)) continue;
            if (!char.IsHighSurrogate(c) || i + 1 == identifier.Length || !char.IsLowSurrogate(identifier[i + 1])) return i;
            i++;
        }
        return -1;
    }

    private static string Kind(char c) => c switch
    {
        '\r' or '\n' or '\u0085' or '\u2028' or '\u2029' => "a line break",
        '\ufffd' => "a character that could not be decoded",
        _ when char.IsSurrogate(c) => "a character that could not be decoded",
        _ => "a control character",
    };
}
