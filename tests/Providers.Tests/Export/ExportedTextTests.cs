using System.Text;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.Export;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>Text files: encoding chosen, byte order mark, no character lost in silence (issue "Export to load files", Destination settings).</summary>
public sealed class ExportedTextTests(Stores stores) : IClassFixture<Stores>
{
    private readonly ExportPlace place = new(stores);

    private static CancellationToken Stop => ExportPlace.Stop;

    /// <summary>Encoding, text, bytes expected in hexadecimal digits, characters that the encoding lacks.</summary>
    public static TheoryData<string, string, string, int> Encodings => new()
    {
        { "utf-16", "aß€", "FFFE6100DF00AC20", 0 },
        { "utf-16BE", "a€", "FEFF006120AC", 0 },
        { "utf-8", "a€😀", "EFBBBF61E282ACF09F9880", 0 },
        { "utf-32", "a", "FFFE000061000000", 0 },
        { "windows-1252", "aß€", "61DF80", 0 },
        // A letter that .NET would write as an A, one that no code page has, and one of two units.
        { "windows-1252", "Āa中😀b", "3F613F3F62", 3 },
        { "us-ascii", "é", "3F", 1 },
        { "shift_jis", "aあ", "6182A0", 0 },
        // U+00A5 would be written as a backslash.
        { "shift_jis", "¥", "3F", 1 },
        { "gb18030", "中😀", "D6D09439FC36", 0 },
        { "iso-2022-jp", "aあb", "611B244224221B284262", 0 },
        // Half a character of two units stands for nothing.
        { "utf-8", "a\uD83Db", "EFBBBF61EFBFBD62", 1 },
        { "utf-16", "\uDE00", "FFFEFDFF", 1 },
        { "utf-16", "", "FFFE", 0 },
        { "windows-1252", "a\nb\r\nc", "610A620D0A63", 0 },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_text_is_written_in_the_encoding_and_what_it_lacks_is_counted(string encoding, string text, string expected, int lacking)
    {
        var file = await Texts(encoding).WriteAsync(text, place.At("t.txt"), Stop);
        var bytes = await place.ReadAsync("t.txt");
        Assert.Equal(expected, Convert.ToHexString(bytes));
        Assert.Equal(lacking, file.Lacking);
        Assert.Equal(new ExportedFile(place.At("t.txt"), bytes.Length, ExportPlace.Sha256(bytes), WasThere: false), file.File);
    }

    [Theory]
    [InlineData("utf-16", 0)]
    [InlineData("utf-8", 0)]
    [InlineData("windows-1252", 9_999)]
    [InlineData("shift_jis", 29_999)]
    public async Task A_text_that_is_kept_as_a_file_is_written_the_same_way_wherever_pieces_end(string encoding, int lacking)
    {
        // Nine bytes of UTF-8, so that pieces end within each of the characters.
        var text = string.Concat(Enumerable.Repeat("aä€😀", 10_000))[..^2] + "x";
        var whole = text + "y";
        var kept = Encoding.UTF8.GetBytes(whole);
        var reference = new TextReference(await place.StoreAsync("long.txt", kept), kept.Length);
        var inline = await Texts(encoding).WriteAsync(whole, place.At("inline.txt"), Stop);
        var file = await Texts(encoding).WriteAsync(reference, place.At("file.txt"), Stop);
        Assert.Equal(await place.ReadAsync("inline.txt"), await place.ReadAsync("file.txt"));
        Assert.Equal((lacking, lacking), (inline.Lacking, file.Lacking));
    }

    [Fact]
    public async Task A_text_that_is_gone_is_named()
    {
        var blob = await place.StoreAsync("gone.txt", [65]);
        await place.Blobs.Files.GetBlobClient(blob).DeleteAsync(DeleteSnapshotsOption.None, cancellationToken: Stop);
        var error = await Assert.ThrowsAsync<UnusableFileException>(() => Texts("utf-8").WriteAsync(new TextReference(blob, 1), place.At("t.txt"), Stop));
        Assert.Equal("missing-file", error.Problem.Code);
        Assert.Contains("gone.txt", error.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(await place.ListAsync());
    }

    [Fact]
    public async Task A_repeated_attempt_says_the_same()
    {
        var first = await Texts("us-ascii").WriteAsync("é", place.At("t.txt"), Stop);
        Assert.Equal(first, await Texts("us-ascii").WriteAsync("é", place.At("t.txt"), Stop));
    }

    private ExportedText Texts(string encoding) => new(place.Blobs, place.Files(), EncodingDetector.Find(encoding)!);
}
