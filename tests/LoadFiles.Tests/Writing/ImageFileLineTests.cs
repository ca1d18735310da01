using CsCheck;
using IntegrationPoints.LoadFiles.Tests.Images;

namespace IntegrationPoints.LoadFiles.Tests.Writing;

/// <summary>Lines of image load files.</summary>
public class ImageFileLineTests
{
    [Theory]
    [InlineData(1, 3, @"REL00001,VOL01,.\VOL01\IMAGES\IMG001\REL00001.tif,Y,,,3")]
    [InlineData(2, 3, @"REL00001,VOL01,.\VOL01\IMAGES\IMG001\REL00001.tif,,,,")]
    [InlineData(1, 999, @"REL00001,VOL01,.\VOL01\IMAGES\IMG001\REL00001.tif,Y,,,999")]
    public void Opticon(int page, int pages, string expected)
        => Assert.Equal(expected + "\r\n", Text(OpticonLine.Of("REL00001", "VOL01", @".\VOL01\IMAGES\IMG001\REL00001.tif", page, pages)));

    /// <summary>Path, page, whether the file holds all pages, rotation, the line.</summary>
    public static TheoryData<string, int, bool, int, string> Images => new()
    {
        { @".\VOL01\IMAGES\IMG001\B.tif", 1, false, 0, @"IM,B,D,0,@V;.\VOL01\IMAGES\IMG001;B.tif;2" },
        { @"Dir\F.TIFF", 2, false, 0, "IM,B,,0,@V;Dir;F.TIFF;2" },
        { @"Dir\F.jpg", 5, false, 0, "IM,B,,0,@V;Dir;F.jpg;4" },
        { @"Dir\F.jpeg", 1, false, 0, "IM,B,D,0,@V;Dir;F.jpeg;4" },
        { @"Dir\F.pdf", 1, true, 0, "IM,B,D,1,@V;Dir;F.pdf;7" },
        { @"Dir\F.tif", 12, true, 0, "IM,B,,12,@V;Dir;F.tif;2" },
        { "F.jpg", 5, false, 0, "IM,B,,0,@V;;F.jpg;4" },
        { "https://h/e/F.tif", 1, false, 0, "IM,B,D,0,@V;https://h/e;F.tif;2" },
        { @"Dir\F", 1, false, 0, "IM,B,D,0,@V;Dir;F;" },
        { @"Dir\F.tif", 1, false, 90, "IM,B,D,0,@V;Dir;F.tif;2,1" },
        { @"Dir\F.tif", 1, false, 270, "IM,B,D,0,@V;Dir;F.tif;2,3" },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void Lfp(string path, int page, bool isFileOfPages, int rotation, string expected)
        => Assert.Equal(expected + "\r\n", Text(LfpLine.Image("B", "V", path, page, isFileOfPages ? page : 0, rotation)));

    [Theory]
    [InlineData("text to write", "text|0|0|0|0^to|0|0|0|0^write")]
    [InlineData("double  space", "double|0|0|0|0^|0|0|0|0^space")]
    [InlineData("a\r\nb\nc\rd", "a|0|0|0|0^b|0|0|0|0^c|0|0|0|0^d")]
    [InlineData("a\n\nb\r\n\r\nc", "a|0|0|0|0^|0|0|0|0^b|0|0|0|0^|0|0|0|0^c")]
    [InlineData("1,000, or more", "1000|0|0|0|0^or|0|0|0|0^more")]
    [InlineData("a\fb\u2028c\u0085d\te", "a|0|0|0|0^b|0|0|0|0^c|0|0|0|0^d\te")]
    [InlineData("“é” €", "“é”|0|0|0|0^€")]
    [InlineData("", "")]
    public void The_text_of_a_page(string text, string expected)
    {
        var line = LfpLine.FullText("B", text);
        Assert.False(line.HasProblem);
        Assert.Equal($"FT,B,1,1,{expected}\r\n", Text(line));
    }

    [Theory]
    [InlineData("日 a ā", "?|0|0|0|0^a|0|0|0|0^?", "2 characters, the first \"日\" (U+65E5),")]
    [InlineData("a\0b\u001b", "a?b?", "2 characters, the first U+0000,")]
    public void Text_that_does_not_fit_is_reported_and_written(string text, string expected, string words)
    {
        var line = LfpLine.FullText("B", text);
        Assert.Equal("character-not-in-encoding", line.Code);
        Assert.Contains(words, line.Reason, StringComparison.Ordinal);
        Assert.Equal($"FT,B,1,1,{expected}\r\n", Text(line));
    }

    /// <summary>Format, page id, volume, path, code, words of the reason.</summary>
    public static TheoryData<ImageFormat, string, string, string, string, string> Refused => new()
    {
        { ImageFormat.Opticon, "A,1", "V", "a.tif", "character-not-in-format", "The page id \"A,1\" holds \",\" (U+002C), which ends a field" },
        { ImageFormat.Opticon, "A", "V,1", "a.tif", "character-not-in-format", "The volume \"V,1\"" },
        { ImageFormat.Opticon, "A", "V", "a,b.tif", "character-not-in-format", "The path \"a,b.tif\"" },
        { ImageFormat.Opticon, "A\r\nB", "V", "a.tif", "character-not-in-format", "a line break or another character that cannot be seen" },
        { ImageFormat.Opticon, "A", "V", "a\nb.tif", "character-not-in-format", "U+000A" },
        { ImageFormat.Opticon, "日1", "V", "a.tif", "character-not-in-encoding", "The page id \"日1\" holds \"日\" (U+65E5); image load files are Windows-1252" },
        { ImageFormat.Opticon, "ā", "V", "a.tif", "character-not-in-encoding", "U+0101" },
        { ImageFormat.Opticon, "A", "V", "😀.tif", "character-not-in-encoding", "U+1F600" },
        { ImageFormat.Opticon, " ", "V", "a.tif", "missing-page-id", "no id" },
        { ImageFormat.Lfp, "A,1", "V", "a.tif", "character-not-in-format", "\",\"" },
        { ImageFormat.Lfp, "A;1", "V", "a.tif", "character-not-in-format", "\";\"" },
        { ImageFormat.Lfp, "A", "V;", "a.tif", "character-not-in-format", "\";\"" },
        { ImageFormat.Lfp, "A", "V", @"d;\a.tif", "character-not-in-format", "\";\"" },
        { ImageFormat.Lfp, "A", "V", @"d\a,b.tif", "character-not-in-format", "\",\"" },
        { ImageFormat.Lfp, "Ж", "V", "a.tif", "character-not-in-encoding", "U+0416" },
        { ImageFormat.Lfp, "", "V", "a.tif", "missing-page-id", "no id" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_does_not_fit_is_reported_and_not_written(ImageFormat format, string bates, string volume, string path, string code, string words)
    {
        var line = format == ImageFormat.Opticon ? OpticonLine.Of(bates, volume, path, 1, 1) : LfpLine.Image(bates, volume, path, 1);
        Assert.Equal(code, line.Code);
        Assert.Contains(words, line.Reason, StringComparison.Ordinal);
        Assert.Empty(line.Bytes);
        if (format == ImageFormat.Lfp && volume == "V" && path == "a.tif") Assert.Equal(code, LfpLine.FullText(bates, "text").Code);
    }

    [Fact]
    public void A_semicolon_is_a_letter_in_Opticon() => Assert.Equal("A;1,V;,d;e.tif,Y,,,1\r\n", Text(OpticonLine.Of("A;1", "V;", "d;e.tif", 1, 1)));

    [Fact]
    public void Lines_are_read_back_as_they_were_meant()
    {
        var name = Gen.String[Gen.Frequency((5, Gen.Char['A', 'Z']), (1, Gen.OneOf(' ', ',', ';', 'é', '€', '日', '\n', '@', '|', '\\', '.', 'ā', '\0'))), 1, 6];
        Gen.Select(name, name, name, Gen.Int[1, 4], Gen.Bool, Gen.Int[0, 3]).Array[1, 5].Sample(pages =>
        {
            foreach (var format in new[] { ImageFormat.Opticon, ImageFormat.Lfp })
            {
                var file = new List<byte>();
                var meant = new List<(string, string, bool, int?, int, int)>();
                foreach (var (bates, volume, dir, page, isFileOfPages, turns) in pages)
                {
                    var path = $@".\D{dir}D\x.tif";
                    var isLfp = format == ImageFormat.Lfp;
                    if (isLfp) file.AddRange(LfpLine.FullText(bates, volume).Bytes);
                    var line = isLfp ? LfpLine.Image(bates, volume, path, page, isFileOfPages ? page : 0, 90 * turns) : OpticonLine.Of(bates, volume, path, page, 7);
                    file.AddRange(line.Bytes);
                    if (!line.HasProblem) meant.Add((bates.Trim(), path, page == 1, page == 1 && !isLfp ? 7 : null, isLfp && isFileOfPages ? page : 0, isLfp ? 90 * turns : 0));
                }
                var lines = ImageReading.LinesAsync([.. file], format).GetAwaiter().GetResult();
                Assert.Equal(meant, lines.Select(l => (l.PageId, l.Path, l.StartsDocument, l.PageCount, l.PageOfFile, l.Rotation)));
                Assert.All(lines, l => Assert.Null(l.Error));
            }
        });
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(100_000, 2)]
    [InlineData(300_000, 2)]
    [InlineData(300_000, 0)]
    public async Task The_text_of_a_page_may_be_long(int words, int piece)
    {
        var text = string.Concat(Enumerable.Repeat("IM,x ", words));
        byte[] file = [.. LfpLine.FullText("A", text).Bytes, .. LfpLine.Image("A", "V", "a.tif", 1).Bytes, .. LfpLine.FullText("B", text).Bytes, .. LfpLine.Image("B", "V", "b.tif", 2).Bytes];
        var lines = await ImageReading.LinesAsync(file, ImageFormat.Lfp, piece == 0 ? 0 : 50_000);
        Assert.Equal([("A", 2L, (string?)null), ("B", 4L, null)], lines.Select(l => (l.PageId, l.Line, l.Error)));
        Assert.Equal(file.Length, lines[^1].Offset + lines[^1].Length);
    }

    private static string Text(ImageFileLine line) => ImageReading.Western.GetString(line.Bytes);
}
