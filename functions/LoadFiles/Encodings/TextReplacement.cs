using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Puts a mark where an encoding lacks a character, and counts the marks, so that nothing is lost in silence: <c>?</c>, and U+FFFD for halves of
/// surrogate pairs in encodings that hold all of Unicode. May be used by many at the same time.
/// </summary>
/// <param name="encoding">The encoding in which the text is going to be written.</param>
public sealed class TextReplacement(Encoding encoding)
{
    private const byte Unknown = 0, Held = 1, Lacking = 2;

    private readonly Encoding encoder = Encoding.GetEncoding(encoding.CodePage, new EncoderReplacementFallback(""), DecoderFallback.ReplacementFallback);
    private readonly bool hasStrays = StrictText.HasStrays(encoding);
    private readonly bool isUnicode = encoding.CodePage is 65001 or 1200 or 1201 or 12000 or 12001 or 54936;
    private readonly string escapes = !StrictText.IsStateful(encoding) ? "" : encoding.CodePage == 52936 ? "~" : "\u001B\u000E\u000F";
    // Trying a character takes a microsecond, and texts have many of the same. Two threads that find out the same write the same.
    private readonly byte[] known = new byte[char.MaxValue + 1];

    /// <summary>Replaces in place. A character of two units becomes a mark of one, so that the text may end earlier than it did.</summary>
    /// <param name="text">The text; not cut within a surrogate pair.</param>
    /// <param name="length">How many units it has afterwards.</param>
    /// <returns>How many characters were replaced.</returns>
    public int Apply(Span<char> text, out int length)
    {
        length = 0;
        var replaced = 0;
        for (var from = 0; from < text.Length;)
        {
            var isRune = Rune.DecodeFromUtf16(text[from..], out var rune, out var units) == System.Buffers.OperationStatus.Done;
            if (isRune && Holds(rune))
            {
                for (var i = 0; i < units; i++) text[length++] = text[from + i];
            }
            else
            {
                text[length++] = isUnicode ? '\uFFFD' : '?';
                replaced++;
            }
            from += units;
        }
        return replaced;
    }

    private bool Holds(Rune rune)
    {
        if (isUnicode) return true;
        if (!rune.IsBmp) return Try(rune);
        var found = known[rune.Value];
        if (found == Unknown) known[rune.Value] = found = Try(rune) ? Held : Lacking;
        return found == Held;
    }

    // Some code pages write a look-alike without saying so; only what reads back is the character.
    private bool Try(Rune rune)
    {
        if (hasStrays && rune.Value is >= StrictText.FirstStray and <= StrictText.LastStray) return false;
        var text = rune.ToString();
        return !escapes.Contains(text, StringComparison.Ordinal) && encoder.GetString(encoder.GetBytes(text)) == text;
    }
}
