using BitMiracle.LibTiff.Classic;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>Pictures to export, made by LibTiff: Group IV pages of many kinds, and JPEG files.</summary>
internal static class Pictures
{
    /// <summary>A one-page Group IV TIFF of black lines that differ by <paramref name="seed"/>.</summary>
    public static byte[] Tiff(
        int seed, int width = 200, int height = 100, int rows = 0, bool tiled = false, FillOrder order = FillOrder.MSB2LSB, Photometric light = Photometric.MINISWHITE,
        int orientation = 1, double dots = 100, ResUnit unit = ResUnit.INCH)
    {
        var file = new MemoryStream();
        using (var tiff = BitMiracle.LibTiff.Classic.Tiff.ClientOpen("made", "w", file, new Open()))
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, width);
            tiff.SetField(TiffTag.IMAGELENGTH, height);
            tiff.SetField(TiffTag.BITSPERSAMPLE, 1);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, 1);
            tiff.SetField(TiffTag.COMPRESSION, Compression.CCITTFAX4);
            tiff.SetField(TiffTag.PHOTOMETRIC, light);
            tiff.SetField(TiffTag.FILLORDER, order);
            tiff.SetField(TiffTag.ORIENTATION, (Orientation)orientation);
            tiff.SetField(TiffTag.XRESOLUTION, dots);
            tiff.SetField(TiffTag.YRESOLUTION, dots);
            tiff.SetField(TiffTag.RESOLUTIONUNIT, unit);
            if (tiled)
            {
                tiff.SetField(TiffTag.TILEWIDTH, 64);
                tiff.SetField(TiffTag.TILELENGTH, 64);
                for (var i = 0; i < tiff.NumberOfTiles(); i++) tiff.WriteEncodedTile(i, Bits(seed + i, 64, 64), 64 * 8);
            }
            else
            {
                tiff.SetField(TiffTag.ROWSPERSTRIP, rows == 0 ? height : rows);
                var bits = Bits(seed, width, height);
                var line = (width + 7) / 8;
                for (var i = 0; i < tiff.NumberOfStrips(); i++)
                {
                    var from = i * tiff.GetField(TiffTag.ROWSPERSTRIP)[0].ToInt() * line;
                    var strip = bits[from..Math.Min(bits.Length, from + tiff.StripSize())];
                    tiff.WriteEncodedStrip(i, strip, strip.Length);
                }
            }
            tiff.WriteDirectory();
        }
        return file.ToArray();
    }

    /// <summary>A baseline JPEG of 32 by 16 pixels with so many components; three are YCbCr, sampled like this, or RGB.</summary>
    public static byte[] Jpeg(int components, int seed = 1, (int, int)? sampling = null)
    {
        var file = new MemoryStream();
        using (var tiff = BitMiracle.LibTiff.Classic.Tiff.ClientOpen("made", "w", file, new Open()))
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, 32);
            tiff.SetField(TiffTag.IMAGELENGTH, 16);
            tiff.SetField(TiffTag.BITSPERSAMPLE, 8);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, components);
            tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
            tiff.SetField(TiffTag.COMPRESSION, Compression.JPEG);
            tiff.SetField(TiffTag.PHOTOMETRIC, components == 1 ? Photometric.MINISBLACK : components == 4 ? Photometric.SEPARATED : sampling is null ? Photometric.RGB : Photometric.YCBCR);
            tiff.SetField(TiffTag.JPEGTABLESMODE, 0);
            tiff.SetField(TiffTag.ROWSPERSTRIP, 16);
            if (sampling is var (across, down))
            {
                tiff.SetField(TiffTag.YCBCRSUBSAMPLING, across, down);
                tiff.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB);
            }
            var pixels = new byte[32 * 16 * components];
            for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * seed * 7);
            for (var line = 0; line < 16; line++) Assert.True(tiff.WriteScanline(pixels[(32 * components * line)..(32 * components * (line + 1))], line));
            tiff.WriteDirectory();
        }
        return Read(file.ToArray())[0].Pieces[0];
    }

    /// <summary>A JPEG with a segment more behind its first marker.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] content)
        => [.. jpeg[..2], 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];

    /// <summary>An EXIF segment that says nothing but the orientation.</summary>
    public static byte[] Exif(int orientation, bool isLittle) => isLittle
        ? [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
        : [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    /// <summary>The pages of a TIFF: their compressed pieces, and what LibTiff makes of them.</summary>
    public static List<TiffPageRead> Read(byte[] file)
    {
        var pages = new List<TiffPageRead>();
        using var tiff = BitMiracle.LibTiff.Classic.Tiff.ClientOpen("read", "r", new MemoryStream(file), new Open());
        Assert.NotNull(tiff);
        do
        {
            var pieces = new List<byte[]>();
            var count = tiff.IsTiled() ? tiff.NumberOfTiles() : tiff.NumberOfStrips();
            var lengths = tiff.GetField(tiff.IsTiled() ? TiffTag.TILEBYTECOUNTS : TiffTag.STRIPBYTECOUNTS)[0].TolongArray();
            for (var i = 0; i < count; i++)
            {
                var piece = new byte[lengths[i]];
                Assert.Equal(piece.Length, tiff.IsTiled() ? tiff.ReadRawTile(i, piece, 0, piece.Length) : tiff.ReadRawStrip(i, piece, 0, piece.Length));
                pieces.Add(piece);
            }
            var pixels = new int[Number(tiff, TiffTag.IMAGEWIDTH) * Number(tiff, TiffTag.IMAGELENGTH)];
            Assert.True(tiff.ReadRGBAImageOriented(Number(tiff, TiffTag.IMAGEWIDTH), Number(tiff, TiffTag.IMAGELENGTH), pixels, (Orientation)Number(tiff, TiffTag.ORIENTATION)));
            pages.Add(new TiffPageRead(
                pieces, pixels, Number(tiff, TiffTag.ORIENTATION), (Compression)Number(tiff, TiffTag.COMPRESSION), (Photometric)Number(tiff, TiffTag.PHOTOMETRIC),
                (FillOrder)Number(tiff, TiffTag.FILLORDER), tiff.GetField(TiffTag.XRESOLUTION)?[0].ToDouble() ?? 0, Number(tiff, TiffTag.IMAGEWIDTH), Number(tiff, TiffTag.IMAGELENGTH)));
        }
        while (tiff.ReadDirectory());
        return pages;
    }

    private static int Number(Tiff tiff, TiffTag tag) => tiff.GetFieldDefaulted(tag)[0].ToInt();

    // Blocks of eight pixels, so that pages compress like letters do.
    private static byte[] Bits(int seed, int width, int height)
    {
        var random = new Random(seed);
        var bits = new byte[(width + 7) / 8 * height];
        for (var i = 0; i < bits.Length; i++) bits[i] = random.Next(4) == 0 ? (byte)random.Next(256) : (byte)0;
        return bits;
    }

    private sealed class Open : TiffStream
    {
        public override void Close(object clientData) { }
    }
}

/// <summary>A page of a TIFF as LibTiff reads it.</summary>
internal sealed record TiffPageRead(
    List<byte[]> Pieces, int[] Pixels, int Orientation, Compression Compression, Photometric Light, FillOrder Order, double Dots, int Width, int Height);
