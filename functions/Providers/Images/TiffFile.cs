using System.Buffers.Binary;
using BitMiracle.LibTiff.Classic;

namespace IntegrationPoints.Providers.Images;

/// <summary>TIFF files as images: one page, one bit, CCITT Group IV (load-file specification, "Supported image file formats").</summary>
internal static class TiffFile
{
    private const string Damaged = "a damaged TIFF";

    /// <summary>Pixels of a side: thirty metres at 800 dots an inch.</summary>
    private const int LongestSide = 1_000_000;

    // It would write to the error stream otherwise.
    static TiffFile() => Tiff.SetErrorHandler(new Silence());

    /// <summary>What a TIFF is instead of an image; null when it is one.</summary>
    public static string? Wrong(Stream file)
    {
        if (!HasPlausibleDirectory(file)) return Damaged;
        try
        {
            using var tiff = Open(file);
            return tiff is null ? Damaged : Wrong(tiff, file.Length);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a library throws at hostile bytes: they are no image.
            return Damaged;
        }
    }

    /// <summary>Opens a file that <see cref="Wrong(Stream)"/> found nothing wrong with; closing it leaves the stream open.</summary>
    public static Tiff? Open(Stream file) => Tiff.ClientOpen("image", "r", file, new Opened());

    /// <summary>Begins a file; closing it completes it and leaves the stream open.</summary>
    public static Tiff Create(Stream file) => Tiff.ClientOpen("image", "w", file, new Opened());

    // The library makes room for as many values as a tag says it has, and for as many strips as the page may have rows, before it looks whether
    // the file is that long.
    private static bool HasPlausibleDirectory(Stream file)
    {
        Span<byte> head = stackalloc byte[8], entry = stackalloc byte[12];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return false;
        var isLittle = head[0] == 'I';
        if (Long(head[4..]) >= file.Length) return false;
        file.Position = Long(head[4..]);
        if (file.ReadAtLeast(entry[..2], 2, throwOnEndOfStream: false) < 2) return false;
        for (var tags = Short(entry); tags > 0; tags--)
        {
            if (file.ReadAtLeast(entry, entry.Length, throwOnEndOfStream: false) < entry.Length) return false;
            var (tag, type) = ((TiffTag)Short(entry), Short(entry[2..]));
            if (Long(entry[4..]) * SizeOf(type) > file.Length) return false;
            if (tag is TiffTag.IMAGEWIDTH or TiffTag.IMAGELENGTH && (SizeOf(type) == 2 ? Short(entry[8..]) : Long(entry[8..])) > LongestSide) return false;
        }
        file.Position = 0;
        return true;

        int Short(ReadOnlySpan<byte> bytes) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
        long Long(ReadOnlySpan<byte> bytes) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    // Bytes of a value by its type (TIFF 6.0, section 2); a type that is not known counts as the smallest.
    private static long SizeOf(int type) => type switch { 3 or 8 => 2, 4 or 9 or 11 or 13 => 4, 5 or 10 or 12 => 8, _ => 1 };

    private static string? Wrong(Tiff tiff, long bytes)
    {
        var bits = Number(tiff, TiffTag.BITSPERSAMPLE) * Number(tiff, TiffTag.SAMPLESPERPIXEL);
        if (bits != 1) return $"a TIFF of {bits} bits a pixel";
        if (!tiff.LastDirectory()) return "a TIFF of more than one page";
        var compression = (Compression)Number(tiff, TiffTag.COMPRESSION);
        if (compression != Compression.CCITTFAX4) return $"a TIFF that is {NameOf(compression)}";
        return Number(tiff, TiffTag.IMAGEWIDTH) < 1 || Number(tiff, TiffTag.IMAGELENGTH) < 1 || !HasAllData(tiff, bytes) ? Damaged : null;
    }

    private static bool HasAllData(Tiff tiff, long bytes)
    {
        var offsets = tiff.GetField(tiff.IsTiled() ? TiffTag.TILEOFFSETS : TiffTag.STRIPOFFSETS);
        var counts = tiff.GetField(tiff.IsTiled() ? TiffTag.TILEBYTECOUNTS : TiffTag.STRIPBYTECOUNTS);
        if (offsets is null || counts is null) return false;
        var (at, lengths) = (offsets[0].TolongArray(), counts[0].TolongArray());
        return at.Length > 0 && at.Length == lengths.Length && at.Zip(lengths).All(p => p.First > 0 && p.Second > 0 && p.First <= bytes - p.Second);
    }

    private static int Number(Tiff tiff, TiffTag tag) => tiff.GetFieldDefaulted(tag) is [var value, ..] ? value.ToInt() : 0;

    private static string NameOf(Compression compression) => compression switch
    {
        Compression.NONE => "not compressed",
        Compression.CCITTRLE or Compression.CCITTRLEW or Compression.CCITTFAX3 => "compressed as Group III, not Group IV",
        Compression.LZW => "compressed as LZW, not Group IV",
        Compression.JPEG or Compression.OJPEG => "compressed as JPEG, not Group IV",
        Compression.PACKBITS => "compressed as PackBits, not Group IV",
        Compression.DEFLATE or Compression.ADOBE_DEFLATE => "compressed as Deflate, not Group IV",
        _ => $"compressed in the way {(int)compression}, not Group IV",
    };

    private sealed class Silence : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args) { }
        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args) { }
        public override void WarningHandler(Tiff tif, string method, string format, params object[] args) { }
        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args) { }
    }

    // Who opened the file closes it.
    private sealed class Opened : TiffStream
    {
        public override void Close(object clientData) { }
    }
}
