using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace IntegrationPoints.Providers.Tests.Images;

/// <summary>Small image files, good and bad, made of their parts.</summary>
internal static class TestImages
{
    /// <summary>A JPEG of one white pixel.</summary>
    public static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==");

    /// <summary>A TIFF; as it comes of one page, white, Group IV.</summary>
    /// <param name="bits">Bits of each sample.</param>
    /// <param name="compression">The tag's value (TIFF 6.0, section 8); null: no such tag.</param>
    /// <param name="pages">How many pages.</param>
    /// <param name="compressionType">The type of the tag's value; 3 is SHORT, 4 LONG.</param>
    /// <param name="variant">Makes files differ without a meaning.</param>
    public static byte[] Tiff(int[]? bits = null, int? compression = 4, int pages = 1, int compressionType = 3, int variant = 0)
    {
        bits ??= [1];
        var strip = Group4(height: 32);
        var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        writer.Write(8);
        for (var page = 0; page < pages; page++)
        {
            var tags = new List<(int Tag, int Type, int Count, int Value)>
            {
                (256, 4, 1, 64), (257, 4, 1, 32), (258, 3, bits.Length, bits[0]), (262, 3, 1, 0), (273, 4, 1, 0), (277, 3, 1, bits.Length),
                (278, 4, 1, 32), (279, 4, 1, strip.Length), (305, 4, 1, variant),
            };
            if (compression is { } code) tags.Insert(3, (259, compressionType, 1, code));
            var start = (int)file.Position;
            var data = start + 2 + 12 * tags.Count + 4;
            var extra = bits.Length > 2 ? 2 * bits.Length : 0;
            writer.Write((ushort)tags.Count);
            foreach (var (tag, type, count, value) in tags)
            {
                writer.Write((ushort)tag);
                writer.Write((ushort)type);
                writer.Write(count);
                writer.Write(tag == 258 && extra > 0 ? data : tag == 273 ? data + extra : value);
            }
            var next = data + extra + strip.Length;
            writer.Write(page + 1 < pages ? next : 0);
            if (extra > 0) foreach (var b in bits) writer.Write((ushort)b);
            writer.Write(strip);
        }
        return file.ToArray();
    }

    /// <summary>A PDF of blank pages.</summary>
    public static byte[] Pdf(int pages = 1, string before = "") => Pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            $"<</Type/Pages/Count {pages}/Kids[{string.Join(' ', Enumerable.Range(3, pages).Select(i => $"{i} 0 R"))}]>>",
            .. Enumerable.Repeat("<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>", pages),
        ],
        before);

    /// <summary>A PDF whose pages hang below so many levels of page tree.</summary>
    public static byte[] DeepPdf(int levels) => Pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            .. Enumerable.Range(2, levels).Select(i => $"<</Type/Pages/Count 1/Kids[{i + 1} 0 R]{(i > 2 ? $"/Parent {i - 1} 0 R" : "")}>>"),
            $"<</Type/Page/Parent {levels + 1} 0 R/MediaBox[0 0 100 100]>>",
        ]);

    /// <summary>A PDF of these objects, the first being its catalog.</summary>
    public static byte[] Pdf(IReadOnlyList<string> objects, string before = "")
    {
        var text = new StringBuilder(before).Append("%PDF-1.4\n");
        var places = new List<int>();
        for (var i = 0; i < objects.Count; i++)
        {
            places.Add(text.Length);
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj{objects[i]}endobj\n");
        }
        var table = text.Length;
        text.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) text.Append(CultureInfo.InvariantCulture, $"{place:d10} 00000 n \n");
        text.Append(CultureInfo.InvariantCulture, $"trailer<</Size {objects.Count + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>A PDF whose table of objects is a deflated stream that becomes so many megabytes (ISO 32000-1, 7.5.8).</summary>
    public static byte[] PdfBomb(int megabytes)
    {
        var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            for (var i = 0; i < megabytes; i++) deflate.Write(new byte[1024 * 1024]);
        var catalog = "%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n";
        var table = $"2 0 obj<</Type/XRef/Size 3/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length {packed.Length}>>stream\n";
        return [.. Encoding.Latin1.GetBytes(catalog + table), .. packed.ToArray(), .. Encoding.Latin1.GetBytes($"\nendstream\nendobj\nstartxref\n{catalog.Length}\n%%EOF")];
    }

    // White lines in vertical mode 0 (one bit each) and the end of the block (ITU-T T.6, 2.4.1.1).
    private static byte[] Group4(int height)
    {
        var bits = new string('1', height) + "000000000001000000000001";
        bits += new string('0', (8 - bits.Length % 8) % 8);
        return [.. bits.Chunk(8).Select(b => Convert.ToByte(new string(b), 2))];
    }
}
