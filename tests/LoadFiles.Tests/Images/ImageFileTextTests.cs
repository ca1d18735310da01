using System.Text;

namespace IntegrationPoints.LoadFiles.Tests.Images;

/// <summary>
/// Which bytes an image load file may have (load-file specification: "does not support Unicode .opt files": Windows-1252 or ASCII, a byte
/// order mark over plain ASCII is a warning).
/// </summary>
public class ImageFileTextTests
{
    private const string Line = "REL0001,V,IMG\\é.tif,Y,,,1\r\n", Ascii = "REL0001,V,IMG\\e.tif,Y,,,1\r\n";

    public static TheoryData<string, byte[], ImageTextKind, int> Files => new()
    {
        { "ASCII", Encoding.ASCII.GetBytes(Ascii), ImageTextKind.Western, 0 },
        { "Windows-1252", ImageReading.Western.GetBytes(Line), ImageTextKind.Western, 0 },
        { "a byte order mark over ASCII", [0xEF, 0xBB, 0xBF, .. Encoding.ASCII.GetBytes(Ascii)], ImageTextKind.Western, 3 },
        { "UTF-8", Encoding.UTF8.GetBytes(Line), ImageTextKind.Unicode, 0 },
        { "UTF-8 with byte order mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Line)], ImageTextKind.Unicode, 3 },
        { "Windows-1252 behind a byte order mark", [0xEF, 0xBB, 0xBF, .. ImageReading.Western.GetBytes(Line)], ImageTextKind.Unicode, 3 },
        { "UTF-16 with byte order mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Ascii)], ImageTextKind.Unicode, 2 },
        { "UTF-16 without", Encoding.Unicode.GetBytes(Ascii), ImageTextKind.Unicode, 0 },
        { "UTF-16 big-endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Ascii)], ImageTextKind.Unicode, 2 },
        { "a picture", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 12, 0, 1], ImageTextKind.Binary, 0 },
        { "UTF-8 after a long way", Encoding.UTF8.GetBytes(Long(Line)), ImageTextKind.Unicode, 0 },
        { "Windows-1252 after a long way", ImageReading.Western.GetBytes(Long(Line)), ImageTextKind.Western, 0 },
        { "UTF-8 and, later, bytes that it cannot have", [.. Encoding.UTF8.GetBytes(Long(Line)), 0xE9], ImageTextKind.Western, 0 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_is_told_by_its_bytes(string name, byte[] file, ImageTextKind kind, int preamble)
    {
        var text = await ImageFileText.OfAsync(new MemoryStream(file), TestContext.Current.CancellationToken);
        Assert.Equal((name, kind, kind == ImageTextKind.Binary ? 0 : preamble), (name, text.Kind, text.PreambleLength));
    }

    [Fact]
    public async Task A_letter_is_told_wherever_pieces_end()
    {
        for (var before = 64 * 1024 - 4; before <= 64 * 1024 + 1; before++)
        {
            foreach (var letter in new[] { "é", "日", "😀" })
            {
                var file = Encoding.UTF8.GetBytes(new string('a', before) + letter + "end");
                Assert.Equal(ImageTextKind.Unicode, (await ImageFileText.OfAsync(new MemoryStream(file), TestContext.Current.CancellationToken)).Kind);
            }
        }
    }

    private static string Long(string last) => string.Concat(Enumerable.Repeat(Ascii, 10_000)) + last;
}
