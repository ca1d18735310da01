using System.Buffers.Binary;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Storage;

/// <summary>
/// The end of a package, which says where its directory lies (APPNOTE 4.3.14 to 4.3.16; zip64 when there are more than 65,535 entries or 4 GB).
/// </summary>
/// <param name="Entries">How many entries the directory has.</param>
/// <param name="Offset">Where the directory begins in the package.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct PackageEnd(long Entries, long Offset, long Bytes)
{
    private const int EndBytes = 22, LocatorBytes = 20, End64Bytes = 56, LongestComment = 65_535;
    private const uint EndMark = 0x06054b50, LocatorMark = 0x07064b50, End64Mark = 0x06064b50;

    /// <summary>Reads it: one request, or two.</summary>
    /// <exception cref="ConfigurationException"><c>archive-damaged</c>.</exception>
    public static async Task<PackageEnd> ReadAsync(Blobs blobs, PackageFile package, CancellationToken cancellationToken)
    {
        if (package.Bytes < EndBytes) throw NotAPackage(package);
        var tail = await BytesAsync(blobs, package, Math.Max(0, package.Bytes - EndBytes - LongestComment - LocatorBytes - End64Bytes), package.Bytes, cancellationToken);
        var at = Find(tail);
        if (at < 0) throw NotAPackage(package);
        var end = tail.AsSpan(at, EndBytes);
        var (disk, first) = ((uint)U16(end, 4), (uint)U16(end, 6));
        var found = new PackageEnd(U16(end, 10), U32(end, 16), U32(end, 12));
        var position = package.Bytes - tail.Length + at;
        if (at >= LocatorBytes && U32(tail.AsSpan(at - LocatorBytes), 0) == LocatorMark)
        {
            var where = I64(tail.AsSpan(at - LocatorBytes), 8);
            if (where < 0 || where > position - LocatorBytes - End64Bytes) throw Torn(package);
            var wide = await BytesAsync(blobs, package, where, where + End64Bytes, cancellationToken);
            if (wide.Length < End64Bytes || U32(wide, 0) != End64Mark) throw Torn(package);
            found = new PackageEnd(I64(wide, 32), I64(wide, 48), I64(wide, 40));
            (disk, first, position) = (U32(wide, 16), U32(wide, 20), where);
        }
        if (disk != 0 || first != 0) throw package.Damaged("it is one of several parts, and only a package in one piece can be read.");
        if (found.Entries < 0 || found.Offset < 0 || found.Bytes < 0 || found.Offset > position - found.Bytes) throw Torn(package);
        return found;
    }

    // The comment of the package stands behind it and reaches to the very end; what looks like an end inside of a comment does not.
    private static int Find(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - EndBytes; at >= 0; at--)
            if (U32(tail[at..], 0) == EndMark && U16(tail[at..], 20) == tail.Length - at - EndBytes) return at;
        return -1;
    }

    private static async Task<byte[]> BytesAsync(Blobs blobs, PackageFile package, long from, long to, CancellationToken cancellationToken)
    {
        await using var stream = await package.OpenAsync(blobs, from, to - from, cancellationToken);
        var bytes = new byte[to - from];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes[..read];
    }

    private static ConfigurationException NotAPackage(PackageFile package) => package.Damaged("it is no .zip, or its end is missing.");

    private static ConfigurationException Torn(PackageFile package) => package.Damaged("its directory does not lie where its end says.");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
