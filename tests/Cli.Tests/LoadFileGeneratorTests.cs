using System.Text.Json;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Cli.Tests;

/// <summary>The generator of load files, and the sample data set that it wrote.</summary>
public sealed class LoadFileGeneratorTests : IDisposable
{
    // The command of tests/data/sample/README.md.
    private static readonly GeneratorOptions Sample = new() { Documents = 240, Natives = true, Text = TextPlace.File, BytesPerText = 700, BadRows = 8 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_sample_data_set_is_what_its_command_writes_byte_for_byte()
    {
        var sample = Path.Combine(Repository.Root, "tests", "data", "sample");
        await LoadFileGenerator.WriteAsync(Sample, _folder.Path, Cancel);
        var expected = Files(sample).Where(file => file != "README.md").ToList();
        Assert.Equal(expected, Files(_folder.Path));
        Assert.All(expected, file => Assert.Equal(File.ReadAllBytes(Path.Combine(sample, file)), File.ReadAllBytes(_folder[file])));
    }

    [Fact]
    public async Task The_readme_of_the_sample_names_every_bad_row()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "data", "sample", "README.md"), Cancel);
        var set = await LoadFileGenerator.WriteAsync(Sample, _folder.Path, Cancel);
        Assert.All(set.BadRows, row => Assert.Contains($"| {row.Line} | `{row.Code}` | {row.Reason} |", readme, StringComparison.Ordinal));
        Assert.Equal(8, set.BadRows.Select(row => row.Code).Distinct().Count());
    }

    [Fact]
    public async Task The_sample_has_families_nested_choices_dates_and_long_text_with_line_breaks()
    {
        var set = await LoadFileGenerator.WriteAsync(Sample, _folder.Path, Cancel);
        var rows = await RowsAsync(set);
        var good = rows.Where(row => set.BadRows.All(bad => bad.Line != row.Line)).Select(row => row.Cells).ToList();
        Assert.Equal(232, good.Count);
        Assert.Equal(232, good.Select(cells => cells["Control Number"]).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains(good.GroupBy(cells => cells["Group Identifier"]), family => family.Count() >= 4);
        Assert.Contains(good, cells => cells["Issues"].Contains(';') && cells["Issues"].Contains('\\'));
        Assert.Contains(good, cells => cells["Notes"].Contains('®'));
        Assert.Contains(good, cells => cells["Notes"].Contains('\n'));
        Assert.Contains(good, cells => cells["Date Modified"].EndsWith("PM", StringComparison.Ordinal));
        Assert.Contains(good, cells => cells["Date Modified"].All(char.IsAsciiDigit));
        Assert.Contains(good, cells => cells["Date Modified"].Contains("-Jan-", StringComparison.Ordinal));
        Assert.All(good, cells => Assert.True(File.Exists(_folder[cells["Native Path"].Replace('\\', '/')])));
        Assert.All(good, cells => Assert.True(File.Exists(_folder[cells["Text Path"].Replace('\\', '/')])));
    }

    [Theory]
    [InlineData(1, 0, TextPlace.None, false)]
    [InlineData(3, 1, TextPlace.None, false)]
    [InlineData(1000, 333, TextPlace.Cell, false)]
    [InlineData(60, 20, TextPlace.File, true)]
    public async Task The_file_has_as_many_rows_as_asked_for_and_the_bad_ones_lie_where_it_says(int documents, int bad, TextPlace text, bool natives)
    {
        var options = new GeneratorOptions { Documents = documents, BadRows = bad, Text = text, Natives = natives, Seed = 7 };
        var set = await LoadFileGenerator.WriteAsync(options, _folder.Path, Cancel);
        var rows = await RowsAsync(set);
        Assert.Equal((documents, bad), (rows.Count, set.BadRows.Count));
        Assert.All(set.BadRows, row => Assert.Contains(rows, read => read.Line == row.Line));
        Assert.Equal(Lines("text-after-quote"), rows.Where(row => row.Error is not null).Select(row => row.Line));
        Assert.Equal(Lines("column-count"), rows.Where(row => row.Short).Select(row => row.Line));
        Assert.Equal(documents - bad, rows.Count(row => set.BadRows.All(wrong => wrong.Line != row.Line)));

        IEnumerable<long> Lines(string code) => set.BadRows.Where(row => row.Code == code).Select(row => row.Line);
    }

    [Fact]
    public async Task Another_seed_gives_another_case()
    {
        var first = await LoadFileGenerator.WriteAsync(new() { Documents = 20 }, _folder["1"], Cancel);
        var second = await LoadFileGenerator.WriteAsync(new() { Documents = 20, Seed = 2 }, _folder["2"], Cancel);
        Assert.NotEqual(await File.ReadAllBytesAsync(first.LoadFilePath, Cancel), await File.ReadAllBytesAsync(second.LoadFilePath, Cancel));
    }

    [Fact]
    public async Task The_schema_names_columns_of_the_file_and_types_that_there_are()
    {
        var set = await LoadFileGenerator.WriteAsync(Sample, _folder.Path, Cancel);
        var schema = JsonSerializer.Deserialize<FieldSchema>(await File.ReadAllBytesAsync(set.SchemaPath, Cancel), JsonSerializerOptions.Web)!;
        var columns = (await RowsAsync(set))[0].Cells.Keys;
        Assert.Equal("Control Number", schema.Identifier);
        Assert.All(schema.Fields, field => Assert.Contains(field.Name, columns));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 2)]
    [InlineData(5, -1)]
    public async Task What_makes_no_sense_is_refused(int documents, int bad)
        => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => LoadFileGenerator.WriteAsync(
            new() { Documents = documents, BadRows = bad }, _folder.Path, Cancel));

    private static List<string> Files(string folder)
        => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private static Dictionary<string, string> Named(string[] names, string[] cells)
        => names.Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second);

    private sealed record Row(long Line, string? Error, bool Short, Dictionary<string, string> Cells);

    // The product's reader against the generator's writer, which know nothing of each other.
    private static async Task<List<Row>> RowsAsync(GeneratedSet set)
    {
        var file = File.OpenRead(set.LoadFilePath);
        var encoding = await EncodingDetector.DetectAsync(file, null, Cancel);
        file.Position = 0;
        await using var reader = new LoadFileReader(file, new LoadFileFormat { Encoding = encoding.Encoding, PreambleLength = encoding.PreambleLength });
        List<Row> rows = [];
        string[]? header = null;
        while (await reader.ReadAsync(Cancel))
        {
            var row = reader.Row;
            string[] cells = [.. Enumerable.Range(0, row.CellCount).Select(row.GetString)];
            if (header is null) header = cells;
            else rows.Add(new Row(row.Line, row.Error?.Code, row.Error is null && cells.Length < header.Length, Named(header, cells)));
        }
        return rows;
    }
}
