using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage;

/// <summary>
/// A blob of any size that is written from front to back, a few megabytes in memory at a time. Nobody sees anything of it before
/// <see cref="CommitAsync"/>; without that nothing is left but pieces that the store forgets after a week. Two that write the same blob never mix.
/// </summary>
/// <param name="container">Its container.</param>
/// <param name="name">Its path there.</param>
public sealed class BlobWriteStream(BlobContainerClient container, string name) : Stream
{
    private const int FirstBytes = 64 * 1024, MostBytes = 4 * 1024 * 1024;

    // As long as the ids that Microsoft's libraries give, because all ids of a blob have to be of one length.
    private const int IdBytes = 48;

    private readonly BlockBlobClient blob = container.GetBlockBlobClient(name);
    private readonly string writer = Guid.NewGuid().ToString("n");
    private readonly List<string> staged = [];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] pending = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int filled;
    private long written;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>How many bytes were written.</summary>
    public override long Length => written;

    /// <summary>How many bytes were written.</summary>
    public override long Position
    {
        get => written;
        set => throw new NotSupportedException();
    }

    /// <summary>The SHA-256 of what was written, in small hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Makes the blob of all that was written.</summary>
    /// <param name="replaces">The version that it takes the place of; null: none, there must not be one.</param>
    /// <param name="metadata">What is kept with it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False: another version is there than the one to be replaced, and it stays as it is.</returns>
    public async Task<bool> CommitAsync(string? replaces, IDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var conditions = replaces is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(replaces) };
        try
        {
            if (staged.Count == 0)
            {
                var options = new BlobUploadOptions { Conditions = conditions, Metadata = metadata, TransferOptions = new() { InitialTransferSize = MostBytes } };
                await blob.UploadAsync(new MemoryStream(pending, 0, filled), options, cancellationToken);
                return true;
            }
            if (filled > 0) await StageAsync(cancellationToken);
            await blob.CommitBlockListAsync(staged, new CommitBlockListOptions { Conditions = conditions, Metadata = metadata }, cancellationToken);
            return true;
        }
        // When somebody else makes the blob, the store forgets the pieces that do not belong to it.
        catch (RequestFailedException e) when (Blobs.IsThere(e) || e.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        hash.AppendData(buffer.Span);
        written += buffer.Length;
        while (buffer.Length > 0)
        {
            if (filled == MostBytes) await StageAsync(cancellationToken);
            MakeRoom(buffer.Length);
            var count = Math.Min(buffer.Length, Math.Min(pending.Length, MostBytes) - filled);
            buffer[..count].CopyTo(pending.AsMemory(filled));
            filled += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && pending.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(pending);
            pending = [];
            hash.Dispose();
        }
        base.Dispose(disposing);
    }

    private void MakeRoom(int wanted)
    {
        if (filled + wanted <= pending.Length || pending.Length >= MostBytes) return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(MostBytes, Math.Max(2L * pending.Length, (long)filled + wanted)));
        pending.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(pending);
        pending = larger;
    }

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        var id = new byte[IdBytes];
        Encoding.ASCII.GetBytes(string.Create(null, $"{writer}{staged.Count:d6}"), id);
        staged.Add(Convert.ToBase64String(id));
        await blob.StageBlockAsync(staged[^1], new MemoryStream(pending, 0, filled), cancellationToken: cancellationToken);
        filled = 0;
    }
}
