using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>What a load file shows of itself, with the evidence in words; what is said wins where the file is no clearer.</summary>
public class DetectionTests
{
    private static readonly string[] Metadata = ["REL00000001", @".\NATIVES\001\a.msg", "4/9/2019", "Lease; Rent, quarterly", "17"];

    [Theory]
    [InlineData(20, 254)]
    [InlineData(44, 34)]
    [InlineData(44, 0)]
    [InlineData(9, 0)]
    [InlineData(9, 34)]
    [InlineData(124, 94)]
    [InlineData(124, 0)]
    [InlineData(59, 34)]
    [InlineData(94, 0)]
    [InlineData(182, 254)]
    [InlineData(31, 0)]
    public async Task Delimiters_are_found_whatever_was_said(int column, int quote)
    {
        foreach (var said in new[] { Reading.Dat, Reading.Csv, new Delimiters { Column = column, Quote = quote, Newline = 1, MultiValue = 2, Nested = 3 } })
        {
            var found = await DetectAsync(File(column, quote), said);
            // Where no cell is quoted, any quote will do: the one that was said stays.
            var expected = quote == 0 && said.Column == column ? said.Quote : quote;
            Assert.Equal(new CellCharacters(column, expected), found.Characters!.Value);
        }
    }

    [Fact]
    public async Task The_evidence_is_said_in_words()
    {
        var text = new StringBuilder(File(20, 254, rows: 999));
        text.Append("þbrokenþ\r\n");
        var found = await DetectAsync(text.ToString(), Reading.Csv);
        Assert.Equal(
            [
                "Delimiters: code 20 between 5 cells in 99.9 % of 1,001 rows, the quote 254 around 100 % of the cells.",
                "Header: the first row holds 5 different names and no number, date or path, and in 4 columns the rows below are of another kind.",
                "Line ends: CRLF ends 1,001 lines.",
                "Dates, month first: in 567 of 999 dates, such as 4/13/2019, the second number is over 12, in 0 the other.",
            ],
            found.Words);
        Assert.True(found.Characters!.IsStrong && found.HasHeader!.IsStrong && found.IsDayFirst!.IsStrong);
    }

    [Theory]
    // What was said holds where nothing is clearer, and where it divides the rows well.
    [InlineData("a,b,c\n1,2,3\n4,5,6\n7,8,9\n", ',', false)]
    [InlineData("just text\nmore text\n", '\0', false)]
    [InlineData("a;b|c\n1;2|3\n4;5|6\n", ';', false)]
    [InlineData("a|b|c\n1|2|3\n4|5|6\n", '|', true)]
    public async Task Doubt_is_strong_only_where_what_was_said_divides_nothing(string file, char column, bool isStrong)
    {
        var said = new Delimiters { Column = column == '|' ? ',' : column == '\0' ? ',' : column, Quote = '"', MultiValue = 1 };
        var found = await DetectAsync(file, said);
        Assert.Equal((column == '\0' ? null : (int?)column, isStrong), (found.Characters?.Value.Column, found.Characters?.IsStrong ?? false));
    }

    [Theory]
    [InlineData("Id,Sent,Pages\nA0001,4/9/2019,3\nA0002,5/9/2019,4\n", true)]
    [InlineData("A0001,4/9/2019,3\nA0002,5/9/2019,4\nA0003,5/9/2019,4\n", false)]
    [InlineData("one,two\nthree,four\n", null)]
    [InlineData("Id,Sent,Pages\n", null)]
    [InlineData("", null)]
    public async Task A_header_is_names_over_other_things(string file, bool? expected)
        => Assert.Equal(expected, (await DetectAsync(file, Reading.Csv)).HasHeader?.Value);

    [Theory]
    [InlineData("31/12/2019", "1/2/2019", true)]
    [InlineData("12/31/2019", "1/2/2019", false)]
    [InlineData("31.12.19 13:05", "1.2.19", true)]
    [InlineData("1/2/2019", "2/1/2019", null)]
    [InlineData("31/12/2019", "12/31/2019", null)]
    [InlineData("2019-12-31", "2019-01-02", null)]
    [InlineData("99/12/2019", "1/1/2019", null)]
    public async Task The_number_over_12_is_the_day(string one, string other, bool? isDayFirst)
        => Assert.Equal(isDayFirst, (await DetectAsync($"Id,Sent\nA,{one}\nB,{other}\n", Reading.Csv)).IsDayFirst?.Value);

    [Theory]
    [InlineData("a\r\nb\r\nc\n", "CRLF ends 2 lines, LF ends 1 lines", "CRLF")]
    [InlineData("a\rb\r", "CR ends 2 lines", "CR")]
    [InlineData("a", null, null)]
    public async Task Line_ends_are_counted(string file, string? words, string? most)
    {
        var found = (await DetectAsync(file, Reading.Csv)).LineEnds;
        Assert.Equal((words, most), (found?.Because, found?.Value));
    }

    [Theory]
    // Letters of each script, in a .dat whose quotes are single bytes that are no character there.
    [InlineData("shift_jis", "東京都の会議は、メールで確認します。表とソ", 932)]
    [InlineData("euc-kr", "회의록과 계약서를 첨부합니다 감사합니다", 51949)]
    [InlineData("gb18030", "会议记录已经发送给所有的人请确认合同内容", 54936)]
    [InlineData("big5", "會議記錄已經寄給所有的人請確認合約內容", 950)]
    [InlineData("windows-1252", "Réunion à l'été, où les façades être naïf Ünal çà et là «ÀÉ»", 1252)]
    [InlineData("windows-1252", "Straße für Öl, Maß und Übermut ÄÖÜ", 1252)]
    public async Task East_Asian_text_is_known_by_its_characters(string name, string letters, int codePage)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] quote = [0xFE], column = [0x14];
        byte[] row = [.. quote, .. Encoding.ASCII.GetBytes("REL001"), .. quote, .. column, .. quote, .. encoding.GetBytes(letters), .. quote, .. "\r\n"u8];
        var found = await EncodingDetector.DetectAsync(
            new MemoryStream([.. Enumerable.Repeat(row, 5).SelectMany(r => r)]), "auto", TestContext.Current.CancellationToken);
        Assert.Equal((codePage, codePage != 1252), (found.Encoding.CodePage, found.Warning is not null));
    }

    [Theory]
    // What was said is used; strong evidence against it is a warning.
    [InlineData("windows-1252", "C3A9C3A920C3BC", true)]
    [InlineData("windows-1252", "E9E920FC", false)]
    [InlineData("shift_jis", "93798379", false)]
    [InlineData("utf-16", "41424344454647484142434445464748414243", true)]
    [InlineData("windows-1252", "4100420043004400450046004700480041004200", true)]
    [InlineData("iso-2022-jp", "1B2442467C4B5C1B2842", false)]
    public async Task Strong_evidence_against_a_declared_encoding_warns(string declared, string bytes, bool warns)
    {
        var found = await EncodingDetector.DetectAsync(new MemoryStream(Convert.FromHexString(bytes)), declared, TestContext.Current.CancellationToken);
        Assert.Equal((EncodingDetector.Find(declared)!.CodePage, warns), (found.Encoding.CodePage, found.Warning is not null));
    }

    [Fact]
    public async Task Any_bytes_at_all_are_weighed()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(2000)];
            random.NextBytes(bytes);
            var encoding = await EncodingDetector.DetectAsync(new MemoryStream(bytes), null, TestContext.Current.CancellationToken);
            var format = new LoadFileFormat { Encoding = encoding.Encoding, PreambleLength = encoding.PreambleLength };
            var found = await LoadFileDetector.DetectAsync(bytes, random.Next(2) == 0, format, TestContext.Current.CancellationToken);
            Assert.NotNull(found.Words);
        }
    }

    [Fact]
    public async Task The_shared_files_show_how_they_are_written()
    {
        using var manifest = System.Text.Json.JsonDocument.Parse(await System.IO.File.ReadAllBytesAsync(SharedFiles.Find("data/manifest.json"), TestContext.Current.CancellationToken));
        var wrong = new List<string>();
        foreach (var entry in manifest.RootElement.EnumerateArray().Where(e => e.GetProperty("kind").GetString() == "doc"))
        {
            var file = await System.IO.File.ReadAllBytesAsync(SharedFiles.Find("data/" + entry.GetProperty("f").GetString()), TestContext.Current.CancellationToken);
            var encoding = await EncodingDetector.DetectAsync(new MemoryStream(file), null, TestContext.Current.CancellationToken);
            var format = new LoadFileFormat { Encoding = encoding.Encoding, PreambleLength = encoding.PreambleLength };
            var found = await LoadFileDetector.DetectAsync(file, true, format, TestContext.Current.CancellationToken);
            var (column, hasHeader) = (int.Parse(entry.GetProperty("col").GetString()!, System.Globalization.CultureInfo.InvariantCulture), entry.GetProperty("hdr").GetBoolean());
            // A file that shows nothing is read as it was said to be.
            if (found.Characters is { } characters && characters.Value.Column != column) wrong.Add($"{entry.GetProperty("f")}: {characters.Because}");
            if (found.HasHeader is { } header && header.Value != hasHeader) wrong.Add($"{entry.GetProperty("f")}: {header.Because}");
        }

        Assert.Empty(wrong);
    }

    private static Task<DetectedLoadFile> DetectAsync(string file, Delimiters said) => LoadFileDetector.DetectAsync(
        Encoding.UTF8.GetBytes(file), true, new LoadFileFormat { Encoding = new UTF8Encoding(false), Delimiters = said }, TestContext.Current.CancellationToken);

    private static string File(int column, int quote, int rows = 40)
    {
        var (c, q) = ((char)column, quote == 0 ? "" : ((char)quote).ToString());
        var text = new StringBuilder();
        Row(["Doc Id", "Native Path", "Date Sent", "Subject", "Pages"]);
        for (var row = 0; row < rows; row++) Row([$"REL{row:D8}", Metadata[1], $"4/{1 + row % 28}/2019", quote == 0 ? "Lease" : Metadata[3], Metadata[4]]);
        return text.ToString();

        void Row(string[] cells) => text.Append(string.Join(c, cells.Select(cell => q + cell + q))).Append("\r\n");
    }
}
