namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>What is a record, what is a cell, and what is an error, case by case.</summary>
public class RowRulesTests
{
    // A row is written as its line, '!' and the code when it is an error, and its cells; rows are separated by " / ".
    [Theory]
    // Record ends are whatever the file uses.
    [InlineData("a,b\r\nc,d\r\n", "1 a|b / 2 c|d")]
    [InlineData("a,b\nc,d\n", "1 a|b / 2 c|d")]
    [InlineData("a,b\rc,d\r", "1 a|b / 2 c|d")]
    [InlineData("a\rb\nc\r\nd", "1 a / 2 b / 3 c / 4 d")]
    [InlineData("a,b\r\nc,d", "1 a|b / 2 c|d")]
    // Blank lines are no records but lines; a line of blanks is a record of one cell.
    [InlineData("a\r\n\r\n\r\nb\r\n", "1 a / 4 b")]
    [InlineData("\r\n\na", "3 a")]
    [InlineData("   \r\na", "1     / 2 a")]
    [InlineData("", "")]
    [InlineData("\r\n", "")]
    // Cells: quoted when the first character is the quote; bare and quoted ones may mix; trailing delimiters count.
    [InlineData("\"a\",b,\"c\"", "1 a|b|c")]
    [InlineData("a,b,\r\n", "1 a|b|")]
    [InlineData(",", "1 |")]
    [InlineData("\"\"\r\n", "1 ")]
    [InlineData("\"\",\"\"", "1 |")]
    [InlineData(" a , b ", "1  a | b ")]
    // Line ends and delimiters in quotes are text; CRLF, LF and CR each end a physical line there too.
    [InlineData("\"a,b\",c", "1 a,b|c")]
    [InlineData("\"a\r\nb\nc\rd\",e\r\nf", "1 a\r\nb\nc\rd|e / 5 f")]
    [InlineData("\"\r\n\",a\r\nb", "1 \r\n|a / 3 b")]
    // A doubled quote is one.
    [InlineData("\"say \"\"hi\"\"\",b", "1 say \"hi\"|b")]
    [InlineData("\"\"\"\",\"\"\"a\",\"a\"\"\"", "1 \"|\"a|a\"")]
    [InlineData("\"\"\",\"\"\",b", "1 \",\"|b")]
    // Blanks between the closing quote and the delimiter mean nothing; blanks before an opening quote make the cell bare.
    [InlineData("\"a\" \t,\"b\"  \r\nc,d", "1 a|b / 2 c|d")]
    [InlineData("\"a\"  ", "1 a")]
    [InlineData("a, \"b\"\r\nc,d", "1!text-after-quote a| \"b\" / 2 c|d")]
    // Text behind a closing quote costs the row.
    [InlineData("\"a\"x,b\r\nc,d", "1!text-after-quote a\"x|b / 2 c|d")]
    [InlineData("\"a\" \"b\",c\r\nd,e", "1!text-after-quote a\" \"b\"|c / 2 d|e")]
    [InlineData("a,\"b\"x\r\nc,d", "1!text-after-quote a|b\"x / 2 c|d")]
    [InlineData("\"a\"x", "1!text-after-quote a\"x")]
    // The row keeps its extent: cells behind the error may span lines.
    [InlineData("\"a\"x,\"b\r\nc\",d\r\ne,f", "1!text-after-quote a\"x|b\r\nc|d / 3 e|f")]
    // An unquoted cell that holds the quote costs the row.
    [InlineData("5\" disk,b\r\nc,d", "1!text-after-quote 5\" disk|b / 2 c|d")]
    [InlineData("a,b\"\r\nc,d", "1!text-after-quote a|b\" / 2 c|d")]
    // A quote never closed costs one row, and reading goes on at the next physical line.
    [InlineData("\"a\",\"b\r\n\"c\",\"d\"\r\n", "1!unbalanced-quote a / 2 c|d")]
    [InlineData("a,\"b\r\nc,\"d\"\r\ne,f", "1!unbalanced-quote a / 2 c|d / 3 e|f")]
    [InlineData("\"a,b\r\nc,d\r\ne,f", "1!unbalanced-quote  / 2 c|d / 3 e|f")]
    [InlineData("a,\"b\nc,d\re,f\n", "1!unbalanced-quote a / 2 c|d / 3 e|f")]
    [InlineData("x\r\n\"a", "1 x / 2!unbalanced-quote ")]
    [InlineData("\"", "1!unbalanced-quote ")]
    [InlineData("\"a\",\"b\r\n\r\n\"c\",\"d\"", "1!unbalanced-quote a / 3 c|d")]
    [InlineData("a,\"b\r\n\"\",c\r\n\"d\",e", "1!unbalanced-quote a / 2 |c / 3 d|e")]
    // The first quote of each row and the last are missing: no row swallows another.
    [InlineData("1\",\"a\",\"z\n2\",\"b\",\"z\n3\",\"c\",\"z\n", "1!unbalanced-quote 1\"|a / 2!unbalanced-quote 2\"|b / 3!unbalanced-quote 3\"|c")]
    // Ctrl-Z at the end is not part of the file.
    [InlineData("a,b\r\n\u001A", "1 a|b")]
    [InlineData("a,b\u001A\u001A", "1 a|b")]
    [InlineData("a\u001A,b\r\n", "1 a\u001A|b")]
    [InlineData("\u001A", "")]
    public async Task Comma_and_quote(string file, string expected) => Assert.Equal(expected, Show(await Reading.RowsAsync(file, Reading.Csv)));

    [Theory]
    [InlineData("þAþ\u0014þBþ\r\nþ1þ\u0014þþ\r\n", "1 A|B / 2 1|")]
    [InlineData("þaþþbþ\u0014þcþ\r\n", "1 aþb|c")]
    [InlineData("þþþþ\u0014þcþ\r\n", "1 þ|c")]
    [InlineData("þaþþ\u0014þþcþ\r\n", "1 aþ\u0014þc")]
    [InlineData("þ\u0014þ\u0014þ\u0014þ\r\n", "1 \u0014|\u0014")]
    [InlineData("þGuþrþ\u0014þcþ\r\nþdþ\u0014þeþ", "1!text-after-quote Guþrþ|c / 2 d|e")]
    [InlineData("þ1þ\u0014þx\r\nþ2þ\u0014þyþ\r\n", "1!unbalanced-quote 1 / 2 2|y")]
    [InlineData("þa®bþ\u0014þc ®þ\r\n", "1 a®b|c ®")]
    [InlineData("þA\u0000Bþ\u0014\r\n", "1 A\u0000B|")]
    [InlineData("þGuðrún Þórðardóttir 日本語 🗎þ\u0014bare 日本\r\nþaþ", "1 Guðrún Þórðardóttir 日本語 🗎|bare 日本 / 2 a")]
    public async Task Concordance(string file, string expected)
    {
        foreach (var encoding in new[] { "utf-8", "utf-16", "utf-16BE", "utf-32", "gb18030" })
            Assert.Equal((encoding, expected), (encoding, Show(await Reading.RowsAsync(file, Reading.Dat, System.Text.Encoding.GetEncoding(encoding)))));
    }

    [Theory]
    [InlineData("\"a\",b\"c\r\nd", "1 \"a\"|b\"c / 2 d")]
    [InlineData("a,\"b\r\nc\"", "1 a|\"b / 2 c\"")]
    public async Task No_quotes(string file, string expected) =>
        Assert.Equal(expected, Show(await Reading.RowsAsync(file, Reading.Csv with { Quote = 0 })));

    private static string Show(List<ReadRow> rows) => string.Join(
        " / ", rows.Select(r => $"{r.Line}{(r.Error is null ? "" : "!" + r.Error)} {string.Join('|', r.Cells)}"));
}
