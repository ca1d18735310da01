using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.ImageFile;

namespace IntegrationPoints.Providers.Tests.Images;

/// <summary>Image load files become images of documents.</summary>
public sealed class ImageImportTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly ImportSettings Overlay = new() { Overwrite = OverwriteMode.OverlayOnly }, Both = new() { Overwrite = OverwriteMode.AppendOverlay };

    [Fact]
    public async Task Documents_are_made_of_their_pages_in_order()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("IMG/a1.tif", "IMG/a2.tif", "IMG/b1.tif");
        await images.StageAsync("IMG/b2.jpg", TestImages.Jpeg);

        var (job, counts) = await images.RunAsync("A1,V,IMG\\a1.tif,Y,,,2\nA2,V,.\\IMG\\A2.TIF,,,,\nB1,V,\\IMG\\b1.tif,Y,,,2\nB2,V,IMG/b2.jpg,,,,\n");

        Assert.Equal(new JobCounts { Read = 2, Written = 2, Warnings = 1 }, counts);
        Assert.Equal(["2 file-name-case"], await job.WarningsAsync());
        var size = TestImages.Tiff().Length;
        Assert.Equal([$"A1: A1 a1.tif {size}, A2 a2.tif {size}", $"B1: B1 b1.tif {size}, B2 b2.jpg {TestImages.Jpeg.Length}"], await images.ImagesAsync());
        Assert.Equal(2, (await images.Import.RecordAsync("A1"))!.Images![ImageSet.Original].Pages);
    }

    [Fact]
    public async Task An_image_is_copied_whole_and_its_hash_is_that_of_its_bytes()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("1.tif");
        await images.RunAsync("A,V,1.tif,Y");
        var page = Assert.Single(await images.PagesAsync("A"));
        var copy = (await stores.Blobs.Files.GetBlobClient(page.Blob).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToArray();
        Assert.Equal(TestImages.Tiff(), copy);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(copy)), page.Sha256);
    }

    /// <summary>Rules; file; counts as read, written, rejected; errors. 1.tif to 4.tif are images, bad.png and empty.tif are none.</summary>
    public static TheoryData<string, string, (int Read, int Written, int Rejected), string[]> Wrong => new()
    {
        { "one bad page fails its document and leaves the rest alone", "A,V,1.tif,Y\nA2,V,bad.png,\nB,V,2.tif,Y\n", (2, 1, 1), ["2 invalid-image A"] },
        { "each bad page is named", "A,V,gone.tif,Y\nA2,V,bad.png,\nA3,V,empty.tif,\nA4,V,1.tif,", (1, 0, 1), ["1 missing-file A", "2 invalid-image A", "3 invalid-image A"] },
        { "a page without a path", "A,V,,Y", (1, 0, 1), ["1 missing-file A"] },
        { "a blank page id", "A,V,1.tif,Y\n,V,2.tif,\nB,V,3.tif,Y", (2, 1, 1), ["2 missing-page-id A"] },
        { "a blank first page id", ",V,1.tif,Y\nA2,V,2.tif,\nB,V,3.tif,Y", (2, 1, 1), ["1 missing-page-id "] },
        { "too few fields", "A,V,1.tif,Y\nA2,V\nB,V,3.tif,Y", (2, 1, 1), ["2 invalid-line A"] },
        { "too few fields before any document", "A,V\nB,V,3.tif,Y", (2, 1, 1), ["1 invalid-line A"] },
        { "a line of something else", "What is this?\nB,V,3.tif,Y", (2, 1, 1), ["1 invalid-line What is this?"] },
        { "a repeated page id fails the later document", "A,V,1.tif,Y\nA2,V,2.tif,\nB,V,3.tif,Y\na2,V,4.tif,", (2, 1, 1), ["4 duplicate-page-id B"] },
        { "a repeated page id in one document", "X,V,1.tif,Y\nX,V,2.tif,\nY,V,3.tif,", (1, 0, 1), ["2 duplicate-page-id X"] },
        { "a document twice", "A,V,1.tif,Y\nA,V,2.tif,Y", (2, 1, 1), ["2 duplicate-page-id A"] },
        { "a drive", "A,V,X:\\1.tif,Y\nB,V,2.tif,Y", (2, 1, 1), ["1 path-absolute A"] },
        { "outside", "A,V,..\\..\\1.tif,Y\nB,V,2.tif,Y", (2, 1, 1), ["1 path-outside-root A"] },
        { "a page id with a control character", "A,V,1.tif,Y\nA\u00012,V,2.tif,", (1, 0, 1), ["2 invalid-identifier A"] },
        { "the second PDF of a document", "A,V,1.pdf,Y\nA2,V,2.pdf,", (1, 0, 1), ["2 invalid-image A"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_with_a_page_fails_its_document(string rule, string file, (int Read, int Written, int Rejected) expected, string[] errors)
    {
        var images = await StagedAsync();
        var (job, counts) = await images.RunAsync(file);
        Assert.Equal((rule, expected), (rule, ((int)counts.Read, (int)counts.Written, (int)counts.Rejected)));
        Assert.Equal(errors, await job.ErrorsWithIdAsync());
        Assert.Equal(expected.Written, (await images.ImagesAsync()).Count);
    }

    [Fact]
    public async Task An_error_names_page_file_and_what_the_file_is()
    {
        var images = await StagedAsync();
        var (job, _) = await images.RunAsync("A,V,bad.png,Y");
        var message = Assert.Single((await stores.Tables.Errors.ListAsync(job.Job.Id, 10, null, TestContext.Current.CancellationToken)).Items).Problem.Message;
        Assert.Equal(
            "images.opt, line 1: Page \"A\": The file \"bad.png\" is a PNG picture. Expected a TIFF of one page (Group IV, 1 bit), a JPEG or a PDF: convert the file, or load it as a native.",
            message);
    }

    /// <summary>Rule; file; warnings.</summary>
    public static TheoryData<string, string, string[]> Odd => new()
    {
        { "no marker at the first page", "A,V,1.tif,\nB,V,2.tif,Y", ["1 document-not-marked"] },
        { "fewer pages than said", "A,V,1.tif,Y,,,3\nA2,V,2.tif,,,,", ["1 page-count"] },
        { "more pages than said", "A,V,1.tif,Y,,,1\nA2,V,2.tif,,,,", ["1 page-count"] },
        { "as many pages as said", "A,V,1.tif,Y,,,2\nA2,V,2.tif,,,,", [] },
        { "as many pages as said, in one PDF", "A,V,1.pdf,Y,,,3", [] },
        { "one line said, of a PDF with three pages", "A,V,1.pdf,Y,,,1", [] },
        { "other pages than said, in a PDF", "A,V,1.pdf,Y,,,4", ["1 page-count"] },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task What_is_odd_is_a_warning_and_the_images_are_there(string rule, string file, string[] warnings)
    {
        var images = await StagedAsync();
        var (job, counts) = await images.RunAsync(file);
        Assert.Equal((rule, 0), (rule, counts.Rejected));
        Assert.Equal(warnings, await job.WarningsAsync());
        Assert.Equal(counts.Read, (await images.ImagesAsync()).Count);
    }

    [Fact]
    public async Task Append_only_makes_documents_and_leaves_those_that_are_there_alone()
    {
        var images = await StagedAsync();
        await images.RunAsync("A,V,1.tif,Y");
        var before = await images.ImagesAsync();
        var (job, counts) = await images.RunAsync("A,V,2.tif,Y\nB,V,3.tif,Y");
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, counts);
        Assert.Equal(["1 record-exists A"], await job.ErrorsWithIdAsync());
        Assert.Equal(before, (await images.ImagesAsync()).Take(1));
    }

    [Fact]
    public async Task An_overlay_replaces_all_images_of_the_documents_that_are_there()
    {
        var images = await StagedAsync();
        await images.RunAsync("A,V,1.tif,Y\nA2,V,2.tif,");
        var (job, counts) = await images.RunAsync("A,V,3.tif,Y\nB,V,4.tif,Y", import: Overlay);
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, counts);
        Assert.Equal(["2 record-not-found B"], await job.ErrorsWithIdAsync());
        Assert.Equal(["A: A 3.tif"], Short(await images.ImagesAsync()));
        await images.RunAsync("A,V,1.tif,Y\nB,V,4.tif,Y", import: Both);
        Assert.Equal(["A: A 1.tif", "B: B 4.tif"], Short(await images.ImagesAsync()));
    }

    [Fact]
    public async Task Images_leave_the_values_of_their_document_alone()
    {
        var images = await StagedAsync();
        await images.Import.UploadAsync("docs.csv", "Id,Title\nA,kept\n");
        var documents = await images.Import.JobAsync("docs.csv");
        await documents.AttemptAsync();
        await images.RunAsync("A,V,1.tif,Y", import: Overlay);
        Assert.Equal("kept", (await images.Import.RecordAsync("A"))!.ValueOf(documents.FieldId("Title")));
        Assert.Equal(["A: A 1.tif"], Short(await images.ImagesAsync()));
        await (await images.Import.JobAsync("docs.csv", Overlay)).AttemptAsync();
        Assert.Equal(["A: A 1.tif"], Short(await images.ImagesAsync()));
    }

    [Fact]
    public async Task Documents_are_found_by_another_field_when_the_point_says_so()
    {
        var images = await StagedAsync();
        await images.Import.UploadAsync("docs.csv", "Id,Bates\nA,B0001\nC,B0009\nD,B0009\n");
        await (await images.Import.JobAsync("docs.csv")).AttemptAsync();
        var (job, counts) = await images.RunAsync("B0001,V,1.tif,Y\nB0002,V,2.tif,\nB0009,V,3.tif,Y", import: Overlay with { OverlayField = "Bates" });
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, counts);
        Assert.Equal(["3 overlay-ambiguous B0009"], await job.ErrorsWithIdAsync());
        Assert.Equal(["A: B0001 1.tif, B0002 2.tif"], Short(await images.ImagesAsync()));
    }

    [Fact]
    public async Task Pages_that_share_an_id_are_numbered_when_the_point_says_so()
    {
        var images = await StagedAsync();
        var (_, counts) = await images.RunAsync("X,V,1.tif,Y\nX,V,2.tif,\n,V,3.tif,\nZ,V,4.tif,Y", new ImageFileSettings { Numbering = PageNumbering.Auto });
        Assert.Equal(2, counts.Written);
        Assert.Equal(["X: X 1.tif, X_1 2.tif, X_2 3.tif", "Z: Z 4.tif"], Short(await images.ImagesAsync()));
    }

    [Fact]
    public async Task Numbers_that_meet_an_id_of_the_file_are_repeated_page_ids()
    {
        var images = await StagedAsync();
        var (job, _) = await images.RunAsync("X_1,V,1.tif,Y\nX,V,2.tif,Y\nX,V,3.tif,", new ImageFileSettings { Numbering = PageNumbering.Auto });
        Assert.Equal(["3 duplicate-page-id X"], await job.ErrorsWithIdAsync());
    }

    [Fact]
    public async Task A_document_is_named_by_the_rule_of_the_point()
    {
        var images = await StagedAsync();
        var strip = new ImageFileSettings { DocumentId = DocumentNaming.StripSuffix };
        var (job, counts) = await images.RunAsync("A_0001,V,1.tif,Y\nA_0002,V,2.tif,\nB-1,V,3.tif,Y\nA_0003,V,4.tif,Y", strip);
        Assert.Equal(new JobCounts { Read = 3, Written = 2, Rejected = 1 }, counts);
        Assert.Equal(["4 duplicate-identifier A"], await job.ErrorsWithIdAsync());
        await images.RunAsync("P1,V,1.tif,Y,,Box,1\nP2,V,2.tif,Y,,,1", new ImageFileSettings { DocumentId = DocumentNaming.Field, DocumentField = 6 });
        Assert.Equal(["A: A_0001 1.tif, A_0002 2.tif", "B: B-1 3.tif", "Box: P1 1.tif"], Short(await images.ImagesAsync()));
    }

    [Fact]
    public async Task LFP_pages_of_a_file_refer_to_one_copy_of_it()
    {
        var images = await StagedAsync();
        const string File = "VN,V\r\nIM,A1,D,1,@V;;1.pdf;7\r\nFT,A1,1,1,text\r\nIM,A2,,2,@V;;1.pdf;7,1\r\nIM,A3,,3,@V;;1.pdf;7\r\nIM,B,D,4,@V;;1.pdf;7\r\n";
        var (job, counts) = await images.RunAsync(File, file: "images.lfp");
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, counts);
        Assert.Equal(["6 invalid-image B"], await job.ErrorsWithIdAsync());
        var pages = await images.PagesAsync("A1");
        Assert.Single(pages.Select(p => p.Blob).Distinct());
        Assert.Equal([("A1", 1, 0), ("A2", 2, 90), ("A3", 3, 0)], pages.Select(p => (p.Id, p.PageOfFile, p.Rotation)));
        Assert.Equal(3, (await images.Import.RecordAsync("A1"))!.Images![ImageSet.Original].Pages);
        Assert.Single(await images.Import.FilesAsync());
        Assert.Contains("2 lines", Assert.Single(job.Prepared.Layout.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_beside_the_images_becomes_the_documents_in_the_order_of_pages()
    {
        var images = await StagedAsync();
        await images.StageTextAsync("1.txt", "first ");
        await images.StageAsync("2.TXT", System.Text.Encoding.Unicode.GetPreamble().Concat(System.Text.Encoding.Unicode.GetBytes("zweite Seite: é\r\n")).ToArray());
        await images.StageTextAsync("4.txt", "a\0b");
        var (job, counts) = await images.RunAsync(
            "A,V,1.tif,Y\nA2,V,2.tif,\nA3,V,3.tif,\nB,V,3.jpg,Y\nC,V,4.tif,Y", new ImageFileSettings { LoadText = true });
        Assert.Equal(new JobCounts { Read = 3, Written = 2, Rejected = 1, Warnings = 2 }, counts);
        Assert.Equal(["3 missing-file", "4 missing-file"], await job.WarningsAsync());
        Assert.Equal(["5 invalid-character C"], await job.ErrorsWithIdAsync());
        var text = job.FieldId("Extracted Text");
        Assert.Equal("first zweite Seite: é\n", (await images.Import.RecordAsync("A"))!.ValueOf(text));
        Assert.Null((await images.Import.RecordAsync("B"))!.ValueOf(text));
    }

    [Fact]
    public async Task Documents_before_the_start_line_are_left_alone()
    {
        var images = await StagedAsync();
        var (_, counts) = await images.RunAsync("A,V,1.tif,Y\nA2,V,2.tif,\nB,V,3.tif,Y\n", new ImageFileSettings { StartLine = 2 });
        Assert.Equal(new JobCounts { Read = 1, Written = 1 }, counts);
        Assert.Equal(["B: B 3.tif"], Short(await images.ImagesAsync()));
    }

    [Fact]
    public async Task Images_can_stay_where_they_are()
    {
        var images = await StagedAsync();
        await images.RunAsync("A,V,1.tif,Y", import: new ImportSettings { Natives = NativeMode.Link });
        var page = Assert.Single(await images.PagesAsync("A"));
        Assert.Equal((true, $"{images.Import.Folder}/1.tif"), (page.Linked, page.Blob));
        Assert.Empty(await images.Import.FilesAsync());
    }

    private async Task<ImageImport> StagedAsync()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("1.tif", "2.tif", "3.tif", "4.tif");
        await images.StageAsync("3.jpg", TestImages.Jpeg);
        await images.StageAsync("bad.png", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0]);
        await images.StageAsync("empty.tif", []);
        await images.StageAsync("1.pdf", TestImages.Pdf(3));
        await images.StageAsync("2.pdf", TestImages.Pdf(2));
        return images;
    }

    // Without the sizes.
    private static IEnumerable<string> Short(IEnumerable<string> images)
        => images.Select(line => string.Join(", ", line.Split(", ").Select(page => page[..page.LastIndexOf(' ')])));
}
