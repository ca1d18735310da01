using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>
/// Files of broken and sound rows in any mix, read in any pieces and any encoding, against the plain reading of the same rules. More rounds
/// with the environment variable LOADFILES_FUZZ=1000000.
/// </summary>
public class FuzzTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("LOADFILES_FUZZ"), out var rounds) ? rounds : 20_000;

    private static readonly string[] EncodingNames = ["utf-8", "utf-16", "utf-16BE", "windows-1252", "gb18030", "utf-32", "iso-8859-1"];

    // What files are made of, the troublesome more often than in life.
    private static readonly string[] Pieces =
    [
        "c", "c", "c", "q", "q", "q", "cq", "qc", "qcq", "qcq", "qcq", "qq", "qqq", "\r\n", "\r\n", "\n", "\r", "\rq", "\nq", "q\r\n", "q\n", " ", "\t",
        "a", "abc", "Lorem ipsum dolor sit amet", "é", "þ", "\u0014", "®", "\u001A", "\0", "0123456789012345678901234567890123456789012345678901234567890123",
    ];

    private static readonly byte[] Troublesome = [20, 254, 0xC3, 0xBE, 0xC2, 0xB6, 13, 10, 26, 44, 34, 0x81, 0x1B, 0xD8];

    private static readonly Delimiters[] Choices =
    [
        Reading.Csv, Reading.Dat, new() { Column = '|', Quote = '^' }, new() { Column = 182, Quote = 254 }, new() { Column = 190, Quote = 254 },
        new() { Column = 254, Quote = 190 }, new() { Column = '\t', Quote = 0 }, new() { Column = ' ', Quote = '"' }, new() { Column = 1, Quote = 255 },
    ];

    [Fact]
    public async Task Any_file_reads_as_the_rules_say()
    {
        var random = new Random(20240601);
        for (var round = 0; round < Rounds; round++) await CompareAsync(random, 1 + random.Next(60), random.Next(4) == 0 ? 1 + random.Next(100) : 0);
    }

    // Larger than what is looked at in one go, and than the buffer.
    [Fact, Trait("Speed", "Slow")]
    public async Task Large_files_read_as_the_rules_say()
    {
        var random = new Random(20240604);
        for (var round = 0; round < Rounds / 1000; round++) await CompareAsync(random, 40_000 + random.Next(300_000), random.Next(2) * (1 + random.Next(100_000)));
    }

    private static async Task CompareAsync(Random random, int pieces, int piece)
    {
        var delimiters = Choices[random.Next(Choices.Length)];
        var text = RandomText(random, delimiters, pieces);
        var encoding = Encoding.GetEncoding(EncodingNames[random.Next(EncodingNames.Length)]);
        var format = new LoadFileFormat { Encoding = encoding, Delimiters = delimiters };
        var actual = await Reading.RowsAsync(encoding.GetBytes(text), format, piece: piece);
        var expected = InBytes(new ReferenceReader(text, delimiters).Rows(), text, encoding);
        var first = Enumerable.Range(0, Math.Max(actual.Count, expected.Count))
            .FirstOrDefault(i => i >= actual.Count || i >= expected.Count || actual[i].ToString() != expected[i].ToString(), -1);
        if (first < 0) return;
        Assert.Fail($"{encoding.WebName}, {delimiters}, pieces of {piece}: {System.Text.Json.JsonSerializer.Serialize(text[..Math.Min(1000, text.Length)])}\n"
            + $"expected {expected.ElementAtOrDefault(first)}\nactual   {actual.ElementAtOrDefault(first)}");
    }

    [Fact]
    public async Task A_file_read_from_or_to_any_record_boundary_gives_the_same_rows()
    {
        var random = new Random(20240602);
        for (var round = 0; round < Rounds / 20; round++)
        {
            var delimiters = Choices[random.Next(Choices.Length)];
            var encoding = Encoding.GetEncoding(EncodingNames[random.Next(EncodingNames.Length)]);
            var file = encoding.GetBytes(RandomText(random, delimiters, 40));
            var format = new LoadFileFormat { Encoding = encoding, Delimiters = delimiters };
            var whole = await Reading.RowsAsync(file, format);
            for (var i = 0; i < whole.Count; i++)
            {
                var boundary = (int)whole[i].Offset;
                var before = await Reading.RowsAsync(file, format, end: boundary);
                var behind = await Reading.RowsAsync(file, format, boundary, whole[i].Line);
                Assert.Equal(whole.ConvertAll(r => r.ToString()), before.Concat(behind).Select(r => r.ToString()));
            }
        }
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Any_bytes_at_all_are_read_to_the_end()
    {
        var random = new Random(20240603);
        string[] names = [.. EncodingNames, "shift_jis", "euc-kr", "big5", "gb2312", "iso-2022-jp", "utf-32BE", "us-ascii", "IBM037", "euc-jp", "hz-gb-2312"];
        for (var round = 0; round < Rounds / 4; round++)
        {
            var file = new byte[random.Next(300)];
            random.NextBytes(file);
            for (var i = 0; i < file.Length; i++)
            {
                if (random.Next(3) == 0) file[i] = Troublesome[random.Next(Troublesome.Length)];
            }

            var encoding = Encoding.GetEncoding(names[random.Next(names.Length)]);
            var format = new LoadFileFormat { Encoding = encoding, Delimiters = Choices[random.Next(Choices.Length)] };
            var rows = await Reading.RowsAsync(file, format);
            var pieces = await Reading.RowsAsync(file, format, piece: 1 + random.Next(5));
            Assert.Equal(rows.ConvertAll(r => r.ToString()), pieces.ConvertAll(r => r.ToString()));
            // Rows stand one behind the other, with nothing but blank lines between them.
            for (var i = 1; i < rows.Count; i++) Assert.True(rows[i].Offset >= rows[i - 1].Offset + rows[i - 1].Length);
            if (rows.Count > 0) Assert.True(rows[^1].Offset + rows[^1].Length <= file.Length);
        }
    }

    private static string RandomText(Random random, Delimiters delimiters, int pieces)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pieces; i++) text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.Replace('c', (char)delimiters.Column).Replace('q', delimiters.Quote == 0 ? '"' : (char)delimiters.Quote).ToString();
    }

    private static List<ReadRow> InBytes(List<ReadRow> rows, string text, Encoding encoding)
    {
        // Rows stand one behind the other, so every character is counted once.
        var (at, bytes) = (0, 0L);
        return rows.ConvertAll(row =>
        {
            bytes += encoding.GetByteCount(text.AsSpan(at, (int)row.Offset - at));
            at = (int)(row.Offset + row.Length);
            var inBytes = row with { Offset = bytes, Length = encoding.GetByteCount(text.AsSpan((int)row.Offset, (int)row.Length)) };
            bytes += inBytes.Length;
            return inBytes;
        });
    }
}
