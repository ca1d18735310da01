using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>Records longer than the limit cost themselves only, and no memory (issue: "a record longer than 64 MiB … with flat memory").</summary>
public class LongRecordTests
{
    private const int Limit = 64 * 1024;

    private static readonly LoadFileFormat Format = new() { Encoding = new UTF8Encoding(false), Delimiters = Reading.Csv, MaxRecordBytes = Limit };

    // By environment, 10 GB: LOADFILES_LONG_LINE=10000000000.
    private static readonly long LongLine = long.TryParse(Environment.GetEnvironmentVariable("LOADFILES_LONG_LINE"), out var bytes) ? bytes : 300_000_000;

    [Fact]
    public async Task A_line_of_any_length_is_passed_over_in_flat_memory()
    {
        var file = new SyntheticStream("id,text\r\n1,a\r\n2,\"", 'x', LongLine, "\r\n3,\"c\"\r\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var rows = await Reading.RowsAsync(file, Format);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_000_000);
        Assert.Equal(["1 ", "2 ", "3 record-too-long", "4 "], rows.Select(r => $"{r.Line} {r.Error}"));
        Assert.Equal((14, LongLine + 5), (rows[2].Offset, rows[2].Length));
        Assert.Equal(["2"], rows[2].Cells);
        Assert.Equal(["3", "c"], rows[3].Cells);
    }

    [Fact]
    public async Task A_file_without_any_line_end_is_one_record_too_long()
    {
        var rows = await Reading.RowsAsync(new SyntheticStream("", 'x', 5_000_000, ""), Format);
        Assert.Equal([new(1, 0, 5_000_000, "record-too-long", [])], rows.ConvertAll(r => r with { Cells = [] }), SameRow);
    }

    [Theory]
    [InlineData("a,{0}\nb,c\n", Limit - 3, "1  / 2 ")]
    [InlineData("a,{0}\nb,c\n", Limit - 2, "1 record-too-long / 2 ")]
    [InlineData("a,{0}\r\nb,c\n", Limit - 3, "1 record-too-long / 2 ")]
    [InlineData("a,\"{0}\"\rb,c\n", Limit - 5, "1  / 2 ")]
    [InlineData("a,\"{0}\"\rb,c\n", Limit - 4, "1 record-too-long / 2 ")]
    [InlineData("a,\"{0}\"x\rb,c\n", Limit, "1 record-too-long / 2 ")]
    [InlineData("a,{0}", Limit + 9, "1 record-too-long")]
    // A quoted cell that goes on over line ends beyond the limit: its quote may never be closed, so the record is its first line.
    [InlineData("a,\"x\n{0}\"\nb,c\n", 3 * Limit, "1 unbalanced-quote / 2 record-too-long / 3 ")]
    [InlineData("a,\"x\n{0}\"\nb,c\n", Limit - 5, "1 unbalanced-quote / 2 text-after-quote / 3 ")]
    [InlineData("a,\"x\n{0}\"\nb,c\n", Limit - 7, "1  / 3 ")]
    public async Task The_limit_counts_every_byte_of_the_record(string file, int fill, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, file, new string('z', fill)));
        foreach (var piece in new[] { 0, 1, 1000, 65536 })
        {
            var rows = await Reading.RowsAsync(bytes, Format, piece: piece);
            Assert.Equal((piece, expected), (piece, string.Join(" / ", rows.Select(r => $"{r.Line} {r.Error}"))));
        }
    }

    // Every line opens a quote that seems to be closed on the next: read naively, each line costs a walk to the end.
    [Theory]
    [InlineData("z\",\"y\n")]
    [InlineData("1\",\"a\",\"b\r\n")]
    public async Task A_file_in_which_every_row_is_broken_is_read_in_one_walk(string line)
    {
        const int lines = 400_000;
        var file = Encoding.UTF8.GetBytes("\"" + string.Concat(Enumerable.Repeat(line, lines)) + "end\"x\n\"good\",\"row\"\n");
        var rows = await Reading.RowsAsync(file, Format with { MaxRecordBytes = 1024 * 1024 });
        Assert.Equal(lines + 2, rows.Count);
        Assert.All(rows.SkipLast(2), r => Assert.Equal("unbalanced-quote", r.Error));
        Assert.Equal("good|row", string.Join('|', rows[^1].Cells));
    }

    [Fact]
    public async Task A_row_of_delimiters_only_does_not_fill_the_memory()
    {
        var rows = await Reading.RowsAsync(new SyntheticStream("", ',', 10_000_000, "\na\n"), Format with { MaxRecordBytes = 64 << 20 });
        Assert.Equal(["record-too-long", null], rows.Select(r => r.Error));
        Assert.Equal(RowScanner.MaxCells, rows[0].Cells.Length);
    }

    private static bool SameRow(ReadRow a, ReadRow b) => a.ToString() == b.ToString();

    /// <summary>A beginning, one character over and over, an end.</summary>
    private sealed class SyntheticStream(string start, char fill, long count, string end) : Stream
    {
        private readonly long total = start.Length + count + end.Length;
        private long at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => total;

        public override long Position { get => at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(Span<byte> buffer)
        {
            var length = (int)Math.Min(buffer.Length, total - at);
            var fillEnd = start.Length + count;
            buffer[..length].Fill((byte)fill);
            for (var i = 0; i < length && at + i < start.Length; i++) buffer[i] = (byte)start[(int)(at + i)];
            for (var place = Math.Max(at, fillEnd); place < at + length; place++) buffer[(int)(place - at)] = (byte)end[(int)(place - fillEnd)];
            at += length;
            return length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
