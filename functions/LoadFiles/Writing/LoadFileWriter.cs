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
    private readonly string encodingName;
    private readonly RowEncoder rows;
    private readonly ArrayBufferWriter<byte> pending = new(64 * 1024);

    /// <summary>Writes the byte order mark, if asked for and the encoding has one.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="encoding">The encoding of the file.</param>
    /// <param name="delimiters">Its five characters.</param>
    /// <param name="byteOrderMark">Whether it begins with a byte order mark.</param>
    /// <param name="lineEnd">What ends a row.</param>
    public LoadFileWriter(Stream stream, Encoding encoding, Delimiters delimiters, bool byteOrderMark, string lineEnd = "\r\n")
    {
        this.stream = stream;
        encodingName = encoding.WebName;
        rows = new(encoding, delimiters, lineEnd);
        if (byteOrderMark) pending.Write(RowEncoder.Mark(encoding));
    }

    /// <summary>Writes one row.</summary>
    /// <exception cref="FormatException">The format cannot carry a value; nothing of the row is written.</exception>
    public ValueTask WriteRowAsync(IReadOnlyList<string> cells, CancellationToken ct = default)
    {
        var row = new List<byte[]>(cells.Count);
        foreach (var cell in cells)
        {
            var fault = rows.Encode(cell, out var bytes);
            if (fault != CellFault.None) throw new FormatException($"Cell {row.Count + 1} holds {What(fault)}.");
            row.Add(bytes);
        }

        rows.Write(row, pending);
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

    private string What(CellFault fault) => fault switch
    {
        CellFault.NeedsQuotes => "a column character or a line end, which a file without quotes cannot carry",
        CellFault.DelimiterByte => "a character whose first byte is a delimiter of the file",
        _ => $"a character that {encodingName} does not have",
    };
}
