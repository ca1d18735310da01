using System.Buffers;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage;

/// <summary>
/// A byte range of one version of a blob, read from front to back. While one chunk is consumed the next one is on its way; two chunks are in
/// memory at most.
/// </summary>
internal sealed class BlobRange : Stream
{
    private const int ChunkBytes = 2 * 1024 * 1024;

    private readonly BlobBaseClient _blob;
    private readonly BlobRequestConditions _version;
    private readonly CancellationTokenSource _closed = new();
    private long _nextOffset;
    private long _end;
    private Chunk _current;
    private Task<Chunk>? _next;
    private int _read;
    private long _position;

    private BlobRange(BlobBaseClient blob, long offset, long end, string etag)
    {
        (_blob, _nextOffset, _end) = (blob, offset, end);
        _version = new BlobRequestConditions { IfMatch = new ETag(etag) };
    }

    /// <summary>Opens the range and reads its first chunk, so that a blob that changed or is missing shows here.</summary>
    public static async Task<Stream> OpenAsync(BlobBaseClient blob, long offset, long? length, string etag, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var range = new BlobRange(blob, offset, length is { } bytes ? offset + bytes : long.MaxValue, etag);
        try
        {
            await range.AdvanceAsync(range.FetchAsync(cancellationToken));
            return range;
        }
        catch
        {
            await range.DisposeAsync();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        if (_read == _current.Length && _next is not null) await AdvanceAsync(_next.WaitAsync(cancellationToken));
        var count = Math.Min(buffer.Length, _current.Length - _read);
        _current.Buffer.AsMemory(_read, count).CopyTo(buffer);
        _read += count;
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
        => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed.IsCancellationRequested)
        {
            _closed.Cancel();
            // Nobody waits for a chunk on its way; its failure concerns nobody, and its buffer goes to the garbage collector.
            _next?.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
            _closed.Dispose();
            _current.Return();
            _current = default;
            _next = null;
        }
        base.Dispose(disposing);
    }

    private async Task AdvanceAsync(Task<Chunk> coming)
    {
        var next = await coming;
        _current.Return();
        (_current, _read) = (next, 0);
        _next = _nextOffset < _end && next.Length > 0 ? FetchAsync(_closed.Token) : null;
    }

    private async Task<Chunk> FetchAsync(CancellationToken cancellationToken)
    {
        var bytes = (int)Math.Min(ChunkBytes, _end - _nextOffset);
        if (bytes == 0) return default;
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(_nextOffset, bytes), Conditions = _version };
            using var download = (await _blob.DownloadStreamingAsync(options, cancellationToken)).Value;
            var length = await download.Content.ReadAtLeastAsync(buffer.AsMemory(0, bytes), bytes, throwOnEndOfStream: false, cancellationToken);
            _nextOffset += length;
            // Fewer bytes than asked for: the blob ends here.
            if (length < bytes) _end = _nextOffset;
            return new Chunk(buffer, length);
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return await EndAsync(cancellationToken);
        }
        catch (RequestFailedException e)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw await Blobs.ExplainAsync(e, _blob, cancellationToken);
        }
    }

    // The range begins at or behind the end. That is an empty range, provided that it is the version that was asked for.
    private async Task<Chunk> EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _blob.GetPropertiesAsync(_version, cancellationToken);
            _end = _nextOffset;
            return default;
        }
        catch (RequestFailedException e)
        {
            throw await Blobs.ExplainAsync(e, _blob, cancellationToken);
        }
    }

    private readonly record struct Chunk(byte[]? Buffer, int Length)
    {
        public void Return()
        {
            if (Buffer is not null) ArrayPool<byte>.Shared.Return(Buffer);
        }
    }
}
