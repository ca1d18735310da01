using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests;

/// <summary>How the paths of a load file find their natives (issue "Load files, complete", Records and Packages).</summary>
public sealed class ReferencedFileTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly ImportSettings Natives = new() { NativeColumn = "Path", PathRules = [new(@"D:\Review", "NATIVES"), new(@"D:\", ""), new(@"\\server\share\", "")] };

    /// <summary>What lies in the staging area, what the row says, and what becomes of it: the native's name, or errors; and warnings.</summary>
    public static TheoryData<string, string, string?, string[], string[]> Paths => new()
    {
        { "NATIVES/1.doc", @"NATIVES\1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", "NATIVES/1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", @".\NATIVES\1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", @"\NATIVES\1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", @"NATIVES\x\..\1.doc", "1.doc", [], [] },
        { "NATIVES/1.DOC", @"natives\1.doc", "1.DOC", [], ["2 file-name-case"] },
        { "Natives/1.doc", @"NATIVES\1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", @"D:\Natives\1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", @"d:\REVIEW\1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", @"\\SERVER\Share\NATIVES\1.doc", "1.doc", [], [] },
        { "NATIVES/1.doc", @"D:\Reviews\1.doc", null, ["2 missing-file"], [] },
        { "NATIVES/1.doc", @"E:\NATIVES\1.doc", null, ["2 path-absolute"], [] },
        { "NATIVES/1.doc", @"\\server\other\NATIVES\1.doc", null, ["2 path-absolute"], [] },
        { "NATIVES/1.doc", "https://server/NATIVES/1.doc", null, ["2 path-absolute"], [] },
        { "NATIVES/1.doc", @"D:\..\NATIVES\1.doc", null, ["2 path-outside-root"], [] },
        { "NATIVES/1.doc", @"..\NATIVES\1.doc", null, ["2 path-outside-root"], [] },
        { "NATIVES/1.doc", @"NATIVES\2.doc", null, ["2 missing-file"], [] },
        { "NATIVES/1.doc", "", null, [], [] },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_path_finds_its_file_or_says_why_not(string staged, string path, string? native, string[] errors, string[] warnings)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync(staged, "content");

        await ExpectAsync(import, await RunAsync(import, path), native, errors, warnings);
    }

    /// <summary>The same paths when a package holds the files: beside the load file, or in the place of a folder.</summary>
    public static TheoryData<string, string, string> Packages => new()
    {
        { "the load file's name", "docs.zip", "NATIVES/1.doc" },
        { "the load file's name, in any case", "DOCS.ZIP", "NATIVES/1.doc" },
        { "the only one there", "delivery.zip", "NATIVES/1.doc" },
        { "the folder's name", "NATIVES.zip", "1.doc" },
        { "the folder's name, packed with it", "natives.zip", "natives/1.doc" },
        { "a package for a folder in a package", "docs.zip", "NATIVES.zip!1.doc" },
    };

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task A_package_stands_for_the_folder_that_is_not_there(string name, string package, string entry)
    {
        var import = await Import.NewAsync(stores);
        var inner = entry.Split('!');
        await import.UploadAsync(package, inner is [var nested, var file] ? ZipBytes.Of([new ZipPart(nested, ZipBytes.Of((file, "content")))]) : ZipBytes.Of((entry, "content")));
        if (name.Contains("load file's", StringComparison.Ordinal)) await import.UploadAsync("other.zip", ZipBytes.Of((entry, "wrong")));

        await ExpectAsync(import, await RunAsync(import, @"NATIVES\1.doc"), "1.doc", [], []);
        var kept = (await import.RecordAsync("A"))!.Native!;
        var content = await stores.Blobs.Files.GetBlobClient(kept.Blob).DownloadContentAsync(TestContext.Current.CancellationToken);
        Assert.Equal("content", content.Value.Content.ToString());
    }

    [Fact]
    public async Task What_lies_in_the_folder_comes_before_what_lies_in_a_package()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("NATIVES/1.doc", "from the folder");
        await import.UploadAsync("docs.zip", ZipBytes.Of(("NATIVES/1.doc", "from the package"), ("NATIVES/2.doc", "!")));

        await ExpectAsync(import, await RunAsync(import, @"NATIVES\1.doc"), "1.doc", [], []);

        Assert.Equal("from the folder".Length, (await import.RecordAsync("A"))!.Native!.Bytes);
    }

    [Fact]
    public async Task Of_several_packages_that_could_be_meant_none_is_guessed()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("one.zip", ZipBytes.Of(("NATIVES/1.doc", "content")));
        await import.UploadAsync("two.zip", ZipBytes.Of(("NATIVES/1.doc", "content")));

        await ExpectAsync(import, await RunAsync(import, @"NATIVES\1.doc"), null, ["2 missing-file"], []);
    }

    /// <summary>A package that is the base folder, with what is wrong with one of its files or with one in it.</summary>
    public static TheoryData<string, byte[], string, string?, string[], string[]> InBase => new()
    {
        { "in any case, either slash", ZipBytes.Of(("natives/1.DOC", "x")), @"NATIVES\1.doc", "1.DOC", [], ["2 file-name-case"] },
        { "by a path rule", ZipBytes.Of(("NATIVES/1.doc", "x")), @"D:\Review\1.doc", "1.doc", [], [] },
        { "empty", ZipBytes.Of(("1.doc", "")), "1.doc", "1.doc", [], ["2 empty-file"] },
        { "not there", ZipBytes.Of(("2.doc", "x")), "1.doc", null, ["2 missing-file"], [] },
        { "out of it", ZipBytes.Of(("1.doc", "x")), @"..\1.doc", null, ["2 path-outside-root"], [] },
        { "damaged", ZipBytes.Of([new ZipPart("1.doc", "x") { Crc = 1 }]), "1.doc", null, ["2 archive-damaged"], [] },
        { "packed by another method", ZipBytes.Of([new ZipPart("1.doc", "x") { Method = 9 }]), "1.doc", null, ["2 archive-method"], [] },
        { "in a package in it", ZipBytes.Of([new ZipPart("V/in.zip", ZipBytes.Of(("1.doc", "x"))) { Method = 0 }]), @"V\in.zip\1.doc", "1.doc", [], [] },
        { "in an encrypted package in it", ZipBytes.Of([new ZipPart("in.zip", ZipBytes.Of([new ZipPart("1.doc", "x") { Flags = 1 }]))]), @"in.zip\1.doc", null, ["2 archive-encrypted"], [] },
        { "two packages deep", ZipBytes.Of([new ZipPart("a.zip", ZipBytes.Of([new ZipPart("b.zip", ZipBytes.Of(("1.doc", "x")))]))]), @"a.zip\b.zip\1.doc", null, ["2 archive-limit"], [] },
    };

    [Theory]
    [MemberData(nameof(InBase))]
    public async Task A_package_can_be_the_base_folder(string name, byte[] zip, string path, string? native, string[] errors, string[] warnings)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("files/VOL001.zip", zip);

        var job = await RunAsync(import, path, Csv with { BaseFolder = "files/VOL001.zip" });

        Assert.True(errors.Length == 0 || (await job.MessagesAsync())[0].Contains("docs.csv, line 2", StringComparison.Ordinal), name);
        await ExpectAsync(import, job, native, errors, warnings);
        if (native is null) Assert.Empty(await import.FilesAsync());
    }

    [Fact]
    public async Task A_folder_in_a_package_can_be_the_base_folder()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("VOL001.zip", ZipBytes.Of(("VOL001/1.doc", "content")));

        await ExpectAsync(import, await RunAsync(import, "1.doc", Csv with { BaseFolder = "VOL001.zip/vol001" }), "1.doc", [], []);
    }

    /// <summary>What jobs exported is read where the base folder names it, for which running needs Allow Export; no row of another load file leads there.</summary>
    [Theory]
    [InlineData("Export/job/1.doc", "2 path-of-exports")]
    [InlineData(@"export\job\1.doc", "2 path-of-exports")]
    [InlineData(@"in\..\Export\job\1.doc", "2 path-of-exports")]
    [InlineData("in/1.doc", null)]
    [InlineData("Exports/1.doc", null)]
    public async Task The_workspaces_folder_as_base_does_not_lead_to_exports(string path, string? error)
    {
        var import = await Import.NewAsync(stores);
        var own = $"StructuredData/{import.Workspace.Id}";
        foreach (var (name, content) in (IEnumerable<(string, string)>)[("Export/job/1.doc", "x"), ("in/1.doc", "x"), ("Exports/1.doc", "x"), ("docs.csv", $"Id,Path\nA,\"{path}\"\n"), ("in/docs.csv", $"Id,Path\nA,\"{path}\"\n")])
            await stores.Blobs.Staging.GetBlobClient($"{own}/{name}").UploadAsync(BinaryData.FromString(content), TestContext.Current.CancellationToken);
        foreach (var settings in (LoadFileSettings[])[Csv with { File = $"{own}/docs.csv" }, Csv with { File = $"{own}/in/docs.csv", BaseFolder = own }])
        {
            var job = await import.JobAsync(Sources.Write(LoadFileSettings.Provider, settings), Natives with { CreateFields = new(), Overwrite = OverwriteMode.AppendOverlay });
            await job.AttemptAsync();
            await ExpectAsync(import, job, error is null ? "1.doc" : null, error is null ? [] : [error], []);
        }
    }

    private static readonly LoadFileSettings Csv = new() { Column = ',', Quote = '"' };

    private static async Task<TestJob> RunAsync(Import import, string path, LoadFileSettings? settings = null)
    {
        await import.UploadAsync("docs.csv", $"Id,Path\nA,\"{path}\"\n");
        var job = await import.JobAsync("docs.csv", Natives, settings);
        await job.AttemptAsync();
        return job;
    }

    private static async Task ExpectAsync(Import import, TestJob job, string? native, string[] errors, string[] warnings)
    {
        Assert.Equal(errors, await job.ErrorsAsync());
        Assert.Equal(warnings, await job.WarningsAsync());
        Assert.Equal(native, (await import.RecordAsync("A"))?.Native?.Name);
        Assert.Equal(errors.Length == 0, await import.RecordAsync("A") is not null);
    }
}
