namespace IntegrationPoints.LoadFiles.Tests.Images;

/// <summary>Lines of image load files (load-file specification, "Load file format").</summary>
public class ImageLineTests
{
    /// <summary>Line, page id, path, whether a document begins, page count.</summary>
    public static TheoryData<string, string, string, bool, int?> OpticonLines => new()
    {
        { @"REL00001,REL01,D:\IMAGES\001\REL00001.TIF,Y,,,3", "REL00001", @"D:\IMAGES\001\REL00001.TIF", true, 3 },
        { @"REL00002,REL01,D:\IMAGES\001\REL00002.TIF,,,,", "REL00002", @"D:\IMAGES\001\REL00002.TIF", false, null },
        { "A,V,a.tif,Y", "A", "a.tif", true, null },
        { "A,V,a.tif,y,,,", "A", "a.tif", true, null },
        { "A,V,a.tif,N", "A", "a.tif", false, null },
        { "A,V,a.tif,YES", "A", "a.tif", false, null },
        { "A,V,a.tif, Y ,,,2", "A", "a.tif", true, 2 },
        { " A 1 , , img/01.jpg ,Y,,,", "A 1", "img/01.jpg", true, null },
        { "A,V,a.tif,Y,folder", "A", "a.tif", true, null },
        { "A,V,a.tif,Y,folder,box", "A", "a.tif", true, null },
        { "A,V,a.tif,Y,,,many", "A", "a.tif", true, null },
        { "A,V,a.tif,Y,,,0", "A", "a.tif", true, null },
        { "A,V,a.tif,Y,,,-2", "A", "a.tif", true, null },
        { "A,V,a.tif,Y,,,2,,", "A", "a.tif", true, 2 },
        { ",V,a.tif,Y", "", "a.tif", true, null },
        { "A,V,,Y", "A", "", true, null },
        { "é–1,V,é.tif,Y", "é–1", "é.tif", true, null },
    };

    [Theory]
    [MemberData(nameof(OpticonLines))]
    public async Task An_Opticon_line_is_a_page(string text, string pageId, string path, bool startsDocument, int? pageCount)
    {
        var line = Assert.Single(await ImageReading.LinesAsync(text));
        Assert.Null(line.Error);
        Assert.Equal((pageId, path, startsDocument, pageCount), (line.PageId, line.Path, line.StartsDocument, line.PageCount));
    }

    [Theory]
    [InlineData("A", "1 field")]
    [InlineData("A,V", "2 fields")]
    [InlineData("A,V,a.tif", "3 fields")]
    [InlineData("A,V,a,b.tif,,,,1", "8 fields")]
    [InlineData("a page of a letter, dear Sir", "2 fields")]
    // What it begins is its own document, not a part of the one before it.
    [InlineData("A,V,a.tif,Y,,,1,x", "8 fields", true)]
    [InlineData("A,V,a,b.tif,y,,,1", "8 fields", true)]
    public async Task A_line_that_is_no_Opticon_says_how_many_fields_it_has(string text, string says, bool startsDocument = false)
    {
        var line = Assert.Single(await ImageReading.LinesAsync(text));
        Assert.Contains(says, line.Error, StringComparison.Ordinal);
        Assert.Contains("4 to 7", line.Error, StringComparison.Ordinal);
        Assert.Equal(startsDocument, line.StartsDocument);
    }

    /// <summary>Line, page id, path, whether a document begins, page of the file, rotation.</summary>
    public static TheoryData<string, string, string, bool, int, int> LfpLines => new()
    {
        { @"IM,000000001,D,0,@001;IMG_0001;000000001.jpg;4,0", "000000001", @"IMG_0001\000000001.jpg", true, 0, 0 },
        { "IM,B,,0,@V;;F.jpg;4", "B", "F.jpg", false, 0, 0 },
        { "IM,B,C,0,@V;Dir;F.tif;2", "B", @"Dir\F.tif", true, 0, 0 },
        { "IM,B,S,0,@V;Dir;F.tif;2", "B", @"Dir\F.tif", true, 0, 0 },
        { "im,B,d,0,@V;Dir;F.tif;2", "B", @"Dir\F.tif", true, 0, 0 },
        { "IM,B,P,0,@V;Dir;F.tif;2", "B", @"Dir\F.tif", false, 0, 0 },
        { "IM,B,,5,@V;Dir;F.pdf;7", "B", @"Dir\F.pdf", false, 5, 0 },
        { "IM,B,D,1,@V;Dir;F.tif;2,1", "B", @"Dir\F.tif", true, 1, 90 },
        { "IM,B,D,1,@V;Dir;F.tif;2,2", "B", @"Dir\F.tif", true, 1, 180 },
        { "IM,B,D,1,@V;Dir;F.tif;2,270", "B", @"Dir\F.tif", true, 1, 270 },
        { "IM,B,D,1,@V;Dir;F.tif;2,x", "B", @"Dir\F.tif", true, 1, 0 },
        { "IM,B,D,0,@V;Smith, John;a, b.tif;2", "B", @"Smith, John\a, b.tif", true, 0, 0 },
        { @"IM,B,D,0,@V;Dir\Sub;F.tif;", "B", @"Dir\Sub\F.tif", true, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(LfpLines))]
    public async Task An_LFP_image_line_is_a_page(string text, string pageId, string path, bool startsDocument, int page, int rotation)
    {
        var line = Assert.Single(await ImageReading.LinesAsync(text, ImageFormat.Lfp));
        Assert.Null(line.Error);
        Assert.Equal((pageId, path, startsDocument, page, rotation), (line.PageId, line.Path, line.StartsDocument, line.PageOfFile, line.Rotation));
    }

    [Theory]
    [InlineData("IM", false)]
    [InlineData("IM,B", false)]
    [InlineData("IM,B,,x,@V;Dir;F.tif;2", false)]
    // What it begins is its own document, not a part of the one before it.
    [InlineData("IM,B,D,0", true)]
    [InlineData("IM,B,D,x,@V;Dir;F.tif;2", true)]
    [InlineData("IM,B,D,-1,@V;Dir;F.tif;2", true)]
    [InlineData("IM,B,D,0,@V;F.tif", true)]
    public async Task An_LFP_image_line_that_lacks_something_cannot_be_read(string text, bool startsDocument)
    {
        var line = Assert.Single(await ImageReading.LinesAsync(text, ImageFormat.Lfp));
        Assert.NotNull(line.Error);
        Assert.Equal(startsDocument, line.StartsDocument);
    }

    [Fact]
    public async Task LFP_lines_about_other_things_are_counted()
    {
        var file = ImageReading.Western.GetBytes("VN,V,x\r\nFT,B,1,1,text|0|0|0|0\r\nIM,B,D,0,@V;Dir;F.tif;2\r\nOF,B\r\n\r\n");
        await using var reader = new ImageLineReader(new MemoryStream(file), ImageFormat.Lfp, 0, 1);
        Assert.Equal(3, (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Line);
        Assert.Null(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, reader.OtherLines);
    }

    [Theory]
    [InlineData("A,V,a,Y\r\nB,V,b,Y\r\n")]
    [InlineData("A,V,a,Y\nB,V,b,Y")]
    [InlineData("A,V,a,Y\rB,V,b,Y\r")]
    [InlineData("A,V,a,Y\r\nB,V,b,Y\u001a")]
    [InlineData("A,V,a,Y\r\nB,V,b,Y\r\n\u001a")]
    public async Task Every_line_end_ends_a_line(string text)
        => Assert.Equal(["1 A", "2 B"], (await ImageReading.LinesAsync(text)).Select(l => $"{l.Line} {l.PageId}"));

    [Fact]
    public async Task Blank_lines_are_no_lines_but_count_as_lines_of_the_file()
        => Assert.Equal(["2 A", "5 B"], (await ImageReading.LinesAsync("\r\nA,V,a,Y\r\n  \r\n\r\nB,V,b,Y\r\n\r\n")).Select(l => $"{l.Line} {l.PageId}"));

    [Fact]
    public async Task A_line_of_any_length_costs_no_other()
    {
        foreach (var length in new[] { 64 * 1024, 64 * 1024 + 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 1024 * 1024 })
        {
            var lines = await ImageReading.LinesAsync($"A,V,a,Y\r\n{new string('x', length)}\r\nB,V,b,Y\r\n");
            Assert.Equal(["A", "B"], [lines[0].PageId, lines[2].PageId]);
            Assert.NotNull(lines[1].Error);
            Assert.Equal((2, 9, length + 2, 3), (lines[1].Line, lines[1].Offset, lines[1].Length, lines[2].Line));
        }
    }

    [Theory]
    [InlineData("images.lfp", "A,V,a.tif,Y", ImageFormat.Lfp)]
    [InlineData("images.LFP", "", ImageFormat.Lfp)]
    [InlineData("images.opt", "A,V,a.tif,Y", ImageFormat.Opticon)]
    [InlineData("images.opt", "VN,x\r\nIM,B,D,0,@V;Dir;F.tif;2", ImageFormat.Lfp)]
    [InlineData("images.txt", "IM,V,a.tif,Y", ImageFormat.Opticon)]
    public void The_kind_follows_from_the_name_or_the_first_lines(string name, string start, ImageFormat format)
        => Assert.Equal(format, ImageLines.FormatOf(name, ImageReading.Western.GetBytes(start)));
}
