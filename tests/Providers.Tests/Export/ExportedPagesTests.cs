using Azure.Storage.Blobs.Models;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Providers.Tests.Images;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>Images as single pages: each file as it is, named after its page (issue "Export to load files", Formats).</summary>
public sealed class ExportedPagesTests(Stores stores) : IClassFixture<Stores>
{
    private const string Folder = "VOL01/IMAGES/IMG001";
    private readonly ExportPlace place = new(stores);

    private static CancellationToken Stop => ExportPlace.Stop;

    [Fact]
    public async Task Each_file_is_copied_as_it_is_with_the_ending_of_what_it_is()
    {
        var (tiff, pdf) = (Pictures.Tiff(1), TestImages.Pdf(pages: 3));
        var done = await WriteAsync([
            await place.PageAsync("AS000001", ImageType.Tiff, tiff, rotation: 90),
            await place.PageAsync("AS000002", ImageType.Jpeg, TestImages.Jpeg, linked: true),
            await place.PageAsync("AS000003", ImageType.Pdf, pdf, pagesInFile: 3)]);
        Assert.Null(done.Problem);
        Assert.Equal(
            [
                new ExportedImage("AS000001", $"{Folder}/AS000001.tif", 0, 1, ImageType.Tiff) { Rotation = 90 },
                new ExportedImage("AS000002", $"{Folder}/AS000002.jpg", 0, 1, ImageType.Jpeg),
                new ExportedImage("AS000003", $"{Folder}/AS000003.pdf", 0, 3, ImageType.Pdf),
            ],
            done.Images);
        Assert.Equal(tiff, await place.ReadAsync(done.Images[0].Path));
        Assert.Equal(TestImages.Jpeg, await place.ReadAsync(done.Images[1].Path));
        Assert.Equal(pdf, await place.ReadAsync(done.Images[2].Path));
        // What was known of a linked file may not be true any more.
        Assert.Equal([ExportPlace.Sha256(tiff), null, ExportPlace.Sha256(pdf)], done.Files.Select(f => f.Sha256));
        Assert.Equal(done.Images.Select(i => place.At(i.Path)), done.Files.Select(f => f.Path));
    }

    [Fact]
    public async Task Pages_of_one_file_of_several_are_one_file()
    {
        var pdf = TestImages.Pdf(pages: 3);
        var pages = new List<ImagePage>();
        for (var i = 1; i <= 3; i++) pages.Add(await place.PageAsync($"A{i}", ImageType.Pdf, pdf, pagesInFile: 3, pageOfFile: i));
        var done = await WriteAsync(pages);
        Assert.Equal([$"A1 {Folder}/A1.pdf 1", $"A2 {Folder}/A1.pdf 2", $"A3 {Folder}/A1.pdf 3"], done.Images.Select(i => $"{i.Id} {i.Path} {i.Page}"));
        Assert.Single(done.Files);
        Assert.Equal([$"{Folder}/A1.pdf {pdf.Length}"], await place.ListAsync());
    }

    /// <summary>Page ids and the names of their files.</summary>
    public static TheoryData<string, string> Ids => new()
    {
        { "AS-1", "AS-1.tif" }, { @"A\/?:*><|""B", "A_________B.tif" }, { "..", "__.tif" }, { "../../x", ".._.._x.tif" },
    };

    [Fact]
    public async Task Names_that_were_laid_out_are_taken()
    {
        var pdf = TestImages.Pdf(pages: 2);
        var document = ExportPlace.Document() with { ImageNames = ["one", "two"] };
        var done = await place.Images().WriteAsync(
            document,
            [await place.PageAsync("A1", ImageType.Pdf, pdf, pagesInFile: 2, pageOfFile: 1), await place.PageAsync("A2", ImageType.Pdf, pdf, pagesInFile: 2, pageOfFile: 2), await place.PageAsync("A3", ImageType.Tiff, Pictures.Tiff(1))],
            ImageOutput.SinglePage,
            Stop);
        Assert.Equal([$"{Folder}/one.pdf", $"{Folder}/one.pdf", $"{Folder}/two.tif"], done.Images.Select(i => i.Path));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_name_stays_in_its_folder(string pageId, string name)
    {
        var page = await place.PageAsync("x", ImageType.Tiff, Pictures.Tiff(1)) with { Id = pageId };
        Assert.Equal($"{Folder}/{name}", (await WriteAsync([page])).Images[0].Path);
    }

    [Fact]
    public async Task Pages_whose_names_would_be_the_same_get_numbers()
    {
        var names = new List<ImagePage>();
        foreach (var (i, id) in new[] { "A/1", "A?1", "a:1" }.Index()) names.Add(await place.PageAsync($"p{i}", ImageType.Tiff, Pictures.Tiff(i)) with { Id = id });
        Assert.Equal([$"{Folder}/A_1.tif", $"{Folder}/A_1_2.tif", $"{Folder}/a_1_3.tif"], (await WriteAsync(names)).Images.Select(i => i.Path));
        Assert.Equal(3, (await place.ListAsync()).Count);
    }

    [Theory]
    [InlineData(ImageOutput.SinglePage, false)]
    [InlineData(ImageOutput.SinglePage, true)]
    [InlineData(ImageOutput.MultiPageTiff, false)]
    [InlineData(ImageOutput.MultiPageTiff, true)]
    [InlineData(ImageOutput.Pdf, false)]
    public async Task An_image_that_is_gone_is_named(ImageOutput output, bool linked)
    {
        var page = await place.PageAsync("A2", ImageType.Tiff, Pictures.Tiff(2), linked: linked);
        await (linked ? place.Blobs.Staging : place.Blobs.Files).GetBlobClient(page.Blob).DeleteAsync(DeleteSnapshotsOption.None, cancellationToken: Stop);
        var done = await place.Images().WriteAsync(ExportPlace.Document("AS1"), [page], output, Stop);
        Assert.Equal("missing-file", done.Problem!.Code);
        Assert.Contains(page.Blob[^20..], done.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(done.Images);
        Assert.Empty(await place.ListAsync());
    }

    [Theory]
    [InlineData(ImageOutput.SinglePage)]
    [InlineData(ImageOutput.MultiPageTiff)]
    [InlineData(ImageOutput.Pdf)]
    public async Task Attempts_at_once_and_later_give_the_same(ImageOutput output)
    {
        ImagePage[] pages = [.. await Task.WhenAll(Enumerable.Range(1, 12).Select(i => place.PageAsync($"A{i}", ImageType.Tiff, Pictures.Tiff(i))))];
        var document = ExportPlace.Document("AS1");
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => place.Images(overwrite: i % 2 == 0).WriteAsync(document, pages, output, Stop)));
        var later = await place.Images(overwrite: true).WriteAsync(document, pages, output, Stop);
        Assert.All(all, done =>
        {
            Assert.Equal(later.Images, done.Images);
            Assert.Equal(later.Files, done.Files);
            Assert.Null(done.Problem);
        });
        Assert.Equal(output == ImageOutput.SinglePage ? 12 : 1, (await place.ListAsync()).Count);
    }

    [Fact]
    public async Task A_document_without_images_has_none()
        => Assert.Empty((await WriteAsync([])).Files);

    private Task<ExportedDocumentImages> WriteAsync(IReadOnlyList<ImagePage> pages) => place.Images().WriteAsync(ExportPlace.Document(), pages, ImageOutput.SinglePage, Stop);
}
