using System.Globalization;
using System.Text;
using BitMiracle.LibTiff.Classic;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Providers.Tests.Images;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Tokens;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>One PDF a document: Group IV and JPEG as they are, PDF pages as they were (issue "Export to load files", Formats).</summary>
public sealed class ExportedPdfTests(Stores stores) : IClassFixture<Stores>
{
    private const string Path = "VOL01/IMAGES/IMG001/AS1.pdf";
    private readonly ExportPlace place = new(stores);

    private static CancellationToken Stop => ExportPlace.Stop;

    /// <summary>Rows of a strip, whether tiles, order of bits, what zero is.</summary>
    public static TheoryData<int, bool, FillOrder, Photometric> Kinds => new()
    {
        { 0, false, FillOrder.MSB2LSB, Photometric.MINISWHITE }, { 0, false, FillOrder.MSB2LSB, Photometric.MINISBLACK }, { 0, false, FillOrder.LSB2MSB, Photometric.MINISWHITE },
        { 7, false, FillOrder.MSB2LSB, Photometric.MINISWHITE }, { 7, false, FillOrder.LSB2MSB, Photometric.MINISBLACK }, { 0, true, FillOrder.MSB2LSB, Photometric.MINISWHITE },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Strips_of_Group_IV_are_the_same_bytes_and_the_same_pixels(int rows, bool tiled, FillOrder order, Photometric light)
    {
        var source = Pictures.Tiff(11, rows: rows, tiled: tiled, order: order, light: light);
        var done = await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(12)), await place.PageAsync("A2", ImageType.Tiff, source)]);
        Assert.Equal([new("A1", Path, 1, 2, ImageType.Pdf), new ExportedImage("A2", Path, 2, 2, ImageType.Pdf)], done.Images);
        using var pdf = await OpenAsync();
        var page = pdf.GetPage(2);
        var before = Pictures.Read(source)[0];
        var images = page.GetImages().ToList();
        Assert.Equal(before.Pieces, images.Select(i => Flipped(i.RawMemory.ToArray(), order)));
        Assert.Equal(Pixels(before), Pixels(page, images, before.Width, before.Height));
        Assert.Equal((200 * 0.72, 100 * 0.72), (page.Width, page.Height));
    }

    [Theory]
    [InlineData(1, "DeviceGray")]
    [InlineData(3, "DeviceRGB")]
    [InlineData(4, "DeviceCMYK")]
    public async Task A_JPEG_is_embedded_byte_for_byte(int components, string colors)
    {
        var jpeg = Pictures.Jpeg(components, sampling: components == 3 ? (2, 2) : null);
        await WriteAsync([await place.PageAsync("A1", ImageType.Jpeg, jpeg)]);
        using var pdf = await OpenAsync();
        var image = Assert.Single(pdf.GetPage(1).GetImages());
        Assert.Equal(jpeg, image.RawMemory.ToArray());
        Assert.Equal((32, 16, colors), (image.WidthInSamples, image.HeightInSamples, image.ImageDictionary.Data["ColorSpace"].ToString()!.TrimStart('/')));
    }

    [Fact]
    public async Task Colors_that_Adobe_writes_the_other_way_round_are_turned_back()
    {
        var adobe = Pictures.WithSegment(Pictures.Jpeg(4), 0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]);
        await WriteAsync([await place.PageAsync("A1", ImageType.Jpeg, adobe), await place.PageAsync("A2", ImageType.Jpeg, Pictures.Jpeg(4))]);
        using var pdf = await OpenAsync();
        Assert.Equal([true, false], Enumerable.Range(1, 2).Select(p => pdf.GetPage(p).GetImages().Single().ImageDictionary.ContainsKey(NameToken.Decode)));
    }

    /// <summary>The orientation that the file says, degrees to turn, turn of the page, whether it is turned over.</summary>
    public static TheoryData<int, int, int, bool> Turns => new()
    {
        { 1, 0, 0, false }, { 1, 90, 90, false }, { 6, 0, 90, false }, { 6, 270, 0, false }, { 3, 0, 180, false }, { 8, 0, 270, false }, { 2, 0, 0, true }, { 4, 0, 180, true }, { 5, 0, 270, true }, { 7, 0, 90, true },
    };

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Pages_are_turned_as_file_and_load_file_say(int orientation, int degrees, int expected, bool mirrored)
    {
        var jpeg = Pictures.Jpeg(1);
        await WriteAsync([
            await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1, orientation: orientation), degrees),
            await place.PageAsync("A2", ImageType.Jpeg, Pictures.WithSegment(jpeg, 0xE1, Pictures.Exif(orientation, isLittle: true)), degrees),
            await place.PageAsync("A3", ImageType.Jpeg, Pictures.WithSegment(jpeg, 0xE1, Pictures.Exif(orientation, isLittle: false)), degrees)]);
        using var pdf = await OpenAsync();
        foreach (var page in pdf.GetPages())
        {
            Assert.Equal(expected, page.Rotation.Value);
            Assert.Equal(mirrored, Latin(await place.ReadAsync(Path)).Contains("-1 0 0 1 ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(1, 200, 100, 11.52, 5.76)]
    [InlineData(2, 100, 100, 9.0709, 4.5354)]
    [InlineData(0, 1, 1, 24, 12)]
    public async Task A_JPEG_is_as_large_as_its_density_says_or_96_dots_an_inch(byte unit, byte across, byte down, double width, double height)
    {
        var jpeg = Pictures.Jpeg(1);
        // The segment is the first, whether LibTiff writes one or not.
        var sized = Pictures.WithSegment(jpeg, 0xE0, [.. "JFIF\0"u8, 1, 2, unit, 0, across, 0, down, 0, 0]);
        await WriteAsync([await place.PageAsync("A1", ImageType.Jpeg, sized)]);
        using var pdf = await OpenAsync();
        Assert.Equal(width, pdf.GetPage(1).Width, 0.001);
        Assert.Equal(height * (unit == 1 ? 2 : 1), pdf.GetPage(1).Height, 0.001);
    }

    [Fact]
    public async Task A_PDF_alone_is_copied_as_it_is()
    {
        var source = TestImages.Pdf(pages: 3);
        var done = await WriteAsync([await place.PageAsync("A1", ImageType.Pdf, source, pagesInFile: 3)]);
        Assert.Equal([new ExportedImage("A1", Path, 0, 3, ImageType.Pdf)], done.Images);
        Assert.Equal(source, await place.ReadAsync(Path));
        var pages = new List<ImagePage>();
        for (var i = 1; i <= 3; i++) pages.Add(await place.PageAsync($"A{i}", ImageType.Pdf, source, pagesInFile: 3, pageOfFile: i));
        done = await place.Images("job2", overwrite: true).WriteAsync(ExportPlace.Document("AS1"), pages, ImageOutput.Pdf, Stop);
        Assert.Equal(["A1 1 3", "A2 2 3", "A3 3 3"], done.Images.Select(i => $"{i.Id} {i.Page} {i.PagesInFile}"));
        Assert.Equal(source, await place.ReadAsync(Path));
    }

    [Fact]
    public async Task The_same_pages_give_the_same_bytes()
    {
        ImagePage[] pages = [await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1)), await place.PageAsync("A2", ImageType.Jpeg, TestImages.Jpeg)];
        await WriteAsync(pages);
        var first = await place.ReadAsync(Path);
        await place.Images("job2", overwrite: true).WriteAsync(ExportPlace.Document("AS1"), pages, ImageOutput.Pdf, Stop);
        Assert.Equal(first, await place.ReadAsync(Path));
    }

    [Fact]
    public async Task The_table_of_objects_says_where_each_lies()
    {
        await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1, rows: 40)), await place.PageAsync("A2", ImageType.Jpeg, TestImages.Jpeg)]);
        var text = Latin(await place.ReadAsync(Path));
        var start = int.Parse(text[(text.LastIndexOf("startxref\n", StringComparison.Ordinal) + 10)..].Split('\n')[0], CultureInfo.InvariantCulture);
        var lines = text[start..].Split('\n');
        Assert.Equal("xref", lines[0]);
        var count = int.Parse(lines[1].Split(' ')[1], CultureInfo.InvariantCulture);
        for (var number = 1; number < count; number++)
        {
            Assert.Equal(19, lines[number + 2].Length);
            Assert.StartsWith($"{number} 0 obj\n", text[int.Parse(lines[number + 2][..10], CultureInfo.InvariantCulture)..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_converted_is_named_with_its_page_and_leaves_no_file()
    {
        var done = await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1)), await place.PageAsync("A2", ImageType.Tiff, Pictures.Tiff(1, height: 10_001, rows: 1))]);
        Assert.Equal("image-not-convertible", done.Problem!.Code);
        Assert.Contains("\"A2\"", done.Problem.Message, StringComparison.Ordinal);
        Assert.Contains("strips", done.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(await place.ListAsync());
    }

    private Task<ExportedDocumentImages> WriteAsync(IReadOnlyList<ImagePage> pages) => place.Images().WriteAsync(ExportPlace.Document("AS1"), pages, ImageOutput.Pdf, Stop);

    private async Task<PdfDocument> OpenAsync() => PdfDocument.Open(await place.ReadAsync(Path));

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static byte[] Flipped(byte[] bytes, FillOrder order) => order == FillOrder.MSB2LSB ? bytes
        : [.. bytes.Select(b => Convert.ToByte(new string([.. Convert.ToString(b, 2).PadLeft(8, '0').Reverse()]), 2))];

    // Whether each pixel is black, from the top.
    private static bool[] Pixels(TiffPageRead page) => [.. page.Pixels.Select(p => (p & 0xFF) == 0)];

    // The same, of the images of a page, each put where it is drawn.
    private static bool[] Pixels(Page page, List<IPdfImage> images, int width, int height)
    {
        var pixels = new bool[width * height];
        foreach (var image in images)
        {
            Assert.True(image.TryGetBytesAsMemory(out var decoded));
            var bits = decoded.ToArray();
            var (left, top) = ((int)Math.Round(image.BoundingBox.Left * width / page.Width), (int)Math.Round((page.Height - image.BoundingBox.Top) * height / page.Height));
            var line = (image.WidthInSamples + 7) / 8;
            for (var y = 0; y < image.HeightInSamples && top + y < height; y++)
            {
                for (var x = 0; x < image.WidthInSamples && left + x < width; x++)
                    pixels[(top + y) * width + left + x] = (bits[y * line + x / 8] >> (7 - x % 8) & 1) == 0;
            }
        }
        return pixels;
    }
}
