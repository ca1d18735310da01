using System.Text;

namespace IntegrationPoints.LoadFiles.Tests;

public class EncodingDetectorTests
{
    [Theory]
    // A byte order mark always wins, with a warning when the user said otherwise.
    [InlineData("EFBBBF41", null, "utf-8", 3, "byte order mark", false)]
    [InlineData("EFBBBF41", "windows-1252", "utf-8", 3, "byte order mark", true)]
    [InlineData("EFBBBF41", "UTF-8", "utf-8", 3, "byte order mark", false)]
    [InlineData("FFFE4100", "utf-8", "utf-16", 2, "byte order mark", true)]
    [InlineData("FEFF0041", "utf-8", "utf-16BE", 2, "byte order mark", true)]
    [InlineData("FEFF0041", "utf-16", "utf-16BE", 2, "byte order mark", false)]
    [InlineData("FFFE000041000000", "auto", "utf-32", 4, "byte order mark", false)]
    [InlineData("0000FEFF00000041", "auto", "utf-32BE", 4, "byte order mark", false)]
    [InlineData("8431953341", "auto", "gb18030", 4, "byte order mark", false)]
    // Else as told.
    [InlineData("FE41FE", "windows-1252", "windows-1252", 0, "as told", false)]
    [InlineData("FE41FE", " 1252 ", "windows-1252", 0, "as told", false)]
    [InlineData("4142", "shift_jis", "shift_jis", 0, "as told", false)]
    [InlineData("FE41FE", "utf-8", "utf-8", 0, "as told", true)]
    // Else by the text.
    [InlineData("C3BE41C3BE", null, "utf-8", 0, "valid UTF-8", false)]
    [InlineData("FE41FE14", null, "windows-1252", 0, "not valid UTF-8", false)]
    [InlineData("4142", "", "utf-8", 0, "plain ASCII", false)]
    [InlineData("", null, "utf-8", 0, "plain ASCII", false)]
    [InlineData("FE004100FE0014000D000A00", null, "utf-16", 0, "every second byte is zero", true)]
    [InlineData("00FE004100FE00140041000D000A", null, "utf-16BE", 0, "every second byte is zero", true)]
    public async Task Encodings(string file, string? declared, string expected, int preamble, string reason, bool warns)
    {
        var found = await EncodingDetector.DetectAsync(new MemoryStream(Convert.FromHexString(file)), declared, TestContext.Current.CancellationToken);
        Assert.Equal((expected, preamble, reason, warns), (found.Encoding.WebName, found.PreambleLength, found.Reason, found.Warning is not null));
    }

    [Theory]
    [InlineData(1024 * 1024 - 1, "é", "utf-8", "valid UTF-8 in the first 1 MiB")]
    [InlineData(1024 * 1024 - 2, "é", "utf-8", "valid UTF-8 in the first 1 MiB")]
    [InlineData(1024 * 1024 - 2, "日本", "utf-8", "valid UTF-8 in the first 1 MiB")]
    [InlineData(3 * 1024 * 1024, "é", "utf-8", "valid UTF-8 where the first letters beyond ASCII stand, after 3 MiB")]
    public async Task A_character_may_be_cut_where_looking_stops(int ascii, string letters, string expected, string reason)
    {
        var file = Encoding.UTF8.GetBytes("é"[(ascii > 2_000_000 ? 1 : 0)..] + new string('a', ascii - (ascii > 2_000_000 ? 0 : 2)) + letters + "rest");
        var found = await EncodingDetector.DetectAsync(new MemoryStream(file), null, TestContext.Current.CancellationToken);
        Assert.Equal((expected, reason), (found.Encoding.WebName, found.Reason));
    }

    [Fact]
    public async Task Letters_far_into_plain_ascii_decide()
    {
        byte[] file = [.. Encoding.ASCII.GetBytes(new string('a', 2_500_000)), 0xE9, .. "lan"u8];
        var found = await EncodingDetector.DetectAsync(new PiecewiseStream(new MemoryStream(file), 70_000), "auto", TestContext.Current.CancellationToken);
        Assert.Equal(("windows-1252", "not valid UTF-8 after 2 MiB"), (found.Encoding.WebName, found.Reason));
    }

    [Theory]
    [InlineData("utf-8", 65001)]
    [InlineData("UTF-16", 1200)]
    [InlineData("windows-1252", 1252)]
    [InlineData("cp1252", 1252)]
    [InlineData("1252", 1252)]
    [InlineData("65001", 65001)]
    [InlineData("Shift_JIS", 932)]
    [InlineData("big5", 950)]
    [InlineData("euc-kr", 51949)]
    [InlineData("gb18030", 54936)]
    [InlineData("IBM037", 37)]
    public void Names_and_numbers(string name, int codePage) => Assert.Equal(codePage, EncodingDetector.Find(name)?.CodePage);

    [Theory]
    [InlineData("no-such-encoding")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("99999")]
    [InlineData("utf-7")]
    [InlineData("65000")]
    [InlineData("unicode-1-1-utf-7")]
    public void Unknown_names(string name) => Assert.Null(EncodingDetector.Find(name));

    [Fact]
    public async Task An_unknown_declared_encoding_is_an_argument_error() => await Assert.ThrowsAsync<ArgumentException>(
        () => EncodingDetector.DetectAsync(Stream.Null, "no-such-encoding", TestContext.Current.CancellationToken));
}
