using System.Buffers;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// A data file of rows (.dat, .csv, .txt): every cell quoted even when it is empty, quotes doubled, line breaks as the newline
/// character, rows end in CRLF. What the encoding or the format cannot hold is replaced by <c>?</c> and reported.
/// </summary>
/// <remarks>
/// Where the encoding does not have the newline character (<c>®</c> in Shift-JIS), its byte would be another letter: line breaks stay line
/// breaks then, which quotes carry.
/// </remarks>
public sealed class DelimitedDataFile : DataFileWriter
{
    /// <summary>The name of the column of natives.</summary>
    public const string Natives = "FILE_PATH";

    private readonly Encoding encoding;
    private readonly RowEncoder rows;
    private readonly char newline, standIn;
    private readonly bool isNewlineText, isBare;

    /// <summary>A file in this encoding.</summary>
    /// <exception cref="ArgumentException">The delimiters clash.</exception>
    public DelimitedDataFile(Encoding encoding, Delimiters delimiters)
    {
        this.encoding = encoding;
        rows = new(encoding, delimiters);
        isBare = delimiters.Quote == 0;
        StrictText.BytesOf(StrictText.Strict(encoding), delimiters.Newline, out var isByte);
        newline = isByte ? '\n' : (char)delimiters.Newline;
        isNewlineText = newline is not ('\r' or '\n');
        int[] taken = [delimiters.Column, delimiters.Quote, delimiters.Newline, delimiters.MultiValue, delimiters.Nested];
        standIn = "?_-#.*".First(c => !taken.Contains(c));
    }

    /// <inheritdoc/>
    public override string NativeColumn => Natives;

    /// <inheritdoc/>
    public override string? ImageColumn => null;

    /// <inheritdoc/>
    public override IReadOnlyList<CellLoss> Head(IReadOnlyList<string> columns, IBufferWriter<byte> output)
    {
        output.Write(RowEncoder.Mark(encoding));
        return Row([.. columns.Select(c => new DataCell(c))], output);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CellLoss> Row(IReadOnlyList<DataCell> cells, IBufferWriter<byte> output)
    {
        var losses = new List<CellLoss>(0);
        var row = new List<byte[]>(cells.Count);
        foreach (var cell in cells) row.Add(Encode(cell.Text, row.Count, losses));
        if (isBare && cells is [{ Text.Length: 0 }])
            losses.Add(new(0, "character-not-in-format", "The row has one cell, which is empty: without quotes it is an empty line, which is no record. Export another column too."));
        rows.Write(row, output);
        return losses;
    }

    /// <inheritdoc/>
    public override void Foot(IBufferWriter<byte> output) { }

    private byte[] Encode(string value, int cell, List<CellLoss> losses)
    {
        if (isNewlineText && value.Contains(newline))
        {
            losses.Add(new(cell, "character-is-newline",
                $"The value holds {Named(new Rune(newline))}, which stands for line breaks in this load file; who reads it cannot tell them apart. Choose another newline character."));
        }
        var text = WithNewlines(value);
        return rows.Encode(text, out var bytes) == CellFault.None ? bytes : Replaced(text, cell, losses);
    }

    private string WithNewlines(string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n') < 0) return value;
        var text = value.Contains('\r', StringComparison.Ordinal) ? value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : value;
        return newline == '\n' ? text : text.Replace('\n', newline);
    }

    private byte[] Replaced(string text, int cell, List<CellLoss> losses)
    {
        var kept = new StringBuilder(text.Length);
        var (unknown, clashing) = (new Tally(), new Tally());
        foreach (var rune in text.EnumerateRunes())
        {
            // Half of a surrogate pair is enumerated as the replacement character, which most encodings do not have.
            var fault = rune == Rune.ReplacementChar ? CellFault.NotInEncoding : rows.Encode(rune.ToString(), out _);
            if (fault == CellFault.None) kept.Append(rune.ToString());
            else kept.Append(standIn);
            if (fault == CellFault.NotInEncoding) unknown.Add(rune);
            else if (fault != CellFault.None) clashing.Add(rune);
        }
        if (rows.Encode(kept.ToString(), out var bytes) != CellFault.None)
        {
            // Letters that the encoding has one by one but not together.
            for (var i = 0; i < kept.Length; i++)
            {
                if (char.IsAscii(kept[i])) continue;
                unknown.Add(Rune.TryCreate(kept[i], out var rune) ? rune : Rune.ReplacementChar);
                kept[i] = standIn;
            }
            rows.Encode(kept.ToString(), out bytes);
        }
        if (unknown.Count > 0)
        {
            losses.Add(new(cell, "character-not-in-encoding",
                $"{Counted(unknown.Count, unknown.First)} cannot be written in {encoding.WebName}; {standIn} stands in the load file instead. Export in UTF-8 or UTF-16 to keep every character."));
        }
        if (clashing.Count > 0)
        {
            losses.Add(new(cell, "character-not-in-format",
                $"{Counted(clashing.Count, clashing.First)} would be taken for a delimiter; {standIn} stands in the load file instead. Choose other delimiters, or use quotes."));
        }
        return bytes;
    }

    private sealed class Tally
    {
        public int Count { get; private set; }

        public Rune First { get; private set; }

        public void Add(Rune rune)
        {
            if (Count++ == 0) First = rune;
        }
    }
}
