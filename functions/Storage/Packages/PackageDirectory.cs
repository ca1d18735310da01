using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Storage;

/// <summary>
/// Reads the directory of a package front to back (APPNOTE 4.3.12) and refuses a package that is encrypted, over the limits, or laid out to
/// deceive: with names that lead out of it, or with entries that share bytes, as packages do that unpack into petabytes.
/// </summary>
internal sealed class PackageDirectory(PackageFile package, PackageLimits limits)
{
    private const uint Mark = 0x02014b50;
    private const int FixedBytes = 46, LocalBytes = 30, LongestPath = 1024, MostPathBytes = 256 * 1024 * 1024;
    private const ushort Encrypted = 1, StronglyEncrypted = 1 << 6, Utf8Name = 1 << 11, MaskedHeaders = 1 << 13;
    private const int AesMethod = 99;

    // Names without the mark of UTF-8 are in the code page of the first PCs (APPNOTE, Appendix D).
    private static readonly Encoding Cp437 = CodePagesEncodingProvider.Instance.GetEncoding(437)!;
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> paths = new();
    private readonly List<IndexedEntry> entries = [];
    private PackageEnd end;
    private long unpacked;
    private int leftOut;

    /// <summary>The index of a package.</summary>
    /// <exception cref="ConfigurationException">The package cannot be read, or is refused.</exception>
    /// <exception cref="BlobChangedException">The blob was replaced.</exception>
    /// <exception cref="BlobMissingException">The blob was removed.</exception>
    public static async Task<PackageIndex> ReadAsync(Blobs blobs, PackageFile package, PackageLimits limits, CancellationToken cancellationToken)
    {
        var directory = new PackageDirectory(package, limits) { end = await PackageEnd.ReadAsync(blobs, package, cancellationToken) };
        if (directory.end.Entries > limits.Entries) throw directory.TooManyEntries();
        await using var stream = await package.OpenAsync(blobs, directory.end.Offset, directory.end.Bytes, cancellationToken);
        await directory.ReadAsync(stream, cancellationToken);
        return directory.Index();
    }

    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[FixedBytes + (3 * ushort.MaxValue)];
        var (start, filled, seen) = (0, 0, 0L);
        for (var left = end.Bytes; left > 0;)
        {
            if (!await HasAsync(FixedBytes)) throw Torn();
            var header = buffer.AsMemory(start, FixedBytes);
            if (U32(header.Span, 0) != Mark) throw Torn();
            var length = FixedBytes + U16(header.Span, 28) + U16(header.Span, 30) + U16(header.Span, 32);
            if (length > left || !await HasAsync(length)) throw Torn();
            if (++seen > limits.Entries) throw TooManyEntries();
            Add(buffer.AsSpan(start, length));
            start += length;
            left -= length;
        }
        if (seen != end.Entries) throw package.Damaged(string.Create(CultureInfo.InvariantCulture, $"it says that it has {end.Entries} entries, and has {seen}."));

        async ValueTask<bool> HasAsync(int bytes)
        {
            if (filled - start >= bytes) return true;
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            (start, filled) = (0, filled - start);
            filled += await stream.ReadAtLeastAsync(buffer.AsMemory(filled), bytes - filled, throwOnEndOfStream: false, cancellationToken);
            return filled >= bytes;
        }
    }

    private void Add(ReadOnlySpan<byte> header)
    {
        var (flags, method, nameBytes) = (U16(header, 8), U16(header, 10), U16(header, 28));
        var name = header.Slice(FixedBytes, nameBytes);
        var path = Name(name, (flags & Utf8Name) != 0);
        if ((flags & (Encrypted | StronglyEncrypted | MaskedHeaders)) != 0 || method == AesMethod) throw IsEncrypted(path ?? "");
        var (packed, bytes, offset) = Sizes(header, header.Slice(FixedBytes + nameBytes, U16(header, 30)));
        if (offset < 0 || packed < 0 || bytes < 0 || offset > end.Offset - LocalBytes - nameBytes - packed)
            throw package.Damaged($"its entry {Words.Quote(path ?? "")} does not lie in front of the directory.");
        if (method == 0 && packed != bytes) throw package.Damaged($"its entry {Words.Quote(path ?? "")} is not packed, but says that it has two sizes.");
        unpacked += bytes;
        if (unpacked < 0 || unpacked > limits.Bytes) throw TooLarge();
        var isUsable = path is not null && IsUsable(path) && !IsLink(header);
        if (!isUsable && path?.EndsWith('/') != true) leftOut++;
        // Folders have nothing to refer to, either.
        path = isUsable && !path!.EndsWith('/') ? FilePath.Parse(path).Path : "";
        var at = paths.WrittenCount;
        if (path.Length > 0) paths.Advance(Encoding.UTF8.GetBytes(path, paths.GetSpan(Encoding.UTF8.GetMaxByteCount(path.Length))));
        if (paths.WrittenCount > MostPathBytes) throw package.OverLimit("the names of its entries are too long to be kept.", setting: null);
        // Entries without a path stay until it is sure that no two share bytes.
        entries.Add(new IndexedEntry
        {
            Hash = PackageIndex.HashOf(path),
            Offset = offset,
            Packed = packed,
            Bytes = bytes,
            Crc = U32(header, 16),
            Path = at,
            PathBytes = (ushort)(paths.WrittenCount - at),
            NameBytes = nameBytes,
            Method = method,
        });
    }

    private PackageIndex Index()
    {
        if (unpacked > limits.BytesOfAnyRatio && unpacked / limits.Ratio > package.Bytes)
        {
            throw package.OverLimit(string.Create(CultureInfo.InvariantCulture,
                $"its {package.Bytes:N0} bytes would become {unpacked:N0}, more than {limits.Ratio} times as many."), InstanceSetting.MaxPackageRatio);
        }
        var all = entries.ToArray();
        Array.Sort(all, static (a, b) => a.Offset.CompareTo(b.Offset));
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i - 1].Offset + LocalBytes + all[i - 1].NameBytes + all[i - 1].Packed > all[i].Offset)
                throw package.Damaged("two of its entries share the same bytes.");
        }
        return new PackageIndex(package, Array.FindAll(all, e => e.PathBytes > 0), paths.WrittenMemory, leftOut);
    }

    /// <summary>A name with <c>/</c> between its levels; null when it is not one.</summary>
    private static string? Name(ReadOnlySpan<byte> name, bool isUtf8)
    {
        try
        {
            return name.Length == 0 ? null : (isUtf8 ? StrictUtf8 : Cp437).GetString(name).Replace('\\', '/');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>False: no file may have this name; it is left out. A name that leads out of the package refuses the package.</summary>
    private bool IsUsable(string path)
    {
        var parsed = FilePath.Parse(path.TrimEnd('/'));
        var escapes = path.StartsWith('/') || parsed.Kind == PathKind.Absolute || path is [_, ':', ..]
            || path.Split('/').Any(level => level.Contains("..", StringComparison.Ordinal) && level.AsSpan().Trim(". ").IsEmpty);
        if (escapes)
        {
            throw new ConfigurationException(
                "path-outside-root",
                $"The package {Words.QuotePath(package.Path)} has an entry {Words.Quote(path)}, whose name leads out of it. Expected names such as "
                + "NATIVES/0001.doc, without \"..\", drive letters or a slash at the beginning; have it packed again.");
        }
        return parsed.Kind == PathKind.Relative && path.Length <= LongestPath;
    }

    // Made on Unix (host 3), with the mode of a symbolic link in the upper half of its attributes.
    private static bool IsLink(ReadOnlySpan<byte> header) => header[5] == 3 && (U32(header, 38) >> 28) == 0xA;

    // Sizes and offset that do not fit into 32 bits stand in the zip64 extra field, in this order, each only when it does not fit (APPNOTE 4.5.3).
    private (long Packed, long Bytes, long Offset) Sizes(ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        long packed = U32(header, 20), bytes = U32(header, 24), offset = U32(header, 42);
        if (packed != uint.MaxValue && bytes != uint.MaxValue && offset != uint.MaxValue) return (packed, bytes, offset);
        while (extra.Length >= 4)
        {
            var size = U16(extra, 2);
            if (size > extra.Length - 4) break;
            if (U16(extra, 0) == 1)
            {
                var wide = extra.Slice(4, size);
                Take(ref wide, ref bytes);
                Take(ref wide, ref packed);
                Take(ref wide, ref offset);
                return (packed, bytes, offset);
            }
            extra = extra[(4 + size)..];
        }
        throw Torn();

        void Take(ref ReadOnlySpan<byte> from, ref long value)
        {
            if (value != uint.MaxValue) return;
            if (from.Length < 8) throw Torn();
            value = BinaryPrimitives.ReadInt64LittleEndian(from);
            from = from[8..];
        }
    }

    private ConfigurationException Torn() => package.Damaged("its directory is incomplete or overwritten.");

    private ConfigurationException TooManyEntries() => package.OverLimit(
        string.Create(CultureInfo.InvariantCulture, $"it lists {Math.Max(end.Entries, limits.Entries + 1L):N0} entries, and {limits.Entries:N0} are allowed."), InstanceSetting.MaxPackageEntries);

    private ConfigurationException TooLarge() => package.OverLimit(
        string.Create(CultureInfo.InvariantCulture, $"its files take more than {limits.Bytes:N0} bytes once they are unpacked."), InstanceSetting.MaxPackageGigabytes);

    private ConfigurationException IsEncrypted(string path) => new(
        "archive-encrypted",
        $"The package {Words.QuotePath(package.Path)} is encrypted (entry {Words.Quote(path)}), and its files cannot be read. Have it packed again without a password.");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
