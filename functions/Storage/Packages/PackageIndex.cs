using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace IntegrationPoints.Storage;

/// <summary>One file of a package: where its bytes lie and what they must come to.</summary>
internal readonly record struct IndexedEntry
{
    public required ulong Hash { get; init; }

    /// <summary>Where its local header begins in the package.</summary>
    public required long Offset { get; init; }

    public required long Packed { get; init; }
    public required long Bytes { get; init; }
    public required uint Crc { get; init; }

    /// <summary>Where its path begins among the paths of the index.</summary>
    public required int Path { get; init; }

    public required ushort PathBytes { get; init; }

    /// <summary>The bytes of its name in the package, which stands in its local header too.</summary>
    public required ushort NameBytes { get; init; }

    /// <summary>0: as it is; 8: deflated (APPNOTE 4.4.5).</summary>
    public required ushort Method { get; init; }
}

/// <summary>
/// The files of a package by their paths, without regard to case. About 50 bytes and the path in UTF-8 for each, so that a package of 200,000
/// takes some 20 MB (<see cref="System.IO.Compression.ZipArchive"/>: 83 MB, and one reader at a time).
/// </summary>
public sealed class PackageIndex
{
    private readonly IndexedEntry[] entries;
    private readonly ReadOnlyMemory<byte> paths;

    internal PackageIndex(PackageFile package, IndexedEntry[] entries, ReadOnlyMemory<byte> paths, int leftOut)
    {
        Package = package;
        Array.Sort(entries, static (a, b) => a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : a.Offset.CompareTo(b.Offset));
        this.entries = entries;
        this.paths = paths;
        LeftOut = leftOut;
    }

    /// <summary>What it is the index of.</summary>
    public PackageFile Package { get; }

    /// <summary>How many entries have names that no file may have, or are links: they cannot be referred to.</summary>
    public int LeftOut { get; }

    /// <summary>How many files it has.</summary>
    public int Count => entries.Length;

    /// <summary>The memory that it takes, roughly.</summary>
    internal long Bytes => (entries.Length * 56L) + paths.Length;

    /// <summary>The paths of all files, levels separated by <c>/</c>, in no order.</summary>
    public IEnumerable<string> Paths() => entries.Select(PathOf);

    /// <summary>The paths of all files with their sizes, in no order.</summary>
    public IEnumerable<(string Path, long Bytes)> Files() => entries.Select(e => (PathOf(e), e.Bytes));

    /// <summary>
    /// The file of a path (levels separated by <c>/</c>) in any case of letters, the same case first. Of files with the very same path the last
    /// one counts, as it would when unpacking.
    /// </summary>
    internal (IndexedEntry Entry, string Path)? Find(string path)
    {
        (IndexedEntry, string)? found = null;
        var exact = false;
        var hash = HashOf(path);
        for (var i = First(hash); i < entries.Length && entries[i].Hash == hash; i++)
        {
            var actual = PathOf(entries[i]);
            var same = string.Equals(actual, path, StringComparison.Ordinal);
            if (!same && (exact || !string.Equals(actual, path, StringComparison.OrdinalIgnoreCase))) continue;
            if (same || found is null) found = (entries[i], actual);
            exact |= same;
        }
        return found;
    }

    internal static ulong HashOf(string path)
    {
        var buffer = ArrayPool<char>.Shared.Rent(path.Length);
        var length = path.AsSpan().ToUpperInvariant(buffer);
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(buffer.AsSpan(0, length)));
        ArrayPool<char>.Shared.Return(buffer);
        return hash;
    }

    private string PathOf(IndexedEntry entry) => Encoding.UTF8.GetString(paths.Span.Slice(entry.Path, entry.PathBytes));

    private int First(ulong hash)
    {
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].Hash < hash) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
