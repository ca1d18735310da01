using System.Buffers;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>Why a cell cannot hold a value.</summary>
internal enum CellFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>The encoding does not have one of its characters.</summary>
    NotInEncoding,

    /// <summary>One of its characters begins with a byte that is a delimiter.</summary>
    DelimiterByte,

    /// <summary>It holds a column character or a line end, and there are no quotes.</summary>
    NeedsQuotes,
}

/// <summary>
/// The bytes of rows as <see cref="LoadFileReader"/> reads them: every cell in quotes, quotes in values doubled. With the quote character 0 cells
/// are bare. Safe for use by several threads.
/// </summary>
internal sealed class RowEncoder
{
    private readonly Encoding replacing;
    private readonly byte[] column, quote, lineEnd;
    private readonly char quoteCharacter;
    private readonly bool isLossy, hasStrays;
    private readonly string escapes;
    private readonly int[] bareBytes;
    private readonly SearchValues<char> notBare;

    /// <summary>Rows in this encoding with these delimiters.</summary>
    /// <exception cref="ArgumentException">The delimiters clash.</exception>
    public RowEncoder(Encoding encoding, Delimiters delimiters, string lineEnd = "\r\n")
    {
        if (delimiters.Problem is { } problem) throw new ArgumentException(problem, nameof(delimiters));
        var strict = StrictText.Strict(encoding);
        replacing = (Encoding)encoding.Clone();
        replacing.EncoderFallback = EncoderFallback.ReplacementFallback;
        column = StrictText.BytesOf(strict, delimiters.Column, out var columnIsByte);
        var quoteIsByte = false;
        quote = delimiters.Quote == 0 ? [] : StrictText.BytesOf(strict, delimiters.Quote, out quoteIsByte);
        quoteCharacter = (char)delimiters.Quote;
        escapes = !StrictText.IsStateful(encoding) ? "" : encoding.CodePage == 52936 ? "~" : "\u001B\u000E\u000F";
        hasStrays = StrictText.HasStrays(encoding);
        isLossy = encoding.CodePage is not (65001 or 1200 or 1201 or 12000 or 12001);
        bareBytes = [.. new[] { columnIsByte ? delimiters.Column : -1, quoteIsByte ? delimiters.Quote : -1 }.Where(b => b >= 0)];
        if (bareBytes.Contains(quote.FirstOrDefault()) && !quoteIsByte || bareBytes.Contains(column[0]) && !columnIsByte)
        {
            throw new ArgumentException(
                $"In {encoding.WebName} one of these delimiters begins with the byte that is the other.", nameof(delimiters));
        }

        notBare = SearchValues.Create([(char)delimiters.Column, '\r', '\n']);
        this.lineEnd = strict.GetBytes(lineEnd);
    }

    /// <summary>The byte order mark of an encoding; empty when it has none.</summary>
    public static byte[] Mark(Encoding encoding) => encoding.CodePage == 65001 ? Encoding.UTF8.GetPreamble() : encoding.GetPreamble();

    /// <summary>Writes a row of cells that <see cref="Encode"/> made.</summary>
    public void Write(List<byte[]> cells, IBufferWriter<byte> output)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0) output.Write(column);
            output.Write(quote);
            output.Write(cells[i]);
            output.Write(quote);
        }

        output.Write(lineEnd);
    }

    /// <summary>The bytes of a value without the quotes around it; of no use when there is a fault.</summary>
    public CellFault Encode(string value, out byte[] bytes)
    {
        bytes = [];
        if (quote.Length == 0 && value.AsSpan().ContainsAny(notBare)) return CellFault.NeedsQuotes;
        bytes = replacing.GetBytes(value);
        if (bareBytes.Length > 0 && HasBareByte(value)) return CellFault.DelimiterByte;
        // Look-alikes that a code page writes without saying so, and the characters that switch ISO-2022 and HZ to other letters.
        if (hasStrays && value.AsSpan().ContainsAnyInRange(StrictText.FirstStray, StrictText.LastStray)) return CellFault.NotInEncoding;
        // Of UTF only half of a surrogate pair is no text.
        var mayLose = isLossy || value.AsSpan().ContainsAnyInRange('\ud800', '\udfff');
        if ((mayLose && replacing.GetString(bytes) != value) || value.AsSpan().ContainsAny(escapes)) return CellFault.NotInEncoding;
        if (quote.Length > 0 && value.Contains(quoteCharacter))
            bytes = replacing.GetBytes(value.Replace(quoteCharacter.ToString(), new string(quoteCharacter, 2), StringComparison.Ordinal));
        return CellFault.None;
    }

    // A delimiter that is no character of the encoding is a bare byte; a character that begins with that byte would be read as the delimiter.
    private bool HasBareByte(string value)
    {
        Span<byte> bytes = stackalloc byte[16];
        Span<char> pair = stackalloc char[2];
        foreach (var rune in value.EnumerateRunes())
        {
            var length = replacing.GetBytes(pair[..rune.EncodeToUtf16(pair)], bytes);
            if (length > 0 && bareBytes.Contains(bytes[0])) return true;
        }

        return false;
    }
}
