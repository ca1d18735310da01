using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>A line of an image load file as bytes of Windows-1252, its CRLF included; or why there can be none.</summary>
/// <param name="Bytes">The line; empty when it cannot be written.</param>
/// <param name="Code"><c>character-not-in-encoding</c>, <c>character-not-in-format</c> or <c>missing-page-id</c>; null: nothing is wrong.</param>
/// <param name="Reason">What is wrong and what to do, in words for the user.</param>
public readonly record struct ImageFileLine(byte[] Bytes, string? Code = null, string? Reason = null)
{
    private static readonly Encoding Western = Replacing();

    /// <summary>Whether the line was left out, or written with other characters.</summary>
    public bool HasProblem => Code is not null;

    /// <summary>
    /// The line of these words, when every value of <paramref name="values"/> fits: a character of Windows-1252 that does not end its field.
    /// </summary>
    internal static ImageFileLine Of(string line, string separators, ReadOnlySpan<(string What, string Value)> values)
    {
        foreach (var (what, value) in values)
        {
            foreach (var rune in value.EnumerateRunes())
            {
                if (rune.IsBmp && separators.Contains((char)rune.Value, StringComparison.Ordinal))
                {
                    return new([], "character-not-in-format",
                        $"The {what} \"{Shortened(value)}\" holds {DataFileWriter.Named(rune)}, which ends a field in this image load file. Rename it, or export without image load file.");
                }
                if (Rune.IsControl(rune))
                {
                    return new([], "character-not-in-format",
                        $"The {what} \"{Shortened(value)}\" holds {DataFileWriter.Named(rune)}, a line break or another character that cannot be seen. Rename it, or export without image load file.");
                }
                if (!Fits(rune))
                {
                    return new([], "character-not-in-encoding",
                        $"The {what} \"{Shortened(value)}\" holds {DataFileWriter.Named(rune)}; image load files are Windows-1252, which does not have it. Rename it, or export without image load file.");
                }
            }
        }
        return new(Western.GetBytes(line + "\r\n"));
    }

    /// <summary>A line whose page has no id.</summary>
    internal static ImageFileLine WithoutId => new([], "missing-page-id", "A page has no id, and every line of an image load file begins with one. Give the page an id.");

    /// <summary>The bytes of a text all of whose characters fit.</summary>
    internal static byte[] BytesOf(string text) => Western.GetBytes(text);

    /// <summary>Whether Windows-1252 has the character itself, not one that looks like it.</summary>
    internal static bool Fits(Rune rune)
    {
        if (rune.IsAscii) return true;
        if (!rune.IsBmp || rune == Rune.ReplacementChar) return false;
        ReadOnlySpan<char> text = [(char)rune.Value];
        Span<byte> bytes = stackalloc byte[4];
        Span<char> back = stackalloc char[4];
        return Western.GetChars(bytes[..Western.GetBytes(text, bytes)], back) == 1 && back[0] == text[0];
    }

    private static string Shortened(string value)
    {
        var text = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length >= 80) return text.Append('…').ToString();
            text.Append(Rune.IsControl(rune) ? "\u2423" : rune.ToString());
        }
        return text.ToString();
    }

    private static Encoding Replacing()
    {
        var western = (Encoding)EncodingDetector.Find("1252")!.Clone();
        western.EncoderFallback = EncoderFallback.ReplacementFallback;
        return western;
    }
}
