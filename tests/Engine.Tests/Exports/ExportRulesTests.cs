using IntegrationPoints.Engine.Exports;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Tests.Exports;

/// <summary>What the settings of an export must be (guide, 5.1 to 5.4).</summary>
public class ExportRulesTests
{
    private static readonly WorkspaceSettings Folder = new();

    [Fact]
    public void The_defaults_are_those_of_the_issue_and_can_be_used()
    {
        var settings = new ExportSettings();
        Assert.Empty(ExportRules.Check(Folder, settings));
        Assert.Equal(("VOL", 1, 2, 4400), (settings.Volume.Prefix, settings.Volume.Start, settings.Volume.Digits, settings.Volume.MaxMegabytes));
        Assert.Equal((1, 3, 500), (settings.Subdirectory.Start, settings.Subdirectory.Digits, settings.Subdirectory.MaxFiles));
        Assert.Equal(("IMG", "NATIVE", "TEXT", "utf-16"), (settings.ImagePrefix, settings.NativePrefix, settings.TextPrefix, settings.Encoding));
        Assert.Equal((DataFormat.Dat, PathStyle.Relative, false, true), (settings.DataFormat, settings.Paths, settings.Overwrite, settings.CreateFolder));
    }

    /// <summary>The source's settings, the property, the code.</summary>
    public static TheoryData<WorkspaceSettings, string, string> Sources => new()
    {
        { new() { Part = WorkspacePart.SavedSearch }, "savedSearch", "saved-search-missing" },
        { new() { Part = WorkspacePart.SavedSearch, SavedSearch = " " }, "savedSearch", "saved-search-missing" },
        { new() { Part = WorkspacePart.Production }, "production", "production-missing" },
        { new() { Part = WorkspacePart.Production, Production = "P", Folder = "A" }, "folder", "setting-not-used" },
        { new() { Part = WorkspacePart.Production, Production = "P", View = "V" }, "view", "setting-not-used" },
        { new() { Part = WorkspacePart.Production, Production = "P", SavedSearch = "S" }, "savedSearch", "setting-not-used" },
        { new() { Part = WorkspacePart.Folder, Production = "P" }, "production", "setting-not-used" },
        { new() { Folder = new string('x', 256) }, "folder", "invalid-folder" },
        { new() { StartAtRecord = 0 }, "startAtRecord", "number-out-of-range" },
        { new() { Columns = [new("A"), new("B", "a")] }, "columns", "column-named-twice" },
        { new() { Columns = [new("A", "X"), new("B", "x ")] }, "columns", "column-named-twice" },
        { new() { Columns = [new(" ")] }, "columns", "name-missing" },
        { new() { Columns = [new("A", "")] }, "columns", "name-missing" },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_source_that_cannot_be_read_is_refused(WorkspaceSettings source, string property, string code)
        => Assert.Equal(("source.settings." + property, code), Only(ExportRules.Check(source, new())));

    [Fact]
    public void Sources_that_can_be_read()
    {
        Assert.Empty(ExportRules.Check(new() { Part = WorkspacePart.FolderAndSubfolders, Folder = @"A\B", View = "V", StartAtRecord = 3 }, new()));
        Assert.Empty(ExportRules.Check(new() { Part = WorkspacePart.SavedSearch, SavedSearch = "S", Folder = "" }, new()));
        Assert.Empty(ExportRules.Check(new() { Part = WorkspacePart.Production, Production = "P", Columns = [new("A", "B"), new("B", "A"), new("C")] }, new()));
    }

    /// <summary>The destination's settings, the property, the code.</summary>
    public static TheoryData<ExportSettings, string, string> Destinations => new()
    {
        { new() { Encoding = "klingon" }, "encoding", "unknown-encoding" },
        { new() { Encoding = "utf-7" }, "encoding", "unknown-encoding" },
        { new() { TextEncoding = "" }, "textEncoding", "unknown-encoding" },
        { new() { DataFormat = DataFormat.Csv, Delimiters = new() }, "delimiters", "setting-not-used" },
        { new() { DataFormat = DataFormat.Txt, Delimiters = new() { Column = 0 } }, "delimiters", "delimiters-invalid" },
        { new() { DataFormat = DataFormat.Txt, Delimiters = new() { Column = 59 } }, "delimiters", "delimiters-invalid" },
        { new() { DataFormat = DataFormat.Txt, Delimiters = new() { Quote = 0, Newline = 10 } }, "delimiters", "delimiters-invalid" },
        // There byte 254 is ю.
        { new() { Encoding = "windows-1251" }, "encoding", "delimiter-not-in-encoding" },
        { new() { Encoding = "shift_jis", DataFormat = DataFormat.Txt, Delimiters = new() { MultiValue = 200 } }, "delimiters", "delimiter-not-in-encoding" },
        { new() { Encoding = "shift_jis", DataFormat = DataFormat.Txt, Delimiters = new() { Quote = 0 } }, "delimiters", "delimiter-not-in-encoding" },
        { new() { DataFormat = DataFormat.Html, Encoding = "utf-32" }, "encoding", "encoding-not-usable" },
        { new() { DataFormat = DataFormat.Html, Encoding = "ibm037" }, "encoding", "encoding-not-usable" },
        { new() { Folder = @"..\x" }, "folder", "path-outside-root" },
        { new() { Folder = @"C:\x" }, "folder", "path-outside-root" },
        { new() { Folder = "a/CON" }, "folder", "path-outside-root" },
        { new() { Folder = @"a\b." }, "folder", "name-invalid" },
        { new() { Folder = @"a?\b" }, "folder", "name-invalid" },
        { new() { PathPrefix = "D:" }, "pathPrefix", "setting-not-used" },
        { new() { Paths = PathStyle.Prefix, PathPrefix = "D:\n" }, "pathPrefix", "name-invalid" },
        { new() { Volume = new() { Start = -1 } }, "volume.start", "number-out-of-range" },
        { new() { Volume = new() { Digits = 0 } }, "volume.digits", "number-out-of-range" },
        { new() { Volume = new() { MaxMegabytes = 0 } }, "volume.maxMegabytes", "number-out-of-range" },
        { new() { Subdirectory = new() { Start = -1 } }, "subdirectory.start", "number-out-of-range" },
        { new() { Subdirectory = new() { Digits = 21 } }, "subdirectory.digits", "number-out-of-range" },
        { new() { Subdirectory = new() { MaxFiles = 0 } }, "subdirectory.maxFiles", "number-out-of-range" },
        { new() { Volume = new() { Prefix = "" } }, "volume.prefix", "name-missing" },
        { new() { ImagePrefix = " " }, "imagePrefix", "name-missing" },
        { new() { NativePrefix = @"a\b" }, "nativePrefix", "name-invalid" },
        { new() { NativePrefix = "COM" }, "nativePrefix", "name-invalid" },
        { new() { TextPrefix = new string('x', 101) }, "textPrefix", "name-too-long" },
        { new() { Productions = ["P", "p"] }, "productions", "named-twice" },
        { new() { Productions = [""] }, "productions", "name-missing" },
        { new() { TextPrecedence = ["A", "A"] }, "textPrecedence", "named-twice" },
        { new() { Images = true, ImagePrefix = "a,b" }, "imagePrefix", "name-invalid" },
        { new() { Images = true, Volume = new() { Prefix = "日" } }, "volume.prefix", "name-invalid" },
        { new() { Images = true, Paths = PathStyle.Prefix, PathPrefix = "D:,x" }, "pathPrefix", "name-invalid" },
        { new() { Images = true, ImageFile = ImageFileFormat.Ipro, ImagePrefix = "a;b" }, "imagePrefix", "name-invalid" },
    };

    [Theory]
    [MemberData(nameof(Destinations))]
    public void A_destination_that_cannot_be_written_is_refused(ExportSettings settings, string property, string code)
        => Assert.Equal(("destination.settings." + property, code), Only(ExportRules.Check(Folder, settings)));

    public static TheoryData<ExportSettings> Usable => new(
        new ExportSettings { Folder = @"a\b c/d" },
        new ExportSettings { Folder = @"\" },
        new ExportSettings { DataFormat = DataFormat.Txt },
        new ExportSettings { DataFormat = DataFormat.Txt, Delimiters = new() { Quote = 0 } },
        new ExportSettings { DataFormat = DataFormat.Html, Encoding = "windows-1251" },
        new ExportSettings { DataFormat = DataFormat.Csv, Encoding = "windows-1251" },
        new ExportSettings { Encoding = "shift_jis" },
        new ExportSettings { Encoding = "gb18030" },
        new ExportSettings { Encoding = "windows-1252", Images = true, ImageFile = ImageFileFormat.IproFullText },
        new ExportSettings { ImagePrefix = "a,b;日" },
        new ExportSettings { Images = true, ImagePrefix = "a;b", ImageFile = ImageFileFormat.Opticon },
        new ExportSettings { Images = true, ImagePrefix = "a,b", ImageFile = ImageFileFormat.None },
        new ExportSettings { Paths = PathStyle.Prefix },
        new ExportSettings { Paths = PathStyle.Prefix, PathPrefix = @"\\server\share" });

    [Theory]
    [MemberData(nameof(Usable))]
    public void A_destination_that_can_be_written(ExportSettings settings)
    {
        Assert.Empty(ExportRules.Check(Folder, settings));
        Assert.NotNull(ExportFormat.Writer(settings, "t"));
    }

    [Theory]
    [InlineData(DataFormat.Dat, "FILE_PATH", 1)]
    [InlineData(DataFormat.Html, "file_path", 0)]
    [InlineData(DataFormat.Html, "Native Files", 1)]
    public void The_column_of_natives_has_its_name_for_itself(DataFormat format, string name, int problems)
        => Assert.Equal(problems, ExportRules.Check(new() { Columns = [new("A", name)] }, new() { DataFormat = format, Natives = true }).Count);

    [Fact]
    public void All_problems_are_said_at_once()
    {
        var problems = ExportRules.Check(
            new() { Part = WorkspacePart.Production, StartAtRecord = -1 }, new() { Encoding = "x", Folder = "..", Volume = new() { Digits = 0, Prefix = "" } });
        Assert.Equal(6, problems.Count);
        Assert.All(problems, p => Assert.Equal(ProblemSeverity.Error, p.Severity));
    }

    [Theory]
    [InlineData(50, 50, 2, false)]
    [InlineData(50, 49, 2, true)]
    [InlineData(100, 1, 1, false)]
    [InlineData(99, 1, 2, false)]
    [InlineData(100, 900, 3, false)]
    [InlineData(1, 99999, 6, true)]
    [InlineData(99999, 0, 5, true)]
    [InlineData(99999, 1, 6, true)]
    public void Digits_are_enough_when_the_last_number_has_no_more(long start, long count, int digits, bool expected)
        => Assert.Equal(expected, ExportRules.HasEnoughDigits(start, count, digits));

    /// <summary>Settings, files and bytes, the properties that a warning names.</summary>
    public static TheoryData<ExportSettings, ExpectedFiles, string[]> Digits => new()
    {
        { new(), new(0, 100_000, 100_000, 100_000_000), [] },
        { new(), new(0, 300_000, 0, 100), ["subdirectory.digits"] },
        { new() { Volume = new() { MaxMegabytes = 1 } }, new(0, 1000, 0, 100L << 20), ["volume.digits"] },
        { new() { Subdirectory = new() { MaxFiles = 1, Digits = 1 } }, new(0, 12, 0, 1), ["subdirectory.digits"] },
        { new() { Subdirectory = new() { Start = 10, Digits = 1 }, Volume = new() { Start = 100 } }, new(0, 1, 0, 1), ["volume.digits", "subdirectory.digits"] },
        { new() { Subdirectory = new() { MaxFiles = 1, Digits = 4 } }, new(3000, 3000, 3000, 1), [] },
        { new() { Encoding = "shift_jis" }, new(0, 0, 0, 0), ["encoding"] },
        { new() { Encoding = "shift_jis", DataFormat = DataFormat.Csv }, new(0, 0, 0, 0), [] },
    };

    [Theory]
    [MemberData(nameof(Digits))]
    public void Too_few_digits_are_a_warning(ExportSettings settings, ExpectedFiles files, string[] properties)
    {
        var warnings = ExportRules.Warnings(settings, files);
        Assert.Equal(properties.Select(p => "destination.settings." + p), warnings.Select(w => w.Field));
        Assert.All(warnings, w => Assert.Equal(ProblemSeverity.Warning, w.Severity));
    }

    [Theory]
    [InlineData(DataFormat.Dat, 20, 254, 174, 59, 92)]
    [InlineData(DataFormat.Csv, 44, 34, 10, 59, 92)]
    [InlineData(DataFormat.Txt, 1, 2, 3, 4, 5)]
    public void Every_format_has_its_characters(DataFormat format, int column, int quote, int newline, int multiValue, int nested)
    {
        var chosen = new Delimiters { Column = 1, Quote = 2, Newline = 3, MultiValue = 4, Nested = 5 };
        Assert.Equal(
            new() { Column = column, Quote = quote, Newline = newline, MultiValue = multiValue, Nested = nested },
            ExportFormat.DelimitersOf(new() { DataFormat = format, Delimiters = chosen }));
    }

    private static (string?, string) Only(IReadOnlyList<Problem> problems)
    {
        var problem = Assert.Single(problems);
        return (problem.Field, problem.Code);
    }
}
