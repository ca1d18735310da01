using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>
/// Encodings of several bytes a character, whose second bytes look like delimiters: <c>\</c>, <c>|</c>, <c>^</c>, <c>@</c>, letters, digits.
/// </summary>
public class MultiByteTests
{
    [Theory]
    // Second byte 5C: 表 ソ 能; 7C: ポ; 5E: 本 has 7B, ﾏ… and 十 8F5C.
    [InlineData("shift_jis", '|', '"', "表|ソ能\\|ポ十|予ポ", "表¦ソ能\\¦ポ十¦予ポ")]
    [InlineData("shift_jis", '^', '|', "ポ^表^本", "ポ¦表¦本")]
    [InlineData("shift_jis", '\\', '"', "表\\ソ\\予", "表¦ソ¦予")]
    // 許 5C, 功 5C, 蓋 5C; 育 7C.
    [InlineData("big5", '\\', '"', "許\\功蓋\\育", "許¦功蓋¦育")]
    [InlineData("big5", '|', '^', "育|許|蓋", "育¦許¦蓋")]
    // Two bytes with 5C, 7C; four bytes whose second and fourth are digits.
    [InlineData("gb18030", '\\', '|', "乗\\鎈\\俓", "乗¦鎈¦俓")]
    [InlineData("gb18030", '0', '1', "㐀0俹0Ā", "㐀¦俹¦Ā")]
    [InlineData("euc-kr", ',', '"', "한글,\"계약\",서", "한글¦계약¦서")]
    // Korean with letters and digits as second bytes.
    [InlineData("ks_c_5601-1987", 'A', 'a', "똠A햏A쑈", "똠¦햏¦쑈")]
    public async Task Second_bytes_are_no_delimiters(string name, char column, char quote, string row, string expected)
    {
        var delimiters = new Delimiters { Column = column, Quote = quote, Newline = 1, MultiValue = 2, Nested = 3 };
        foreach (var lineEnd in new[] { "\r\n", "\n", "\r" })
        {
            var rows = await Reading.RowsAsync(row + lineEnd + row, delimiters, Encoding.GetEncoding(name));
            Assert.Equal([(1, expected), (2, expected)], rows.Select(r => ((int)r.Line, string.Join('¦', r.Cells))));
            Assert.All(rows, r => Assert.Null(r.Error));
        }
    }

    [Theory]
    // The delimiters of most .dat files are no characters of these encodings: single bytes where a character could begin.
    [InlineData("shift_jis", "表示ソ|能力|ポスト")]
    [InlineData("big5", "許功蓋|育|中文")]
    [InlineData("euc-kr", "한글|계약서|감사")]
    [InlineData("gb18030", "会议|记录|合同")]
    public async Task A_dat_file_has_bytes_20_and_254_around_such_text(string name, string cells)
    {
        var encoding = Encoding.GetEncoding(name);
        // GB18030 has every character, and EUC-KR this one.
        byte[] quote = encoding.CodePage is 54936 or 51949 ? encoding.GetBytes("þ") : [254];
        var line = cells.Split('|').SelectMany((cell, i) => (byte[])[.. i > 0 ? [20] : Array.Empty<byte>(), .. quote, .. encoding.GetBytes(cell), .. quote]);
        byte[] file = [.. line, 13, 10, .. line, 13, 10];
        var rows = await Reading.RowsAsync(file, new LoadFileFormat { Encoding = encoding });
        Assert.Equal([cells, cells], rows.Select(r => string.Join('|', r.Cells)));
        Assert.All(rows, r => Assert.Null(r.Error));
    }

    [Theory]
    // Bytes that are invalid in the encoding are an error of their row only.
    [InlineData("shift_jis", "61,62\n61,FD\n61,62\n")]
    [InlineData("euc-kr", "61,62\n61,A1\n61,62\n")]
    [InlineData("big5", "61,62\n61,FF\n61,62\n")]
    [InlineData("gb18030", "61,62\n61,FF\n61,62\n")]
    [InlineData("utf-8", "61,62\n61,C3\n61,62\n")]
    public async Task Invalid_bytes_cost_their_row(string name, string bytes)
    {
        var file = bytes.Replace(",", "2C", StringComparison.Ordinal).Replace("\n", "0A", StringComparison.Ordinal);
        var rows = await Reading.RowsAsync(Convert.FromHexString(file), new LoadFileFormat { Encoding = EncodingDetector.Find(name)!, Delimiters = Reading.Csv });
        Assert.Equal([null, "invalid-encoding", null], rows.Select(r => r.Error));
    }
}
