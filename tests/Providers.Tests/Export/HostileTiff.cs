namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>TIFF files that are to harm.</summary>
internal static class HostileTiff
{
    /// <summary>A page of so many strips that are all the same bytes of the file.</summary>
    public static byte[] SharedStrips(int strips, int bytes)
    {
        var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        var offsets = 8 + 2 + 9 * 12 + 4;
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((ushort)9);
        foreach (var (tag, type, count, value) in ((int, int, int, int)[])[
            (256, 4, 1, 64), (257, 4, 1, strips), (258, 3, 1, 1), (259, 3, 1, 4), (262, 3, 1, 0), (273, 4, strips, offsets), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, strips, offsets + 4 * strips)])
        {
            writer.Write((ushort)tag);
            writer.Write((ushort)type);
            writer.Write(count);
            writer.Write(value);
        }
        writer.Write(0);
        for (var i = 0; i < strips; i++) writer.Write(offsets + 8 * strips);
        for (var i = 0; i < strips; i++) writer.Write(bytes);
        writer.Write(new byte[bytes]);
        return file.ToArray();
    }
}
