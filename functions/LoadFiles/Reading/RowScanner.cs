namespace IntegrationPoints.LoadFiles;

/// <summary>What came of looking for the next row.</summary>
internal enum ScanResult
{
    /// <summary>A row was found, readable or not.</summary>
    Row,

    /// <summary>The text at hand ends inside the row.</summary>
    NeedMore,

    /// <summary>As NeedMore, while passing over a row that is too long: nothing behind the limit need be kept.</summary>
    NeedMoreToSkip,

    /// <summary>There are no more rows.</summary>
    End,
}

/// <summary>
/// Finds rows and cells in text that arrives piece by piece. Positions are bytes in the buffer; those of cells are code units.
/// </summary>
internal abstract class RowScanner
{
    /// <summary>The most cells that are kept of a row; more make it an error, so that a row of delimiters cannot fill the memory.</summary>
    public const int MaxCells = 100_000;

    /// <summary>Whether a cell is quoted also when only blanks stand before its first quote.</summary>
    public bool BlanksBeforeQuotes { get; init; }

    /// <summary>Where the row begins.</summary>
    public abstract int RowStart { get; }

    /// <summary>Where the row ends, behind its line end.</summary>
    public abstract int RowEnd { get; }

    /// <summary>The physical line on which the row begins.</summary>
    public long Line { get; protected set; }

    /// <summary>The physical line behind the row.</summary>
    public long NextLine { get; protected set; }

    /// <summary>Empty lines so far.</summary>
    public long BlankLines { get; protected set; }

    /// <summary>The cells; only the first <see cref="CellCount"/> are of this row.</summary>
    public Cell[] Cells { get; protected set; } = new Cell[64];

    /// <summary>How many cells were told apart.</summary>
    public int CellCount { get; protected set; }

    /// <summary>Why the row cannot be read, or null.</summary>
    public RowError? Error { get; protected set; }

    /// <summary>Whether the row holds anything that may be invalid in the encoding.</summary>
    public bool IsSuspect { get; protected set; }

    /// <summary>Looks for the next row, or goes on looking where there was not enough text.</summary>
    public abstract ScanResult Scan(byte[] buffer, int filled, bool atEnd);

    /// <summary>Tells that the text moved to the front of the buffer by that many bytes.</summary>
    public abstract void Shift(int bytes);

    /// <summary>While a row is passed over: tells that everything behind <paramref name="filled"/> was dropped.</summary>
    public abstract void Drop(int filled);
}
