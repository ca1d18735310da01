using System.Runtime.InteropServices;

namespace IntegrationPoints.LoadFiles;

/// <summary>Where rows begin and end: line ends, quotes that are never closed, the limit, the end of the file.</summary>
internal sealed partial class RowScanner<T>
{
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
        soundTo -= units;
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
