using System.Buffers.Binary;

namespace IntegrationPoints.Providers.Images;

/// <summary>JPEG files by their markers (ITU-T T.81, annex B): start of image, a frame with a size, a scan.</summary>
internal static class JpegFile
{
    private const string Damaged = "a damaged JPEG";

    /// <summary>What a JPEG is instead of an image; null when it is one.</summary>
    public static string? Wrong(Stream file)
    {
        Span<byte> segment = stackalloc byte[8];
        file.Position = 2;
        var hasFrame = false;
        while (NextMarker(file) is var marker and > 0)
        {
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7)) continue;
            if (marker == 0xD9 || file.ReadAtLeast(segment[..2], 2, throwOnEndOfStream: false) < 2) return Damaged;
            var length = BinaryPrimitives.ReadUInt16BigEndian(segment);
            var end = file.Position - 2 + length;
            if (length < 2 || end > file.Length) return Damaged;
            if (marker == 0xDA) return hasFrame && end < file.Length ? null : Damaged;
            if (IsFrame(marker))
            {
                // Precision, lines, samples a line. No lines: they are told later.
                if (length < 8 || file.ReadAtLeast(segment[..6], 6, throwOnEndOfStream: false) < 6) return Damaged;
                if (BinaryPrimitives.ReadUInt16BigEndian(segment[3..]) == 0) return Damaged;
                hasFrame = true;
            }
            file.Position = end;
        }
        return Damaged;
    }

    private static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // The next marker's code; -1 at the end and where none stands. Any number of FF may come before it.
    private static int NextMarker(Stream file)
    {
        if (file.ReadByte() != 0xFF) return -1;
        int code;
        do code = file.ReadByte();
        while (code == 0xFF);
        return code;
    }
}
