using System.Text.Json;

namespace IntegrationPoints.LoadFiles.Tests.Images;

/// <summary>The shared tables of cases and the shared real image load files. A row that records a quirk of another system is left out.</summary>
public class SharedImageCaseTests
{
    [Fact]
    public async Task Opticon_lines()
    {
        var seen = 0;
        foreach (var row in Rows("opticonLine"))
        {
            var line = Assert.Single(await ImageReading.LinesAsync(string.Join(',', row.GetProperty("input").EnumerateArray().Select(i => i.GetString()))));
            var expected = row.GetProperty("expected");
            Assert.Equal(
                (Text(expected, "pageId"), Text(expected, "path"), expected.GetProperty("newDocument").GetBoolean()), (line.PageId, line.Path, line.StartsDocument));
            seen++;
        }
        Assert.True(seen > 0);
    }

    [Fact]
    public async Task Automatic_numbers()
    {
        var seen = 0;
        foreach (var row in Rows("autoNumber"))
        {
            var ids = row.TryGetProperty("input", out var input) ? [.. input.EnumerateArray().Select(i => i.GetString()!)] : Enumerable.Repeat("X", 100).ToArray();
            var document = Assert.Single(await ImageReading.DocumentsAsync(string.Join('\n', ids.Select((id, i) => $"{id},V,{i}.tif,{(i == 0 ? "Y" : "")}"))));
            var names = PageNames.Of(document, PageNumbering.Auto);
            var expected = row.GetProperty("expected");
            if (expected.ValueKind == JsonValueKind.Array) Assert.Equal(expected.EnumerateArray().Select(e => e.GetString()), names);
            else Assert.Equal((Text(expected, "first"), Text(expected, "second"), Text(expected, "last")), (names[0], names[1], names[^1]));
            seen++;
        }
        Assert.True(seen > 0);
    }

    [Theory]
    [InlineData("relativity-samples/Opticon_01.opt", 1, 5)]
    [InlineData("small-salt/Small Salt Images.opt", 5, 5)]
    [InlineData("rip-csv/OpticonWithText.opt", 3, 7)]
    [InlineData("zipper/tiff-multipage/archive.opt", 200, 1094)]
    [InlineData("zipper/production-set/loadfile.opt", 1500, 1500)]
    [InlineData("ediscovery-toolkit/clean_production.opt", 3, 3)]
    [InlineData("loadfileadapter/images.opt", 2, 3)]
    [InlineData("loadfileadapter/images_single.lfp", 1, 3)]
    [InlineData("rdc-export-templates/Images_export_FULLTEXT_SinglePage.lfp", 1, 4)]
    public async Task Real_files(string name, int documents, int pages)
    {
        var file = await File.ReadAllBytesAsync(SharedFiles.Find(Path.Combine("data", name)), TestContext.Current.CancellationToken);
        var read = await ImageReading.DocumentsAsync(file, ImageLines.FormatOf(name, file));
        Assert.Equal((documents, pages), (read.Count, read.Sum(d => d.Lines.Count)));
        Assert.DoesNotContain(read.SelectMany(d => d.Lines), l => l.Error is not null);
    }

    private static IEnumerable<JsonElement> Rows(string kind)
        => SharedFiles.Cases("import_images.json", "vectors").Where(r => Text(r, "kind") == kind && !r.TryGetProperty("quirk", out _));

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
