using System.Text;
using CsCheck;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Tests.Exports;

/// <summary>Names of files and folders, and how load files refer to them (guide, 5.1).</summary>
public class ExportNamesTests
{
    [Theory]
    [InlineData("AS000001", "AS000001")]
    // Issue D: \ / ? : * > < | " become _.
    [InlineData("a\\b/c?d:e*f>g<h|i\"j", "a_b_c_d_e_f_g_h_i_j")]
    [InlineData("a<>b", "a__b")]
    [InlineData("Smith, John; 50% é日😀", "Smith, John; 50% é日😀")]
    // What cannot be seen, or makes a name pose as another.
    [InlineData("a\tb\0c\u0085d", "a_b_c_d")]
    [InlineData("exe.\u202egpj", "exe._gpj")]
    [InlineData("\u200fa\u2067b\ufeff", "_a_b_")]
    [InlineData("{D800}a{DC00}", "_a_")]
    // File systems drop dots and blanks at the end.
    [InlineData("a.", "a_")]
    [InlineData("a. .", "a___")]
    [InlineData("...", "___")]
    [InlineData(" a ", "_a_")]
    [InlineData("a.b c", "a.b c")]
    // Devices.
    [InlineData("CON", "_CON")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("COM1.a.b", "_COM1.a.b")]
    [InlineData("CONSOLE", "CONSOLE")]
    // What becomes another name when it is decoded or normalised once more.
    [InlineData("..", "__")]
    [InlineData("%2e%2e", "_%2e%2e")]
    [InlineData("a%2fb", "a_2fb")]
    [InlineData("．．", "_．．")]
    [InlineData("", "_")]
    public void A_name_can_be_that_of_a_file(string name, string expected)
    {
        var clean = ExportNames.Clean(Fixtures.Broken(name));
        Assert.Equal(expected, clean);
        Assert.True(ExportNames.IsName(clean));
    }

    /// <summary>Identifier, original name when it is appended, the native's own name, native, text, PDF.</summary>
    public static TheoryData<string, string?, string, string, string, string> Files => new()
    {
        { "AS000001", null, "letter.msg", "AS000001.msg", "AS000001.txt", "AS000001.pdf" },
        { "AS000001", "letter.msg", "letter.msg", "AS000001_letter.msg", "AS000001_letter.msg.txt", "AS000001_letter.msg.pdf" },
        { "AS000001", "letter.TxT", "letter.TxT", "AS000001_letter.TxT", "AS000001_letter.TxT", "AS000001_letter.TxT.pdf" },
        { "AS000001", "letter.PdF", "letter.PdF", "AS000001_letter.PdF", "AS000001_letter.PdF.txt", "AS000001_letter.PdF" },
        { "AS000001", "", "", "AS000001", "AS000001.txt", "AS000001.pdf" },
        { "AS000001", "README", "README", "AS000001_README", "AS000001_README.txt", "AS000001_README.pdf" },
        { "A/1", "a:b.doc", "a:b.doc", "A_1_a_b.doc", "A_1_a_b.doc.txt", "A_1_a_b.doc.pdf" },
        { "mail.msg", null, "x.MSG", "mail.msg", "mail.msg.txt", "mail.msg.pdf" },
        { "A.", null, "x.msg", "A_.msg", "A_.txt", "A_.pdf" },
        { "CON", null, "x.con", "_CON.con", "_CON.txt", "_CON.pdf" },
        { "A, B; C", null, "x.tar.gz", "A, B; C.gz", "A, B; C.txt", "A_ B_ C.pdf" },
        { "A", null, "x.", "A", "A.txt", "A.pdf" },
        { "A", null, ".profile", "A.profile", "A.txt", "A.pdf" },
        { "A", null, "x.a sentence that is no ending at all", "A", "A.txt", "A.pdf" },
        { "A", null, "x.m|g ", "A.m_g", "A.txt", "A.pdf" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_of_a_document(string identifier, string? original, string native, string expected, string text, string pdf)
    {
        var name = ExportNames.Appended(identifier, original);
        Assert.Equal(
            (expected, text, pdf),
            (ExportNames.File(name, ExportNames.EndingOf(native)), ExportNames.TextFile(name), ExportNames.ImageFile(name, "pdf")));
    }

    [Theory]
    [InlineData(FileNaming.Identifier, "PROD1", false, "ID1")]
    [InlineData(FileNaming.BeginProductionNumber, "PROD1", false, "PROD1")]
    [InlineData(FileNaming.BeginProductionNumber, null, false, "ID1")]
    [InlineData(FileNaming.BeginProductionNumber, " ", true, "ID1_a.msg")]
    [InlineData(FileNaming.BeginProductionNumber, "PROD1", true, "PROD1_a.msg")]
    public void Files_are_named_after_the_identifier_or_the_first_Bates_number(FileNaming after, string? begin, bool append, string expected)
    {
        var document = new ListedDocument { Identifier = "ID1", ETag = "1", BeginNumber = begin, Native = new("a.msg", 1) };
        Assert.Equal(expected, ExportNames.Document(new() { NameAfter = after, AppendOriginalName = append }, document));
        Assert.Equal(expected, ExportNames.Document(new() { NameAfter = after, AppendOriginalName = append }, document with { Native = null, OriginalName = "a.msg" }));
    }

    [Fact]
    public void A_number_stands_before_the_ending()
    {
        Assert.Equal("A_2.msg", ExportNames.File("A", "msg", 2));
        Assert.Equal("A_x_12.msg", ExportNames.File("A_x.msg", "msg", 12));
        Assert.Equal("A_3", ExportNames.File("A", "", 3));
        Assert.Equal("P_2", ExportNames.Page("P", 2));
        Assert.Equal("A_B_C", ExportNames.Page("A,B;C"));
    }

    [Theory]
    [InlineData(255, "x", "msg", 1)]
    [InlineData(255, "日", "msg", 2)]
    [InlineData(255, "😀", "", 1)]
    [InlineData(255, "x. ", "txt", 1_000_000)]
    public void A_long_name_is_cut_between_characters_and_keeps_number_and_ending(int times, string part, string ending, int number)
    {
        var name = ExportNames.File(ExportNames.Clean(string.Concat(Enumerable.Repeat(part, times))), ending, number);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), ExportNames.LongestName - 4, ExportNames.LongestName);
        Assert.EndsWith((number > 1 ? $"_{number}" : "") + (ending.Length > 0 ? "." + ending : ""), name, StringComparison.Ordinal);
        Assert.True(ExportNames.IsName(name));
    }

    [Theory]
    [InlineData("Documents", "dat", "Documents_export.dat")]
    [InlineData("Q/A: all?", "csv", "Q_A_ all__export.csv")]
    [InlineData("", "opt", "_export.opt")]
    [InlineData("..", "html", "___export.html")]
    public void Load_files_are_named_after_what_is_exported(string source, string ending, string expected) => Assert.Equal(expected, ExportNames.LoadFile(source, ending));

    [Fact]
    public void Endings()
    {
        Assert.Equal(["dat", "html", "csv", "txt"], Enum.GetValues<DataFormat>().Select(ExportNames.EndingOf));
        Assert.Equal([null, "opt", "lfp", "lfp"], Enum.GetValues<ImageFileFormat>().Select(ExportNames.EndingOf));
        Assert.Equal([null, "tif", "pdf"], Enum.GetValues<ImageOutput>().Select(ExportNames.EndingOf));
    }

    [Theory]
    [InlineData("Doc Export", "2024-03-09T18:05:07+02:00", "Doc Export_2024-03-09T160507")]
    [InlineData("a:b", "2024-12-31T23:59:59Z", "a_b_2024-12-31T235959")]
    public void The_folder_of_a_job_says_its_name_and_start_in_UTC(string job, string start, string expected)
        => Assert.Equal(expected, ExportNames.Folder(job, DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("VOL", 1, 2, "VOL01")]
    [InlineData("VOL", 123, 1, "VOL123")]
    [InlineData("VOL", 100, 2, "VOL100")]
    [InlineData("", 3, 5, "00003")]
    [InlineData("IMG", 0, 3, "IMG000")]
    public void Numbers_are_filled_up_and_never_cut(string prefix, long number, int digits, string expected)
        => Assert.Equal(expected, ExportNames.Label(prefix, number, digits));

    [Theory]
    [InlineData(PathStyle.Relative, null, @".\VOL01\NATIVES\NATIVE001\A b#.msg")]
    [InlineData(PathStyle.Absolute, null, "https://store.example.com/staging/X%20Y/VOL01/NATIVES/NATIVE001/A%20b%23.msg")]
    [InlineData(PathStyle.Prefix, @"D:\", @"D:\VOL01\NATIVES\NATIVE001\A b#.msg")]
    [InlineData(PathStyle.Prefix, "PREFIX", @"PREFIX\VOL01\NATIVES\NATIVE001\A b#.msg")]
    [InlineData(PathStyle.Prefix, "", @"VOL01\NATIVES\NATIVE001\A b#.msg")]
    [InlineData(PathStyle.Prefix, null, @"VOL01\NATIVES\NATIVE001\A b#.msg")]
    [InlineData(PathStyle.Prefix, @"\\server\share", @"\\server\share\VOL01\NATIVES\NATIVE001\A b#.msg")]
    [InlineData(PathStyle.Prefix, "https://review.example.com/x", "https://review.example.com/x/VOL01/NATIVES/NATIVE001/A b#.msg")]
    public void Paths_begin_as_chosen(PathStyle style, string? prefix, string expected) => Assert.Equal(expected, ExportNames.InLoadFile(
        new() { Paths = style, PathPrefix = prefix }, new Uri("https://store.example.com/staging/X Y/"), "VOL01/NATIVES/NATIVE001/A b#.msg"));

    [Fact]
    public void Whatever_a_document_is_called_its_files_stay_in_their_folder_and_are_found_again()
        => Gen.Select(Hostile.Name, Hostile.Name, Gen.Int[1, 2000]).Sample((identifier, original, number) =>
        {
            var name = ExportNames.Appended(identifier, original);
            string[] files =
            [
                ExportNames.Clean(identifier), ExportNames.File(name, ExportNames.EndingOf(original), number), ExportNames.TextFile(name, number),
                ExportNames.ImageFile(name, "tif", number), ExportNames.Page(identifier, number) + ".tif", ExportNames.LoadFile(identifier, "dat"),
                ExportNames.Folder(identifier, DateTimeOffset.UnixEpoch),
            ];
            Assert.All(files, f => Assert.True(ExportNames.IsName(f), f));
            Assert.All(files.Skip(1), f => Assert.InRange(Encoding.UTF8.GetByteCount(f), 1, ExportNames.LongestName));
            var path = FilePath.Parse(ExportNames.InLoadFile(new(), new Uri("https://h/"), $"VOL01/NATIVES/NATIVE001/{files[1]}"));
            Assert.Equal((PathKind.Relative, $"VOL01/NATIVES/NATIVE001/{files[1]}"), (path.Kind, path.Path));
        }, iter: 5000);
}
