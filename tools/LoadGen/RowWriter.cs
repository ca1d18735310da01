using System.Text;

namespace IntegrationPoints.LoadGen;

/// <summary>Writes rows of a Concordance load file as UTF-8, and counts lines. Cells come with \n for a line break.</summary>
internal sealed class RowWriter(Stream file) : IAsyncDisposable
{
    private const char Column = '\u0014';
    private const char Quote = 'þ';
    private const char NewLine = '®';

    private readonly StreamWriter _writer = new(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), bufferSize: 1 << 20) { NewLine = "\r\n" };

    /// <summary>The line on which the next row begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Writes a row.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="bareBreaks">Leave line breaks as they are instead of writing the character that stands for them.</param>
    /// <param name="afterQuote">The cell after whose closing quote more text stands; -1: none.</param>
    public void Write(IReadOnlyList<string> cells, bool bareBreaks = false, int afterQuote = -1)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0) _writer.Write(Column);
            _writer.Write(Quote);
            Line += WriteCell(cells[i], bareBreaks);
            _writer.Write(Quote);
            if (i == afterQuote) _writer.Write("stray");
        }
        _writer.Write("\r\n");
        Line++;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private int WriteCell(string cell, bool bareBreaks)
    {
        var breaks = 0;
        foreach (var part in cell.AsSpan().Split('\n'))
        {
            if (part.Start.Value > 0 && bareBreaks)
            {
                _writer.Write("\r\n");
                breaks++;
            }
            else if (part.Start.Value > 0)
            {
                _writer.Write(NewLine);
            }
            _writer.Write(cell.AsSpan(part));
        }
        return breaks;
    }
}
