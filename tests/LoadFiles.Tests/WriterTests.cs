namespace IntegrationPoints.LoadFiles.Tests;

public class WriterTests
{
    [Theory]
    [InlineData("utf-8", true, "\r\n", "EFBBBF C3BE41C3BE 14 C3BEC3BEC3BEC3BE 0D0A")]
    [InlineData("utf-16", true, "\n", "FFFE FE004100FE00 1400 FE00FE00FE00FE00 0A00")]
    [InlineData("windows-1252", true, "\r", "FE41FE 14 FEFEFEFE 0D")]
    public async Task Bytes(string name, bool mark, string lineEnd, string expected)
    {
        var file = new MemoryStream();
        await using (var writer = new LoadFileWriter(file, EncodingDetector.Find(name)!, Reading.Dat, mark, lineEnd))
            await writer.WriteRowAsync(["A", "þ"], TestContext.Current.CancellationToken);
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(file.ToArray()));
        Assert.True(file.CanWrite);
    }

    [Theory]
    [InlineData("windows-1252", 254, "日本", "does not have")]
    [InlineData("windows-1251", 254, "ю", "first byte is a delimiter")]
    [InlineData("utf-8", 0, "a\u0014b", "cannot carry")]
    [InlineData("utf-8", 0, "a\nb", "cannot carry")]
    public async Task A_value_that_the_format_cannot_carry_is_refused_whole(string name, int quote, string value, string words)
    {
        var file = new MemoryStream();
        await using (var writer = new LoadFileWriter(file, EncodingDetector.Find(name)!, new() { Quote = quote }, false))
        {
            var refused = await Assert.ThrowsAsync<FormatException>(
                async () => await writer.WriteRowAsync(["x", value], TestContext.Current.CancellationToken));
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, file.Length);
    }

    [Theory]
    [InlineData(20, 20, 174, 59, 92, "The column and the quote character are both the code 20; each must be different.")]
    [InlineData(20, 254, 254, 59, 92, "The quote and the newline character are both the code 254; each must be different.")]
    [InlineData(0, 254, 174, 59, 92, "The column character has the code 0; codes go from 1 to 255.")]
    [InlineData(20, 256, 174, 59, 92, "The quote character has the code 256; codes go from 1 to 255, or 0 for no quotes.")]
    [InlineData(10, 254, 174, 59, 92, "The column character cannot be a line end (code 10).")]
    [InlineData(20, 13, 174, 59, 92, "The quote character cannot be a line end (code 13).")]
    [InlineData(20, 0, 10, 59, 92, null)]
    [InlineData(1, 255, 174, 59, 92, null)]
    public void Characters_that_cannot_be(int column, int quote, int newline, int multi, int nested, string? problem) => Assert.Equal(
        problem, new Delimiters { Column = column, Quote = quote, Newline = newline, MultiValue = multi, Nested = nested }.Problem);
}
