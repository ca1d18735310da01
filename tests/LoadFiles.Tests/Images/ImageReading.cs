using System.Text;

namespace IntegrationPoints.LoadFiles.Tests.Images;

/// <summary>Image load files in tests: from text or bytes to lines and documents.</summary>
internal static class ImageReading
{
    public static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static Task<List<ImageLine>> LinesAsync(string text, ImageFormat format = ImageFormat.Opticon) => LinesAsync(Western.GetBytes(text), format);

    public static async Task<List<ImageLine>> LinesAsync(byte[] file, ImageFormat format = ImageFormat.Opticon, int piece = 0, long offset = 0, long line = 1)
    {
        await using var reader = new ImageLineReader(new InPieces(file, piece), format, offset, line);
        var lines = new List<ImageLine>();
        while (await reader.ReadAsync(default) is { } read) lines.Add(read);
        return lines;
    }

    public static Task<List<ImageDocument>> DocumentsAsync(string text, ImageFormat format = ImageFormat.Opticon)
        => DocumentsAsync(Western.GetBytes(text), format);

    public static async Task<List<ImageDocument>> DocumentsAsync(byte[] file, ImageFormat format = ImageFormat.Opticon, long offset = 0, long line = 1)
    {
        await using var lines = new ImageLineReader(new MemoryStream(file), format, offset, line);
        var reader = new ImageDocumentReader(lines);
        var documents = new List<ImageDocument>();
        while (await reader.ReadAsync(default) is { } document) documents.Add(document);
        return documents;
    }

    /// <summary>A stream that gives at most so many bytes a read; 0: as many as are asked for.</summary>
    private sealed class InPieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(piece > 0 && buffer.Length > piece ? buffer[..piece] : buffer, cancellationToken);
    }
}
