using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// The rules of reading over code units of type <typeparamref name="T"/>. A row ends at a line end outside quotes; a cell is quoted
/// when it begins with the quote; text behind a closing quote is an error of the row, and when the quote opened on an earlier line, a sign
/// that it was never closed: then the row is its first physical line, and reading goes on behind that.
/// </summary>
internal sealed partial class RowScanner<T> : RowScanner
    where T : unmanaged, IEquatable<T>, IComparisonOperators<T, T, bool>
{
    private const int Window = 16 * 1024;

    private readonly TokenSet<T> tokens;
    private readonly TokenFinder<T> finder;
    private readonly T blank, tab;
    private readonly int size;
    private readonly int limit;

    // Places found ahead: those of text[placesFrom..scanned], the first placeIndex of them used.
    private readonly int[] places = new int[Window + Window / 32 + 64];
    private int placeIndex, placeCount, placesFrom, scanned, soundTo;

    // The row at hand. 'next' is the first unit that is not part of a delimiter already dealt with.
    private State state = State.Done;
    private Mode mode;
    private int rowStart, rowEnd, next, cellStart, contentEnd, lines, openLine, firstLineEnd, firstLineCells;
    private bool isDoubled, wasSkipped;

    // A row that seemed to begin before chainUntil and went on over every line end up to there, in quotes: see AtLineEndInQuotes.
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
            else
            {
                LookAt(text, at);
            }
        }
    }

    private void LookAt(ReadOnlySpan<T> text, int at)
    {
        if (IsSuspect || at < soundTo) return;
        soundTo = finder.EndOfSoundText(text, at);
        IsSuspect = soundTo < 0;
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
            var unit = Unsafe.Add(ref units, at);
            if (unit >= set.Strange && at >= start && !unit.Equals(set.ColumnLast) && !unit.Equals(set.QuoteLast))
            {
                LookAt(text, at);
                continue;
            }

            var close = at + 1 - set.ColumnLength - set.QuoteLength;
            if (close < start || at >= behind || !unit.Equals(set.ColumnLast)) break;
            if (!IsQuote(ref units, close, in set) || !IsQuote(ref units, at + 1, in set)) break;
            if (set.ColumnLength > 1 && !Unsafe.Add(ref units, at - 1).Equals(set.ColumnFirst)) break;
            cells[count++] = new Cell(start - rowStart, close - start, true, false);
            start = at + 1 + set.QuoteLength;
        }

        if (start != cellStart) openLine = lines;
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
            case Mode.Bare when start == cellStart || (BlanksBeforeQuotes && IsBlank(text[cellStart..start])):
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

    private bool Follows(ReadOnlySpan<T> text, int at, T first) => at > rowStart && text[at - 1].Equals(first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsQuote(ref T units, int start, in TokenSet<T> set) =>
        Unsafe.Add(ref units, start + set.QuoteLength - 1).Equals(set.QuoteLast)
        && (set.QuoteLength == 1 || Unsafe.Add(ref units, start).Equals(set.QuoteFirst));

    private bool IsQuote(ReadOnlySpan<T> text, int start)
    {
        var last = start + tokens.QuoteLength - 1;
        return start >= rowStart && last < text.Length && text[last].Equals(tokens.QuoteLast)
            && (tokens.QuoteLength == 1 || text[start].Equals(tokens.QuoteFirst));
    }

    private bool IsBlank(ReadOnlySpan<T> between) => between.IndexOfAnyExcept(blank, tab) < 0;
}
