using System.Text;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Tests;

/// <summary>
/// Extracted text in files: its encoding, its line ends, what cannot be stored, and that its size does not matter. Up to 32 KB of UTF-8 stay in
/// the record (design, Data); files of up to 64 KB are read with one request, larger ones in pieces.
/// </summary>
public sealed class TextFileTests(Stores stores) : IClassFixture<Stores>
{
    private const int Inline = RecordLimits.InlineTextBytes;
    private const int Piece = 64 * 1024;

    private static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static TheoryData<string, byte[], string?, string> Texts => new()
    {
        { "empty", [], null, "" },
        { "UTF-8", Encoding.UTF8.GetBytes("Zoë – 日本"), null, "Zoë – 日本" },
        { "UTF-8 with byte order mark", [0xEF, 0xBB, 0xBF, .. "Zoë"u8], null, "Zoë" },
        { "UTF-16 with byte order mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Zoë\r\nx")], null, "Zoë\nx" },
        { "UTF-16 big-endian, as told", Encoding.BigEndianUnicode.GetBytes("Zoë"), "utf-16BE", "Zoë" },
        { "Windows-1252 by itself", Windows.GetBytes("Zoë"), null, "Zoë" },
        { "Windows-1252 as told", Windows.GetBytes("Zoë"), "windows-1252", "Zoë" },
        { "a byte order mark beats what was told", [0xEF, 0xBB, 0xBF, .. "Zoë"u8], "windows-1252", "Zoë" },
        { "every line end becomes LF", "a\r\nb\rc\nd\r\r\ne"u8.ToArray(), null, "a\nb\nc\nd\n\ne" },
        { "as much as a record holds", Filled(Inline), null, Encoding.UTF8.GetString(Filled(Inline)) },
        { "more than a record holds", Filled(Inline + 1), null, Encoding.UTF8.GetString(Filled(Inline + 1)) },
        { "one request", Filled(Piece), null, Encoding.UTF8.GetString(Filled(Piece)) },
        { "two pieces", Filled(Piece + 1), null, Encoding.UTF8.GetString(Filled(Piece + 1)) },
        { "a line end across pieces", [.. Filled(Piece - 1), .. "\r\nend"u8], null, Encoding.UTF8.GetString(Filled(Piece - 1)) + "\nend" },
        { "a character across pieces", [.. Filled(Piece - 1), .. "ë end"u8], null, Encoding.UTF8.GetString(Filled(Piece - 1)) + "ë end" },
        { "half the bytes once it is UTF-8", Encoding.Unicode.GetBytes("\ufeff" + new string('x', Piece)), null, new string('x', Piece) },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_text_of_a_file_becomes_the_documents_whatever_its_encoding_and_size(string name, byte[] content, string? encoding, string expected)
    {
        var (job, import) = await ImportAsync(content, encoding);

        Assert.Empty(await job.ErrorsAsync());
        var value = (await import.RecordAsync("A"))!.ValueOf(job.FieldId("Extracted Text"));
        Assert.True(Encoding.UTF8.GetByteCount(expected) <= Inline == value is not TextReference, name);
        var text = value is TextReference file
            ? (await stores.Blobs.Files.GetBlobClient(file.Blob).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString()
            : value as string ?? "";
        Assert.Equal(expected, text);
    }

    public static TheoryData<string, byte[], string?, string> Unusable => new()
    {
        { "NUL", "a\0b"u8.ToArray(), null, "2 invalid-character" },
        { "NUL in the second piece", [.. Filled(Piece), 0], null, "2 invalid-character" },
        { "no UTF-8, though told so", [.. "Zo"u8, 0xEB], "utf-8", "2 invalid-encoding" },
        { "no UTF-8 in the second piece", [.. Filled(Piece), 0xEB], "utf-8", "2 invalid-encoding" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_text_that_cannot_be_stored_as_it_is_rejects_its_document(string name, byte[] content, string? encoding, string error)
    {
        var (job, import) = await ImportAsync(content, encoding);

        Assert.Equal([error], await job.ErrorsAsync());
        Assert.True(await import.RecordAsync("A") is null, name);
    }

    private async Task<(TestJob Job, Import Import)> ImportAsync(byte[] content, string? encoding)
    {
        var import = await Import.NewAsync(stores);
        await import.Stores.Blobs.Staging.GetBlobClient($"{import.Folder}/TEXT/A.txt").UploadAsync(
            BinaryData.FromBytes(content), TestContext.Current.CancellationToken);
        await import.UploadAsync("docs.csv", "Id,Text\nA,TEXT\\A.txt\n");
        var job = await import.JobAsync("docs.csv", new ImportSettings { TextColumn = "Text", TextIsPath = true, TextEncoding = encoding });
        await job.AttemptAsync();
        return (job, import);
    }

    private static byte[] Filled(int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)(i % 64 == 63 ? '\n' : 'a' + i % 26))];
}
