using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Images;

namespace IntegrationPoints.Providers.Tests.Images;

/// <summary>
/// Which files are images (load-file specification, "Supported image file formats"): TIFF of one page, Group IV, 1 bit; JPEG; PDF. Names and endings
/// do not matter.
/// </summary>
public class ImageContentTests
{
    public static TheoryData<string, byte[], ImageType, int> Images => new()
    {
        { "TIFF", TestImages.Tiff(), ImageType.Tiff, 1 },
        { "JPEG", TestImages.Jpeg, ImageType.Jpeg, 1 },
        { "JPEG with fill bytes", [0xFF, 0xD8, 0xFF, 0xFF, .. TestImages.Jpeg[2..]], ImageType.Jpeg, 1 },
        { "PDF", TestImages.Pdf(), ImageType.Pdf, 1 },
        { "PDF of 12 pages", TestImages.Pdf(12), ImageType.Pdf, 12 },
        { "PDF behind other bytes", TestImages.Pdf(3, before: "\r\n"), ImageType.Pdf, 3 },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void Of_the_kinds_that_are_accepted(string name, byte[] file, ImageType type, int pages)
        => Assert.Equal((name, new ImageContent(type, pages)), (name, ImageContent.Of(new MemoryStream(file))));

    public static TheoryData<string, byte[], string> Others => new()
    {
        { "nothing", [], "empty" },
        { "text", "This is no picture."u8.ToArray(), "text" },
        { "PNG", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0], "PNG" },
        { "BigTIFF", [.. "II+\0"u8, 8, 0, 0, 0], "BigTIFF" },
        { "GIF", "GIF89a"u8.ToArray(), "GIF" },
        { "BMP", "BM\0\0"u8.ToArray(), "BMP" },
        { "an archive", "PK\u0003\u0004"u8.ToArray(), "ZIP" },
        { "bytes", [1, 2, 3, 4, 5, 6, 7, 8, 9], "0102030405060708" },
        { "colour", TestImages.Tiff([8, 8, 8], 1), "24 bits" },
        { "grey", TestImages.Tiff([8], 1), "8 bits" },
        { "colour in Group IV", TestImages.Tiff([8, 8, 8]), "24 bits" },
        { "not compressed", TestImages.Tiff(compression: 1), "not compressed" },
        { "no compression tag: the default is none (TIFF 6.0, section 8)", TestImages.Tiff(compression: null), "not compressed" },
        { "a compression tag of another type", TestImages.Tiff(compressionType: 2), "not compressed" },
        { "Group III", TestImages.Tiff(compression: 3), "Group III" },
        { "LZW", TestImages.Tiff(compression: 5), "LZW" },
        { "two pages", TestImages.Tiff(pages: 2), "more than one page" },
        { "cut off", TestImages.Tiff()[..^12], "damaged TIFF" },
        { "a TIFF's header only", TestImages.Tiff()[..8], "damaged TIFF" },
        { "a JPEG's first bytes", TestImages.Jpeg[..20], "damaged JPEG" },
        { "a JPEG without its scan", TestImages.Jpeg[..100], "damaged JPEG" },
        { "a JPEG without a frame", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 2, 3], "damaged JPEG" },
        { "PDF without pages", TestImages.Pdf(0), "PDF" },
        { "a PDF's header only", "%PDF-1.4\n"u8.ToArray(), "damaged PDF" },
        { "a PDF whose page tree is a circle", TestImages.Pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[2 0 R]>>"]), "PDF" },
    };

    [Fact]
    public void A_PDF_that_unpacks_into_hundreds_of_megabytes_takes_no_memory_for_them()
    {
        var file = TestImages.PdfBomb(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("damaged PDF", ImageContent.Of(new MemoryStream(file)).Wrong, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * 1024 * 1024);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Of_no_kind_that_is_accepted_says_what_it_is(string name, byte[] file, string says)
    {
        var content = ImageContent.Of(new MemoryStream(file));
        Assert.True(content.Wrong?.Contains(says, StringComparison.Ordinal), $"{name}: {content.Wrong}");
    }

    [Fact]
    public void A_TIFF_whose_pages_are_a_circle_ends()
    {
        var file = TestImages.Tiff(pages: 2);
        // The second page says that the first is the next.
        var second = BitConverter.ToInt32(file, 8 + 2 + 12 * BitConverter.ToUInt16(file, 8));
        BitConverter.TryWriteBytes(file.AsSpan(second + 2 + 12 * BitConverter.ToUInt16(file, second)), 8);
        Assert.Contains("more than one page", ImageContent.Of(new MemoryStream(file)).Wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public void A_PDF_whose_page_tree_is_deep_does_not_end_the_process(int levels)
    {
        var content = ImageContent.Of(new MemoryStream(TestImages.DeepPdf(levels)));
        Assert.True(content.Wrong is not null || content.Pages == 1, content.Wrong);
    }

    [Fact]
    public void Damaged_files_of_every_kind_are_told_without_ado()
    {
        var random = new Random(4711);
        byte[][] files = [TestImages.Tiff(), TestImages.Tiff([8, 8, 8], 1), TestImages.Tiff(pages: 3), TestImages.Jpeg, TestImages.Pdf(3)];
        for (var round = 0; round < 3000; round++)
        {
            var file = (byte[])files[round % files.Length].Clone();
            for (var i = 1 + random.Next(4); i > 0; i--) file[random.Next(file.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) file = file[..random.Next(file.Length)];
            var before = GC.GetAllocatedBytesForCurrentThread();
            var content = ImageContent.Of(new MemoryStream(file));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 * 1024 * 1024, $"{content.Wrong}: {Convert.ToHexString(file)}");
            Assert.True(content.Wrong is not null || content.Pages > 0);
        }
    }
}
