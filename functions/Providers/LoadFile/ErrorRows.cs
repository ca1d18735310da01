using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>Copies rows of a load file into a smaller one of the same encoding and delimiters, and counts its lines.</summary>
internal sealed class ErrorRows(IFileSource source, SourceLayout layout, Stream output)
{
    private readonly FrozenLoadFile frozen = FrozenLoadFile.From(layout);
    private readonly LineEndCounter counter = new(FrozenLoadFile.From(layout).Encoding);
    private readonly byte[] buffer = new byte[LineEndCounter.Piece];
    private long nextLine = 1;

    /// <summary>Everything before the first record: byte order mark and header.</summary>
    public async Task HeaderAsync(CancellationToken cancellationToken)
    {
        var length = frozen.HasHeader ? frozen.DataOffset : frozen.Preamble;
        if (length == 0) return;
        await using var stream = await source.OpenBytesAsync(layout, 0, length, cancellationToken);
        await CopyAsync(stream, length, skip: frozen.Preamble, cancellationToken);
    }

    /// <summary>
    /// The rejected rows of a batch, read in one go; answers with each row's line in the output. A row without a line end, the last of its file,
    /// gets one.
    /// </summary>
    public async Task<IReadOnlyList<long>> RowsAsync(IReadOnlyList<RejectedRow> rows, CancellationToken cancellationToken)
    {
        var (first, last) = (rows[0], rows[^1]);
        await using var stream = await source.OpenBytesAsync(layout, first.Offset, last.Offset + last.Length - first.Offset, cancellationToken);
        var lines = new long[rows.Count];
        var at = first.Offset;
        for (var i = 0; i < lines.Length; i++)
        {
            await PassAsync(stream, rows[i].Offset - at, cancellationToken);
            lines[i] = nextLine;
            await CopyAsync(stream, rows[i].Length, skip: 0, cancellationToken);
            at = rows[i].Offset + rows[i].Length;
        }
        return lines;
    }

    private async Task PassAsync(Stream stream, long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var part = (int)Math.Min(length, buffer.Length);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, part), cancellationToken);
            length -= part;
        }
    }

    private async Task CopyAsync(Stream stream, long length, int skip, CancellationToken cancellationToken)
    {
        counter.Restart(skip);
        while (length > 0)
        {
            var part = (int)Math.Min(length, buffer.Length);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, part), cancellationToken);
            await output.WriteAsync(buffer.AsMemory(0, part), cancellationToken);
            counter.Count(buffer.AsSpan(0, part));
            length -= part;
        }
        nextLine += counter.LineEnds;
        if (!counter.EndsOpen) return;
        await output.WriteAsync(frozen.Encoding.GetBytes("\r\n"), cancellationToken);
        nextLine++;
    }
}
