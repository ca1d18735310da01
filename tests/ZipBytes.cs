using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace IntegrationPoints.Tests;

/// <summary>One entry of a package, honest unless told otherwise.</summary>
/// <param name="Name">Its name, written as UTF-8 and marked so.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ZipPart(string Name, byte[] Content)
{
    public ZipPart(string name, string content) : this(name, Encoding.UTF8.GetBytes(content)) { }

    /// <summary>8: deflated; 0: as it is; others are written as 0 and say what they say.</summary>
    public ushort Method { get; init; } = 8;

    /// <summary>What the directory says, when it lies.</summary>
    public ushort? DirectoryMethod { get; init; }

    public ushort Flags { get; init; } = 1 << 11;

    /// <summary>The name as it is written, when it is not the name in UTF-8.</summary>
    public byte[]? NameBytes { get; init; }

    public uint? Crc { get; init; }

    public long? Bytes { get; init; }
    public long? Packed { get; init; }
    public long? Offset { get; init; }

    /// <summary>Upper byte: the system that made it; 3 is Unix.</summary>
    public ushort MadeBy { get; init; } = 20;

    public uint Attributes { get; init; }

    /// <summary>More bytes in the local header than in the directory.</summary>
    public int LocalExtra { get; init; }
}

/// <summary>Writes packages byte by byte (APPNOTE 4.3), so that they can also be what no tool would write.</summary>
public static class ZipBytes
{
    /// <summary>A package. <paramref name="wide"/>: sizes and offsets in zip64 fields.</summary>
    public static byte[] Of(IReadOnlyList<ZipPart> parts, bool wide = false, string comment = "", ushort disk = 0)
    {
        var (file, directory) = (new MemoryStream(), new MemoryStream());
        using var body = new BinaryWriter(file);
        using var index = new BinaryWriter(directory);
        foreach (var part in parts)
        {
            var packed = part.Method == 8 ? Deflate(part.Content) : part.Content;
            var name = part.NameBytes ?? Encoding.UTF8.GetBytes(part.Name);
            var crc = part.Crc ?? Crc32.HashToUInt32(part.Content);
            var (offset, bytes, size) = (part.Offset ?? file.Position, part.Bytes ?? part.Content.Length, part.Packed ?? packed.Length);
            body.Write(0x04034b50u);
            Common(body, part, part.Method, crc, (uint)packed.Length, (uint)part.Content.Length, name.Length);
            body.Write((ushort)part.LocalExtra);
            body.Write(name);
            body.Write(new byte[part.LocalExtra]);
            body.Write(packed);

            index.Write(0x02014b50u);
            index.Write(part.MadeBy);
            Common(index, part, part.DirectoryMethod ?? part.Method, crc, wide ? uint.MaxValue : (uint)size, wide ? uint.MaxValue : (uint)bytes, name.Length);
            index.Write((ushort)(wide ? 28 : 0));
            index.Write((ushort)0);
            index.Write(0);
            index.Write(part.Attributes);
            index.Write(wide ? uint.MaxValue : (uint)offset);
            index.Write(name);
            if (!wide) continue;
            index.Write((ushort)1);
            index.Write((ushort)24);
            index.Write(bytes);
            index.Write(size);
            index.Write(offset);
        }
        var start = file.Position;
        body.Write(directory.ToArray());
        if (wide) WideEnd(body, parts.Count, directory.Length, start);
        body.Write(0x06054b50u);
        body.Write(disk);
        body.Write((ushort)0);
        body.Write(wide ? ushort.MaxValue : (ushort)parts.Count);
        body.Write(wide ? ushort.MaxValue : (ushort)parts.Count);
        body.Write(wide ? uint.MaxValue : (uint)directory.Length);
        body.Write(wide ? uint.MaxValue : (uint)start);
        body.Write((ushort)comment.Length);
        body.Write(Encoding.ASCII.GetBytes(comment));
        return file.ToArray();
    }

    /// <summary>A package of these files.</summary>
    public static byte[] Of(params IReadOnlyList<(string Name, string Content)> files) => Of([.. files.Select(f => new ZipPart(f.Name, f.Content))]);

    private static void Common(BinaryWriter to, ZipPart part, ushort method, uint crc, uint packed, uint bytes, int name)
    {
        to.Write((ushort)20);
        to.Write(part.Flags);
        to.Write(method);
        to.Write(0);
        to.Write(crc);
        to.Write(packed);
        to.Write(bytes);
        to.Write((ushort)name);
    }

    private static void WideEnd(BinaryWriter to, long count, long bytes, long start)
    {
        var at = to.BaseStream.Position;
        to.Write(0x06064b50u);
        to.Write(44L);
        to.Write((ushort)45);
        to.Write((ushort)45);
        to.Write(0L);
        to.Write(count);
        to.Write(count);
        to.Write(bytes);
        to.Write(start);
        to.Write(0x07064b50u);
        to.Write(0);
        to.Write(at);
        to.Write(1);
    }

    private static byte[] Deflate(byte[] content)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(content);
        return packed.ToArray();
    }
}
