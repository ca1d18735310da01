using BitMiracle.LibTiff.Classic;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Images;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// A TIFF of many pages, made of the compressed bytes of its pages as they are: strips and tiles of Group IV, and whole JPEG files, each the one strip
/// of its page (TIFF Technical Note 2).
/// </summary>
internal sealed class TiffPages : IDisposable
{
    // Places in a TIFF have 32 bits, and libraries take some of them for signed.
    private const long MostBytes = 4_000_000_000, MostPieceBytes = 512 * 1024 * 1024;

    private const string TooLarge = "the file would become larger than 4 GB, which no TIFF is";

    private readonly Stream file;
    private readonly Tiff tiff;
    private readonly int total;
    private int pages;

    /// <summary>Begins a file of so many pages in an empty stream, which stays open.</summary>
    public TiffPages(Stream file, int total)
    {
        (this.file, this.total) = (file, total);
        tiff = TiffFile.Create(file) ?? throw new IOException("A TIFF could not be begun.");
    }

    /// <summary>Adds the page of an image file that is not damaged.</summary>
    /// <returns>Why it cannot be added, in words that follow "because"; null: it was.</returns>
    public string? Add(ImageType type, Stream image, int rotation) => type switch
    {
        ImageType.Tiff => TiffPage.Read(image) is { } page ? Add(page, image, rotation) : "it is damaged",
        ImageType.Jpeg => JpegPage.Read(image) is { } page ? Add(page, image, rotation) : "it is damaged",
        _ => "it is a PDF, whose pages are no pictures",
    };

    /// <inheritdoc/>
    public void Dispose() => tiff.Dispose();

    private string? Add(TiffPage page, Stream image, int rotation)
    {
        if (file.Length + page.Pieces.Sum(p => (long)p.Length) > MostBytes) return TooLarge;
        if (page.Pieces.Any(p => p.Length > MostPieceBytes)) return "it has a strip of more than 512 MB";
        Begin(page.Width, page.Height, page.Dots, page.Turn.By(rotation));
        tiff.SetField(TiffTag.COMPRESSION, Compression.CCITTFAX4);
        tiff.SetField(TiffTag.PHOTOMETRIC, page.Inverted ? Photometric.MINISBLACK : Photometric.MINISWHITE);
        tiff.SetField(TiffTag.FILLORDER, page.LowBitFirst ? FillOrder.LSB2MSB : FillOrder.MSB2LSB);
        if (page.Options != 0) tiff.SetField(TiffTag.GROUP4OPTIONS, page.Options);
        tiff.SetField(TiffTag.BITSPERSAMPLE, 1);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, 1);
        if (page.IsTiled)
        {
            tiff.SetField(TiffTag.TILEWIDTH, page.Piece.Width);
            tiff.SetField(TiffTag.TILELENGTH, page.Piece.Height);
        }
        else
        {
            tiff.SetField(TiffTag.ROWSPERSTRIP, page.Piece.Height);
        }
        for (var i = 0; i < page.Pieces.Count; i++) Write(i, page.IsTiled, image, page.Pieces[i].Offset, page.Pieces[i].Length);
        return End();
    }

    private string? Add(JpegPage page, Stream image, int rotation)
    {
        if (Unfit(page) is { } reason) return reason;
        if (file.Length + image.Length > MostBytes) return TooLarge;
        if (image.Length > MostPieceBytes) return "it has more than 512 MB";
        Begin(page.Width, page.Height, page.Dots, page.Turn.By(rotation));
        tiff.SetField(TiffTag.COMPRESSION, Compression.JPEG);
        tiff.SetField(TiffTag.BITSPERSAMPLE, page.Bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, page.Components.Count);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        var isColor = page.Components.Count == 3 && !page.IsRgb;
        tiff.SetField(TiffTag.PHOTOMETRIC, isColor ? Photometric.YCBCR : page.IsRgb ? Photometric.RGB : Photometric.MINISBLACK);
        if (isColor) tiff.SetField(TiffTag.YCBCRSUBSAMPLING, page.Components[0].Across, page.Components[0].Down);
        tiff.SetField(TiffTag.ROWSPERSTRIP, page.Height);
        // The tables are in the strip. The library would write two thousand zeros for them; this is what a file without any says.
        byte[] noTables = [0xFF, 0xD8, 0xFF, 0xD9];
        tiff.SetField(TiffTag.JPEGTABLES, noTables.Length, noTables);
        Write(0, isTile: false, image, 0, (int)image.Length);
        return End();
    }

    // The note lets readers expect what is in sequence (baseline or extended), in 8 bits, and how the samples of colors lie.
    private static string? Unfit(JpegPage page)
    {
        if (page.Height == 0) return "it is a JPEG that does not say how many lines it has";
        if (page.Frame is not (0xC0 or 0xC1)) return "it is a JPEG that is progressive, lossless or of another rare kind";
        if (page.Bits != 8) return $"it is a JPEG of {page.Bits} bits a sample";
        if (page.Components.Count is not (1 or 3)) return $"it is a JPEG of {page.Components.Count} colors (CMYK)";
        var isEven = page.Components.Skip(1).All(c => (c.Across, c.Down) == (1, 1)) && page.Components[0] is { Across: 1 or 2 or 4, Down: 1 or 2 or 4 };
        return page.Components.Count == 1 || isEven ? null : "it is a JPEG whose colors are sampled in a rare way";
    }

    private void Begin(int width, int height, (double X, double Y) dots, PageTurn turn)
    {
        tiff.SetField(TiffTag.SUBFILETYPE, total > 1 ? FileType.PAGE : 0);
        tiff.SetField(TiffTag.IMAGEWIDTH, width);
        tiff.SetField(TiffTag.IMAGELENGTH, height);
        tiff.SetField(TiffTag.ORIENTATION, (Orientation)turn.Orientation);
        tiff.SetField(TiffTag.RESOLUTIONUNIT, ResUnit.INCH);
        tiff.SetField(TiffTag.XRESOLUTION, dots.X);
        tiff.SetField(TiffTag.YRESOLUTION, dots.Y);
        if (total <= ushort.MaxValue) tiff.SetField(TiffTag.PAGENUMBER, pages, total);
    }

    private void Write(int piece, bool isTile, Stream image, long offset, int length)
    {
        var bytes = new byte[length];
        image.Position = offset;
        image.ReadExactly(bytes);
        if ((isTile ? tiff.WriteRawTile(piece, bytes, length) : tiff.WriteRawStrip(piece, bytes, length)) != length)
            throw new IOException("A page of a TIFF could not be written.");
    }

    private string? End()
    {
        if (!tiff.WriteDirectory()) throw new IOException("A page of a TIFF could not be written.");
        pages++;
        return null;
    }
}
