using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// The code units in which a file is scanned, and what they mean: bytes of UTF-8 or of an encoding of one byte a character, or 16-bit
/// units of UTF-16. Every other encoding is turned into UTF-8 on the way in (<see cref="Utf8Stream"/>).
/// </summary>
internal sealed class TextUnits
{
    private readonly SearchValues<byte>? invalid;
    private readonly bool blanksBeforeQuotes;

    private TextUnits(LoadFileFormat format)
    {
        (Delimiters, blanksBeforeQuotes) = (format.Delimiters, format.BlanksBeforeQuotes);
        Name = format.Encoding.WebName;
        IsConverted = !format.Encoding.IsSingleByte && format.Encoding.CodePage is not (65001 or 1200 or 1201);
        Encoding = IsConverted || format.Encoding.CodePage == 65001 ? EncodingDetector.Utf8 : format.Encoding;
        Size = Encoding.CodePage is 1200 or 1201 ? 2 : 1;
        Strict = StrictText.Strict(Encoding);
        Column = StrictText.BytesOf(Strict, Delimiters.Column, out _);
        Quote = Delimiters.Quote == 0 ? [] : StrictText.BytesOf(Strict, Delimiters.Quote, out _);
        if (Encoding.IsSingleByte) invalid = InvalidBytes();
    }

    /// <summary>The encoding of the scanned text.</summary>
    public Encoding Encoding { get; }

    /// <summary>The encoding of the file, for messages.</summary>
    public string Name { get; }

    /// <summary>Whether the file is converted to UTF-8 before it is scanned.</summary>
    public bool IsConverted { get; }

    /// <summary>Bytes a unit.</summary>
    public int Size { get; }

    /// <summary>The bytes of the quote; empty when there is none.</summary>
    public byte[] Quote { get; }

    /// <summary>Whether a unit is a <see cref="char"/> of this machine.</summary>
    public bool IsNativeUtf16 => Encoding.CodePage == (BitConverter.IsLittleEndian ? 1200 : 1201);

    /// <summary>Whether every row must be looked at for bytes that the encoding does not know.</summary>
    public bool HasInvalidBytes => invalid is not null;

    private Delimiters Delimiters { get; }

    private Encoding Strict { get; }

    private byte[] Column { get; }

    public static TextUnits Of(LoadFileFormat format) => new(format);

    /// <summary>A scanner for a file in these units.</summary>
    public RowScanner CreateScanner(int maxRecordBytes, long line)
    {
        if (Size == 2)
        {
            var wide = new TokenSet<ushort>(
                Wide(Column), Wide(Column), 1, Quote.Length == 0 ? (ushort)0 : Wide(Quote), Quote.Length == 0 ? (ushort)0 : Wide(Quote),
                Quote.Length / 2, Wide(Strict.GetBytes("\r")), Wide(Strict.GetBytes("\n")), ushort.MaxValue);
            var (mask, surrogate) = IsNativeUtf16 ? ((ushort)0xF800, (ushort)0xD800) : ((ushort)0x00F8, (ushort)0x00D8);
            var blanks = (Wide(Strict.GetBytes(" ")), Wide(Strict.GetBytes("\t")));
            return new RowScanner<ushort>(new Utf16TokenFinder(wide, mask, surrogate), wide, blanks, maxRecordBytes, line) { BlanksBeforeQuotes = blanksBeforeQuotes };
        }

        var narrow = new TokenSet<byte>(
            Column[0], Column[^1], Column.Length, Quote.Length == 0 ? (byte)0 : Quote[0], Quote.Length == 0 ? (byte)0 : Quote[^1], Quote.Length,
            Byte('\r'), Byte('\n'), Encoding.CodePage == 65001 ? (byte)0x80 : byte.MaxValue);
        return new RowScanner<byte>(new ByteTokenFinder(narrow), narrow, (Byte(' '), Byte('\t')), maxRecordBytes, line) { BlanksBeforeQuotes = blanksBeforeQuotes };
    }

    /// <summary>Where the next quote stands, in bytes; −1 when there is none.</summary>
    public int IndexOfQuote(ReadOnlySpan<byte> text)
    {
        if (Size == 1) return text.IndexOf(Quote);
        var at = MemoryMarshal.Cast<byte, ushort>(text).IndexOf(Wide(Quote));
        return at < 0 ? at : at * 2;
    }

    /// <summary>Whether all of it is text in the encoding.</summary>
    public bool IsValid(ReadOnlySpan<byte> text)
    {
        if (Size == 1) return invalid is null ? Encoding.CodePage != 65001 || Utf8.IsValid(text) : !text.ContainsAny(invalid);
        var units = MemoryMarshal.Cast<byte, char>(text);
        for (var i = 0; i < units.Length; i++)
        {
            var unit = IsNativeUtf16 ? units[i] : (char)System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(units[i]);
            if (!char.IsSurrogate(unit)) continue;
            if (!char.IsHighSurrogate(unit) || ++i == units.Length) return false;
            unit = IsNativeUtf16 ? units[i] : (char)System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(units[i]);
            if (!char.IsLowSurrogate(unit)) return false;
        }

        return true;
    }

    private static ushort Wide(byte[] unit) => BitConverter.ToUInt16(unit);

    private byte Byte(char character) => StrictText.BytesOf(Strict, character, out _)[0];

    private SearchValues<byte>? InvalidBytes()
    {
        var found = new List<byte>();
        for (var value = 0; value < 256; value++)
        {
            if (Column[0] == value || (Quote.Length > 0 && Quote[0] == value)) continue;
            try
            {
                Strict.GetCharCount([(byte)value]);
            }
            catch (DecoderFallbackException)
            {
                found.Add((byte)value);
            }
        }

        return found.Count == 0 ? null : SearchValues.Create([.. found]);
    }
}
