using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>Copies rows of a load file into a smaller one of the same encoding and delimiters, and counts its lines.</summary>
internal sealed class ErrorRows(LoadFileSource source, SourceLayout layout, Stream output)
{
    private readonly FrozenLoadFile frozen = FrozenLoadFile.From(layout);
    private long nextLine = 1;

    /// <summary>Everything before the first record: byte order mark and header.</summary>
    public async Task HeaderAsync(CancellationToken cancellationToken)
    {
        var length = source.HasHeader ? frozen.DataOffset : frozen.Preamble;
        if (length > 0) await CopyAsync(0, length, cancellationToken);
    }

    /// <summary>One row; answers with its line in the output. A row without a line end, the last of its file, gets one.</summary>
    public async Task<long> RowAsync(RejectedRow row, CancellationToken cancellationToken)
    {
        var line = nextLine;
        await CopyAsync(row.Offset, row.Length, cancellationToken);
        return line;
    }

    private async Task CopyAsync(long offset, long length, CancellationToken cancellationToken)
    {
        var counter = new LineEndCounter(frozen.Encoding, offset == 0 ? frozen.Preamble : 0);
        await using var stream = await source.OpenBytesAsync(layout, offset, length, cancellationToken);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            counter.Count(buffer.AsSpan(0, read));
        }
        nextLine += counter.LineEnds;
        if (counter.EndsOpen)
        {
            await output.WriteAsync(frozen.Encoding.GetBytes("\r\n"), cancellationToken);
            nextLine++;
        }
    }
}
