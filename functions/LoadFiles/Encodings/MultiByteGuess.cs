using System.Globalization;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Recognises text in the East Asian encodings of two bytes a character. It must be valid there, and nearly all of its characters beyond ASCII
/// must be those that such text is made of: letters of Western text that happen to be valid pairs are rare characters.
/// </summary>
internal static class MultiByteGuess
{
    private const int FewestCharacters = 4;
    private const byte Quote = 0xFE, Column = 0x14;

    private static readonly (int CodePage, string Letters, Func<char, byte[], bool> IsUsual)[] Known =
    [
        (932, "kana and kanji", (c, _) => IsKana(c) || IsIdeograph(c)),
        (51949, "Hangul", (c, _) => c is >= '\uAC00' and <= '\uD7A3'),
        (54936, "common Chinese characters", (c, bytes) => bytes is [>= 0xB0 and <= 0xD7, >= 0xA1] || IsPunctuation(c)),
        (950, "common Chinese characters", (c, bytes) => bytes is [>= 0xA4 and <= 0xC6, _] || IsPunctuation(c)),
    ];

    /// <summary>The encoding and the evidence for it, or null.</summary>
    public static (Encoding Encoding, string Because)? Of(ReadOnlySpan<byte> text, bool whole)
    {
        var plain = WithoutQuotes(text);
        // A character may be cut at the end.
        if (!whole) plain = plain[..(plain.AsSpan().LastIndexOfAny((byte)'\n', (byte)'\r') + 1)];
        (Encoding Encoding, string Because, double Share)? best = null;
        foreach (var (codePage, letters, isUsual) in Known)
        {
            var strict = StrictText.Strict(Encoding.GetEncoding(codePage));
            if (Decode(strict, plain) is not { } characters) continue;
            var (all, usual, kana) = Count(strict, characters, isUsual);
            var share = all == 0 ? 0 : (double)usual / all;
            // Japanese is never without kana; Western letters read as pairs are all kanji.
            if (all < FewestCharacters || share < 0.85 || (codePage == 932 && kana * 10 < all)) continue;
            if (best is { } other && other.Share >= share) continue;
            var words = string.Create(CultureInfo.InvariantCulture, $"valid {strict.WebName}, and {share * 100:0.#} % of {all:N0} characters beyond ASCII are {letters}");
            best = (Encoding.GetEncoding(codePage), words, share);
        }

        return best is { } found ? (found.Encoding, found.Because) : null;
    }

    private static string? Decode(Encoding strict, byte[] text)
    {
        try
        {
            return strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static (int All, int Usual, int Kana) Count(Encoding strict, string text, Func<char, byte[], bool> isUsual)
    {
        var seen = new Dictionary<char, bool>();
        int all = 0, usual = 0, kana = 0;
        foreach (var c in text)
        {
            if (c < 0x80) continue;
            // Not text: nothing that is in this encoding has it.
            if (c is >= StrictText.FirstStray and <= StrictText.LastStray) return default;
            if (!seen.TryGetValue(c, out var known)) seen.Add(c, known = !char.IsSurrogate(c) && isUsual(c, strict.GetBytes([c])));
            all++;
            if (known) usual++;
            if (IsKana(c)) kana++;
        }

        return (all, usual, kana);
    }

    // The quote of most .dat files is no character of these encodings: a single byte beside a column character or a line end.
    private static byte[] WithoutQuotes(ReadOnlySpan<byte> text)
    {
        var plain = text.ToArray();
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] != Quote) continue;
            var opens = i == 0 || plain[i - 1] is Column or (byte)'\n' or (byte)'\r';
            var closes = i + 1 == plain.Length || plain[i + 1] is Column or (byte)'\n' or (byte)'\r';
            if (opens || closes) plain[i] = (byte)'"';
        }

        return plain;
    }

    private static bool IsKana(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\uFF66' and <= '\uFF9F');

    private static bool IsIdeograph(char c) => c is >= '\u4E00' and <= '\u9FFF' || IsPunctuation(c);

    // Ideographic punctuation and full-width letters.
    private static bool IsPunctuation(char c) => c is (>= '\u3000' and <= '\u303F') or (>= '\uFF01' and <= '\uFF65');
}
