using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Images;

/// <summary>What a file is, judging by its bytes.</summary>
/// <param name="Type">The type of an image.</param>
/// <param name="Pages">How many pages it has.</param>
/// <param name="Wrong">What the file is instead of an image, in words that follow "it is"; null when it is one.</param>
internal readonly record struct ImageContent(ImageType Type, int Pages = 1, string? Wrong = null)
{
    private const int HeadBytes = 1024;

    /// <summary>What to do about a file that is no image.</summary>
    public const string Expected = "Expected a TIFF of one page (Group IV, 1 bit), a JPEG or a PDF: convert the file, or load it as a native.";

    /// <summary>Looks at the whole of a file, whatever its name; the stream stands at its beginning and can be sought in.</summary>
    public static ImageContent Of(Stream file)
    {
        var bytes = new byte[HeadBytes];
        var head = bytes.AsSpan(0, file.ReadAtLeast(bytes, HeadBytes, throwOnEndOfStream: false));
        file.Position = 0;
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8))
            return new ImageContent(ImageType.Tiff, Wrong: TiffFile.Wrong(file));
        if (head is [0xFF, 0xD8, ..]) return new ImageContent(ImageType.Jpeg, Wrong: JpegFile.Wrong(file));
        // Readers of PDF take bytes before the header (ISO 32000-1, annex H.3.4.1).
        if (head.IndexOf("%PDF-"u8) >= 0) return PdfFile.Of(file);
        return new ImageContent(default, 0, Other(head));
    }

    private static string Other(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return "empty (0 bytes)";
        if (head is [0x89, (byte)'P', (byte)'N', (byte)'G', ..]) return "a PNG picture";
        if (head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8)) return "a BigTIFF";
        if (head.StartsWith("GIF8"u8)) return "a GIF picture";
        if (head.StartsWith("BM"u8)) return "a BMP picture";
        if (head.StartsWith("PK"u8)) return "a ZIP archive or an office document";
        if (head is [0xD0, 0xCF, 0x11, 0xE0, ..]) return "an office document";
        if (head is [0, 0, 0, 0x0C, (byte)'j', (byte)'P', ..] || head is [0xFF, 0x4F, 0xFF, 0x51, ..]) return "a JPEG 2000 picture";
        if (head.StartsWith("RIFF"u8)) return "a WebP picture or another RIFF file";
        return head.ContainsAnyExceptInRange((byte)9, (byte)126) ? $"no picture (its first bytes are {Convert.ToHexString(head[..Math.Min(8, head.Length)])})" : "text, not a picture";
    }
}
