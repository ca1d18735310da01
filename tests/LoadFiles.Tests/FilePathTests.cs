namespace IntegrationPoints.LoadFiles.Tests;

public class FilePathTests
{
    [Theory]
    // Load-file specification: relative paths may start with nothing or .\; a path that begins with one \ starts at the base too.
    [InlineData(@"MainFolder\SubFolder\File.extension", "MainFolder/SubFolder/File.extension")]
    [InlineData(@".\MainFolder\SubFolder\File.extension", "MainFolder/SubFolder/File.extension")]
    [InlineData(@"\MainFolder\SubFolder\File.extension", "MainFolder/SubFolder/File.extension")]
    [InlineData("MainFolder/SubFolder/File.extension", "MainFolder/SubFolder/File.extension")]
    [InlineData(@"./NATIVES\001/a.msg", "NATIVES/001/a.msg")]
    [InlineData(@"  a\b.txt  ", "a/b.txt")]
    [InlineData(@"a\\b\.\c.txt", "a/b/c.txt")]
    [InlineData(@"a\..\b.txt", "b.txt")]
    [InlineData(@"a\b\..\..\c.txt", "c.txt")]
    // Real names keep their letters.
    [InlineData("Re (2) & more; 50% off, really.eml", "Re (2) & more; 50% off, really.eml")]
    [InlineData("a%20b.pdf", "a%20b.pdf")]
    [InlineData("100%.pdf", "100%.pdf")]
    [InlineData("%TEMP%.txt", "%TEMP%.txt")]
    [InlineData("~$draft.docx", "~$draft.docx")]
    [InlineData("..hidden", "..hidden")]
    [InlineData("a..b.txt", "a..b.txt")]
    [InlineData(".gitignore", ".gitignore")]
    [InlineData("version 1. final..txt", "version 1. final..txt")]
    [InlineData("報告／書.pdf", "報告／書.pdf")]
    [InlineData("Zoë’s 🗎.txt", "Zoë’s 🗎.txt")]
    [InlineData("console.log", "console.log")]
    [InlineData("COM10.txt", "COM10.txt")]
    public void Files_under_the_base(string raw, string expected) => AssertIs(PathKind.Relative, expected, raw);

    [Theory]
    [InlineData(@"D:\IMAGES\001\REL00001.TIF", "D:/IMAGES/001/REL00001.TIF")]
    [InlineData("d:/x.tif", "D:/x.tif")]
    [InlineData("D:x.tif", "D:/x.tif")]
    [InlineData(@"\D:\x.tif", "D:/x.tif")]
    [InlineData(@"D:\a\..\x.tif", "D:/x.tif")]
    [InlineData(@"\\server\share\a\x.tif", "//server/share/a/x.tif")]
    [InlineData("//server/share/x.tif", "//server/share/x.tif")]
    [InlineData(@"\/server\share\x.tif", "//server/share/x.tif")]
    [InlineData(@"\\?\C:\x.tif", "C:/x.tif")]
    [InlineData(@"\\?\UNC\server\share\x.tif", "//server/share/x.tif")]
    [InlineData(@"\\.\pipe\x", "//./pipe/x")]
    [InlineData("https://example.com/a/x.tif", "https://example.com/a/x.tif")]
    [InlineData("file:///etc/passwd", "file://etc/passwd")]
    public void Drives_servers_and_addresses(string raw, string expected) => AssertIs(PathKind.Absolute, expected, raw);

    [Theory]
    [InlineData(@"..\secret.txt")]
    [InlineData("../secret.txt")]
    [InlineData(@"\..\secret.txt")]
    [InlineData(@".\..\secret.txt")]
    [InlineData(@"a\..\..\secret.txt")]
    [InlineData("a/../../secret.txt")]
    [InlineData(@"D:\..\secret.txt")]
    [InlineData(@"\\server\share\..\..\secret.txt")]
    [InlineData(@"\\..\share\secret.txt")]
    // Encoded, once or more often.
    [InlineData("%2e%2e/secret.txt")]
    [InlineData("a/%2E%2e/secret.txt")]
    [InlineData(".%2e/secret.txt")]
    [InlineData("..%2fsecret.txt")]
    [InlineData("..%5csecret.txt")]
    [InlineData("%252e%252e%252fsecret.txt")]
    [InlineData("a%2f..%2f..%2fsecret.txt")]
    [InlineData("%c0%ae%c0%ae/secret.txt")]
    [InlineData("a%00.txt")]
    // Other spellings of dots: Windows drops trailing ones, and full-width ones may be normalised.
    [InlineData("... /secret.txt")]
    [InlineData(@".. \secret.txt")]
    [InlineData("...")]
    [InlineData("．．/secret.txt")]
    [InlineData("‥/secret.txt")]
    [InlineData("．．／secret.txt")]
    // Names that are no files.
    [InlineData(".")]
    [InlineData(@"\")]
    [InlineData(@"a\..")]
    [InlineData("NUL")]
    [InlineData("a/con.txt")]
    [InlineData("a/COM1")]
    [InlineData("lpt9 .txt")]
    [InlineData("file.txt:stream")]
    [InlineData("file.txt::$DATA")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085/b")]
    public void Ways_out(string raw) => AssertIs(PathKind.Outside, "", raw);

    [Fact]
    public void Half_a_character_is_no_name() => AssertIs(PathKind.Outside, "", "a\uD800.txt");

    [Fact]
    public void What_is_no_character_is_no_name() => AssertIs(PathKind.Outside, "", "a\uFFFE.txt");

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Blank(string raw) => AssertIs(PathKind.Blank, "", raw);

    [Fact]
    public void Whatever_is_relative_stays_inside_on_a_real_file_system()
    {
        var random = new Random(11);
        string[] parts = ["..", ".", "/", "\\", "a", " ", "%2e", "%2f", "%5c", "%25", ":", "C", "?", "\u002F", "．", "~", "\0", "con", "%c0%af", "x.txt"];
        for (var i = 0; i < 50_000; i++)
        {
            var parsed = FilePath.Parse(string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => parts[random.Next(parts.Length)])));
            if (parsed.Kind != PathKind.Relative) continue;
            Assert.StartsWith("/base/", Path.GetFullPath(Path.Combine("/base", parsed.Path)), StringComparison.Ordinal);
            var decoded = Uri.UnescapeDataString(Uri.UnescapeDataString(parsed.Path)).Replace('\\', '/');
            Assert.StartsWith("/base/", Path.GetFullPath(Path.Combine("/base", decoded)), StringComparison.Ordinal);
        }
    }

    private static void AssertIs(PathKind kind, string path, string raw)
    {
        var parsed = FilePath.Parse(raw);
        Assert.Equal((kind, path), (parsed.Kind, parsed.Path));
    }
}
