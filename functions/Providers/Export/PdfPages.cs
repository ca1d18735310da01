using System.Buffers;
using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Export;

/// <summary>A PDF made of the compressed bytes of its pages as they are: Group IV and JPEG, each filling a page of its own size, and pages of PDFs.</summary>
internal sealed class PdfPages
{
    private const double PointsAnInch = 72;

    // ISO 32000-1, annex C: what programs take for the sides of a page.
    private const double LongestSide = 14_400;

    private const int MostPieces = 10_000, CopyBytes = 64 * 1024;

    // The library keeps what it has read of a PDF in memory.
    private const long MostPdfBytes = 256 * 1024 * 1024;

    private readonly PdfWriter pdf;
    private readonly int catalog, tree;
    private readonly List<int> pages = [];
    private string? layers;

    /// <summary>Begins a file in a stream that stays open.</summary>
    public PdfPages(Stream file, CancellationToken cancellationToken)
    {
        pdf = new PdfWriter(file, cancellationToken);
        (catalog, tree) = (pdf.Reserve(), pdf.Reserve());
    }

    /// <summary>Writes what comes before the pages.</summary>
    public Task BeginAsync() => pdf.BeginAsync();

    /// <summary>Adds the page of an image file that is not damaged.</summary>
    /// <returns>Why it cannot be added, in words that follow "because"; null: it was.</returns>
    public Task<string?> AddAsync(ImageType type, Stream image, int rotation) => type switch
    {
        ImageType.Tiff => TiffPage.Read(image) is { } page ? AddAsync(page, image, rotation) : Task.FromResult<string?>("it is damaged"),
        ImageType.Jpeg => JpegPage.Read(image) is { } page ? AddAsync(page, image, rotation) : Task.FromResult<string?>("it is damaged"),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Adds pages of a PDF.</summary>
    /// <param name="file">The PDF.</param>
    /// <param name="said">How many pages it is said to have.</param>
    /// <param name="chosen">Number of each, from 1, and the degrees by which it is turned.</param>
    /// <returns>As <see cref="AddAsync(ImageType, Stream, int)"/>.</returns>
    public async Task<string?> AddAsync(Stream file, int said, IReadOnlyList<(int Number, int Degrees)> chosen)
    {
        if (file.Length > MostPdfBytes) return "it is a PDF of more than 256 MB, of which not the whole becomes the file as it is";
        try
        {
            using var source = new PdfSource(file, pdf, tree);
            if (source.Pages != said) return string.Create(CultureInfo.InvariantCulture, $"it is a PDF of {source.Pages} pages and not, as when it was imported, of {said}");
            var (copies, hidden) = await source.CopyAsync(chosen);
            if (hidden is not null && layers is not null) return "it is the second PDF of the document that has layers";
            layers ??= hidden;
            pages.AddRange(copies);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException && !pdf.HasFailed)
        {
            // Whatever a library throws at hostile bytes.
            return "it is a damaged PDF";
        }
    }

    /// <summary>Writes what comes after the pages.</summary>
    public async Task EndAsync()
    {
        await pdf.ObjectAsync(tree, $"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', pages.Select(p => $"{p} 0 R"))}]>>");
        await pdf.ObjectAsync(catalog, $"<</Type/Catalog/Pages {tree} 0 R{(layers is null ? "" : $"/OCProperties {layers}")}>>");
        await pdf.EndAsync(catalog);
    }

    private async Task<string?> AddAsync(TiffPage page, Stream image, int rotation)
    {
        if ((page.Options & 2) != 0) return "it is a TIFF that may hold pixels that are not compressed";
        if (page.Pieces.Count > MostPieces) return $"it is a TIFF of more than {MostPieces} strips";
        var (width, height) = Size(page.Width, page.Height, page.Dots);
        var content = new StringBuilder();
        var images = new List<int>();
        var across = (page.Width + page.Piece.Width - 1) / page.Piece.Width;
        for (var i = 0; i < page.Pieces.Count; i++)
        {
            var (left, top) = (i % across * page.Piece.Width, i / across * page.Piece.Height);
            // The last strip ends with the page; tiles reach over its edges, where nothing of them is seen.
            var lines = page.IsTiled ? page.Piece.Height : Math.Min(page.Piece.Height, page.Height - top);
            var (x, y) = (width / page.Width, height / page.Height);
            content.Append(CultureInfo.InvariantCulture, $"q {N(page.Piece.Width * x)} 0 0 {N(lines * y)} {N(left * x)} {N(height - (top + lines) * y)} cm /I{i} Do Q\n");
            images.Add(pdf.Reserve());
            var piece = page.Pieces[i];
            await pdf.StreamAsync(
                images[^1],
                $"/Type/XObject/Subtype/Image/Width {page.Piece.Width}/Height {lines}/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode"
                    + $"/DecodeParms<</K -1/Columns {page.Piece.Width}/Rows {lines}{(page.Inverted ? "/BlackIs1 true" : "")}>>",
                piece.Length,
                () => CopyAsync(image, piece.Offset, piece.Length, page.LowBitFirst));
        }
        await PageAsync(width, height, page.Turn.By(rotation), content.ToString(), images);
        return null;
    }

    private async Task<string?> AddAsync(JpegPage page, Stream image, int rotation)
    {
        if (page.Height == 0) return "it is a JPEG that does not say how many lines it has";
        if (page.Frame is not (0xC0 or 0xC1 or 0xC2)) return "it is a JPEG that is lossless, arithmetic or of another rare kind";
        if (page.Bits != 8) return $"it is a JPEG of {page.Bits} bits a sample";
        var colors = page.Components.Count switch { 1 => "DeviceGray", 3 => "DeviceRGB", 4 => "DeviceCMYK", _ => null };
        if (colors is null) return $"it is a JPEG of {page.Components.Count} colors";
        // Adobe's programs write these colors the other way round. What the file itself says of the transform, the filter knows.
        var inverted = page.Components.Count == 4 && page.AdobeTransform is not null ? "/Decode[1 0 1 0 1 0 1 0]" : "";
        var plain = page.AdobeTransform is null && page.IsRgb ? "/DecodeParms<</ColorTransform 0>>" : "";
        var (width, height) = Size(page.Width, page.Height, page.Dots);
        var number = pdf.Reserve();
        await pdf.StreamAsync(
            number,
            $"/Type/XObject/Subtype/Image/Width {page.Width}/Height {page.Height}/ColorSpace/{colors}/BitsPerComponent 8/Filter/DCTDecode{plain}{inverted}",
            image.Length,
            () => CopyAsync(image, 0, image.Length, flip: false));
        await PageAsync(width, height, page.Turn.By(rotation), $"q {N(width)} 0 0 {N(height)} 0 0 cm /I0 Do Q\n", [number]);
        return null;
    }

    private async Task PageAsync(double width, double height, PageTurn turn, string content, List<int> images)
    {
        var (page, drawing) = (pdf.Reserve(), pdf.Reserve());
        var bytes = Encoding.ASCII.GetBytes((turn.Mirrored ? $"-1 0 0 1 {N(width)} 0 cm\n" : "") + content);
        await pdf.StreamAsync(drawing, "", bytes.Length, () => pdf.BytesAsync(bytes));
        var names = string.Concat(images.Select((number, i) => $"/I{i} {number} 0 R"));
        await pdf.ObjectAsync(
            page,
            $"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {N(width)} {N(height)}]{(turn.Degrees == 0 ? "" : $"/Rotate {turn.Degrees}")}"
                + $"/Resources<</XObject<<{names}>>>>/Contents {drawing} 0 R>>");
        pages.Add(page);
    }

    private async Task CopyAsync(Stream image, long offset, long length, bool flip)
    {
        var piece = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            image.Position = offset;
            for (int count; length > 0; length -= count)
            {
                count = (int)Math.Min(length, piece.Length);
                await image.ReadExactlyAsync(piece.AsMemory(0, count));
                if (flip) Flip(piece.AsSpan(0, count));
                await pdf.BytesAsync(piece.AsMemory(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    // PDF knows one order of bits only.
    private static void Flip(Span<byte> bytes)
    {
        foreach (ref var b in bytes)
        {
            b = (byte)((b & 0xF0) >> 4 | (b & 0x0F) << 4);
            b = (byte)((b & 0xCC) >> 2 | (b & 0x33) << 2);
            b = (byte)((b & 0xAA) >> 1 | (b & 0x55) << 1);
        }
    }

    private static (double Width, double Height) Size(int width, int height, (double X, double Y) dots)
    {
        var (across, down) = (width * PointsAnInch / dots.X, height * PointsAnInch / dots.Y);
        var scale = Math.Min(1, LongestSide / Math.Max(across, down));
        return (Math.Max(1, across * scale), Math.Max(1, down * scale));
    }

    private static string N(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
