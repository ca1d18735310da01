using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>
/// The rules of reading as plainly as they can be written: a character at a time, the whole file at hand, every row from its own beginning.
/// What the fast reader finds in any pieces, encodings and ranges is compared with it.
/// </summary>
internal sealed class ReferenceReader(string text, Delimiters delimiters)
{
    private readonly char column = (char)delimiters.Column;
    private readonly char quote = delimiters.Quote == 0 ? '\uFFFF' : (char)delimiters.Quote;

    /// <summary>Line, start, length, error and cells of every row; positions are characters.</summary>
    public List<ReadRow> Rows()
    {
        var rows = new List<ReadRow>();
        var end = text.TrimEnd('\u001A').Length;
        long line = 1;
        for (var at = 0; at < end; line++)
        {
            var firstLineEnd = BehindLine(at, end);
            if (text[at] is '\r' or '\n')
            {
                at = firstLineEnd;
                continue;
            }

            var cells = new List<string>();
            var (next, lines, error) = Row(at, end, cells);
            if (error == "unbalanced-quote") (next, lines) = (firstLineEnd, 1);
            rows.Add(new(line, at, next - at, error, [.. cells]));
            line += lines - 1;
            at = next;
        }

        return rows;
    }

    private int BehindLine(int at, int end)
    {
        while (at < end && text[at] is not ('\r' or '\n')) at++;
        if (at == end) return end;
        return text[at] == '\r' && at + 1 < end && text[at + 1] == '\n' ? at + 2 : at + 1;
    }

    private (int Next, int Lines, string? Error) Row(int at, int end, List<string> cells)
    {
        string? error = null;
        var lines = 1;
        var cellsOfFirstLine = 0;
        while (true)
        {
            var start = at;
            var value = new StringBuilder();
            if (at < end && text[at] == quote)
            {
                var openedOn = lines;
                for (at++; ; at++)
                {
                    if (at >= end) return Unbalanced(cells, lines == 1 ? cells.Count : cellsOfFirstLine);
                    var isQuote = text[at] == quote;
                    if (isQuote && !(at + 1 < end && text[at + 1] == quote)) break;
                    value.Append(text[at]);
                    if (isQuote) at++;
                    if (!isQuote && IsLineEnd(at) && lines++ == 1) cellsOfFirstLine = cells.Count;
                }

                for (at++; at < end && text[at] is ' ' or '\t' && text[at] != column; at++) { }
                if (at < end && text[at] != column && text[at] is not ('\r' or '\n'))
                {
                    if (lines > openedOn) return Unbalanced(cells, cellsOfFirstLine);
                    error ??= "text-after-quote";
                    while (at < end && text[at] != column && text[at] is not ('\r' or '\n')) at++;
                    value.Clear().Append(text, start + 1, at - start - 1);
                }
            }
            else
            {
                while (at < end && text[at] != column && text[at] is not ('\r' or '\n')) at++;
                value.Append(text, start, at - start);
                if (text.AsSpan(start, at - start).Contains(quote)) error ??= "text-after-quote";
            }

            cells.Add(value.ToString());
            if (at == end || text[at] != column) return (BehindLine(at, end), lines, error);
            at++;
        }
    }

    // Of CRLF, the LF ends the line.
    private bool IsLineEnd(int at) => text[at] == '\n' || (text[at] == '\r' && !(at + 1 < text.Length && text[at + 1] == '\n'));

    private static (int Next, int Lines, string? Error) Unbalanced(List<string> cells, int kept)
    {
        cells.RemoveRange(kept, cells.Count - kept);
        return (0, 0, "unbalanced-quote");
    }
}
