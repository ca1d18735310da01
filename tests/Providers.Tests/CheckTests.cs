using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.LoadFile;

namespace IntegrationPoints.Providers.Tests;

/// <summary>A check before an import: it says what the import would come to, and writes nothing into the workspace.</summary>
public sealed class CheckTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly BatchSize SmallBatches = new() { Records = 2 };

    [Fact]
    public async Task It_says_of_each_row_what_the_import_then_does()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("old.dat", "Id,Sent\nA,2/13/2021\nB,2/13/2021\n");
        await (await import.JobAsync("old.dat", Settings())).AttemptAsync();
        await import.UploadAsync("new.dat", "Id,Sent\nA,2/14/2021\nC,2/30/2021\nD,2/15/2021\nd,2/15/2021\nE\n");

        var report = await CheckAsync(import, "new.dat", Settings(OverwriteMode.AppendOverlay), size: SmallBatches);
        Assert.Equal("5 rows: 1 would be new, 1 would be overlaid, 3 would be rejected.", report.Verdict);
        Assert.Equal(
            ["column-count 6 E", "duplicate-identifier 5 d", "invalid-date 3 C"],
            report.Findings.Where(f => f.Severity == FindingSeverity.Error).SelectMany(f => f.Examples.Select(e => $"{f.Code} {e.Line} {e.Id}")).Order());
        Assert.Equal("2/30/2021", report.Findings.Single(f => f.Code == "invalid-date").Examples[0].Value);

        var job = await import.JobAsync("new.dat", Settings(OverwriteMode.AppendOverlay));
        var result = await job.AttemptAsync();
        Assert.Equal((report.Rows.Rows, report.Rows.New + report.Rows.Overlaid, report.Rows.Rejected), (result.Counts.Read, result.Counts.Written, result.Counts.Rejected));
    }

    /// <summary>Whoever may take nothing out of the workspace learns no names of what was taken out: not by a base folder above it, and not as a better base.</summary>
    [Fact]
    public async Task It_lists_nothing_of_what_jobs_exported_unless_that_is_its_base()
    {
        var import = await Import.NewAsync(stores);
        var own = $"StructuredData/{import.Workspace.Id}";
        await import.UploadAsync("n.dat", "Number,Native\nA,Export/job/secret.msg\n");
        foreach (var name in (string[])["Export/job/secret.msg", "in/orphan.msg"]) await stores.Blobs.Staging.GetBlobClient($"{own}/{name}").UploadAsync(BinaryData.FromString("x"), TestContext.Current.CancellationToken);
        async Task<CheckReport> ReportAsync(string @base)
        {
            var run = await CheckRun.PrepareAsync(stores, import, "n.dat", Settings() with { NativeColumn = "Native" }, source: new LoadFileSettings { Column = ',', Quote = '"', BaseFolder = @base });
            for (var batch = 0; batch < run.Batches.Count; batch++) await run.BatchAsync(batch);
            return await run.EndAsync();
        }
        static IEnumerable<string?> Orphans(CheckReport report) => report.Findings.Where(f => f.Code == FindingWords.OrphanFile).SelectMany(f => f.Examples.Select(e => e.Value));

        var above = await ReportAsync(own);
        Assert.Equal(["in/orphan.msg"], Orphans(above));
        Assert.Equal(["path-of-exports"], above.Findings.Where(f => f.Severity == FindingSeverity.Error).Select(f => f.Code));
        Assert.Equal(["job/secret.msg"], Orphans(await ReportAsync($"{own}/Export")));
        Assert.Null((await ReportAsync($"{own}/in")).Proposal);
    }

    [Fact]
    public async Task It_leaves_the_workspace_as_it_is()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("long.txt", new string('x', 100_000));
        await import.UploadAsync("n.dat", $"Number,Custodian,Folder,Native,Text,Note\nA,Ann,One\\Two,a.msg,long.txt,{new string('n', 40_000)}\n");
        await import.UploadAsync("a.msg", "mail");
        var before = await ConfigAsync(import);
        var settings = new ImportSettings
        {
            NativeColumn = "Native",
            TextColumn = "Text",
            TextIsPath = true,
            FolderColumn = "Folder",
            CreateFields = new FieldSchema { Fields = [new SchemaField("Custodian", FieldType.SingleChoice)] },
        };
        var report = await CheckAsync(import, "n.dat", settings);
        Assert.Equal((1, 0), (report.Rows.New, report.Rows.Rejected));
        Assert.Equal(["Number", "Custodian", "Note"], report.Columns.Where(c => c.IsNew).Select(c => c.Column));
        Assert.Equal(before, await ConfigAsync(import));
        Assert.Empty(await import.FilesAsync());
        Assert.Null(await import.RecordAsync("A"));
    }

    [Fact]
    public async Task Natives_and_texts_are_counted_and_files_that_nothing_refers_to_are_found()
    {
        var import = await Import.NewAsync(stores);
        foreach (var (path, content) in new[] { ("N/a.msg", "a"), ("N/b.msg", ""), ("N/orphan.msg", "oo"), ("T/a.txt", "text") }) await import.UploadAsync(path, content);
        await import.UploadAsync("f.dat", "Id,Native,Text\nA,N\\A.MSG,T/a.txt\nB,N/b.msg,\nC,N/c.msg,T/c.txt\nD,..\\d.msg,\nE,C:\\e.msg,\n");
        var report = await CheckAsync(import, "f.dat", Files(), size: SmallBatches);
        Assert.Equal(new ReferenceCounts { Referenced = 5, Found = 2, Missing = 1, Refused = 2, Empty = 1, Bytes = 1 }, report.Natives);
        Assert.Equal(new ReferenceCounts { Referenced = 2, Found = 1, Missing = 1, Bytes = 4 }, report.Texts);
        var orphans = report.Findings.Single(f => f.Code == FindingWords.OrphanFile);
        Assert.Equal(["N/orphan.msg"], orphans.Examples.Select(e => e.Value));
    }

    /// <summary>A client that stages only what is named says what else lay there.</summary>
    [Fact]
    public async Task An_inventory_takes_the_place_of_the_list_of_the_base_folder()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("N/a.msg", "a");
        await import.UploadAsync("f.dat", "Id,Native,Text\nA,N/a.msg,\n");
        await import.UploadAsync("inventory", "1\tN/a.msg\n22\tN/lost.msg\nnonsense\n");
        var report = await CheckAsync(import, "f.dat", Files(), check => check with { Inventory = $"{import.Folder}/inventory" });
        Assert.Equal(["N/lost.msg"], report.Findings.Single(f => f.Code == FindingWords.OrphanFile).Examples.Select(e => e.Value));
    }

    [Fact]
    public async Task It_proposes_the_ancestor_under_which_missing_files_are()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL1/N/a.msg", "a");
        await import.UploadAsync("VOL1/DATA/f.dat", "Id,Native,Text\nA,N/a.msg,\nB,N/b.msg,\n");
        var report = await CheckAsync(import, "VOL1/DATA/f.dat", Files());
        Assert.Equal(new BaseProposal($"{import.Folder}/VOL1", 2, 1), report.Proposal);
        var settings = new LoadFileSettings { Column = ',', Quote = '"', BaseFolder = $"{import.Folder}/VOL1" };
        Assert.Null((await CheckAsync(import, "VOL1/DATA/f.dat", Files(), source: settings)).Proposal);
    }

    [Fact]
    public async Task Hashes_are_compared_with_the_bytes_of_the_natives()
    {
        var import = await Import.NewAsync(stores);
        foreach (var name in new[] { "a", "b", "c", "d" }) await import.UploadAsync($"{name}.msg", $"mail {name}");
        await import.UploadAsync("h.dat", $"Id,Native,Text,MD5HASH\nA,a.msg,,{Md5("mail a")}\nB,b.msg,,{Md5("other")}\nC,c.msg,,{Sha256("mail c").ToLowerInvariant()}\nD,d.msg,,none\n");
        var report = await CheckAsync(import, "h.dat", Files(), size: SmallBatches);
        Assert.Equal(new HashCounts { Hashes = 4, Compared = 3, Same = 2, Different = 1 }, report.Hashes);
        var different = report.Findings.Single(f => f.Code == FindingWords.HashMismatch);
        Assert.Equal(("B", Md5("other")), (different.Examples[0].Id, different.Examples[0].Value));
        Assert.Contains(Md5("mail b"), different.Examples[0].Words, StringComparison.Ordinal);
        Assert.Equal("none", report.Findings.Single(f => f.Code == FindingWords.HashUnreadable).Examples[0].Value);
    }

    [Fact]
    public async Task Bates_numbers_families_pages_and_copies_are_looked_at_over_all_batches()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("p.dat", string.Join('\n', [
            "BEGBATES,ENDBATES,BEGATTACH,ENDATTACH,PARENTID,PGCOUNT,MD5HASH",
            $"A001,A002,A001,A005,,2,{Md5("x")}",
            $"A003,A005,A001,A005,A001,3,{Md5("y")}",
            $"A006,A007,A006,A009,,4,{Md5("x")}",
            "A010,A010,A010,A010,A999,1,",
            "A010,A010,A010,A010,,1,",
            "A011,A011,,,,1,",
            "A012,A013,A012,A013,,2,",
            "A013,A014,A013,A014,,2,",
            "A016,A015,,,,1,",
        ]));
        var report = await CheckAsync(import, "p.dat", Settings(), size: SmallBatches);
        Assert.Equal(
            [
                "bates-gap A008 – A009", "bates-overlap A013", "bates-unreadable A016 – A015", "duplicate-hash " + Md5("x"), "duplicate-identifier A010",
                "family-incomplete A006 – A009", "page-count-mismatch 4", "parent-missing A999",
            ],
            report.Findings.SelectMany(f => f.Examples.Select(e => $"{f.Code} {e.Value}")).Order(StringComparer.Ordinal));
        Assert.Equal(new FamilyCounts("attachment ranges", 1, 2), report.Families);
        Assert.Equal(["A001", "A014"], [report.Bates[0].First, report.Bates[0].Last]);
        Assert.Equal("\"BEGBATES\" and \"ENDBATES\"", report.BatesBasis);
    }

    [Fact]
    public async Task The_image_load_file_is_compared_both_ways_and_its_files_are_looked_for()
    {
        var import = await Import.NewAsync(stores);
        foreach (var (path, content) in new[] { ("I/1.tif", "x"), ("I/2.tif", ""), ("I/9.tif", "lost") }) await import.UploadAsync(path, content);
        await import.UploadAsync("p.opt", "A1,V,.\\I\\1.tif,Y,,,2\nA2,V,I/2.TIF,,,,\nA2,V,I\\3.tif,,,,\nX1,V,I/1.tif,Y,,,1\nbroken\n");
        await import.UploadAsync("p.dat", "Control,BEGBATES,ENDBATES\nC1,A1,A2\nC2,A4,A4\n");
        var report = await CheckAsync(import, "p.dat", Settings(), check => check with { ImageFile = $"{import.Folder}/p.opt" });
        Assert.Equal(new ImageCounts(2, 4, 1), report.Images);
        Assert.Equal(new ReferenceCounts { Referenced = 4, Found = 3, Missing = 1, Empty = 1, Bytes = 2 }, report.ImageFiles);
        Assert.Equal(
            [
                "bates-gap", "document-without-images C2", "duplicate-page-id", "empty-file", "images-without-document X1", "invalid-line", "missing-file",
                "orphan-file", "page-count", "page-count-mismatch C1",
            ],
            report.Findings.SelectMany(f => f.Examples.Select(e => $"{f.Code} {e.Id}".Trim())).Order(StringComparer.Ordinal));
        Assert.Equal("p.opt", report.ImageFile);
    }

    [Theory]
    [InlineData("none.opt")]
    [InlineData("p.dat")]
    public async Task An_image_load_file_that_cannot_be_read_is_one_thing_to_mend(string images)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("p.dat", "þControlþ\u0014þNoteþ\nþC1þ\u0014þþ\n");
        var settings = new LoadFileSettings();
        var report = await CheckAsync(import, "p.dat", Settings(), check => check with { ImageFile = $"{import.Folder}/{images}" }, source: settings);
        Assert.Equal([FindingWords.ImagesUnreadable], report.Findings.Select(f => f.Code));
        Assert.Equal(1, report.Rows.New);
    }

    [Fact]
    public async Task Dates_that_depend_on_the_culture_are_shown_with_both_readings()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("d.dat", "Id,Sent,Made\nA,03/04/2021,03/04/2021\nB,4/9,12/25/2021\n");
        var schema = new FieldSchema { Fields = [new SchemaField("Sent", FieldType.Date), new SchemaField("Made", FieldType.Date)] };
        var report = await CheckAsync(import, "d.dat", new ImportSettings { CreateFields = schema });
        Assert.Equal(
            ["ambiguous-date Sent Warning 2", "completed-date Sent Warning 1", "ambiguous-date Made Note 1"],
            report.Findings.Where(f => f.Section == CheckSection.Dates).Select(f => $"{f.Code} {f.Field} {f.Severity} {f.Count}"));
        Assert.Equal("Read as 4 March 2021; the other order of day and month gives 3 April 2021.",
            report.Findings.First(f => f.Code == FindingWords.AmbiguousDate).Examples[0].Words);
    }

    [Fact]
    public async Task A_batch_that_is_checked_twice_counts_once_and_the_first_decides()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("f.dat", "Id\nA\nB\n");
        var run = await CheckRun.PrepareAsync(stores, import, "f.dat", Settings(), size: SmallBatches);
        var first = await run.BatchAsync(0);
        await (await import.JobAsync("f.dat", Settings())).AttemptAsync();
        Assert.Equal(first.Rows, (await run.BatchAsync(0)).Rows);
        Assert.Equal((2, 0), ((await run.EndAsync()).Rows.New, (await run.EndAsync()).Rows.Rejected));
    }

    [Fact]
    public async Task A_load_file_that_was_replaced_meanwhile_ends_the_check()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("f.dat", "Id\nA\nB\n");
        var run = await CheckRun.PrepareAsync(stores, import, "f.dat", Settings());
        await import.UploadAsync("f.dat", "Id\nC\nD\n");
        Assert.Equal("file-changed", (await Assert.ThrowsAsync<ConfigurationException>(() => run.BatchAsync(0))).Problem.Code);
    }

    /// <summary>The rule is the import's: before it has made the field a lookup field, nothing can be found by it.</summary>
    [Fact]
    public async Task It_says_when_existing_records_cannot_be_told_yet()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("old.dat", "Id,Ref\nA,r1\n");
        await (await import.JobAsync("old.dat", Settings())).AttemptAsync();
        await import.UploadAsync("new.dat", "Id,Ref\nX,r1\n");
        var report = await CheckAsync(import, "new.dat", Settings(OverwriteMode.AppendOverlay) with { OverlayField = "Ref" });
        Assert.Contains(report.Findings, f => f.Code == FindingWords.OverlayUnknown);
    }

    [Fact]
    public async Task Thousands_of_rows_come_to_the_same_in_any_batches()
    {
        var import = await Import.NewAsync(stores);
        var rows = Enumerable.Range(1, 3000).Where(n => n % 100 != 50).Select(n => string.Create(CultureInfo.InvariantCulture, $"D{n:d5},G{n / 3},{(n % 7 == 0 ? "2/30/2021" : "2/3/2021")}"));
        await import.UploadAsync("big.dat", "Id,Group Identifier,Sent\n" + string.Join('\n', rows));
        var settings = Settings();
        var (one, many) = (await CheckAsync(import, "big.dat", settings), await CheckAsync(import, "big.dat", settings, size: new BatchSize { Records = 70 }));
        Assert.Equal(30, one.Findings.Single(f => f.Code == FindingWords.BatesGap).Count);
        Assert.Equal(Comparable(one), Comparable(many));

        static string Comparable(CheckReport report) => System.Text.Json.JsonSerializer.Serialize(report with { Id = "", StartedUtc = default, EndedUtc = default });
    }

    private static ImportSettings Settings(OverwriteMode overwrite = OverwriteMode.AppendOnly)
        => new() { Overwrite = overwrite, CreateFields = new FieldSchema { Fields = [new SchemaField("Sent", FieldType.Date), new SchemaField("Ref", FieldType.FixedLengthText)] } };

    private static ImportSettings Files() => Settings() with { NativeColumn = "Native", TextColumn = "Text", TextIsPath = true };

    private async Task<CheckReport> CheckAsync(
        Import import, string file, ImportSettings settings, Func<Check, Check>? change = null, BatchSize? size = null, LoadFileSettings? source = null)
    {
        var run = await CheckRun.PrepareAsync(stores, import, file, settings, change, size, source);
        for (var batch = 0; batch < run.Batches.Count; batch++) await run.BatchAsync(batch);
        return await run.EndAsync();
    }

    private async Task<List<string>> ConfigAsync(Import import)
        => [.. (await stores.Records.ListAsync(new Engine.Records.ItemQuery($"{import.Workspace.Id}|config", ""), default)).Select(i => i.Sort)];

#pragma warning disable CA5351 // Load files carry MD5.
    private static string Md5(string text) => Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    private static string Sha256(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
