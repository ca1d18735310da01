using BitMiracle.LibTiff.Classic;
using IntegrationPoints.Providers.Images;

namespace IntegrationPoints.Providers.Export;

/// <summary>The one page of a Group IV TIFF: where its compressed pieces (strips or tiles) lie in the file, and what has to be known to show them.</summary>
internal sealed record TiffPage
{
    /// <summary>What is taken for the dots an inch of a page that does not say, or says nonsense.</summary>
    private const double UsualDots = 300;

    private const double MostDots = 100_000;

    /// <summary>Pixels of a line.</summary>
    public required int Width { get; init; }

    /// <summary>Lines.</summary>
    public required int Height { get; init; }

    /// <summary>Whether the pieces are tiles.</summary>
    public required bool IsTiled { get; init; }

    /// <summary>The size of a piece; the last strip may have fewer lines, a tile never has.</summary>
    public required (int Width, int Height) Piece { get; init; }

    /// <summary>Where each piece lies in the file.</summary>
    public required IReadOnlyList<(long Offset, int Length)> Pieces { get; init; }

    /// <summary>Whether the lowest bit of a byte comes first.</summary>
    public required bool LowBitFirst { get; init; }

    /// <summary>Whether what the compression calls white is shown black.</summary>
    public required bool Inverted { get; init; }

    /// <summary>The tag T6Options: bit 1, that pieces may hold pixels that are not compressed.</summary>
    public required int Options { get; init; }

    /// <summary>Dots an inch, across and down.</summary>
    public required (double X, double Y) Dots { get; init; }

    /// <summary>How it is to be shown.</summary>
    public required PageTurn Turn { get; init; }

    /// <summary>The page of a file that <see cref="TiffFile.Wrong(Stream)"/> found nothing wrong with; null when it is damaged all the same.</summary>
    public static TiffPage? Read(Stream file)
    {
        file.Position = 0;
        using var tiff = TiffFile.Open(file);
        if (tiff is null) return null;
        var isTiled = tiff.IsTiled();
        var (width, height) = (Number(tiff, TiffTag.IMAGEWIDTH), Number(tiff, TiffTag.IMAGELENGTH));
        var rows = tiff.GetField(TiffTag.ROWSPERSTRIP) is [var said, ..] && said.ToInt() is > 0 and var some ? Math.Min(some, height) : height;
        var piece = isTiled ? (Width: Number(tiff, TiffTag.TILEWIDTH), Height: Number(tiff, TiffTag.TILELENGTH)) : (Width: width, Height: rows);
        var pieces = PiecesOf(tiff, isTiled);
        if (piece.Width < 1 || piece.Height < 1 || pieces.Count != Count(width, piece.Width) * Count(height, piece.Height)) return null;
        // Pieces that share their bytes would let a little file become any size.
        if (pieces.Sum(p => (long)p.Length) > file.Length) return null;
        return new TiffPage
        {
            Width = width,
            Height = height,
            IsTiled = isTiled,
            Piece = piece,
            Pieces = pieces,
            LowBitFirst = Number(tiff, TiffTag.FILLORDER) == (int)FillOrder.LSB2MSB,
            Inverted = tiff.GetField(TiffTag.PHOTOMETRIC) is [var light, ..] && light.ToInt() == (int)Photometric.MINISBLACK,
            Options = Number(tiff, TiffTag.GROUP4OPTIONS),
            Dots = DotsOf(tiff),
            Turn = PageTurn.Of(Number(tiff, TiffTag.ORIENTATION)),
        };
    }

    private static long Count(int whole, int piece) => (whole + (long)piece - 1) / piece;

    private static List<(long Offset, int Length)> PiecesOf(Tiff tiff, bool isTiled)
    {
        var offsets = tiff.GetField(isTiled ? TiffTag.TILEOFFSETS : TiffTag.STRIPOFFSETS)[0].TolongArray();
        var lengths = tiff.GetField(isTiled ? TiffTag.TILEBYTECOUNTS : TiffTag.STRIPBYTECOUNTS)[0].TolongArray();
        return [.. offsets.Zip(lengths, (offset, length) => (offset, checked((int)length)))];
    }

    private static (double, double) DotsOf(Tiff tiff)
    {
        var scale = Number(tiff, TiffTag.RESOLUTIONUNIT) switch { (int)ResUnit.NONE => 0, (int)ResUnit.CENTIMETER => 2.54, _ => 1 };
        var across = Sensible(tiff.GetField(TiffTag.XRESOLUTION), scale) ?? UsualDots;
        return (across, Sensible(tiff.GetField(TiffTag.YRESOLUTION), scale) ?? across);
    }

    private static double? Sensible(FieldValue[]? said, double scale)
        => said is [var value, ..] && value.ToDouble() * scale is >= 1 and <= MostDots and var dots ? dots : null;

    private static int Number(Tiff tiff, TiffTag tag) => tiff.GetFieldDefaulted(tag) is [var value, ..] ? value.ToInt() : 0;
}
