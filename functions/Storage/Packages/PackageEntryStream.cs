using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>A file of a package cannot be read; the others can.</summary>
public sealed class PackageEntryException(Problem problem, Exception? cause = null) : IOException(problem.Message, cause)
{
    /// <summary>What is wrong, in words for people, without a line.</summary>
    public Problem Problem { get; } = problem;
}

/// <summary>
/// The bytes of one file of a package, inflated on the way. The end of the stream is also the proof: as many bytes as the directory says, with
/// the checksum that it says. One that goes on and on is cut off as soon as it has more.
/// </summary>
internal sealed class PackageEntryStream : Stream
{
    private const uint LocalMark = 0x04034b50;
    private const int LocalBytes = 30;

    // Local headers often have a little more beside the name than the directory shows.
    private const int Slack = 64;

    private readonly Crc32 crc = new();
    private readonly SourceFile file;
    private readonly PackageEntry entry;
    private readonly Stream content;
    private long read;
    private bool ended;

    private PackageEntryStream(SourceFile file, PackageEntry entry, Stream content) => (this.file, this.entry, this.content) = (file, entry, content);

    /// <summary>Opens a file of a package: one request for a small one.</summary>
    /// <exception cref="PackageEntryException">Its header is not where the directory says.</exception>
    /// <exception cref="BlobChangedException">The package was replaced.</exception>
    /// <exception cref="BlobMissingException">The package was removed.</exception>
    public static async Task<Stream> OpenAsync(Blobs blobs, SourceFile file, PackageEntry entry, CancellationToken cancellationToken)
    {
        var expected = LocalBytes + entry.NameBytes + Slack;
        var range = await OpenAsync(blobs, file, entry, 0, expected + entry.Packed, cancellationToken);
        try
        {
            var header = await HeaderBytesAsync(range, entry, cancellationToken);
            if (header <= expected)
            {
                await range.ReadExactlyAsync(new byte[header - LocalBytes], cancellationToken);
            }
            else
            {
                await range.DisposeAsync();
                range = await OpenAsync(blobs, file, entry, header, entry.Packed, cancellationToken);
            }
            return new PackageEntryStream(file, entry, entry.Deflated ? new DeflateStream(range, CompressionMode.Decompress) : range);
        }
        catch (Exception e)
        {
            await range.DisposeAsync();
            if (e is EndOfStreamException) throw Damaged(entry, "the package ends in it", e);
            throw;
        }
    }

    /// <summary>Where the bytes of a file begin in the package's blob, behind its local header.</summary>
    public static async Task<long> DataOffsetAsync(Blobs blobs, SourceFile file, PackageEntry entry, CancellationToken cancellationToken)
    {
        await using var range = await OpenAsync(blobs, file, entry, 0, LocalBytes, cancellationToken);
        return entry.Offset + await HeaderBytesAsync(range, entry, cancellationToken);
    }

    private static Task<Stream> OpenAsync(Blobs blobs, SourceFile file, PackageEntry entry, long offset, long length, CancellationToken cancellationToken)
        => Blobs.OpenRangeAsync(
            PackageFile.Container(blobs, entry.IsUnpacked), file.Blob, entry.Offset + offset, length, file.ETag, cancellationToken);

    private static async Task<int> HeaderBytesAsync(Stream range, PackageEntry entry, CancellationToken cancellationToken)
    {
        var header = new byte[LocalBytes];
        await range.ReadAtLeastAsync(header, LocalBytes, throwOnEndOfStream: false, cancellationToken);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalMark) throw Damaged(entry, "it does not begin where the directory of the package says");
        return LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || ended) return 0;
        int count;
        try
        {
            // What is not packed has no end of its own, and neither has nothing.
            var most = entry.Deflated && entry.Packed > 0 ? buffer.Length : (int)Math.Min(buffer.Length, file.Bytes - read);
            count = most == 0 ? 0 : await content.ReadAsync(buffer[..most], cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(entry, "its packed bytes make no sense", e);
        }
        read += count;
        if (read > file.Bytes) throw Damaged(entry, "it goes on behind the size that the package gives for it");
        crc.Append(buffer.Span[..count]);
        if (count > 0) return count;
        ended = true;
        if (read < file.Bytes) throw Damaged(entry, "it ends before the size that the package gives for it");
        return crc.GetCurrentHashAsUInt32() == entry.Crc ? 0 : throw Damaged(entry, "its checksum is wrong");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) content.Dispose();
        base.Dispose(disposing);
    }

    private static PackageEntryException Damaged(PackageEntry entry, string why, Exception? cause = null) => new(
        new Problem("archive-damaged", $"The file {Words.QuotePath(entry.Path)} cannot be unpacked: {why}. Ask the sender of the package for it again.") { Level = ProblemLevel.Item },
        cause);
}
