using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>Encodings whose bytes look like delimiters, bytes that are no text, delimiters that are no characters.</summary>
public class EncodingTests
{
    private static readonly Delimiters Pipes = new() { Column = '|', Quote = '^' };

    [Theory]
    // Trail bytes: 0x5C \, 0x7C |, 0x5E ^, 0x22 "; 表 ソ 能 十 are the usual troublemakers of Shift-JIS, 功 許 of Big5.
    [InlineData("shift_jis", "表ソ能十予暴構ポ|ミ^")]
    [InlineData("big5", "功許蓋閱|餐")]
    [InlineData("gb2312", "啊阿|埃")]
    [InlineData("gb18030", "啊㐀𠀀|þé€")]
    [InlineData("ks_c_5601-1987", "똠방각하|펲시콜라")]
    [InlineData("euc-jp", "日本語|カタカナ")]
    [InlineData("euc-kr", "한국어|말")]
    [InlineData("iso-2022-jp", "日本語|カタカナ\"")]
    [InlineData("utf-32", "Ċ ഊ ∊ 日本 𠀀|x")]
    [InlineData("utf-32BE", "Ċ ഊ ∊ 日本 𠀀|x")]
    [InlineData("IBM037", "Hello|World")]
    public async Task Bytes_that_look_like_delimiters(string name, string text)
    {
        var encoding = EncodingDetector.Find(name)!;
        foreach (var delimiters in new[] { Pipes, Reading.Csv, new Delimiters { Column = '\\', Quote = '|', Nested = '/' } })
        {
            string[] cells = [text.Replace(((char)delimiters.Quote).ToString(), "", StringComparison.Ordinal), text[..2], "end"];
            var file = new MemoryStream();
            await using (var writer = new LoadFileWriter(file, encoding, delimiters, false))
            {
                await writer.WriteRowAsync(cells, TestContext.Current.CancellationToken);
                await writer.WriteRowAsync(["second"], TestContext.Current.CancellationToken);
            }

            var format = new LoadFileFormat { Encoding = encoding, Delimiters = delimiters };
            var rows = await Reading.RowsAsync(file.ToArray(), format, piece: 1);
            Assert.Equal([null, null], rows.Select(r => r.Error));
            Assert.Equal(cells, rows[0].Cells);
            // Offsets are those of the file, not of what it is converted to.
            Assert.Equal(file.Length, rows[1].Offset + rows[1].Length);
            var again = await Reading.RowsAsync(file.ToArray(), format, (int)rows[1].Offset, 2);
            Assert.Equal([rows[1].ToString()], again.Select(r => r.ToString()));
        }
    }

    [Theory]
    // Shift-JIS has no þ: the byte 0xFE is the quote. In Big5 0xFE could begin a character; where one begins, it is the quote.
    [InlineData("shift_jis", "FE955CFE14FE4142FE0D0A", "表|AB")]
    [InlineData("big5", "FEA55CFE14FE4142FE0D0A", "功|AB")]
    [InlineData("windows-1251", "FEC0E1FE14FE4142FE0D0A", "Аб|AB")]
    [InlineData("us-ascii", "FE41FE14FE4142FE0D0A", "A|AB")]
    [InlineData("windows-1252", "FEE9FEFEFE14FE4142FE0D0A", "éþ|AB")]
    // Windows-1251 has no character 254 but the byte: doubled in a cell, it is that byte's letter.
    [InlineData("windows-1251", "FEC0FEFEFE14FE4142FE0D0A", "Аю|AB")]
    public async Task A_delimiter_that_is_no_character_is_a_byte(string name, string file, string expected)
    {
        var rows = await Reading.RowsAsync(Convert.FromHexString(file), new LoadFileFormat { Encoding = EncodingDetector.Find(name)! });
        Assert.Null(rows[0].Error);
        Assert.Equal(expected, string.Join('|', rows[0].Cells));
    }

    [Theory]
    [InlineData("utf-8", "61 2C E9 2C 62 0A 63 0A", 1)]
    [InlineData("utf-8", "61 2C C3 0A 63 0A", 1)]
    [InlineData("utf-8", "61 2C ED A0 80 0A 63 0A", 1)]
    [InlineData("utf-8", "61 2C C0 AF 0A 63 0A", 1)]
    [InlineData("utf-8", "61 2C F8 88 80 80 80 0A 63 0A", 1)]
    [InlineData("utf-16", "61 00 2C 00 00 D8 62 00 0A 00 63 00 0A 00", 1)]
    [InlineData("utf-16", "61 00 2C 00 00 DC 0A 00 63 00 0A 00", 1)]
    [InlineData("utf-16BE", "00 61 00 2C D8 00 00 0A 00 63 00 0A", 1)]
    [InlineData("us-ascii", "61 2C E9 0A 63 0A", 1)]
    [InlineData("shift_jis", "61 2C 81 0A 63 0A", 1)]
    [InlineData("gb18030", "61 2C 81 30 0A 63 0A", 1)]
    [InlineData("utf-32", "61 00 00 00 2C 00 00 00 00 00 11 00 0A 00 00 00 63 00 00 00 0A 00 00 00", 1)]
    public async Task Bytes_that_are_no_text_cost_their_row(string name, string file, int cell)
    {
        var format = new LoadFileFormat { Encoding = EncodingDetector.Find(name)!, Delimiters = Reading.Csv };
        var bytes = Convert.FromHexString(file.Replace(" ", "", StringComparison.Ordinal));
        await using var reader = new LoadFileReader(new PiecewiseStream(new MemoryStream(bytes), 1), format);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("invalid-encoding", cell), (reader.Row.Error?.Code, reader.Row.Error?.Cell));
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Null(reader.Row.Error);
        Assert.Equal("c", reader.Row.GetString(0));
        Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Wherever_invalid_bytes_stand_exactly_their_rows_are_errors()
    {
        // Rows of every length around the 64 bytes that are looked at in one go, each with a quote of two bytes before the trouble.
        for (var pad = 0; pad < 140; pad++)
        {
            byte[] good = [0xC3, 0xBE, .. Encoding.ASCII.GetBytes(new string('a', pad)), 0xC3, 0xBE, 0x0A];
            foreach (var trouble in new byte[][] { [0xC3], [0xBE], [0xC2, 0x14], [0xE2, 0x82], [0xFF] })
            {
                byte[] bad = [0xC3, 0xBE, .. Encoding.ASCII.GetBytes(new string('a', pad)), .. trouble, (byte)'b', 0xC3, 0xBE, 0x0A];
                var rows = await Reading.RowsAsync([.. good, .. bad, .. good, .. bad[..^4], 0x0A, .. good], new LoadFileFormat { Encoding = Encoding.UTF8 });
                Assert.Equal([null, "invalid-encoding", null], rows.Take(3).Select(r => r.Error));
                Assert.Null(rows[^1].Error);
            }
        }
    }

    [Fact]
    public async Task Half_a_unit_at_the_end_is_an_error_of_the_last_row()
    {
        byte[] file = [.. Encoding.Unicode.GetBytes("a,b\nc,d"), 0x41];
        var rows = await Reading.RowsAsync(file, new LoadFileFormat { Encoding = Encoding.Unicode, Delimiters = Reading.Csv });
        Assert.Equal([(8L, null), (7L, "invalid-encoding")], rows.Select(r => (r.Length, r.Error)));
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_row()
    {
        foreach (var encoding in new Encoding[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            byte[] file = [.. encoding.GetPreamble(), .. encoding.GetBytes("þAþ\u0014þBþ\r\n")];
            var format = new LoadFileFormat { Encoding = encoding, PreambleLength = encoding.GetPreamble().Length };
            foreach (var piece in new[] { 0, 1 })
            {
                var rows = await Reading.RowsAsync(file, format, piece: piece);
                Assert.Equal(new ReadRow(1, format.PreambleLength, file.Length - format.PreambleLength, null, ["A", "B"]).ToString(), rows.Single().ToString());
            }
        }
    }
}
