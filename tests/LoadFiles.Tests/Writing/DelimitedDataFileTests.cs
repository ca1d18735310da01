using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace IntegrationPoints.LoadFiles.Tests.Writing;

/// <summary>Data files of rows.</summary>
public partial class DelimitedDataFileTests
{
    private static readonly Delimiters Csv = new() { Column = ',', Quote = '"', Newline = '\n' };
    private static readonly Delimiters Bare = new() { Quote = 0 };

    /// <summary>The characters, the value, what stands in the file.</summary>
    public static TheoryData<string, string, string> Cells => new()
    {
        { "dat", "", "þþ" },
        { "dat", "a\nb", "þa®bþ" },
        { "dat", "a\r\nb", "þa®bþ" },
        { "dat", "a\rb", "þa®bþ" },
        { "dat", "a\n\nb\r\n\r\nc\r\rd\n\re", "þa®®b®®c®®d®®eþ" },
        { "dat", "aþb", "þaþþbþ" },
        { "dat", "þ", "þþþþ" },
        { "dat", "a\u0014b", "þa\u0014bþ" },
        { "dat", " a ", "þ a þ" },
        { "csv", "a,\"b\"", "\"a,\"\"b\"\"\"" },
        { "csv", "a\r\nb", "\"a\nb\"" },
        { "csv", "=1+1", "\"=1+1\"" },
        { "bare", "a\nb", "a®b" },
        { "bare", "aþb", "aþb" },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_cell_holds_its_value(string characters, string value, string expected)
    {
        var (file, losses) = Write("utf-8", characters switch { "dat" => new(), "csv" => Csv, _ => Bare }, [value]);
        Assert.Empty(losses);
        Assert.Equal(expected + "\r\n", Encoding.UTF8.GetString(file));
    }

    [Theory]
    [InlineData("utf-8", "EFBBBF C3BE41C3BE 14 C3BEC3BE 0D0A C3BE31C3BE 14 C3BEC3BE 0D0A")]
    [InlineData("utf-16", "FFFE FE004100FE00 1400 FE00FE00 0D000A00 FE003100FE00 1400 FE00FE00 0D000A00")]
    [InlineData("utf-16BE", "FEFF 00FE004100FE 0014 00FE00FE 000D000A 00FE003100FE 0014 00FE00FE 000D000A")]
    [InlineData("windows-1252", "FE41FE 14 FEFE 0D0A FE31FE 14 FEFE 0D0A")]
    [InlineData("shift_jis", "FE41FE 14 FEFE 0D0A FE31FE 14 FEFE 0D0A")]
    public void A_file_begins_with_its_byte_order_mark_and_the_header(string encoding, string expected)
    {
        var writer = new DelimitedDataFile(EncodingDetector.Find(encoding)!, new());
        var file = new ArrayBufferWriter<byte>();
        writer.Head(["A", ""], file);
        writer.Row([new("1"), DataCell.File("")], file);
        writer.Foot(file);
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(file.WrittenSpan));
    }

    /// <summary>Encoding, quote, value, what stands in the file, code, words of the reason.</summary>
    public static TheoryData<string, int, string, string, string, string> Losses => new()
    {
        { "windows-1252", 254, "日本 x", "þ?? xþ", "character-not-in-encoding", "2 characters, the first \"日\" (U+65E5), cannot be written in windows-1252; ? stands" },
        { "windows-1252", 254, "ā", "þ?þ", "character-not-in-encoding", "1 character, \"ā\" (U+0101), cannot" },
        { "windows-1252", 254, "😀", "þ?þ", "character-not-in-encoding", "1 character, \"😀\" (U+1F600), cannot" },
        { "utf-8", 254, "a{D800}b", "þa?bþ", "character-not-in-encoding", "1 character, U+FFFD, cannot" },
        { "utf-16", 254, "a{DC00}", "þa?þ", "character-not-in-encoding", "U+FFFD" },
        { "utf-8", 254, "Windows® 10", "þWindows® 10þ", "character-is-newline", "\"®\" (U+00AE), which stands for line breaks" },
        { "utf-8", 0, "a\u0014b", "a?b", "character-not-in-format", "1 character, U+0014, would be taken for a delimiter" },
        { "utf-8", 0, "", "", "character-not-in-format", "is an empty line" },
        { "windows-1251", 254, "юг", "þ?гþ", "character-not-in-format", "\"ю\" (U+044E), would be taken for a delimiter" },
        { "iso-2022-jp", 34, "a\u001bb", "\"a?b\"", "character-not-in-encoding", "U+001B" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void What_cannot_be_written_is_reported_and_the_row_written(string encoding, int quote, string value, string expected, string code, string words)
    {
        var broken = value.Replace("{D800}", "\ud800", StringComparison.Ordinal).Replace("{DC00}", "\udc00", StringComparison.Ordinal);
        var (file, losses) = Write(encoding, new() { Quote = quote }, [broken]);
        var loss = Assert.Single(losses);
        Assert.Equal((0, code), (loss.Cell, loss.Code));
        Assert.Contains(words, loss.Reason, StringComparison.Ordinal);
        var text = EncodingDetector.Find(encoding)!.GetString(file);
        // What þ is in Windows-1251: a byte that is another letter.
        Assert.Equal(expected + "\r\n", encoding == "windows-1251" ? text.Replace('ю', 'þ') : text);
    }

    [Fact]
    public void Each_cell_that_loses_something_is_named()
    {
        var (_, losses) = Write("windows-1252", new(), ["日", "a", "®日", ""]);
        Assert.Equal([(0, "character-not-in-encoding"), (2, "character-is-newline"), (2, "character-not-in-encoding")], losses.Select(l => (l.Cell, l.Code)));
    }

    [Fact]
    public void The_stand_in_is_no_delimiter()
    {
        var (file, _) = Write("windows-1252", new() { Column = '?', Quote = 0 }, ["日", "a?b"]);
        Assert.Equal("_?a_b\r\n", Encoding.ASCII.GetString(file));
    }

    [Fact]
    public void Where_the_encoding_has_no_newline_character_line_breaks_stay()
    {
        var (file, losses) = Write("shift_jis", new(), ["表\r\nソ"]);
        Assert.Empty(losses);
        Assert.Equal("FE955C0A835CFE0D0A", Convert.ToHexString(file));
    }

    private static readonly string[] EncodingNames =
        ["utf-8", "utf-16", "utf-16BE", "windows-1252", "shift_jis", "utf-32", "gb18030", "big5", "euc-kr", "iso-2022-jp", "windows-1251", "iso-8859-1"];

    private static readonly Gen<char> Character = Gen.Frequency(
        (6, Gen.Char['a', 'z']),
        (3, Gen.OneOf('\r', '\n', '\t', ' ', '"', ',', '|', '?', '_', 'þ', '\u0014', '®', '\0', '\u001A', '\u001B', '~')),
        (2, Gen.Char['\u0001', '\u00FF']),
        (1, Gen.OneOf('表', 'ソ', '한', 'Ж', 'ю', '€', 'ā', '\u2028', '\ud83d', '\ude00', '\ufffd', '\uf8f1')));

    private static readonly Gen<string[][]> Rows = Gen.String[Character, 0, 12].Array[1, 6].Array[1, 6];

    private static readonly Gen<Delimiters> AnyDelimiters =
        from codes in Gen.Int[1, 255].Where(c => c is not (10 or 13)).Array[5].Where(c => c.Distinct().Count() == 5)
        from quoted in Gen.Int[0, 4]
        select new Delimiters { Column = codes[0], Quote = quoted == 0 ? 0 : codes[1], Newline = codes[2], MultiValue = codes[3], Nested = codes[4] };

    private static readonly Gen<Delimiters> Usual = Gen.OneOf(Gen.Const(new Delimiters()), Gen.Const(Csv), AnyDelimiters);

    private static readonly long Cases = long.TryParse(Environment.GetEnvironmentVariable("LOADFILES_FUZZ"), out var rounds) ? rounds : 10_000;

    [Fact]
    public void What_is_written_reads_back_or_was_reported() => Generated().Sample(
        (rows, delimiters, name) => ReadsBackAsync(rows, delimiters, EncodingDetector.Find(name)!).GetAwaiter().GetResult(), iter: Cases, print: Print);

    [Fact]
    public void Parts_written_apart_are_the_file_written_in_one() => Generated().Sample(
        (rows, delimiters, name) =>
        {
            var encoding = EncodingDetector.Find(name)!;
            if (WriterOrNone(encoding, delimiters) is not { } writer) return true;
            var (whole, parts) = (new ArrayBufferWriter<byte>(), new List<byte>());
            writer.Head(rows[0], whole);
            foreach (var row in rows) writer.Row(CellsOf(row), whole);
            writer.Foot(whole);
            parts.AddRange(Part(p => new DelimitedDataFile(encoding, delimiters).Head(rows[0], p)));
            foreach (var row in rows) parts.AddRange(Part(p => new DelimitedDataFile(encoding, delimiters).Row(CellsOf(row), p)));
            parts.AddRange(Part(p => new DelimitedDataFile(encoding, delimiters).Foot(p)));
            return whole.WrittenSpan.SequenceEqual(parts.ToArray());
        },
        iter: Cases / 10, print: Print);

    private static Gen<(string[][], Delimiters, string)> Generated() => Gen.Select(Rows, Usual, Gen.OneOf(EncodingNames))
        // The characters that switch ISO-2022 to other letters cannot be delimiters.
        .Where((_, delimiters, name) => name != "iso-2022-jp" || (delimiters.Column >= 32 && delimiters.Quote is 0 or >= 32));

    private static string Print((string[][] Rows, Delimiters Delimiters, string Name) c) => System.Text.Json.JsonSerializer.Serialize(c.Rows) + $" {c.Delimiters} {c.Name}";

    private static async Task<bool> ReadsBackAsync(string[][] rows, Delimiters delimiters, Encoding encoding)
    {
        if (WriterOrNone(encoding, delimiters) is not { } writer) return true;
        var file = new ArrayBufferWriter<byte>();
        writer.Head(["Head"], file);
        var losses = rows.Select(row => writer.Row(CellsOf(row), file)).ToList();
        writer.Foot(file);
        var mark = encoding.CodePage == 65001 ? 3 : encoding.GetPreamble().Length;
        var read = await Reading.RowsAsync(file.WrittenSpan.ToArray(), new LoadFileFormat { Encoding = encoding, Delimiters = delimiters, PreambleLength = mark });
        var expected = new List<(string[] Cells, IReadOnlyList<CellLoss> Losses)>();
        foreach (var (row, lost) in rows.Zip(losses))
        {
            // A blank line is no record, and was reported.
            if (row is [""] && delimiters.Quote == 0) Assert.Single(lost);
            else expected.Add((row, lost));
        }
        var newline = HasNewline(encoding, delimiters.Newline) ? ((char)delimiters.Newline).ToString() : "\n";
        if (read.Any(r => r.Error is not null) || read.Count != expected.Count + 1) return false;
        return read.Skip(1).Zip(expected).All(p => p.First.Cells.Length == p.Second.Cells.Length && Enumerable.Range(0, p.Second.Cells.Length).All(
            i => p.Second.Losses.Any(l => l.Cell == i && l.Code != "character-is-newline") || p.First.Cells[i] == LineEnd().Replace(p.Second.Cells[i], newline)));
    }

    private static bool HasNewline(Encoding encoding, int code)
    {
        var bytes = encoding.GetBytes(((char)code).ToString());
        return encoding.GetString(bytes) == ((char)code).ToString();
    }

    // Those three only: .NET knows more line ends than load files do.
    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex LineEnd();

    private static DelimitedDataFile? WriterOrNone(Encoding encoding, Delimiters delimiters)
    {
        try
        {
            return new(encoding, delimiters);
        }
        catch (ArgumentException)
        {
            // One delimiter is a byte with which the other begins.
            return null;
        }
    }

    private static List<DataCell> CellsOf(string[] row) => [.. row.Select(c => new DataCell(c))];

    private static byte[] Part(Action<ArrayBufferWriter<byte>> write)
    {
        var part = new ArrayBufferWriter<byte>();
        write(part);
        return part.WrittenSpan.ToArray();
    }

    private static (byte[] File, IReadOnlyList<CellLoss> Losses) Write(string encoding, Delimiters delimiters, string[] row)
    {
        var file = new ArrayBufferWriter<byte>();
        var losses = new DelimitedDataFile(EncodingDetector.Find(encoding)!, delimiters).Row(CellsOf(row), file);
        return (file.WrittenSpan.ToArray(), losses);
    }
}
