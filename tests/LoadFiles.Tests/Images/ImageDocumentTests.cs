using System.Text;

namespace IntegrationPoints.LoadFiles.Tests.Images;

/// <summary>From lines to documents and from page ids to names.</summary>
public class ImageDocumentTests
{
    /// <summary>File; the lines of each document.</summary>
    public static TheoryData<string, string> Files => new()
    {
        { "A,V,a,Y\nB,V,b,\nC,V,c,Y", "1,2 3" },
        { "A,V,a,Y\nB,V,b,Y\nC,V,c,Y", "1 2 3" },
        { "A,V,a,\nB,V,b,\nC,V,c,Y", "1,2 3" },
        { "A,V,a,Y\nB,V\nC,V,c,Y", "1,2 3" },
        { "A,V\nB,V,b,Y", "1 2" },
        { "A,V\nB,V,b,\nC,V,c,Y", "1,2 3" },
        { "A,V,a,Y\n\n\nB,V,b,\n\n", "1,4" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_document_begins_at_each_marked_line_and_the_first(string text, string expected)
        => Assert.Equal(expected, string.Join(' ', (await ImageReading.DocumentsAsync(text)).Select(d => string.Join(',', d.Lines.Select(l => l.Line)))));

    [Fact]
    public async Task Reading_from_any_document_on_gives_the_documents_from_there_on()
    {
        var file = ImageReading.Western.GetBytes("A,V,a,Y\r\n\r\nB,V,b,\rbad\nC,V,c,Y,,,9\n\rD,V,d,Y\r\nE,V,e,");
        var whole = await ImageReading.DocumentsAsync(file);
        Assert.Equal(3, whole.Count);
        for (var from = 0; from < whole.Count; from++)
        {
            var start = whole[from];
            var rest = await ImageReading.DocumentsAsync(file[(int)start.Offset..], offset: start.Offset, line: start.Line);
            Assert.Equal(whole.Skip(from).SelectMany(Plain), rest.SelectMany(Plain));
            // And each alone, as the bytes that its batch would read.
            var alone = Assert.Single(await ImageReading.DocumentsAsync(file[(int)start.Offset..(int)start.End], offset: start.Offset, line: start.Line));
            Assert.Equal(Plain(start), Plain(alone));
        }
        Assert.Equal(file.Length, whole[^1].End);

        static IEnumerable<string> Plain(ImageDocument document)
            => document.Lines.Select(l => $"{l.Line} {l.Offset} {l.Length} {l.PageId} {l.Path} {l.StartsDocument} {l.PageCount} {l.Error}").Append($"{document.End}");
    }

    [Fact]
    public async Task A_document_without_end_is_kept_to_a_bound()
    {
        var text = new StringBuilder("A,V,a,Y\n");
        for (var i = 1; i < ImageDocumentReader.MostLines + 10; i++) text.Append("B,V,b,\n");
        var documents = await ImageReading.DocumentsAsync(text.Append("C,V,c,Y\n").ToString());
        Assert.Equal([(ImageDocumentReader.MostLines, true), (1, false)], documents.Select(d => (d.Lines.Count, d.HasMore)));
        Assert.Equal(text.Length, documents[1].End);
    }

    /// <summary>Page ids of a document; what they become when pages are numbered automatically.</summary>
    public static TheoryData<string, string> Numbered => new()
    {
        { "X", "X" },
        { "X X", "X X_1" },
        { "X X X", "X X_1 X_2" },
        { "X x X", "X X_1 X_2" },
        { "X - X", "X X_1 X_2" },
        { "X X X X X X X X X X", "X X_01 X_02 X_03 X_04 X_05 X_06 X_07 X_08 X_09" },
        { "X X X X X X X X X", "X X_1 X_2 X_3 X_4 X_5 X_6 X_7 X_8" },
        { "X X Y", "X X Y" },
        { "X Y Z", "X Y Z" },
        { "- X", "- X" },
    };

    [Theory]
    [MemberData(nameof(Numbered))]
    public async Task Pages_that_share_an_id_get_numbers(string ids, string expected)
    {
        var document = await DocumentAsync(ids.Split(' '));
        Assert.Equal(expected, string.Join(' ', PageNames.Of(document, PageNumbering.Auto).Select(id => id.Length == 0 ? "-" : id)));
        Assert.Equal(ids, string.Join(' ', PageNames.Of(document, PageNumbering.PageIds).Select(id => id.Length == 0 ? "-" : id)));
    }

    [Fact]
    public async Task The_counter_has_as_many_digits_as_the_number_of_pages()
    {
        var names = PageNames.Of(await DocumentAsync([.. Enumerable.Repeat("X", 100)]), PageNumbering.Auto);
        Assert.Equal(("X", "X_001", "X_099"), (names[0], names[1], names[99]));
    }

    [Theory]
    [InlineData("ABC_0001", DocumentNaming.FirstPage, "ABC_0001")]
    [InlineData("ABC_0001", DocumentNaming.StripSuffix, "ABC")]
    [InlineData("ABC-12", DocumentNaming.StripSuffix, "ABC")]
    [InlineData("ABC.0012.0001", DocumentNaming.StripSuffix, "ABC.0012")]
    [InlineData("ABC0001", DocumentNaming.StripSuffix, "ABC0001")]
    [InlineData("_0001", DocumentNaming.StripSuffix, "_0001")]
    [InlineData("ABC_", DocumentNaming.StripSuffix, "ABC_")]
    [InlineData("ABC_0001_REV", DocumentNaming.StripSuffix, "ABC_0001_REV")]
    [InlineData("ABC", DocumentNaming.Field, "box 7")]
    public async Task A_document_is_named_by_the_rule(string pageId, DocumentNaming naming, string expected)
        => Assert.Equal(expected, PageNames.OfDocument(Assert.Single(await ImageReading.DocumentsAsync($"{pageId},V,a.tif,Y,,box 7,1")), naming, field: 6));

    [Fact]
    public async Task A_field_that_is_not_there_names_nothing()
        => Assert.Equal("", PageNames.OfDocument(Assert.Single(await ImageReading.DocumentsAsync("A,V,a.tif,Y")), DocumentNaming.Field, field: 6));

    private static async Task<ImageDocument> DocumentAsync(string[] ids)
        => Assert.Single(await ImageReading.DocumentsAsync(string.Join('\n', ids.Select((id, i) => $"{(id == "-" ? "" : id)},V,{i}.tif,{(i == 0 ? "Y" : "")}"))));
}
