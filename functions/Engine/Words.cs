using System.Globalization;
using System.Text;

namespace IntegrationPoints.Engine;

/// <summary>How values appear in messages.</summary>
public static class Words
{
    /// <summary>The most characters of a value in a message.</summary>
    public const int Longest = 80;

    /// <summary>A value for a message: at most <see cref="Longest"/> characters, control characters and lone surrogates made visible.</summary>
    public static string Shorten(ReadOnlySpan<char> value) => Shorten(value, Longest);

    /// <summary>A text for a message: at most so many characters, control characters and lone surrogates made visible.</summary>
    public static string Shorten(ReadOnlySpan<char> value, int longest)
    {
        var text = new StringBuilder(Math.Min(value.Length, longest) + 1);
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length >= longest) return text.Append('…').ToString();
            if (rune == Rune.ReplacementChar) text.Append('\uFFFD');
            else if (rune.Value < 0x20) text.Append((char)(0x2400 + rune.Value));
            else if (IsInvisible(rune)) text.Append('\u2423');
            else text.Append(rune.ToString());
        }
        return text.ToString();
    }

    /// <summary>A value for a message, shortened and in quotes.</summary>
    public static string Quote(ReadOnlySpan<char> value)
        => value.Length <= Longest && !value.ContainsAnyExceptInRange(' ', '~') ? $"\"{value}\"" : $"\"{Shorten(value)}\"";

    /// <summary>A path for a message, in quotes: of a long one the end, where the file's name stands.</summary>
    public static string QuotePath(string path)
        => path.Length <= Longest ? Quote(path) : $"\"…{Shorten(path.AsSpan(path.Length - Longest))}\"";

    /// <summary>A list for a message: the first ten, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> items)
        => items.Count == 0 ? "none"
            : string.Join(", ", items.Take(10).Select(i => Quote(i))) + (items.Count > 10 ? $" and {items.Count - 10} more" : "");

    // Direction marks would let a value rearrange the message around it; separators would break its line.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
