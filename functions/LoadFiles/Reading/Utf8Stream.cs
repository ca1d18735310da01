using System.Buffers.Binary;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// A file in an encoding whose bytes cannot be scanned (Shift-JIS, GB18030, Big5, EUC-KR, ISO-2022, UTF-32…), as UTF-8. Each physical
/// line is decoded by itself, and where each begins in the file is remembered, so that rows keep their true offsets. Bytes that are
/// no text become bytes that are no UTF-8. A delimiter that is no character of the encoding is a single byte where a character could begin.
/// </summary>
internal sealed class Utf8Stream
{
    // A noncharacter, which no text holds, for what cannot be decoded.
    private const char Undecodable = '\uFDD0';

    // Lines are decoded whole, long ones in pieces of this size: what broken text decodes to can depend on where it is cut, and must not
    // depend on how the bytes arrive.
    private const int Piece = 16 * 1024;

    private readonly Stream source;
    private readonly Decoder decoder;
    private readonly int unit;
    private readonly bool isBigEndian, isStateful, hasDelimiters, hasStrays;
    private readonly bool[] isDelimiter = new bool[256];
    private readonly List<(long Utf8, long Source)> lineEnds;
    private readonly byte[] raw = new byte[2 * Piece];
    private readonly byte[] utf8 = new byte[8 * Piece];
    private readonly char[] characters;
    private int rawStart, rawEnd, utf8Start, utf8End, firstLineEnd;
    private bool isAtEnd, isFlushed, isMidCharacter;
    private long sourceOffset, utf8Offset;

    /// <summary>Reads from the place of <paramref name="source"/> where it stands, which is <paramref name="offset"/> in the file.</summary>
    public Utf8Stream(Stream source, Encoding encoding, Delimiters delimiters, long offset)
    {
        this.source = source;
        (sourceOffset, utf8Offset) = (offset, offset);
        lineEnds = [(offset, offset)];
        var lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = new DecoderReplacementFallback(Undecodable.ToString());
        decoder = lenient.GetDecoder();
        characters = new char[lenient.GetMaxCharCount(Piece)];
        unit = encoding.CodePage is 12000 or 12001 ? 4 : 1;
        isBigEndian = encoding.CodePage == 12001;
        isStateful = StrictText.IsStateful(encoding);
        hasStrays = StrictText.HasStrays(encoding);
        var strict = StrictText.Strict(encoding);
        foreach (var code in new[] { delimiters.Column, delimiters.Quote })
        {
            if (code < 0x80 || unit == 4) continue;
            StrictText.BytesOf(strict, code, out isDelimiter[code]);
            hasDelimiters |= isDelimiter[code];
        }
    }

    /// <summary>The offset in the file of a place in the UTF-8 text: the start of a line, or the end of the text.</summary>
    public long SourceOf(long utf8)
    {
        int low = firstLineEnd, high = lineEnds.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (lineEnds[middle].Utf8 == utf8) return lineEnds[middle].Source;
            if (lineEnds[middle].Utf8 < utf8) low = middle + 1;
            else high = middle - 1;
        }

        // Not a line end, so the end but for Ctrl-Z.
        return sourceOffset - (utf8Offset - utf8) * unit;
    }

    /// <summary>Forgets the lines that end before that place.</summary>
    public void Forget(long utf8)
    {
        while (firstLineEnd < lineEnds.Count && lineEnds[firstLineEnd].Utf8 < utf8) firstLineEnd++;
        if (firstLineEnd < 4096) return;
        lineEnds.RemoveRange(0, firstLineEnd);
        firstLineEnd = 0;
    }

    /// <summary>Reads at least a byte of UTF-8; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken ct)
    {
        while (utf8Start == utf8End)
        {
            if (isFlushed) return 0;
            (utf8Start, utf8End) = (0, 0);
            if (TryConvert()) continue;
            raw.AsSpan(rawStart, rawEnd - rawStart).CopyTo(raw);
            (rawStart, rawEnd) = (0, rawEnd - rawStart);
            var read = await source.ReadAsync(raw.AsMemory(rawEnd), ct).ConfigureAwait(false);
            rawEnd += read;
            isAtEnd = read == 0;
        }

        var length = Math.Min(destination.Length, utf8End - utf8Start);
        utf8.AsMemory(utf8Start, length).CopyTo(destination);
        utf8Start += length;
        return length;
    }

    // Converts whole lines while there is room; false when there is not enough raw text for one.
    private bool TryConvert()
    {
        while (utf8.Length - utf8End >= 7 * Piece)
        {
            var ready = raw.AsSpan(rawStart, Math.Min(Piece, (rawEnd - rawStart) / unit * unit));
            var line = IndexOfLineEnd(ready);
            if (line < 0 && ready.Length < Piece && !isAtEnd) return utf8End > 0;
            var isLast = line < 0 && ready.Length < Piece;
            if (isLast) ready = raw.AsSpan(rawStart, rawEnd - rawStart);
            // A byte becomes at most two characters of three bytes each.
            Convert(ready, line < 0 ? ready.Length : line, flush: line >= 0 || isLast);
            if (line >= 0) EndLine(unit == 4 && isBigEndian ? ready[line + 3] : ready[line]);
            isFlushed = isLast;
            if (isLast) return true;
        }

        return true;
    }

    private void Convert(ReadOnlySpan<byte> text, int length, bool flush)
    {
        var written = Decode(text[..length], flush, utf8.AsSpan(utf8End));
        utf8End += written;
        utf8Offset += written;
        Advance(length);
    }

    private void EndLine(byte end)
    {
        utf8[utf8End++] = end;
        utf8Offset++;
        Advance(unit);
        lineEnds.Add((utf8Offset, sourceOffset));
    }

    private void Advance(int bytes)
    {
        rawStart += bytes;
        sourceOffset += bytes;
    }

    // Line ends are never part of another character in any of these encodings, except as bytes of wide units.
    private int IndexOfLineEnd(ReadOnlySpan<byte> text)
    {
        if (unit == 1) return text.IndexOfAny((byte)'\r', (byte)'\n');
        for (var i = 0; i < text.Length; i += 4)
        {
            var wide = isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(text[i..]) : BinaryPrimitives.ReadInt32LittleEndian(text[i..]);
            if (wide is '\r' or '\n') return i;
        }

        return -1;
    }

    private int Decode(ReadOnlySpan<byte> text, bool flush, Span<byte> destination)
    {
        var written = 0;
        // Between the bytes of a character a delimiter's byte is not a delimiter, so characters are taken one at a time.
        while (hasDelimiters && text.Length > 0)
        {
            if (!isMidCharacter && isDelimiter[text[0]])
            {
                written += EncodingDetector.Utf8.GetBytes([(char)text[0]], destination[written..]);
                text = text[1..];
                continue;
            }

            var take = isStateful ? UpToDelimiter(text) : 1;
            var got = decoder.GetChars(text[..take], characters, false);
            isMidCharacter = got == 0 && !isStateful;
            written += Encode(got, destination[written..]);
            text = text[take..];
        }

        if (text.Length == 0 && !flush) return written;
        if (flush) isMidCharacter = false;
        return written + Encode(decoder.GetChars(text, characters, flush), destination[written..]);
    }

    private static void MarkStrays(Span<char> text)
    {
        int at;
        while ((at = text.IndexOfAnyInRange(StrictText.FirstStray, StrictText.LastStray)) >= 0) text[at] = Undecodable;
    }

    private int UpToDelimiter(ReadOnlySpan<byte> text)
    {
        var length = 1;
        while (length < text.Length && !isDelimiter[text[length]]) length++;
        return length;
    }

    private int Encode(int count, Span<byte> destination)
    {
        if (hasStrays) MarkStrays(characters.AsSpan(0, count));
        var written = EncodingDetector.Utf8.GetBytes(characters.AsSpan(0, count), destination);
        if (characters.AsSpan(0, count).Contains(Undecodable))
        {
            ReadOnlySpan<byte> undecodable = [0xEF, 0xB7, 0x90];
            for (var rest = destination[..written]; rest.IndexOf(undecodable) is var at && at >= 0; rest = rest[(at + 3)..])
                rest.Slice(at, 3).Fill(0xFF);
        }

        return written;
    }
}
