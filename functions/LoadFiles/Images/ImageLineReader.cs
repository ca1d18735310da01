using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Reads an image load file line by line, from its first byte after a byte order mark or from any line on. Its bytes are Windows-1252, of which
/// ASCII is a part. Memory does not depend on the file, and a line that cannot be read costs no other.
/// </summary>
/// <param name="stream">The file from <paramref name="offset"/> on; it may end at any later line. Disposed with the reader.</param>
/// <param name="format">How its lines are written.</param>
/// <param name="offset">Where in the file the stream stands, in bytes.</param>
/// <param name="line">The physical line that begins there.</param>
public sealed class ImageLineReader(Stream stream, ImageFormat format, long offset, long line) : IAsyncDisposable
{
    private const int LongestLine = 64 * 1024;
    private const char CtrlZ = '\u001a';

    private static readonly Encoding Western = EncodingDetector.Find("1252")!;

    private readonly byte[] buffer = new byte[4 * LongestLine];
    private int start, end;
    private long position = offset, next = line, dropped;
    private bool isAtEnd, isDroppedImage;

    /// <summary>How many lines were about something else than images so far.</summary>
    public long OtherLines { get; private set; }

    /// <summary>The next line that is a page or should be one; null at the end. Blank lines and those of <see cref="OtherLines"/> are passed over.</summary>
    public async ValueTask<ImageLine?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var (length, lineEnd) = Next();
            if (length < 0)
            {
                if (end == start && isAtEnd && dropped == 0) return null;
                await FillAsync(ct).ConfigureAwait(false);
                continue;
            }
            var read = Take(length, lineEnd);
            if (read is null) continue;
            if (!read.IsOther) return read;
            OtherLines++;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    // How long the line is without its end, and how long its end is; -1 when the buffer does not hold all of it.
    private (int Length, int LineEnd) Next()
    {
        var text = buffer.AsSpan(start, end - start);
        var at = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (at < 0) return isAtEnd && text.Length + dropped > 0 ? (text.Length, 0) : (-1, 0);
        if (text[at] == '\n') return (at, 1);
        if (at + 1 < text.Length) return (at, text[at + 1] == '\n' ? 2 : 1);
        return isAtEnd ? (at, 1) : (-1, 0);
    }

    private ImageLine? Take(int length, int lineEnd)
    {
        var text = Western.GetString(buffer, start, Math.Min(length, LongestLine));
        if (lineEnd == 0) text = text.TrimEnd(CtrlZ);
        // The text of a page is a line of any length, which is passed over.
        var isTooLong = length + dropped > LongestLine
            && (format == ImageFormat.Opticon || (dropped > 0 ? isDroppedImage : IsImage(buffer.AsSpan(start, length))));
        var isDropped = dropped > 0;
        var place = new ImageLine { Line = next++, Offset = position, Length = dropped + length + lineEnd };
        position += place.Length;
        start += length + lineEnd;
        dropped = 0;
        if (isTooLong) return place with { Error = $"The line is longer than {LongestLine / 1024} KiB. Check whether this is an image load file." };
        if (isDropped) return place with { IsOther = true };
        if (string.IsNullOrWhiteSpace(text)) return null;
        var read = format == ImageFormat.Lfp ? ImageLines.Lfp(text) : ImageLines.Opticon(text);
        return read with { Line = place.Line, Offset = place.Offset, Length = place.Length };
    }

    private static bool IsImage(ReadOnlySpan<byte> line) => line.Length >= 3 && (line[0] | 0x20) == 'i' && (line[1] | 0x20) == 'm' && line[2] == ',';

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (end - start > LongestLine)
        {
            if (dropped == 0) isDroppedImage = IsImage(buffer.AsSpan(start, end - start));
            // Of a line that is too long nothing is needed but its length; the last byte may be the first of a CRLF.
            dropped += end - start - 1;
            start = end - 1;
        }
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        var read = await stream.ReadAsync(buffer.AsMemory(end), ct).ConfigureAwait(false);
        end += read;
        isAtEnd = read == 0;
    }
}
