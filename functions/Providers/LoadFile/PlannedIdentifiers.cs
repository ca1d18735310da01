using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>
/// Finds identifiers, or page ids, that stand in a load file twice, page of batches by page. Each page leaves the hashes of the identifiers that stood there
/// first, sorted, in <c>jobs/{job}/plan/{page}.ids</c>; a later page is merged with each of them in turn, so that memory holds one page only.
/// The first line wins whatever the order in which batches run (design, Rules of orchestration 13).
/// </summary>
internal sealed class PlannedIdentifiers(Blobs blobs, string job, int page, string ending = "ids")
{
    private const int EntryBytes = 24;
    private readonly List<(UInt128 Hash, long Line)> entries = [];

    /// <summary>Notes the identifier of a row that can be read; a blank one is nobody's.</summary>
    public void Add(ReadOnlySpan<char> identifier, long line)
    {
        var trimmed = identifier.Trim();
        if (trimmed.IsEmpty) return;
        // As Identifier.Fold, without a string for each of millions of rows.
        Span<char> folded = trimmed.Length <= 512 ? stackalloc char[trimmed.Length] : new char[trimmed.Length];
        trimmed.ToUpperInvariant(folded);
        entries.Add((XxHash128.HashToUInt128(MemoryMarshal.AsBytes(folded)), line));
    }

    /// <summary>The same as <see cref="DuplicatesAsync(CancellationToken)"/>; none when nothing was noted.</summary>
    public static async Task<Dictionary<long, long>> DuplicatesAsync(PlannedIdentifiers? identifiers, CancellationToken cancellationToken)
        => identifiers is null ? [] : await identifiers.DuplicatesAsync(cancellationToken);

    /// <summary>The lines of this page whose identifier stood earlier, each with the line where it stood first. Stores the page's own.</summary>
    public async Task<Dictionary<long, long>> DuplicatesAsync(CancellationToken cancellationToken)
    {
        entries.Sort();
        var first = new long[entries.Count];
        for (var i = 0; i < entries.Count; i++)
            first[i] = i > 0 && entries[i - 1].Hash == entries[i].Hash ? first[i - 1] : entries[i].Line;
        for (var earlier = 0; earlier < page; earlier++) await MergeAsync(earlier, first, cancellationToken);
        await StoreAsync(first, cancellationToken);
        return entries.Select((entry, i) => (entry.Line, First: first[i])).Where(e => e.First != e.Line).ToDictionary(e => e.Line, e => e.First);
    }

    private async Task MergeAsync(int earlier, long[] first, CancellationToken cancellationToken)
    {
        if (await Blobs.FindAsync(blobs.Jobs, BlobName(earlier), cancellationToken) is not { } blob) return;
        await using var stream = await Blobs.OpenRangeAsync(blobs.Jobs, blob.Name, 0, null, blob.ETag, cancellationToken);
        var buffer = new byte[EntryBytes * 4096];
        var at = 0;
        int read;
        while (at < entries.Count && (read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            for (var offset = 0; offset < read; offset += EntryBytes)
            {
                var hash = BinaryPrimitives.ReadUInt128LittleEndian(buffer.AsSpan(offset));
                while (at < entries.Count && entries[at].Hash < hash) at++;
                for (; at < entries.Count && entries[at].Hash == hash; at++) first[at] = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(offset + 16));
            }
        }
    }

    private async Task StoreAsync(long[] first, CancellationToken cancellationToken)
    {
        var content = new byte[entries.Where((entry, i) => first[i] == entry.Line).Count() * EntryBytes];
        var end = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            if (first[i] != entries[i].Line) continue;
            BinaryPrimitives.WriteUInt128LittleEndian(content.AsSpan(end), entries[i].Hash);
            BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(end + 16), entries[i].Line);
            end += EntryBytes;
        }
        await Blobs.CreateAsync(blobs.Jobs, BlobName(page), new MemoryStream(content, writable: false), cancellationToken);
    }

    private string BlobName(int number) => $"{job}/plan/{number:d6}.{ending}";
}
