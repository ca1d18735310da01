using System.Runtime.InteropServices;

namespace IntegrationPoints.LoadFiles;

/// <summary>One row as it stands in the file. The reader reuses it: it is valid until the next read.</summary>
public sealed class LoadFileRow
{
    private readonly TextUnits units;
    private byte[] buffer = [];
    private int start;
    private Cell[] cells = [];
    private byte[] unquoted = [];
    private char[] characters = [];

    internal LoadFileRow(TextUnits units) => this.units = units;

    /// <summary>The physical line on which the row begins; the file's first is 1.</summary>
    public long Line { get; internal set; }

    /// <summary>Where the row begins in the file, in bytes.</summary>
    public long Offset { get; internal set; }

    /// <summary>How many bytes of the file the row takes, its line end included.</summary>
    public long Length { get; internal set; }

    /// <summary>How many cells the row has; of a row in error, how many could be told apart before the error.</summary>
    public int CellCount { get; internal set; }

    /// <summary>Why the row cannot be read; null when it can.</summary>
    public RowError? Error { get; internal set; }

    /// <summary>
    /// The bytes of a cell as they stand in the file, without the quotes around them; doubled quotes are still doubled. In encodings that are
    /// neither UTF-8, UTF-16 nor one byte a character these are the bytes of the same text in UTF-8.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The row has no such cell.</exception>
    public ReadOnlySpan<byte> GetBytes(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cell, (uint)CellCount, nameof(cell));
        var place = cells[cell];
        return buffer.AsSpan(start + place.Start * units.Size, place.Length * units.Size);
    }

    /// <summary>The text of a cell: without quotes, doubled quotes undone. The newline character is left as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row has no such cell.</exception>
    public string GetString(int cell)
    {
        var bytes = GetBytes(cell);
        if (bytes.IsEmpty) return "";
        if (cells[cell].HasDoubledQuotes) bytes = UndoDoubling(bytes);
        return units.Encoding.GetString(bytes);
    }

    /// <summary>The same text without a string; valid until the next call or read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row has no such cell.</exception>
    public ReadOnlySpan<char> GetChars(int cell)
    {
        var bytes = GetBytes(cell);
        if (cells[cell].HasDoubledQuotes) bytes = UndoDoubling(bytes);
        if (units.IsNativeUtf16) return MemoryMarshal.Cast<byte, char>(bytes);
        var most = units.Encoding.GetMaxCharCount(bytes.Length);
        if (characters.Length < most) characters = new char[Math.Max(most, characters.Length * 2)];
        return characters.AsSpan(0, units.Encoding.GetChars(bytes, characters));
    }

    /// <summary>Whether the cell stands in quotes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row has no such cell.</exception>
    public bool WasQuoted(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cell, (uint)CellCount, nameof(cell));
        return cells[cell].IsQuoted;
    }

    internal void Place(byte[] text, int rowStart, Cell[] places, int count)
    {
        (buffer, start, cells, CellCount, Error) = (text, rowStart, places, count, null);
    }

    private ReadOnlySpan<byte> UndoDoubling(ReadOnlySpan<byte> bytes)
    {
        if (unquoted.Length < bytes.Length) unquoted = new byte[Math.Max(bytes.Length, unquoted.Length * 2)];
        var quote = units.Quote.AsSpan();
        var length = 0;
        while (true)
        {
            var at = units.IndexOfQuote(bytes);
            var take = at < 0 ? bytes.Length : at + quote.Length;
            bytes[..take].CopyTo(unquoted.AsSpan(length));
            length += take;
            if (at < 0) return unquoted.AsSpan(0, length);
            bytes = bytes[Math.Min(bytes.Length, take + quote.Length)..];
        }
    }
}

/// <summary>Where a cell's content stands, in code units from the start of its row.</summary>
internal readonly struct Cell(int start, int length, bool isQuoted, bool hasDoubledQuotes)
{
    private readonly int flags = (length << 2) | (isQuoted ? 1 : 0) | (hasDoubledQuotes ? 2 : 0);

    public int Start { get; } = start;

    public int Length => flags >>> 2;

    public bool IsQuoted => (flags & 1) != 0;

    public bool HasDoubledQuotes => (flags & 2) != 0;
}
