using System.Text;
using CsCheck;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>What is written reads back the same, for all characters, encodings and line ends.</summary>
public class RoundTripTests
{
    private static readonly string[] EncodingNames =
        ["utf-8", "utf-16", "utf-16BE", "utf-32", "windows-1252", "iso-8859-1", "gb18030", "shift_jis", "big5", "euc-kr", "iso-2022-jp", "windows-1251"];

    private static readonly Gen<char> Character = Gen.Frequency(
        (6, Gen.Char['a', 'z']),
        (3, Gen.OneOf('\r', '\n', '\t', ' ', '"', ',', '|', '^', '\\', 'þ', '\u0014', '®', '\0', '\u001A')),
        (2, Gen.Char['\u0001', '\u00FF']),
        (1, Gen.OneOf('表', 'ソ', '한', 'Ж', '€', 'ā', '\u2028')));

    private static readonly Gen<string[][]> Rows = Gen.String[Character, 0, 12].Array[1, 6].Array[1, 6];

    private static readonly Gen<Delimiters> AnyDelimiters =
        from codes in Gen.Int[1, 255].Where(c => c is not (10 or 13)).Array[5].Where(c => c.Distinct().Count() == 5)
        select new Delimiters { Column = codes[0], Quote = codes[1], Newline = codes[2], MultiValue = codes[3], Nested = codes[4] };

    private static readonly long Cases = long.TryParse(Environment.GetEnvironmentVariable("LOADFILES_FUZZ"), out var rounds) ? rounds : 10_000;

    [Fact]
    public void Written_rows_read_back()
    {
        var gen = Gen.Select(Rows, AnyDelimiters, Gen.OneOf(EncodingNames), Gen.OneOf("\r\n", "\n", "\r"), Gen.Bool);
        // The escape characters of ISO-2022 cannot be delimiters.
        gen.Where((_, delimiters, name, _, _) => name != "iso-2022-jp" || (delimiters.Column >= 32 && delimiters.Quote >= 32)).Sample(
            (rows, delimiters, name, lineEnd, mark) => RoundTripAsync(rows, delimiters, EncodingDetector.Find(name)!, lineEnd, mark).GetAwaiter().GetResult(),
            iter: Cases,
            print: t => System.Text.Json.JsonSerializer.Serialize(t.Item1) + $" {t.Item2} {t.Item3} {t.Item4.Length} {t.Item5}");
    }

    private static async Task<bool> RoundTripAsync(string[][] rows, Delimiters delimiters, Encoding encoding, string lineEnd, bool mark)
    {
        var file = new MemoryStream();
        var written = new List<string[]>();
        await using (var writer = WriterOrNone(file, encoding, delimiters, mark, lineEnd))
        {
            if (writer is null) return true;
            foreach (var row in rows)
            {
                try
                {
                    await writer.WriteRowAsync(row, TestContext.Current.CancellationToken);
                    written.Add(row);
                }
                catch (FormatException)
                {
                    // The encoding does not have a character of the row: the writer says so, and nothing of it is in the file.
                }
            }
        }

        var preamble = mark ? (encoding.CodePage == 65001 ? 3 : encoding.GetPreamble().Length) : 0;
        var read = await Reading.RowsAsync(file.ToArray(), new LoadFileFormat { Encoding = encoding, Delimiters = delimiters, PreambleLength = preamble });
        return read.All(r => r.Error is null) && read.Count == written.Count && read.Zip(written).All(p => p.First.Cells.SequenceEqual(p.Second));
    }

    // Null where one delimiter is a byte with which the other begins.
    private static LoadFileWriter? WriterOrNone(Stream file, Encoding encoding, Delimiters delimiters, bool mark, string lineEnd)
    {
        try
        {
            return new LoadFileWriter(file, encoding, delimiters, mark, lineEnd);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
