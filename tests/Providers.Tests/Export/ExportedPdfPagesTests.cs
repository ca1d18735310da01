using System.Text;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Providers.Tests.Images;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>Pages of PDFs among other images: copied with all that they refer to, and nothing else of their files (issue "Export to load files", Formats, "PDF").</summary>
public sealed class ExportedPdfPagesTests(Stores stores) : IClassFixture<Stores>
{
    private const string Path = "VOL01/IMAGES/IMG001/AS1.pdf";
    private readonly ExportPlace place = new(stores);

    private static CancellationToken Stop => ExportPlace.Stop;

    [Fact]
    public async Task Pages_of_a_PDF_stand_among_other_images_in_the_order_asked_for()
    {
        var source = Text("one", "two", "three");
        var done = await WriteAsync(
            await PageAsync("A1", source, 3, 3), await PageAsync("A2", source, 3, 1, rotation: 90), await place.PageAsync("A3", ImageType.Tiff, Pictures.Tiff(1)), await PageAsync("A4", source, 3));
        Assert.Equal(["A1 1 6", "A2 2 6", "A3 3 6", "A4 4 6"], done.Images.Select(i => $"{i.Id} {i.Page} {i.PagesInFile}"));
        using var pdf = await OpenAsync();
        Assert.Equal(["three 0", "one 90", " 0", "one 0", "two 0", "three 0"], pdf.GetPages().Select(p => $"{p.Text} {p.Rotation.Value}"));
        Assert.Equal([0, 0, 1, 0, 0, 0], pdf.GetPages().Select(p => p.GetImages().Count()));
    }

    [Fact]
    public async Task A_PDF_that_is_to_be_turned_is_and_gives_the_same_bytes_each_time()
    {
        ImagePage[] pages = [await PageAsync("A1", Text("one", "two"), 2, rotation: 270)];
        await WriteAsync(pages);
        var first = await place.ReadAsync(Path);
        await place.Images("job2", overwrite: true).WriteAsync(ExportPlace.Document("AS1"), pages, ImageOutput.Pdf, Stop);
        Assert.Equal(first, await place.ReadAsync(Path));
        using var pdf = await OpenAsync();
        Assert.Equal(["one 270", "two 270"], pdf.GetPages().Select(p => $"{p.Text} {p.Rotation.Value}"));
    }

    [Fact]
    public async Task What_a_page_inherits_comes_along()
    {
        await WriteTurnedAsync(TestImages.Pdf(
            [
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 300 200]/Rotate 90/Resources<</Marked true>>>>",
                "<</Type/Pages/Count 1/Kids[4 0 R]/Parent 2 0 R/CropBox[10 10 110 60]>>",
                "<</Type/Page/Parent 3 0 R>>",
            ]));
        using var pdf = await OpenAsync();
        var page = pdf.GetPage(1).Dictionary;
        Assert.Equal(("[ 0, 0, 300, 200 ]", "[ 10, 10, 110, 60 ]"), (page.Data["MediaBox"].ToString(), page.Data["CropBox"].ToString()));
        Assert.Contains("Marked", page.Data["Resources"].ToString(), StringComparison.Ordinal);
        Assert.Equal(180, pdf.GetPage(1).Rotation.Value);
    }

    [Fact]
    public async Task Links_to_pages_that_stay_behind_lead_nowhere_and_what_belongs_to_the_file_stays_too()
    {
        var source = TestImages.Pdf(
            [
                "<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R/Outlines 6 0 R/Names 6 0 R/AcroForm 6 0 R>>",
                "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[5 0 R]/B 6 0 R>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Secret(left behind)>>",
                "<</Type/Annot/Subtype/Link/P 3 0 R/Rect[0 0 1 1]/A<</S/GoTo/D[4 0 R/Fit]>>/Contents(f\\374r)/T<FEFF0041>>>",
                "<</S/JavaScript/JS(alarm)>>",
            ]);
        await WriteAsync(await PageAsync("A1", source, 2, 1));
        var text = Encoding.Latin1.GetString(await place.ReadAsync(Path));
        Assert.DoesNotContain("left behind", text, StringComparison.Ordinal);
        Assert.DoesNotContain("JavaScript", text, StringComparison.Ordinal);
        using var pdf = await OpenAsync();
        Assert.Equal(1, pdf.NumberOfPages);
        var annotation = (DictionaryToken)pdf.Structure.GetObject(((IndirectReferenceToken)((ArrayToken)pdf.GetPage(1).Dictionary.Data["Annots"])[0]).Data).Data;
        Assert.Equal("für", ((HexToken)annotation.Data["Contents"]).Data);
        Assert.IsType<NullToken>(((ArrayToken)((DictionaryToken)annotation.Data["A"]).Data["D"])[0]);
        Assert.Equal("/Page", ((DictionaryToken)pdf.Structure.GetObject(((IndirectReferenceToken)annotation.Data["P"]).Data).Data).Data["Type"].ToString());
    }

    [Fact]
    public async Task Layers_come_along_so_that_what_was_hidden_stays_hidden()
    {
        await WriteTurnedAsync(TestImages.Pdf(
            [
                "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>>>",
                "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Properties<</L 4 0 R>>>>>>",
                "<</Type/OCG/Name(hidden)>>",
            ]));
        using var pdf = await OpenAsync();
        var layers = (DictionaryToken)pdf.Structure.Catalog.CatalogDictionary.Data["OCProperties"];
        var off = (ArrayToken)((DictionaryToken)layers.Data["D"]).Data["OFF"];
        var used = (DictionaryToken)((DictionaryToken)pdf.GetPage(1).Dictionary.Data["Resources"]).Data["Properties"];
        Assert.Equal(((IndirectReferenceToken)off[0]).Data, ((IndirectReferenceToken)used.Data["L"]).Data);
    }

    [Fact]
    public async Task Objects_that_refer_to_each_other_without_end_are_copied_once_each()
    {
        const int Chain = 50_000;
        await WriteTurnedAsync(TestImages.Pdf(
            [
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>",
                .. Enumerable.Range(4, Chain).Select(i => $"<</Next {(i == Chain + 3 ? 4 : i + 1)} 0 R>>"),
            ]));
        using var pdf = await OpenAsync();
        Assert.InRange(pdf.Structure.CrossReferenceTable.ObjectOffsets.Count, Chain, Chain + 10);
    }

    /// <summary>PDFs that are no good for single pages, and words of the reason.</summary>
    public static TheoryData<string, string> Unfit => new() { { "nested", "damaged" }, { "fewer pages", "1 pages" } };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task What_cannot_be_copied_is_named_and_leaves_no_file(string what, string reason)
    {
        var source = what == "nested"
            ? TestImages.Pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots 4 0 R>>", new string('[', 200_000) + new string(']', 200_000)])
            : TestImages.Pdf();
        var done = await WriteAsync(await place.PageAsync("A0", ImageType.Tiff, Pictures.Tiff(1)), await PageAsync("A1", source, what == "nested" ? 1 : 2));
        Assert.Equal("image-not-convertible", done.Problem?.Code);
        Assert.Contains(reason, done.Problem!.Message, StringComparison.Ordinal);
        Assert.Empty(await place.ListAsync());
    }

    private Task<ImagePage> PageAsync(string id, byte[] pdf, int pages, int pageOfFile = 0, int rotation = 0)
        => place.PageAsync(id, ImageType.Pdf, pdf, rotation, pages, pageOfFile);

    // One that is not turned is copied as it is.
    private async Task WriteTurnedAsync(byte[] pdf) => Assert.Null((await WriteAsync(await PageAsync("A1", pdf, 1, rotation: 90))).Problem);

    private Task<ExportedDocumentImages> WriteAsync(params ImagePage[] pages) => place.Images().WriteAsync(ExportPlace.Document("AS1"), pages, ImageOutput.Pdf, Stop);

    private async Task<PdfDocument> OpenAsync() => PdfDocument.Open(await place.ReadAsync(Path));

    private static byte[] Text(params string[] pages)
    {
        using var pdf = new PdfDocumentBuilder();
        var font = pdf.AddStandard14Font(Standard14Font.Helvetica);
        foreach (var text in pages) pdf.AddPage(PageSize.A4).AddText(text, 12, new PdfPoint(50, 700), font);
        return pdf.Build();
    }
}
