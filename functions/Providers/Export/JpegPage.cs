using System.Buffers.Binary;

namespace IntegrationPoints.Providers.Export;

/// <summary>What has to be known of a JPEG to show it from within another file (ITU-T T.81, annex B; JFIF 1.02; EXIF 2.3).</summary>
internal sealed record JpegPage
{
    private const double UsualDots = 96, MostDots = 100_000;

    /// <summary>Pixels of a line.</summary>
    public required int Width { get; init; }

    /// <summary>Lines; 0: said only after the first scan.</summary>
    public required int Height { get; init; }

    /// <summary>Bits of a sample.</summary>
    public required int Bits { get; init; }

    /// <summary>The code of the marker of its frame, such as C0: which of the ways of JPEG it is compressed in.</summary>
    public required int Frame { get; init; }

    /// <summary>Id and sampling factors of each component.</summary>
    public required IReadOnlyList<(int Id, int Across, int Down)> Components { get; init; }

    /// <summary>The color transform that Adobe's segment names: 0 none, 1 YCbCr, 2 YCCK; null: no such segment.</summary>
    public int? AdobeTransform { get; init; }

    /// <summary>Dots an inch, across and down.</summary>
    public (double X, double Y) Dots { get; init; } = (UsualDots, UsualDots);

    /// <summary>How it is to be shown.</summary>
    public PageTurn Turn { get; init; }

    /// <summary>Whether its three components are red, green and blue (as the library of the Independent JPEG Group tells it).</summary>
    public bool IsRgb => Components.Count == 3 && (AdobeTransform is { } transform ? transform == 0 : Components.Select(c => c.Id).SequenceEqual([(int)'R', 'G', 'B']));

    /// <summary>The page of a file that <see cref="Images.JpegFile.Wrong"/> found nothing wrong with; null when it is damaged all the same.</summary>
    public static JpegPage? Read(Stream file)
    {
        JpegPage? frame = null;
        int? transform = null;
        (double, double)? dots = null;
        PageTurn turn = default;
        Span<byte> head = stackalloc byte[4];
        file.Position = 2;
        while (file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head[0] == 0xFF)
        {
            if (head[1] is 0xFF or 0x01 or (>= 0xD0 and <= 0xD7))
            {
                // Filling, and markers without a segment.
                file.Position -= head[1] == 0xFF ? 3 : 2;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(head[2..]) - 2;
            if (head[1] == 0xDA) break;
            var segment = new byte[Math.Max(length, 0)];
            if (length < 0 || file.ReadAtLeast(segment, length, throwOnEndOfStream: false) < length) return null;
            if (head[1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) frame ??= FrameOf(head[1], segment);
            else if (head[1] == 0xE0) dots ??= DotsOf(segment);
            else if (head[1] == 0xE1) turn = ExifTurn(segment) ?? turn;
            else if (head[1] == 0xEE && segment.AsSpan().StartsWith("Adobe"u8) && segment.Length >= 12) transform = segment[11];
        }
        return frame is null ? null : frame with { AdobeTransform = transform, Dots = dots ?? (UsualDots, UsualDots), Turn = turn };
    }

    // Precision, lines, samples a line, number of components; then of each its id, sampling factors and table.
    private static JpegPage? FrameOf(int marker, ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5] || segment[5] == 0) return null;
        var components = new List<(int, int, int)>();
        for (var i = 0; i < segment[5]; i++) components.Add((segment[6 + 3 * i], segment[7 + 3 * i] >> 4, segment[7 + 3 * i] & 15));
        return new JpegPage
        {
            Frame = marker,
            Bits = segment[0],
            Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]),
            Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
            Components = components,
        };
    }

    // Five letters, two of version, the unit, the density across and down.
    private static (double, double)? DotsOf(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("JFIF\0"u8) || segment.Length < 12) return null;
        var scale = segment[7] switch { 1 => 1, 2 => 2.54, _ => 0 };
        var across = BinaryPrimitives.ReadUInt16BigEndian(segment[8..]) * scale;
        var down = BinaryPrimitives.ReadUInt16BigEndian(segment[10..]) * scale;
        return across is >= 1 and <= MostDots && down is >= 1 and <= MostDots ? (across, down) : null;
    }

    // A TIFF without picture, whose first directory may hold the orientation (tag 0112, type SHORT).
    private static PageTurn? ExifTurn(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8) || segment.Length < 14) return null;
        var tiff = segment[6..];
        var isLittle = tiff[0] == 'I';
        var at = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (at > tiff.Length - 2) return null;
        var entries = Short(tiff[(int)at..], isLittle);
        for (var entry = (int)at + 2; entries > 0 && entry + 12 <= tiff.Length; entries--, entry += 12)
            if (Short(tiff[entry..], isLittle) == 0x0112 && Short(tiff[(entry + 2)..], isLittle) == 3) return PageTurn.Of(Short(tiff[(entry + 8)..], isLittle));
        return null;

        static int Short(ReadOnlySpan<byte> bytes, bool isLittle)
            => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
