using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests;

/// <summary>Imports of and from packages: the load file in them, natives and texts out of them, and that repeating anything changes nothing.</summary>
public sealed class PackageImportTests(Stores stores) : IClassFixture<Stores>
{
    private const string Rows = "Id,Native,Text\nA,NATIVES\\1.doc,TEXT\\1.txt\nB,NATIVES\\2.pdf,TEXT\\2.txt\n";

    private static readonly LoadFileSettings Csv = new() { Column = ',', Quote = '"' };
    private static readonly ImportSettings Files = new() { NativeColumn = "Native", TextColumn = "Text", TextIsPath = true, Overwrite = OverwriteMode.AppendOverlay };
    private static readonly string Long = string.Concat(Enumerable.Repeat("Zoë\n", 50_000));

    private static byte[] Volume => ZipBytes.Of(
        ("VOL001/DATA/docs.csv", Rows), ("VOL001/DATA/NATIVES/1.doc", "first"), ("VOL001/DATA/NATIVES/2.pdf", "%PDF-1.7 second"),
        ("VOL001/DATA/TEXT/1.txt", "Zoë"), ("VOL001/DATA/TEXT/2.txt", Long));

    /// <summary>The setting of the load file, what the import calls it.</summary>
    [Theory]
    [InlineData("VOL001.zip/VOL001/DATA/docs.csv")]
    [InlineData("VOL001.zip/vol001/data/DOCS.csv")]
    [InlineData("VOL001.zip")]
    public async Task A_load_file_in_a_package_is_imported_with_the_files_beside_it(string file)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", Volume);

        var job = await import.JobAsync(file, Files, Csv);
        var result = await job.AttemptAsync();

        Assert.Equal((2, 2, 0), (result.Counts.Read, result.Counts.Written, result.Counts.Rejected));
        Assert.Equal("docs.csv", job.Prepared.Layout.Name, ignoreCase: true);
        await AssertImportedAsync(import, job);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Attempts_at_once_and_one_after_the_other_write_the_same_files_once(bool atOnce)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", Volume);
        var job = await import.JobAsync("VOL001.zip", Files, Csv);

        if (atOnce) await Task.WhenAll(job.AttemptAsync(), job.AttemptAsync(), job.AttemptAsync());
        else for (var i = 0; i < 3; i++) await job.AttemptAsync();

        await AssertImportedAsync(import, job);
        // Two natives, and the text that does not fit into its record.
        Assert.Equal(3, (await import.FilesAsync()).Count);
    }

    [Fact]
    public async Task A_decision_says_what_passed_through_it()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", Volume);
        var job = await import.JobAsync("VOL001.zip", Files, Csv);
        await job.AttemptAsync();

        var decisions = await Workspace.DecisionFile.OpenAsync(stores.Blobs, Storage.JobFiles.DecisionName(job.Job.Id, 0), TestContext.Current.CancellationToken);
        var native = (await decisions!.FirstAsync(TestContext.Current.CancellationToken)).Files.Single(f => f.Kind == Workspace.FileKind.Native);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("first"u8)), native.Sha256);
        Assert.Equal((null, 5L), (native.From, native.Bytes));
        Assert.EndsWith("VOL001.zip/VOL001/DATA/NATIVES/1.doc", native.Source, StringComparison.Ordinal);
    }

    /// <summary>What a package holds, which of it is imported, or the problem.</summary>
    public static TheoryData<string, string[], string?, string> LoadFiles => new()
    {
        { "the only one", ["docs.csv"], "docs.csv", "" },
        { "the one that lies least deep: natives may be .csv too", ["V/docs.csv", "V/NATIVES/1.csv", "V/NATIVES/2.csv"], "docs.csv", "" },
        { ".dat before .csv and .txt", ["a.txt", "b.csv", "V/docs.dat"], "docs.dat", "" },
        { "not what the Mac packs along", ["__MACOSX/._docs.csv", "docs.csv"], "docs.csv", "" },
        { "several", ["V1/b.dat", "V2/a.dat"], "load-file-ambiguous", "\"V1/b.dat\", \"V2/a.dat\"" },
        { "none", ["V1/a.doc"], "file-not-found", "no load file" },
    };

    [Theory]
    [MemberData(nameof(LoadFiles))]
    public async Task A_package_that_is_the_load_file_must_hold_exactly_one(string name, string[] files, string? expected, string says)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", ZipBytes.Of([.. files.Select(f => (f, "Id,Title\nA,x\n"))]));

        if (says.Length == 0)
        {
            Assert.Equal(expected, (await import.JobAsync("VOL001.zip", settings: Csv)).Prepared.Layout.Name);
            return;
        }
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => import.JobAsync("VOL001.zip", settings: Csv));
        Assert.True(expected == refused.Problem.Code, $"{name}: {refused.Problem.Message}");
        Assert.Contains(says, refused.Problem.Message, StringComparison.Ordinal);
    }

    /// <summary>What is wrong with a package is said before anything is written.</summary>
    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "encrypted", ZipBytes.Of([new ZipPart("1.doc", "x") { Flags = 1 }]), "archive-encrypted" },
        { "escaping", ZipBytes.Of(("../1.doc", "x")), "path-outside-root" },
        { "over the limits", ZipBytes.Of([new ZipPart("1.doc", "x") { Bytes = 1L << 60 }], wide: true), "archive-limit" },
        { "torn", Encoding.UTF8.GetBytes("not a package"), "archive-damaged" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_base_that_cannot_be_trusted_fails_the_job_before_anything_is_written(string name, byte[] zip, string code)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", zip);
        await import.UploadAsync("docs.csv", Rows);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => import.JobAsync("docs.csv", Files, Csv with { BaseFolder = "VOL001.zip" }));

        Assert.True(code == refused.Problem.Code, $"{name}: {refused.Problem.Message}");
    }

    [Fact]
    public async Task A_package_that_is_replaced_while_the_job_runs_ends_the_job()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", Volume);
        var job = await import.JobAsync("VOL001.zip", Files, Csv);
        await import.UploadAsync("VOL001.zip", ZipBytes.Of(("other.doc", "x")));

        var changed = await Assert.ThrowsAsync<ConfigurationException>(() => job.AttemptAsync());

        Assert.Equal("file-changed", changed.Problem.Code);
        Assert.Contains("VOL001.zip", changed.Problem.Message, StringComparison.Ordinal);
        Assert.Null(await import.RecordAsync("A"));
    }

    [Fact]
    public async Task A_linked_native_cannot_lie_in_a_package()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", Volume);
        var job = await import.JobAsync("VOL001.zip", Files with { Natives = NativeMode.Link }, Csv);
        await job.AttemptAsync();

        Assert.Equal(["2 file-in-package", "3 file-in-package"], await job.ErrorsAsync());
    }

    /// <summary>An instance setting, a native, what is recorded of it, and warnings.</summary>
    public static TheoryData<string?, string, byte[], string?, string[]> Types => new()
    {
        { null, "1.pdf", "%PDF-1.7"u8.ToArray(), "pdf", [] },
        { null, "1.doc", "%PDF-1.7"u8.ToArray(), "pdf", [] },
        { null, "1.exe", "text"u8.ToArray(), null, ["2 restricted-file-type"] },
        { null, "1.EXE", "text"u8.ToArray(), null, ["2 restricted-file-type"] },
        { null, "1.doc", [.. "MZ"u8, 0x90, 0, 3, 0], null, ["2 restricted-file-type"] },
        { "none", "1.exe", [.. "MZ"u8, 0x90, 0, 3, 0], "exe", [] },
        { ".pdf; doc", "1.pdf", "text"u8.ToArray(), null, ["2 restricted-file-type"] },
        { "pdf,doc", "1.exe", [.. "MZ"u8, 0x90, 0, 3, 0], "exe", [] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task The_type_is_told_by_the_bytes_and_a_restricted_one_is_left_out_of_its_record(
        string? restricted, string name, byte[] content, string? type, string[] warnings)
    {
        var instance = restricted is null ? new InstanceValues() : new InstanceValues { RestrictedFileTypes = RestrictedTypes.Read(restricted)! };
        foreach (var isPacked in (bool[])[false, true])
        {
            var import = new Import(stores, (await Import.NewAsync(stores)).Workspace) { Instance = instance };
            if (isPacked) await import.UploadAsync("docs.zip", ZipBytes.Of([new ZipPart(name, content)]));
            else await import.UploadAsync(name, content);
            await import.UploadAsync("docs.csv", $"Id,Native\nA,{name}\n");
            var job = await import.JobAsync("docs.csv", new ImportSettings { NativeColumn = "Native" });
            var result = await job.AttemptAsync();

            Assert.Equal((1, 1), (result.Counts.Read, result.Counts.Written));
            Assert.Equal(warnings, await job.WarningsAsync());
            Assert.Equal(type, (await import.RecordAsync("A"))!.Native?.Type);
            Assert.Equal(type is null ? 0 : 1, (await import.FilesAsync()).Count);
        }
    }

    /// <summary>The limits are those that the job was frozen with, whatever the settings say by now.</summary>
    [Fact]
    public async Task A_package_is_held_against_the_limits_of_its_job()
    {
        var import = new Import(stores, (await Import.NewAsync(stores)).Workspace) { Instance = new() { Packages = new() { Entries = 1 } } };
        await import.UploadAsync("VOL001.zip", ZipBytes.Of(("docs.csv", "Id\nA\n"), ("1.txt", "x")));
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => import.JobAsync("VOL001.zip"));
        Assert.Equal("archive-limit", refused.Problem.Code);
        Assert.Contains(InstanceSetting.MaxPackageEntries, refused.Problem.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await (await new Import(stores, import.Workspace).JobAsync("VOL001.zip")).AttemptAsync()).Counts.Written);
    }

    // Issue "Instance settings"; load-file specification, date formats: the point's own word comes first.
    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    public async Task A_zero_date_is_an_error_or_empty(bool instance, bool? point, bool isError)
    {
        var import = new Import(stores, (await Import.NewAsync(stores)).Workspace) { Instance = new() { CreateErrorForInvalidDate = instance } };
        await import.UploadAsync("docs.csv", "Id,Sent\nA,00/00/0000\nB,1/2/2020\n");
        var schema = new FieldSchema { Fields = [new SchemaField("Sent", Engine.Workspaces.FieldType.Date)] };
        var job = await import.JobAsync("docs.csv", new ImportSettings { CreateFields = schema, CreateErrorForInvalidDate = point });
        await job.AttemptAsync();
        Assert.Equal(isError ? ["2 invalid-date"] : [], await job.ErrorsAsync());
        if (!isError) Assert.Null((await import.RecordAsync("A"))!.ValueOf(job.FieldId("Sent")));
    }

    private async Task AssertImportedAsync(Import import, TestJob job)
    {
        Assert.Empty(await job.ErrorsAsync());
        var (a, b) = ((await import.RecordAsync("A"))!, (await import.RecordAsync("B"))!);
        Assert.Equal(("1.doc", 5, "txt"), (a.Native!.Name, a.Native.Bytes, a.Native.Type));
        Assert.Equal(("2.pdf", 15, "pdf"), (b.Native!.Name, b.Native.Bytes, b.Native.Type));
        Assert.Equal("first", await ContentAsync(a.Native.Blob));
        Assert.Equal("Zoë", a.ValueOf(job.FieldId("Extracted Text")));
        Assert.Equal(Long, await ContentAsync(Assert.IsType<TextReference>(b.ValueOf(job.FieldId("Extracted Text"))).Blob));
    }

    private async Task<string> ContentAsync(string blob)
        => (await stores.Blobs.Files.GetBlobClient(blob).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString();
}
