using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>How the bytes of an image load file can be read.</summary>
public enum ImageTextKind
{
    /// <summary>ASCII or Windows-1252.</summary>
    Western,

    /// <summary>UTF-16, UTF-32, or UTF-8 with letters beyond ASCII: cannot be read (load-file specification, "Image and extracted text files").</summary>
    Unicode,

    /// <summary>Not text.</summary>
    Binary,
}

/// <summary>What the bytes of an image load file are.</summary>
/// <param name="Kind">Whether and how they can be read.</param>
/// <param name="Encoding">The encoding's name, for messages.</param>
/// <param name="PreambleLength">Bytes of the byte order mark, 0 when there is none.</param>
public readonly record struct ImageFileText(ImageTextKind Kind, string Encoding, int PreambleLength)
{
    private const int Piece = 64 * 1024;

    /// <summary>Reads a whole file and says what it is. A file that is valid UTF-8 and more than ASCII is UTF-8.</summary>
    public static async Task<ImageFileText> OfAsync(Stream stream, CancellationToken ct)
    {
        var bytes = new byte[Piece];
        var length = await stream.ReadAtLeastAsync(bytes, Piece, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        var start = await EncodingDetector.DetectAsync(new MemoryStream(bytes, 0, length), null, ct).ConfigureAwait(false);
        if (start.Encoding.CodePage is not (65001 or 1252)) return new(ImageTextKind.Unicode, start.Encoding.WebName, start.PreambleLength);
        var isText = !bytes.AsSpan(0, length).Contains((byte)0);
        var (isAscii, isUtf8) = (true, true);
        var decoder = StrictText.Strict(EncodingDetector.Utf8).GetDecoder();
        var characters = new char[Piece + 1];
        for (var from = start.PreambleLength; length > 0; from = 0)
        {
            var piece = bytes.AsSpan(from, length - from);
            isAscii &= Ascii.IsValid(piece);
            if (!isAscii && isUtf8) isUtf8 = Decodes(decoder, piece, characters);
            length = await stream.ReadAtLeastAsync(bytes, Piece, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        }
        if (!isAscii && isUtf8) isUtf8 = Decodes(decoder, [], characters);
        return !isText ? new(ImageTextKind.Binary, "", 0)
            : !isAscii && (isUtf8 || start.PreambleLength > 0) ? new(ImageTextKind.Unicode, "utf-8", start.PreambleLength)
            : new(ImageTextKind.Western, isAscii ? "us-ascii" : "windows-1252", start.PreambleLength);
    }

    // The first letter beyond ASCII cannot have begun in an earlier piece, which was all ASCII.
    private static bool Decodes(Decoder decoder, ReadOnlySpan<byte> piece, char[] characters)
    {
        try
        {
            decoder.GetChars(piece, characters, flush: piece.IsEmpty);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
