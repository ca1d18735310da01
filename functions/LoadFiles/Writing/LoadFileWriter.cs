using System.Buffers;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Writes rows as <see cref="LoadFileReader"/> reads them: every cell in quotes, quotes in values doubled. With the quote character 0 cells
/// are bare. It writes to the stream as rows come and leaves the stream open.
/// </summary>
public sealed class LoadFileWriter : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly Encoding lenient;
    private readonly Encoding encoding;
    private readonly ArrayBufferWriter<byte> pending = new(64 * 1024);
    private readonly byte[] column;
    private readonly byte[] quote;
    private readonly byte[] lineEnd;
    private readonly char quoteCharacter;
    private readonly bool isLossy;
    private readonly bool hasStrays;
    private readonly string escapes;
    private readonly int[] bareBytes;
    private readonly SearchValues<char> notBare;

    /// <summary>Writes the byte order mark, if asked for and the encoding has one.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="encoding">The encoding of the file.</param>
    /// <param name="delimiters">Its five characters.</param>
    /// <param name="byteOrderMark">Whether it begins with a byte order mark.</param>
    /// <param name="lineEnd">What ends a row.</param>
    public LoadFileWriter(Stream stream, Encoding encoding, Delimiters delimiters, bool byteOrderMark, string lineEnd = "\r\n")
    {
        if (delimiters.Problem is { } problem) throw new ArgumentException(problem, nameof(delimiters));
        this.stream = stream;
        (lenient, this.encoding) = (encoding, StrictText.Strict(encoding));
        column = StrictText.BytesOf(this.encoding, delimiters.Column, out var columnIsByte);
        var quoteIsByte = false;
        quote = delimiters.Quote == 0 ? [] : StrictText.BytesOf(this.encoding, delimiters.Quote, out quoteIsByte);
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
        this.lineEnd = this.encoding.GetBytes(lineEnd);
        if (!byteOrderMark) return;
        var mark = encoding.CodePage == 65001 ? Encoding.UTF8.GetPreamble() : encoding.GetPreamble();
        pending.Write(mark);
    }

    /// <summary>Writes one row.</summary>
    /// <exception cref="FormatException">The format cannot carry a value; nothing of the row is written.</exception>
    public ValueTask WriteRowAsync(IReadOnlyList<string> cells, CancellationToken ct = default)
    {
        var row = new List<byte[]>(cells.Count);
        foreach (var cell in cells) row.Add(Encode(cell, row.Count));
        for (var i = 0; i < row.Count; i++)
        {
            if (i > 0) pending.Write(column);
            pending.Write(quote);
            pending.Write(row[i]);
            pending.Write(quote);
        }

        pending.Write(lineEnd);
        return pending.WrittenCount < 48 * 1024 ? default : FlushAsync(ct);
    }

    /// <summary>Hands everything written so far to the stream.</summary>
    public async ValueTask FlushAsync(CancellationToken ct = default)
    {
        await stream.WriteAsync(pending.WrittenMemory, ct).ConfigureAwait(false);
        pending.ResetWrittenCount();
    }

    /// <summary>Writes what is pending. The stream stays open.</summary>
    public ValueTask DisposeAsync() => FlushAsync();

    private byte[] Encode(string value, int cell)
    {
        if (quote.Length == 0 && value.AsSpan().ContainsAny(notBare))
            throw new FormatException($"Cell {cell + 1} holds a column character or a line end, which a file without quotes cannot carry.");
        try
        {
            var bytes = encoding.GetBytes(value);
            if (bareBytes.Length > 0) RefuseBytes(value, cell);
            // Look-alikes that a code page writes without saying so, and the characters that switch ISO-2022 and HZ to other letters.
            var isStray = hasStrays && value.AsSpan().ContainsAnyInRange(StrictText.FirstStray, StrictText.LastStray);
            if (isStray || (isLossy && lenient.GetString(bytes) != value) || value.AsSpan().ContainsAny(escapes))
                throw new FormatException($"Cell {cell + 1} holds a character that {encoding.WebName} does not have.");
            return quote.Length == 0 || !value.Contains(quoteCharacter)
                ? bytes
                : encoding.GetBytes(value.Replace(quoteCharacter.ToString(), new string(quoteCharacter, 2), StringComparison.Ordinal));
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException($"Cell {cell + 1} holds a character that {encoding.WebName} does not have.", e);
        }
    }

    // A delimiter that is no character of the encoding is a bare byte; a character that begins with that byte would be read as the delimiter.
    private void RefuseBytes(string value, int cell)
    {
        Span<byte> bytes = stackalloc byte[16];
        Span<char> pair = stackalloc char[2];
        foreach (var rune in value.EnumerateRunes())
        {
            var length = encoding.GetBytes(pair[..rune.EncodeToUtf16(pair)], bytes);
            if (length > 0 && bareBytes.Contains(bytes[0]))
                throw new FormatException($"Cell {cell + 1} holds a character whose first byte is a delimiter of the file.");
        }
    }
}
