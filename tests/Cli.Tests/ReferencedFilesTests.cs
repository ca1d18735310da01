using System.Text;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Cli.Tests;

/// <summary>
/// Which files of this machine an import sends (the load file and the files it references, never the whole folder).
/// </summary>
public sealed class ReferencedFilesTests : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Paths => new()
    {
        { @"NATIVES\a.txt", ["NATIVES/a.txt"] },
        { "NATIVES/a.txt", ["NATIVES/a.txt"] },
        { @".\NATIVES\a.txt", ["NATIVES/a.txt"] },
        { @"\NATIVES\a.txt", ["NATIVES/a.txt"] },
        { @"natives\A.TXT", ["NATIVES/a.txt"] },
        { @"NATIVES\sub\..\a.txt", ["NATIVES/a.txt"] },
        { @"NATIVES\façade.txt", ["NATIVES/façade.txt"] },
        { @"both\Same.txt", ["both/Same.txt"] },
        { @"both\same.txt", ["both/same.txt"] },
        { "", [] },
        { @"NATIVES\nope.txt", [] },
        { "NATIVES", [] },
        { @"a.txt\b", [] },
        { @"..\outside.txt", [] },
        { @"NATIVES\..\..\outside.txt", [] },
        { @"%2e%2e\outside.txt", [] },
        { @"C:\base\NATIVES\a.txt", [] },
        { @"\\server\share\a.txt", [] },
        { "/etc/passwd", [] },
        { @"link.txt", [] },
        { @"linked\outside.txt", [] },
        { @"linked\..\NATIVES\a.txt", ["NATIVES/a.txt"] },
    };

    [Theory, MemberData(nameof(Paths))]
    public async Task A_path_names_a_file_below_the_base_folder_or_none(string path, string[] expected)
    {
        _folder.Write("base/NATIVES/a.txt");
        _folder.Write("base/NATIVES/façade.txt");
        _folder.Write("base/NATIVES/unnamed.txt");
        _folder.Write("base/both/Same.txt");
        if (!File.Exists(_folder["base/both/same.txt"])) _folder.Write("base/both/same.txt");
        _folder.Write("outside.txt");
        File.CreateSymbolicLink(_folder["base/link.txt"], _folder["outside.txt"]);
        Directory.CreateSymbolicLink(_folder["base/linked"], _folder.Path);

        var found = await FindAsync($"þIdþ|þFileþ\r\nþ1þ|þ{path}þ\r\n", new ImportSettings { NativeColumn = "File" });

        Assert.Equal(expected.Select(file => "F/" + file), found.Select(file => file.Path));
        Assert.All(found, file => Assert.True(File.Exists(file.Local)));
    }

    public static TheoryData<string, ImportSettings, string[]> Columns => new()
    {
        { "natives", new() { NativeColumn = "Native" }, ["n1", "n2"] },
        { "texts by path", new() { TextColumn = "Text", TextIsPath = true }, ["t1", "t2"] },
        { "text in the cell is no path", new() { TextColumn = "Text" }, [] },
        { "both, in the order of the rows", new() { NativeColumn = "Native", TextColumn = "Text", TextIsPath = true }, ["n1", "t1", "n2", "t2"] },
        { "any case, blanks around", new() { NativeColumn = " native " }, ["n1", "n2"] },
        { "a column that is not there is left for the import to say", new() { NativeColumn = "Nativ" }, [] },
        { "no column", new(), [] },
    };

    [Theory, MemberData(nameof(Columns))]
    public async Task Only_the_columns_that_were_named_are_looked_at(string what, ImportSettings settings, string[] expected)
    {
        foreach (var name in (string[])["n1", "n2", "t1", "t2"]) _folder.Write($"base/{name}");
        var found = await FindAsync("þIdþ|þNativeþ|þTextþ\nþ1þ|þn1þ|þt1þ\nþ2þ|þn2þ|þt2þ\n", settings);
        Assert.Equal((what, string.Join(' ', expected.Select(name => $"F/{name}"))), (what, string.Join(' ', found.Select(file => file.Path))));
    }

    /// <summary>What lies in the base folder, a path, what is sent for it: the file, or the packages that may hold it.</summary>
    public static TheoryData<string[], string, string[]> Packages => new()
    {
        { ["NATIVES/a.txt", "load.zip"], @"NATIVES\a.txt", ["NATIVES/a.txt"] },
        { ["load.zip", "other.zip"], @"NATIVES\a.txt", ["load.zip"] },
        { ["LOAD.ZIP", "other.zip"], @"NATIVES\a.txt", ["LOAD.ZIP"] },
        { ["only.zip", "other.txt"], @"NATIVES\a.txt", ["only.zip"] },
        { ["one.zip", "two.zip"], @"NATIVES\a.txt", [] },
        { ["natives.zip", "other.zip"], @"NATIVES\a.txt", ["natives.zip"] },
        { ["V1/NATIVES.zip", "V1/b.txt"], @"V1\NATIVES\a.txt", ["V1/NATIVES.zip"] },
        { ["V1/x.zip", "y.zip", "z.zip"], @"V1\x.zip\a.txt", ["V1/x.zip"] },
        { ["NATIVES/a.txt"], @"D:\Review\a.txt", ["NATIVES/a.txt"] },
    };

    [Theory, MemberData(nameof(Packages))]
    public async Task A_package_is_sent_whole_when_it_may_hold_what_is_not_there(string[] there, string path, string[] expected)
    {
        foreach (var file in there) _folder.Write($"base/{file}");
        var import = new ImportSettings { NativeColumn = "File", PathRules = [new(@"D:\Review", "NATIVES")] };
        var found = await FindAsync($"þIdþ|þFileþ\nþ1þ|þ{path}þ\nþ2þ|þ{path}þ\n", import);
        Assert.Equal(expected.Select(file => "F/" + file), found.Select(file => file.Path));
    }

    [Fact]
    public async Task A_file_that_many_rows_name_is_sent_once()
    {
        _folder.Write("base/a.txt");
        var rows = string.Concat(Enumerable.Range(1, 50).Select(n => $"þ{n}þ|þ{(n % 2 == 0 ? "a.txt" : @".\A.TXT")}þ\n"));
        Assert.Single(await FindAsync($"þIdþ|þFileþ\n{rows}", new ImportSettings { NativeColumn = "File" }));
    }

    [Fact]
    public async Task Without_a_header_columns_have_numbers_and_the_first_row_counts()
    {
        _folder.Write("base/a.txt");
        _folder.Write("base/b.txt");
        var import = new ImportSettings { NativeColumn = "Column 2" };
        var found = await FindAsync("þ1þ|þa.txtþ\nþ2þ|þb.txtþ\n", import, settings => settings with { HasHeader = false });
        Assert.Equal(["F/a.txt", "F/b.txt"], found.Select(file => file.Path));
    }

    [Fact]
    public async Task Rows_before_the_start_line_are_not_looked_at()
    {
        _folder.Write("base/a.txt");
        _folder.Write("base/b.txt");
        var import = new ImportSettings { NativeColumn = "File" };
        var found = await FindAsync("þIdþ|þFileþ\nþ1þ|þa.txtþ\nþ2þ|þb.txtþ\n", import, settings => settings with { StartLine = 3 });
        Assert.Equal(["F/b.txt"], found.Select(file => file.Path));
    }

    [Theory]
    [InlineData("utf-16", "auto")]
    [InlineData("windows-1252", "auto")]
    [InlineData("windows-1252", "windows-1252")]
    [InlineData("utf-8", "auto")]
    public async Task The_load_file_is_read_in_its_own_encoding(string written, string told)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        _folder.Write("base/façade.txt");
        var import = new ImportSettings { NativeColumn = "File" };
        var found = await FindAsync(
            "þIdþ|þFileþ\r\nþ1þ|þfaçade.txtþ\r\n", import, settings => settings with { Encoding = told }, Encoding.GetEncoding(written));
        Assert.Equal(["F/façade.txt"], found.Select(file => file.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u00FF\u00D8\u00FF\u00E0 not a load file \u0000\u0001\u0002")]
    [InlineData("þIdþ|þFileþ\nþ1þ|þa.txtþ stray\nþ2\nþ3þ|þþ\n")]
    public async Task What_cannot_be_read_is_left_for_the_import_to_say(string contents)
    {
        _folder.Write("base/a.txt");
        Assert.Empty(await FindAsync(contents, new ImportSettings { NativeColumn = "File" }));
    }

    private async Task<List<StagedFile>> FindAsync(
        string contents, ImportSettings import, Func<PointSettings, PointSettings>? change = null, Encoding? encoding = null)
    {
        Directory.CreateDirectory(_folder["base"]);
        await File.WriteAllTextAsync(_folder["load.dat"], contents.Replace('|', '\u0014'), encoding ?? Encoding.UTF8, Cancel);
        var settings = new PointSettings { Import = import, Delimiters = new Delimiters() };
        settings = change?.Invoke(settings) ?? settings;
        var request = new ImportRequest { File = _folder["load.dat"], Base = _folder["base"], Workspace = "w", Settings = settings };
        return await new ReferencedFiles(request, "F").FindAsync(Cancel).ToListAsync(Cancel);
    }
}
