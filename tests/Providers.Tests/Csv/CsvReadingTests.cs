using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>
/// Records of CSV files are read by the reader of load files, from any byte on. On files that are whole it reads what CsvHelper does.
/// </summary>
public sealed class CsvReadingTests
{
    private static readonly string[] Pieces = ["", "a", " ", "\"", ",", "\r\n", "\n", "é", "😀", "'", "\t", "long text of several words", "1,5", "\"\"", ";"];

    private static readonly LoadFileFormat Csv = new()
    {
        Encoding = new UTF8Encoding(false),
        Delimiters = new Delimiters { Column = ',', Quote = '"', Newline = 1, MultiValue = 2, Nested = 3 },
        BlanksBeforeQuotes = true,
    };

    [Fact]
    public async Task What_CsvHelper_writes_is_read_as_CsvHelper_reads_it()
    {
        var random = new Random(20261123);
        for (var round = 0; round < 200; round++)
        {
            var rows = Enumerable.Range(0, 1 + random.Next(12)).Select(_ => Enumerable.Range(0, 3).Select(_ => Cell(random)).ToArray()).ToList();
            var text = new StringWriter();
            var quotesAll = round % 2 == 0;
            await using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture)))
            {
                foreach (var row in rows)
                {
                    // A cell that is nothing at all would make a blank line of one column; here are three.
                    foreach (var cell in row) csv.WriteField(cell, quotesAll || cell.AsSpan().IndexOfAny("\"\r\n,") >= 0 || cell != cell.Trim());
                    await csv.NextRecordAsync();
                }
            }
            Assert.Equal(rows, await ReadAsync(text.ToString()));
            Assert.Equal(Expected(text.ToString()), await ReadAsync(text.ToString()));
        }
    }

    [Theory]
    [InlineData("1, \"Smith, John\", x\n", "1|Smith, John| x")]
    [InlineData("1,\t\"a\"\"b\"  ,x\n", "1|a\"b|x")]
    [InlineData(" \"a\",b\n", "a|b")]
    [InlineData("a,  \"\"\n", "a|")]
    [InlineData("1, \"two\nlines\",x\n", "1|two\nlines|x")]
    public async Task Blanks_before_quotes_mean_nothing(string text, string cells)
    {
        Assert.Equal([cells.Split('|')], await ReadAsync(text));
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.Latin1])
            Assert.Equal([cells.Split('|')], await ReadAsync(text, Csv with { Encoding = encoding }));
    }

    [Theory]
    [InlineData("1, x \"quoted\",2\n", true)]
    [InlineData("1, \"open\n2,b\n3,c\n", true)]
    [InlineData("1, \"Smith, John\",2\n", false)]
    public async Task Quotes_behind_text_are_errors_and_load_files_know_no_blanks(string text, bool blanks)
    {
        await using var reader = new LoadFileReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), Csv with { BlanksBeforeQuotes = blanks });
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(reader.Row.Error);
    }

    private static string Cell(Random random) => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static List<string[]> Expected(string text)
    {
        using var csv = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture));
        var rows = new List<string[]>();
        while (csv.Read()) rows.Add(csv.Record!);
        return rows;
    }

    private static async Task<List<string[]>> ReadAsync(string text, LoadFileFormat? format = null)
    {
        var encoding = (format ?? Csv).Encoding;
        await using var reader = new LoadFileReader(new MemoryStream(encoding.GetBytes(text)), format ?? Csv);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Null(reader.Row.Error);
            rows.Add([.. Enumerable.Range(0, reader.Row.CellCount).Select(reader.Row.GetString)]);
        }
        return rows;
    }
}
