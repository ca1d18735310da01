using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

/// <summary>Finds rows and cells in text that arrives piece by piece. Positions are bytes in the buffer; those of cells are code units.</summary>
internal abstract class RowScanner
{
    /// <summary>The most cells that are kept of a row; more make it an error, so that a row of delimiters cannot fill the memory.</summary>
    public const int MaxCells = 100_000;

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

/// <summary>
/// The rules of issue-level reading over code units of type <typeparamref name="T"/>. A row ends at a line end outside quotes; a cell is quoted
/// when it begins with the quote; text behind a closing quote is an error of the row, and when the quote opened on an earlier line, a sign
/// that it was never closed: then the row is its first physical line, and reading goes on behind that.
/// </summary>
internal sealed class RowScanner<T> : RowScanner
    where T : unmanaged, IEquatable<T>
{
    private const int Window = 16 * 1024;

    private readonly TokenSet<T> tokens;
    private readonly TokenFinder<T> finder;
    private readonly T blank, tab;
    private readonly int size;
    private readonly int limit;

    // Places found ahead: those of text[placesFrom..scanned], the first placeIndex of them used.
    private readonly int[] places = new int[Window + Window / 32 + 64];
    private int placeIndex, placeCount, placesFrom, scanned;

    // The row at hand. 'next' is the first unit that is not part of a delimiter already dealt with.
    private State state = State.Done;
    private Mode mode;
    private int rowStart, rowEnd, next, cellStart, contentEnd, lines, openLine, firstLineEnd, firstLineCells;
    private bool isDoubled, wasSkipped;

    // A row that seemed to begin before chainUntil and went on over every line end up to there, in quotes: see LineEndInQuotes.
    private int chainUntil;
    private bool chainFails;

    public RowScanner(TokenFinder<T> finder, TokenSet<T> tokens, (T Blank, T Tab) blanks, int maxRecordBytes, long line)
    {
        (this.finder, this.tokens, blank, tab) = (finder, tokens, blanks.Blank, blanks.Tab);
        size = Marshal.SizeOf<T>();
        limit = maxRecordBytes / size;
        (Line, NextLine) = (line, line);
    }

    private enum State { Done, InRow, AwaitsLf, Skips }

    // Closed: behind a quote that closes the cell, unless another quote or text follows.
    private enum Mode { Bare, Quoted, Closed }

    public override int RowStart => rowStart * size;

    public override int RowEnd => rowEnd * size;

    public override ScanResult Scan(byte[] buffer, int filled, bool atEnd)
    {
        var text = MemoryMarshal.Cast<byte, T>(buffer.AsSpan(0, filled));
        scanned = Math.Min(scanned, text.Length);
        while (true)
        {
            if (state == State.Done) Begin();
            if (state == State.Skips && !TrySkip(text, atEnd)) return ScanResult.NeedMoreToSkip;
            if (state == State.InRow && !Advance(text))
            {
                if (!atEnd && !IsOverLimit(text.Length)) return ScanResult.NeedMore;
                if (atEnd && rowStart == text.Length) return ScanResult.End;
                if (atEnd) FinishAtEnd(text);
                if (state == State.Skips) continue;
            }

            if (!TryTakeLf(text, atEnd)) return ScanResult.NeedMore;
            if (!TryComplete()) continue;
            return ScanResult.Row;
        }
    }

    public override void Shift(int bytes)
    {
        var units = bytes / size;
        rowStart -= units;
        rowEnd -= units;
        next -= units;
        cellStart -= units;
        contentEnd -= units;
        firstLineEnd -= units;
        scanned = Math.Max(0, scanned - units);
        placesFrom -= units;
        chainUntil = Math.Max(0, chainUntil - units);
        for (var i = 0; i < placeCount; i++) places[i] -= units;
    }

    public override void Drop(int filled) => scanned = filled / size;

    private void Begin()
    {
        (rowStart, next, cellStart) = (rowEnd, rowEnd, rowEnd);
        Line = NextLine;
        (state, mode, lines, firstLineEnd, CellCount) = (State.InRow, Mode.Bare, 0, -1, 0);
        (Error, IsSuspect, wasSkipped) = (null, false, false);
    }

    // True at the end of the row (rowEnd is set, behind the first half of a CRLF perhaps), false when the text ends first.
    private bool Advance(ReadOnlySpan<T> text)
    {
        while (true)
        {
            if (placeIndex == placeCount)
            {
                if (scanned == text.Length) return false;
                placesFrom = scanned;
                scanned = Math.Min(text.Length, scanned + Window);
                (placeIndex, placeCount) = (0, finder.Find(text, placesFrom, scanned, places));
                continue;
            }

            if (next == cellStart)
            {
                if (mode == Mode.Quoted) PassQuotedCells(text);
                else if (mode == Mode.Bare) PassBareCells(text);
                if (placeIndex == placeCount) continue;
            }

            var at = places[placeIndex++];
            if (at < next) continue;
            var unit = text[at];
            if (unit.Equals(tokens.ColumnLast) && (tokens.ColumnLength == 1 || Follows(text, at, tokens.ColumnFirst)))
            {
                if (!AtColumn(text, at)) return true;
            }
            else if (tokens.QuoteLength > 0 && IsQuote(text, at + 1 - tokens.QuoteLength))
            {
                if (!AtQuote(text, at + 1 - tokens.QuoteLength)) return true;
            }
            else if (unit.Equals(tokens.Lf) || unit.Equals(tokens.Cr))
            {
                if (!AtLineEnd(text, at)) return true;
            }
            else if (!IsSuspect && !finder.IsSurelyText(text, at))
            {
                IsSuspect = true;
            }
        }
    }

    // What nearly all text is made of, in a tight loop: quoted cells with nothing between quote and column character.
    private void PassQuotedCells(ReadOnlySpan<T> text)
    {
        ref var units = ref MemoryMarshal.GetReference(text);
        var (index, start, count, set) = (placeIndex, cellStart, CellCount, tokens);
        var found = places.AsSpan(0, placeCount);
        var (cells, behind) = (Cells, text.Length - set.QuoteLength);
        for (; index < found.Length && count < cells.Length; index++)
        {
            var at = found[index];
            var close = at + 1 - set.ColumnLength - set.QuoteLength;
            if (close < start || at >= behind || !Unsafe.Add(ref units, at).Equals(set.ColumnLast)) break;
            if (!IsQuote(ref units, close, in set) || !IsQuote(ref units, at + 1, in set)) break;
            if (set.ColumnLength > 1 && !Unsafe.Add(ref units, at - 1).Equals(set.ColumnFirst)) break;
            cells[count++] = new Cell(start - rowStart, close - start, true, false);
            start = at + 1 + set.QuoteLength;
        }

        if (index > placeIndex) openLine = lines;
        (placeIndex, CellCount, cellStart, next) = (index, count, start, start);
    }

    // The same for cells without quotes.
    private void PassBareCells(ReadOnlySpan<T> text)
    {
        ref var units = ref MemoryMarshal.GetReference(text);
        var (index, start, count, set) = (placeIndex, cellStart, CellCount, tokens);
        var found = places.AsSpan(0, placeCount);
        var (cells, behind) = (Cells, text.Length - set.QuoteLength);
        for (; index < found.Length && count < cells.Length; index++)
        {
            var at = found[index];
            var end = at + 1 - set.ColumnLength;
            if (end < start || at >= behind || !Unsafe.Add(ref units, at).Equals(set.ColumnLast)) break;
            if (set.QuoteLength > 0 && IsQuote(ref units, at + 1, in set)) break;
            if (set.QuoteLength > 0 && end - set.QuoteLength >= start && IsQuote(ref units, end - set.QuoteLength, in set)) break;
            if (set.ColumnLength > 1 && !Unsafe.Add(ref units, at - 1).Equals(set.ColumnFirst)) break;
            cells[count++] = new Cell(start - rowStart, end - start, false, false);
            start = at + 1;
        }

        (placeIndex, CellCount, cellStart, next) = (index, count, start, start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsQuote(ref T units, int start, in TokenSet<T> set) =>
        Unsafe.Add(ref units, start + set.QuoteLength - 1).Equals(set.QuoteLast)
        && (set.QuoteLength == 1 || Unsafe.Add(ref units, start).Equals(set.QuoteFirst));

    private bool Follows(ReadOnlySpan<T> text, int at, T first) => at > rowStart && text[at - 1].Equals(first);

    private bool IsQuote(ReadOnlySpan<T> text, int start)
    {
        var last = start + tokens.QuoteLength - 1;
        return start >= rowStart && last < text.Length && text[last].Equals(tokens.QuoteLast)
            && (tokens.QuoteLength == 1 || text[start].Equals(tokens.QuoteFirst));
    }

    // The handlers answer false when the row is over.
    private bool AtColumn(ReadOnlySpan<T> text, int at)
    {
        var start = at + 1 - tokens.ColumnLength;
        var hasQuotes = tokens.QuoteLength > 0;
        // Quotes beside a column character are not among the places.
        if (hasQuotes && start - tokens.QuoteLength >= next && IsQuote(text, start - tokens.QuoteLength)
            && !AtQuote(text, start - tokens.QuoteLength))
        {
            return false;
        }

        if (mode == Mode.Closed && !IsBlank(text[next..start]) && !AtTextBehindQuote(start)) return false;
        if (mode != Mode.Quoted)
        {
            EndCell(start);
            (cellStart, next, mode) = (at + 1, at + 1, Mode.Bare);
        }

        return !hasQuotes || !IsQuote(text, at + 1) || AtQuote(text, at + 1);
    }

    private bool AtQuote(ReadOnlySpan<T> text, int start)
    {
        if (mode == Mode.Closed && start > next && !AtTextBehindQuote(start)) return false;
        switch (mode)
        {
            case Mode.Bare when start == cellStart:
                (mode, cellStart, openLine, isDoubled) = (Mode.Quoted, start + tokens.QuoteLength, lines, false);
                break;
            case Mode.Bare:
                Error ??= RowErrors.TextAfterQuote(CellCount, isBare: true);
                break;
            case Mode.Quoted:
                (mode, contentEnd) = (Mode.Closed, start);
                break;
            default:
                (mode, isDoubled) = (Mode.Quoted, true);
                break;
        }

        next = start + tokens.QuoteLength;
        return true;
    }

    private bool AtLineEnd(ReadOnlySpan<T> text, int at)
    {
        if (mode == Mode.Closed && !IsBlank(text[next..at]) && !AtTextBehindQuote(at)) return false;
        if (mode == Mode.Quoted) return AtLineEndInQuotes(text, at);
        if (at == rowStart) CellCount = -1;
        else EndCell(at);
        rowEnd = at + 1;
        lines++;
        return false;
    }

    private bool AtLineEndInQuotes(ReadOnlySpan<T> text, int at)
    {
        if (text[at].Equals(tokens.Lf) && Follows(text, at, tokens.Cr))
        {
            if (firstLineEnd == at) firstLineEnd = at + 1;
            return true;
        }

        if (lines++ > 0) return true;
        (firstLineEnd, firstLineCells) = (at + 1, CellCount);
        // Two rows that are both in quotes at the same line end have the same end, and fail for the same reason, wherever they began. So when
        // the row before failed far behind this line end, this one fails too, and need not be followed there: a file of such rows would
        // otherwise be read once for every line of it.
        if (at + 1 - rowStart > limit) return Fail(CellCount);
        return at >= chainUntil || (!chainFails && chainUntil - rowStart <= limit) || FailUnbalanced(chainUntil);
    }

    private bool AtTextBehindQuote(int at)
    {
        if (lines > openLine)
        {
            (chainUntil, chainFails) = (at, true);
            return FailUnbalanced(at);
        }

        Error ??= RowErrors.TextAfterQuote(CellCount, isBare: false);
        mode = Mode.Bare;
        return true;
    }

    private bool IsBlank(ReadOnlySpan<T> between) => between.IndexOfAnyExcept(blank, tab) < 0;

    private void EndCell(int end)
    {
        if (mode == Mode.Closed) end = contentEnd;
        if (CellCount == Cells.Length)
        {
            if (CellCount >= MaxCells)
            {
                Error ??= RowErrors.TooManyCells(MaxCells);
                return;
            }

            var larger = Cells;
            Array.Resize(ref larger, Math.Min(MaxCells, Cells.Length * 2));
            Cells = larger;
        }

        Cells[CellCount++] = new Cell(cellStart - rowStart, end - cellStart, mode == Mode.Closed, mode == Mode.Closed && isDoubled);
    }

    private bool FailUnbalanced(int seenTo)
    {
        var cell = lines > 0 ? firstLineCells : CellCount;
        Error = RowErrors.Unbalanced(cell, seenTo - rowStart > limit ? (long)limit * size : 0);
        return Fail(cell);
    }

    // The row is its first physical line.
    private bool Fail(int cells)
    {
        (CellCount, rowEnd, lines) = (cells, firstLineEnd, 1);
        IsSuspect = false;
        return false;
    }

    private bool IsOverLimit(int textLength)
    {
        // A row of several lines is followed to twice the limit: what is learned on the way spares the rows behind it the same walk.
        if (lines > 0 ? textLength - rowStart <= 2 * limit : textLength - rowStart <= limit) return false;
        if (lines == 0)
        {
            state = State.Skips;
            return true;
        }

        (chainUntil, chainFails) = (textLength, false);
        FailUnbalanced(textLength);
        return true;
    }

    private bool TrySkip(ReadOnlySpan<T> text, bool atEnd)
    {
        var found = text[scanned..].IndexOfAny(tokens.Cr, tokens.Lf);
        if (found < 0 && !atEnd) return false;
        rowEnd = found < 0 ? text.Length : scanned + found + 1;
        (placeIndex, placeCount, scanned, lines) = (0, 0, rowEnd, 1);
        (state, wasSkipped) = (State.AwaitsLf, true);
        return true;
    }

    private void FinishAtEnd(ReadOnlySpan<T> text)
    {
        IsSuspect = true;
        (rowEnd, var end) = (text.Length, text.Length);
        if (mode == Mode.Closed && !IsBlank(text[next..]) && !AtTextBehindQuote(end)) return;
        if (mode == Mode.Quoted)
        {
            (chainUntil, chainFails) = (end, true);
            if (lines == 0) firstLineEnd = end;
            FailUnbalanced(end);
            return;
        }

        EndCell(end);
        lines++;
    }

    // A CR may be half of a CRLF whose other half is still to come.
    private bool TryTakeLf(ReadOnlySpan<T> text, bool atEnd)
    {
        state = State.AwaitsLf;
        if (text[rowEnd - 1].Equals(tokens.Cr))
        {
            if (rowEnd == text.Length && !atEnd) return false;
            if (rowEnd < text.Length && text[rowEnd].Equals(tokens.Lf)) rowEnd++;
        }

        return true;
    }

    // False for a blank line.
    private bool TryComplete()
    {
        if (wasSkipped || rowEnd - rowStart > limit) FailOverLimit();

        state = State.Done;
        NextLine = Line + lines;
        ReturnTo(rowEnd);
        if (CellCount >= 0) return true;
        BlankLines++;
        return false;
    }

    private void FailOverLimit()
    {
        if (lines > 1)
        {
            (chainUntil, chainFails) = (rowEnd, false);
            FailUnbalanced(rowEnd);
            return;
        }

        // Which cells are kept does not depend on how much of the row was seen before it was given up.
        while (CellCount > 0 && Cells[CellCount - 1].Start + Cells[CellCount - 1].Length > limit - 16) CellCount--;
        Error = RowErrors.TooLong((long)limit * size);
        IsSuspect = false;
    }

    // Places behind a row that ended before what was looked at are used again.
    private void ReturnTo(int at)
    {
        next = at;
        if (at >= placesFrom)
        {
            while (placeIndex > 0 && places[placeIndex - 1] >= at) placeIndex--;
            return;
        }

        (placeIndex, placeCount, scanned) = (0, 0, at);
    }
}
