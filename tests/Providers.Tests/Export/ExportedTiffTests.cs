using BitMiracle.LibTiff.Classic;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Providers.Tests.Images;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>One TIFF a document: the compressed bytes of its pages as they were (issue "Export to load files", Formats, "lossless copy of the strips").</summary>
public sealed class ExportedTiffTests(Stores stores) : IClassFixture<Stores>
{
    private const string Path = "VOL01/IMAGES/IMG001/AS1.tif";
    private readonly ExportPlace place = new(stores);

    /// <summary>Pages as programs write them.</summary>
    private static readonly Dictionary<string, byte[]> Kinds = new()
    {
        ["one strip"] = Pictures.Tiff(1),
        ["many strips, the last one shorter"] = Pictures.Tiff(2, rows: 7),
        ["tiles"] = Pictures.Tiff(3, tiled: true),
        ["low bit first"] = Pictures.Tiff(4, order: FillOrder.LSB2MSB),
        ["black is zero"] = Pictures.Tiff(5, light: Photometric.MINISBLACK),
        ["low bit first, many strips, black is zero"] = Pictures.Tiff(6, rows: 9, order: FillOrder.LSB2MSB, light: Photometric.MINISBLACK),
        ["odd width"] = Pictures.Tiff(7, width: 203, height: 1),
        ["tiny, by hand"] = TestImages.Tiff(),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pages_of_Group_IV_keep_their_bytes_and_look_the_same(string kind)
    {
        var source = Kinds[kind];
        var done = await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(100)), await place.PageAsync("A2", ImageType.Tiff, source)]);
        Assert.Equal([new("A1", Path, 1, 2, ImageType.Tiff), new ExportedImage("A2", Path, 2, 2, ImageType.Tiff)], done.Images);
        var bytes = await place.ReadAsync(Path);
        Assert.Equal([new ExportedFile(place.At(Path), bytes.Length, ExportPlace.Sha256(bytes), WasThere: false)], done.Files);
        var (before, after) = (Pictures.Read(source)[0], Pictures.Read(bytes)[1]);
        Assert.Equal(before.Pieces, after.Pieces);
        Assert.Equal(before.Pixels, after.Pixels);
        Assert.Equal((before.Width, before.Height, before.Compression, before.Light, before.Order), (after.Width, after.Height, after.Compression, after.Light, after.Order));
        Assert.Null(TypeError(source));
    }

    /// <summary>Components and how the colors of three are sampled; null: they are red, green and blue.</summary>
    public static TheoryData<int, int, int, Photometric> Jpegs => new()
    {
        { 1, 0, 0, Photometric.MINISBLACK }, { 3, 0, 0, Photometric.RGB }, { 3, 1, 1, Photometric.YCBCR }, { 3, 2, 2, Photometric.YCBCR },
    };

    [Theory]
    [MemberData(nameof(Jpegs))]
    public async Task A_JPEG_becomes_a_page_byte_for_byte(int components, int across, int down, Photometric light)
    {
        var jpeg = Pictures.Jpeg(components, sampling: across == 0 ? null : (across, down));
        if (light == Photometric.RGB) jpeg = Pictures.WithSegment(jpeg, 0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]);
        await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1)), await place.PageAsync("A2", ImageType.Jpeg, jpeg)]);
        var page = Pictures.Read(await place.ReadAsync(Path))[1];
        Assert.Equal((Compression.JPEG, light, 32, 16), (page.Compression, page.Light, page.Width, page.Height));
        Assert.Equal(jpeg, Assert.Single(page.Pieces));
        Assert.True(page.Pixels.Distinct().Count() > 4);
    }

    /// <summary>Orientation of the source, degrees to turn, orientation of the page (TIFF 6.0, section 8).</summary>
    public static TheoryData<int, int, int> Turns => new()
    {
        { 1, 0, 1 }, { 1, 90, 6 }, { 1, 180, 3 }, { 1, 270, 8 }, { 6, 90, 3 }, { 8, 90, 1 }, { 3, 180, 1 }, { 2, 0, 2 }, { 2, 90, 7 }, { 4, 180, 2 }, { 5, 90, 2 }, { 7, 270, 2 },
    };

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task A_page_that_is_to_be_turned_says_so(int before, int degrees, int after)
    {
        await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1, orientation: before), degrees)]);
        Assert.Equal(after, Assert.Single(Pictures.Read(await place.ReadAsync(Path))).Orientation);
    }

    [Theory]
    [InlineData(ResUnit.INCH, 200, 200)]
    [InlineData(ResUnit.CENTIMETER, 100, 254)]
    [InlineData(ResUnit.NONE, 1, 300)]
    [InlineData(ResUnit.INCH, 0, 300)]
    public async Task Dots_an_inch_are_kept_or_taken_for_300(ResUnit unit, double dots, double expected)
    {
        await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1, dots: dots, unit: unit))]);
        Assert.Equal(expected, Assert.Single(Pictures.Read(await place.ReadAsync(Path))).Dots, 0.01);
    }

    [Fact]
    public async Task The_same_pages_give_the_same_bytes()
    {
        ImagePage[] pages = [await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1)), await place.PageAsync("A2", ImageType.Jpeg, TestImages.Jpeg)];
        await WriteAsync(pages);
        var first = await place.ReadAsync(Path);
        await place.Images("job2", overwrite: true).WriteAsync(ExportPlace.Document("AS1"), pages, ImageOutput.MultiPageTiff, ExportPlace.Stop);
        Assert.Equal(first, await place.ReadAsync(Path));
    }

    /// <summary>What cannot be a page of a TIFF, and why.</summary>
    public static TheoryData<string, string, string> Unfit => new()
    {
        { "pdf", "image-not-convertible", "PDF" }, { "cmyk", "image-not-convertible", "CMYK" }, { "progressive", "image-not-convertible", "progressive" },
        { "no height", "image-not-convertible", "lines" }, { "replaced", "invalid-image", "text" }, { "cut", "invalid-image", "damaged TIFF" }, { "shared strips", "image-not-convertible", "damaged" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task What_cannot_be_converted_is_named_with_its_page_and_leaves_no_file(string what, string code, string reason)
    {
        var color = Pictures.Jpeg(3, sampling: (2, 2));
        var frame = color.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        var (type, bytes) = what switch
        {
            "pdf" => (ImageType.Pdf, TestImages.Pdf()),
            "cmyk" => (ImageType.Jpeg, Pictures.Jpeg(4)),
            "progressive" => (ImageType.Jpeg, Changed(color, frame + 1, 0xC2)),
            "no height" => (ImageType.Jpeg, Changed(color, frame + 5, 0, 0)),
            "replaced" => (ImageType.Tiff, "no picture any more"u8.ToArray()),
            "cut" => (ImageType.Tiff, Pictures.Tiff(1)[..^60]),
            _ => (ImageType.Tiff, HostileTiff.SharedStrips(100, 10_000)),
        };
        var done = await WriteAsync([await place.PageAsync("A1", ImageType.Tiff, Pictures.Tiff(1)), await place.PageAsync("A2", type, bytes)]);
        Assert.Empty(done.Images);
        Assert.Equal(code, done.Problem!.Code);
        Assert.Contains("\"A2\"", done.Problem.Message, StringComparison.Ordinal);
        Assert.Contains(reason, done.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(await place.ListAsync());
    }

    private static byte[] Changed(byte[] bytes, int at, params byte[] to)
    {
        var changed = bytes.ToArray();
        to.CopyTo(changed, at);
        return changed;
    }

    private static string? TypeError(byte[] image) => Providers.Images.ImageContent.Of(new MemoryStream(image)).Wrong;

    private Task<ExportedDocumentImages> WriteAsync(IReadOnlyList<ImagePage> pages)
        => place.Images().WriteAsync(ExportPlace.Document("AS1"), pages, ImageOutput.MultiPageTiff, ExportPlace.Stop);
}
