using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Statistics;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.WorkspaceRecords;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>What the list of an export says of each document, so that its files can be laid out.</summary>
public sealed class DocumentFactsTests(Stores stores) : IClassFixture<Stores>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_s_files_are_listed_when_the_export_asks_for_them()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var text = await workspace.FieldAsync("Extracted Text", FieldType.LongText, FieldRole.ExtractedText);
        var document = DocumentWorkspace.Document("A", null, (text, "Grüße")) with { Native = new NativeFile("Letter.msg", 1234, "ws/native") };
        await workspace.AddAsync([await workspace.WithImagesAsync(document, ImageSet.Original, DocumentWorkspace.Page("A1", 100), DocumentWorkspace.Page("A2", 50))]);

        var none = await ListAsync(workspace, new ExportSettings());
        var all = await ListAsync(workspace, new ExportSettings { Natives = true, TextFiles = true, Images = true, TextEncoding = "utf-8" });

        Assert.Equal(new ListedDocument { Identifier = "A", ETag = none.ETag }, none);
        Assert.Equal(
            none with { Native = new ListedFile("Letter.msg", 1234), Text = new ListedText(text.Id, 3 + 7), Images = new ListedImages(ImageSet.Original, 2, 150) },
            all with { Images = all.Images! with { Names = null } });
        Assert.Equal(["A1", "A2"], all.Images!.Names!);
    }

    // The text file of a document may end in the name of its native, too.
    [Theory]
    [InlineData(false, false, null)]
    [InlineData(true, false, "Letter.msg")]
    [InlineData(true, true, null)]
    public async Task The_original_name_is_listed_when_files_are_named_after_it_and_no_native_says_it(bool append, bool natives, string? expected)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync([DocumentWorkspace.Document("A") with { Native = new NativeFile("Letter.msg", 1, "x") }]);

        Assert.Equal(expected, (await ListAsync(workspace, new ExportSettings { AppendOriginalName = append, Natives = natives })).OriginalName);
    }

    // Pages of a file are named after its first; where a document's images become one file, pages give no names.
    [Theory]
    [InlineData(ImageOutput.SinglePage, "P1 P2 P4")]
    [InlineData(ImageOutput.MultiPageTiff, null)]
    [InlineData(ImageOutput.Pdf, null)]
    public async Task The_names_of_image_files_are_listed_when_each_stays_one(ImageOutput output, string? expected)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync([await workspace.WithImagesAsync(
            DocumentWorkspace.Document("A"), ImageSet.Original,
            DocumentWorkspace.Page("P1"), DocumentWorkspace.Page("P2", 5, "a.pdf", 1), DocumentWorkspace.Page("P3", 5, "a.pdf", 2), DocumentWorkspace.Page("P4"))]);

        var images = (await ListAsync(workspace, new ExportSettings { Images = true, ImageOutput = output })).Images!;

        Assert.Equal((3, 25, expected), (images.Files, images.Bytes, images.Names is null ? null : string.Join(' ', images.Names)));
    }

    [Fact]
    public async Task The_text_is_that_of_the_first_field_of_the_precedence_that_is_not_empty()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var (ocr, text) = (await workspace.FieldAsync("OCR", FieldType.LongText), await workspace.FieldAsync("Body", FieldType.LongText));
        await workspace.AddAsync([DocumentWorkspace.Document("A", null, (text, "abc"))]);
        await workspace.AddAsync([DocumentWorkspace.Document("B", null, (text, "abc"), (ocr, new TextReference("ws/ocr", 40_000)))]);
        var settings = new ExportSettings { TextFiles = true, TextPrecedence = ["ocr", "Body"] };

        var source = workspace.Source(export: settings, job: workspace.NextJob() is var job ? job : null);
        await source.SpoolAsync(await source.CheckAsync(Stop), Stop);
        var list = await workspace.ListAsync(job);

        // UTF-16 with its byte order mark; a text that is kept as a file is taken for letters of one byte.
        Assert.Equal([new ListedText(text.Id, 2 + 6), new ListedText(ocr.Id, 2 + 80_000)], list.Select(d => d.Text));
    }

    // Issue D: "an ordered list of productions and include originals if not produced"; "beginning production number (of the first production in the
    // order of precedence that holds the document; else the identifier)".
    [Theory]
    [InlineData("", false, "original", null)]
    [InlineData("", true, "original", null)]
    [InlineData("First Second", false, "First", "F1")]
    [InlineData("Second First", false, "Second", "S1")]
    [InlineData("Empty Second", false, "Second", "S1")]
    [InlineData("Empty", false, null, null)]
    [InlineData("Empty", true, "original", null)]
    public async Task Images_and_begin_number_are_those_of_the_first_production_that_has_the_document(string precedence, bool originals, string? set, string? begin)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var productions = new Dictionary<string, string> { ["original"] = ImageSet.Original };
        foreach (var name in (string[])["First", "Second", "Empty"]) productions[name] = (await workspace.ProductionAsync(name)).Id;
        var document = DocumentWorkspace.Document("A");
        foreach (var (name, page) in new[] { ("original", "O1"), ("First", "F1"), ("Second", "S1") })
            document = await workspace.WithImagesAsync(document, productions[name], DocumentWorkspace.Page(page, 7), DocumentWorkspace.Page(page + "x", 1));
        await workspace.AddAsync([document]);

        var listed = await ListAsync(workspace, new ExportSettings
        {
            Images = true,
            ImageOutput = ImageOutput.Pdf,
            NameAfter = FileNaming.BeginProductionNumber,
            Productions = precedence.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IncludeOriginals = originals,
        });

        Assert.Equal(set is null ? null : new ListedImages(productions[set], 2, 8), listed.Images);
        Assert.Equal(begin, listed.BeginNumber);
    }

    [Fact]
    public async Task An_exported_production_has_its_own_images_and_numbers_whatever_the_precedence_says()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var (own, other) = (await workspace.ProductionAsync("Own"), await workspace.ProductionAsync("Other"));
        var document = await workspace.WithImagesAsync(DocumentWorkspace.Document("A"), own.Id, DocumentWorkspace.Page("OWN1", 5));
        await workspace.AddAsync([await workspace.WithImagesAsync(document, other.Id, DocumentWorkspace.Page("OTHER1", 6))]);

        var listed = await ListAsync(workspace, new ExportSettings { Images = true, ImageOutput = ImageOutput.Pdf, Productions = ["Other"] }, new WorkspaceSettings { Part = WorkspacePart.Production, Production = "Own" });

        Assert.Equal((new ListedImages(own.Id, 1, 5), "OWN1"), (listed.Images, listed.BeginNumber));
    }

    [Fact]
    public async Task Pages_of_one_file_are_one_file_and_a_set_may_have_many_parts()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var pages = Enumerable.Range(1, 2500).Select(i => i <= 1500 ? DocumentWorkspace.Page($"P{i}", 2) : DocumentWorkspace.Page($"P{i}", 1000, i % 2 == 0 ? "even.pdf" : "odd.pdf", i));
        await workspace.AddAsync([await workspace.WithImagesAsync(DocumentWorkspace.Document("A"), ImageSet.Original, [.. pages])]);

        Assert.Equal(new ListedImages(ImageSet.Original, 1502, 5000), (await ListAsync(workspace, new ExportSettings { Images = true, ImageOutput = ImageOutput.Pdf })).Images);
    }

    [Fact]
    public async Task A_document_whose_pages_vanish_while_it_is_listed_is_listed_all_the_same()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync([DocumentWorkspace.Document("A") with { Images = new() { [ImageSet.Original] = new ImageSet(1, "gone", 1) } }]);

        Assert.Null((await ListAsync(workspace, new ExportSettings { Images = true })).Images);
    }

    [Fact]
    public async Task What_would_be_exported_can_be_counted()
    {
        var size = new BatchSize { Records = 100 };
        var workspace = await DocumentWorkspace.NewAsync(stores);
        for (var i = 0; i < 300; i++)
        {
            var document = DocumentWorkspace.Document($"D{i:d3}") with { Native = i % 3 == 0 ? new NativeFile("a", 10, "x") : null };
            await workspace.AddAsync([i < 260 ? document : await workspace.WithImagesAsync(document, ImageSet.Original, DocumentWorkspace.Page("1", 3), DocumentWorkspace.Page("2", 4))]);
        }
        var all = new WorkspaceSettings { Part = WorkspacePart.FolderAndSubfolders, StartAtRecord = 11 };

        Assert.Equal(
            new StatisticsCounts { Documents = 290, Natives = Files(96, 960), Images = Files(80, 280) }, await CountAsync(workspace.Source(all, new ExportSettings { Natives = true, Images = true }, size)));
        Assert.Equal(new StatisticsCounts { Documents = 290, Natives = Files(96, 960) }, await CountAsync(workspace.Source(all, new ExportSettings { Natives = true }, size)));
        Assert.Equal(new StatisticsCounts { Documents = 290 }, await CountAsync(workspace.Source(all, new ExportSettings(), size)));

        static ReferenceCounts Files(long files, long bytes) => new() { Referenced = files, Found = files, Bytes = bytes };
    }

    private static async Task<StatisticsCounts> CountAsync(WorkspaceSource source)
    {
        var layout = await source.CheckAsync(default);
        await source.SpoolAsync(layout, default);
        var counts = new StatisticsCounts();
        foreach (var batch in await DocumentWorkspace.PlanAllAsync(source, layout)) counts = counts.Plus(await source.CountAsync(batch, default));
        return counts;
    }

    private static async Task<ListedDocument> ListAsync(DocumentWorkspace workspace, ExportSettings export, WorkspaceSettings? settings = null)
    {
        var job = workspace.NextJob();
        var source = workspace.Source(settings, export, job: job);
        await source.SpoolAsync(await source.CheckAsync(default), default);
        return Assert.Single(await workspace.ListAsync(job));
    }
}
