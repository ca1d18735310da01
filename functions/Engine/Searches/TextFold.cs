using System.Text;

namespace IntegrationPoints.Engine.Searches;

/// <summary>
/// How text is compared without regard to case: by the upper-case form of each character without regard to culture, so that ä is Ä, and ß and SS
/// differ. A letter beyond ASCII is none of ASCII, whatever its upper-case form (ſ is not S), so that stores, which agree about ASCII only, can look for
/// the ASCII part of a value. Its length in characters stays.
/// </summary>
public static class TextFold
{
    /// <summary>The form that is compared.</summary>
    public static string Of(string text)
    {
        var folded = text.ToUpperInvariant();
        return Ascii.IsValid(text) ? folded : string.Create(text.Length, (text, folded), static (result, of) =>
        {
            for (var i = 0; i < result.Length; i++) result[i] = char.IsAscii(of.folded[i]) && !char.IsAscii(of.text[i]) ? of.text[i] : of.folded[i];
        });
    }

    /// <summary>The order of folded texts: that of their UTF-8 bytes, in which listings are, too.</summary>
    public static int Compare(string folded, string other)
        => Encoding.UTF8.GetBytes(folded).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    /// <summary>Whether a folded text compares so with another folded text.</summary>
    public static bool Matches(string folded, TextMatch match, string value) => match switch
    {
        TextMatch.Is => folded == value,
        TextMatch.Contains => folded.Contains(value, StringComparison.Ordinal),
        _ => folded.StartsWith(value, StringComparison.Ordinal),
    };

    /// <summary>The same for a text of any length that is read as it comes; no more of it is read than is needed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="match">How it is compared.</param>
    /// <param name="value">With what, folded.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static async Task<bool> MatchesAsync(TextReader text, TextMatch match, string value, CancellationToken cancellationToken)
    {
        // A window of the text: what was kept of the last one, so that no occurrence is cut, and what was read.
        var window = new char[value.Length + 32 * 1024];
        var length = 0;
        while (true)
        {
            var read = await text.ReadBlockAsync(window.AsMemory(length), cancellationToken);
            length += read;
            var isEnd = length < window.Length;
            // A character of two halves is folded as a whole: half of one waits for the other.
            var whole = !isEnd && char.IsHighSurrogate(window[length - 1]) ? length - 1 : length;
            var folded = Of(new string(window, 0, whole));
            if (match != TextMatch.Contains) return (isEnd || match == TextMatch.StartsWith) && Matches(folded, match, value);
            if (folded.Contains(value, StringComparison.Ordinal)) return true;
            if (isEnd) return false;
            var keep = Math.Min(length, value.Length + 1);
            window.AsSpan(length - keep, keep).CopyTo(window);
            length = keep;
        }
    }
}
