using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>A row as tests compare it.</summary>
internal sealed record ReadRow(long Line, long Offset, long Length, string? Error, string[] Cells)
{
    public override string ToString() => $"{Line}@{Offset}+{Length} {Error} [{string.Join('|', Cells)}]";
}

/// <summary>Reads whole files into rows.</summary>
internal static class Reading
{
    public static readonly Delimiters Csv = new() { Column = ',', Quote = '"' };

    public static readonly Delimiters Dat = new();

    static Reading() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static Task<List<ReadRow>> RowsAsync(string text, Delimiters delimiters, Encoding? encoding = null, int max = 64 << 20) =>
        RowsAsync((encoding ?? new UTF8Encoding(false)).GetBytes(text), new LoadFileFormat
        {
            Encoding = encoding ?? new UTF8Encoding(false),
            Delimiters = delimiters,
            MaxRecordBytes = max,
        });

    public static Task<List<ReadRow>> RowsAsync(byte[] file, LoadFileFormat format, int offset = 0, long line = 1, int end = -1, int piece = 0)
    {
        var range = new MemoryStream(file, offset, (end < 0 ? file.Length : end) - offset);
        return RowsAsync(piece == 0 ? range : new PiecewiseStream(range, piece), format, offset, line);
    }

    public static async Task<List<ReadRow>> RowsAsync(Stream stream, LoadFileFormat format, long offset = 0, long line = 1)
    {
        await using var reader = new LoadFileReader(stream, format, offset, line);
        var rows = new List<ReadRow>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var row = reader.Row;
            rows.Add(new(row.Line, row.Offset, row.Length, row.Error?.Code, [.. Enumerable.Range(0, row.CellCount).Select(row.GetString)]));
        }

        return rows;
    }
}

/// <summary>A stream that gives a few bytes at a time.</summary>
internal sealed class PiecewiseStream(Stream inner, int piece) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, piece));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
