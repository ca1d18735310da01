using System.Buffers;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Reads a delimited load file (.dat, .csv, .txt) row by row, from the start or from any record boundary on, with memory bounded by the
/// longest record. A row that cannot be read is returned with its error, and costs no other row.
/// </summary>
/// <remarks>
/// The rules: a record ends at CRLF, LF or CR outside quotes; a cell is quoted when its first character is the quote, and a doubled quote
/// in it is one; blanks between a closing quote and the delimiter mean nothing; empty lines are no records; a Ctrl-Z at the end of the file
/// is not part of it. The columns are not counted here.
/// </remarks>
public sealed class LoadFileReader : IAsyncDisposable
{
    private const int FirstBuffer = 1024 * 1024;
    private const byte CtrlZ = 0x1A;

    // Kept free at the end of the buffer, so that the second half of a CRLF always finds room.
    private const int Reserve = 64;

    private readonly Stream stream;
    private readonly Utf8Stream? converted;
    private readonly TextUnits units;
    private readonly RowScanner scanner;
    private readonly bool hasCtrlZ;
    private readonly int limit;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int filled, preamble;
    private bool isAtEnd, isOddAtEnd, isSkipping, isGrown, isDisposed;

    // The place in the text of the buffer's first byte, and how much of a row that is too long was dropped behind it.
    private long bufferOffset, dropped;

    /// <summary>Reads from <paramref name="stream"/>, and disposes it when disposed itself.</summary>
    /// <param name="stream">The file from <paramref name="offset"/> on; it may end at any later record boundary.</param>
    /// <param name="format">What is known of the file.</param>
    /// <param name="offset">Where in the file the stream stands, in bytes: 0 (a byte order mark is skipped) or the start of a record.</param>
    /// <param name="line">The physical line that begins there.</param>
    /// <exception cref="ArgumentException">The format's characters clash or its limit is out of range.</exception>
    public LoadFileReader(Stream stream, LoadFileFormat format, long offset = 0, long line = 1)
    {
        if (format.Delimiters.Problem is { } problem) throw new ArgumentException(problem, nameof(format));
        if (format.MaxRecordBytes is < 1024 or > 512 * 1024 * 1024)
            throw new ArgumentException("The longest record may be 1 KiB to 512 MiB.", nameof(format));
        this.stream = stream;
        units = TextUnits.Of(format);
        limit = format.MaxRecordBytes & ~3;
        preamble = offset == 0 ? format.PreambleLength : 0;
        bufferOffset = offset + preamble;
        converted = units.IsConverted ? new(stream, format.Encoding, format.Delimiters, bufferOffset) : null;
        scanner = units.CreateScanner(limit, line);
        hasCtrlZ = format.Delimiters.Column != CtrlZ && format.Delimiters.Quote != CtrlZ;
        Row = new(units);
        (Offset, Line) = (bufferOffset, line);
    }

    /// <summary>The row that was read last.</summary>
    public LoadFileRow Row { get; }

    /// <summary>How many empty lines were passed over so far.</summary>
    public long BlankLines => scanner.BlankLines;

    /// <summary>The place in the file behind the row, in bytes: a record boundary.</summary>
    public long Offset { get; private set; }

    /// <summary>The physical line that begins there.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next row, readable or not, into <see cref="Row"/>; false at the end. A header is a row like any other.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        bufferOffset += dropped;
        dropped = 0;
        return preamble == 0 && Next() is { } found ? new(found) : ReadMoreAsync(ct);
    }

    /// <summary>Disposes the stream; the row is gone too.</summary>
    public ValueTask DisposeAsync()
    {
        if (isDisposed) return default;
        isDisposed = true;
        Row.Place([], 0, [], 0);
        if (!isGrown) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        return stream.DisposeAsync();
    }

    private async ValueTask<bool> ReadMoreAsync(CancellationToken ct)
    {
        if (preamble > 0)
        {
            await stream.ReadAtLeastAsync(buffer.AsMemory(0, preamble), preamble, throwOnEndOfStream: false, ct).ConfigureAwait(false);
            preamble = 0;
        }

        while (true)
        {
            if (Next() is { } found) return found;
            var room = MakeRoom();
            var read = converted is null
                ? await stream.ReadAsync(room, ct).ConfigureAwait(false)
                : await converted.ReadAsync(room, ct).ConfigureAwait(false);
            filled += read;
            if (read == 0) End();
        }
    }

    // True when a row was found, false at the end, null when there is not enough text.
    private bool? Next()
    {
        var result = scanner.Scan(buffer, filled, isAtEnd);
        isSkipping = result == ScanResult.NeedMoreToSkip;
        if (result is ScanResult.NeedMore or ScanResult.NeedMoreToSkip) return null;
        (var start, Offset) = (OffsetOf(scanner.RowStart), OffsetOf(scanner.RowEnd + dropped));
        Line = scanner.NextLine;
        if (result == ScanResult.End) return false;
        Row.Place(buffer, scanner.RowStart, scanner.Cells, scanner.CellCount);
        (Row.Line, Row.Offset, Row.Length) = (scanner.Line, start, Offset - start);
        Row.Error = scanner.Error ?? (scanner.IsSuspect || units.HasInvalidBytes ? EncodingError() : null);
        converted?.Forget(bufferOffset + scanner.RowStart);
        return true;
    }

    private long OffsetOf(long place)
    {
        var inText = bufferOffset + place;
        if (converted is not null) return converted.SourceOf(inText);
        return isOddAtEnd && place == filled + dropped ? inText - 1 : inText;
    }

    private RowError? EncodingError()
    {
        if (units.IsValid(buffer.AsSpan(scanner.RowStart, scanner.RowEnd - scanner.RowStart))) return null;
        for (var cell = 0; cell < scanner.CellCount; cell++)
        {
            if (!units.IsValid(Row.GetBytes(cell))) return RowErrors.InvalidEncoding(cell, units.Name);
        }

        return RowErrors.InvalidEncoding(-1, units.Name);
    }

    private Memory<byte> MakeRoom()
    {
        if (isSkipping)
        {
            // Nothing of the row behind the limit is kept; what is kept are its first cells.
            var keep = scanner.RowStart + limit;
            dropped += filled - keep;
            filled = keep;
            scanner.Drop(keep);
        }

        var start = scanner.RowStart;
        if (start > 0 && (start >= buffer.Length / 2 || filled + 2 * Reserve > buffer.Length))
        {
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            bufferOffset += start;
            scanner.Shift(start);
        }

        var wanted = isSkipping ? limit + FirstBuffer : filled + 2 * Reserve;
        if (wanted > buffer.Length) Grow(wanted);
        return buffer.AsMemory(filled, buffer.Length - filled - Reserve);
    }

    // Twice as much each time, but for a record of one line no more than its limit needs, and for one of several lines twice the limit.
    private void Grow(int wanted)
    {
        var most = wanted <= limit + FirstBuffer ? limit + FirstBuffer : 2 * limit + FirstBuffer;
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(wanted, (int)Math.Min(buffer.Length * 2L, most)));
        buffer.AsSpan(0, filled).CopyTo(larger);
        if (!isGrown) ArrayPool<byte>.Shared.Return(buffer);
        (buffer, isGrown) = (larger, true);
    }

    private void End()
    {
        isAtEnd = true;
        if (filled % units.Size != 0)
        {
            // Half a unit at the end is no character: it is shown to the scanner as an unpaired surrogate.
            buffer.AsSpan(filled - 1, 2).Fill(0xDC);
            filled++;
            isOddAtEnd = true;
        }

        while (hasCtrlZ && filled - scanner.RowStart >= units.Size && IsCtrlZ(buffer.AsSpan(filled - units.Size, units.Size)))
            filled -= units.Size;
    }

    private bool IsCtrlZ(ReadOnlySpan<byte> unit) => unit.Length == 1
        ? unit[0] == CtrlZ
        : unit.SequenceEqual(units.Encoding.CodePage == 1200 ? [CtrlZ, 0] : [0, CtrlZ]);
}
