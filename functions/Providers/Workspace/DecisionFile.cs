using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// The blob that says what a batch decided: per record a header, the body to store and the body replaced, each with its length before it,
/// compressed. It is written to a file of this machine first, and stored only when it is whole; the first to store it decides.
/// </summary>
internal sealed class DecisionFile : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly FileStream spool = TempFile.Create();
    private readonly BufferedStream compressed;
    private readonly ArrayBufferWriter<byte> header = new();
    private readonly Utf8JsonWriter json;

    public DecisionFile()
    {
        // Gathered first: compressing little pieces one by one costs more.
        compressed = new BufferedStream(new ZLibStream(spool, CompressionLevel.Fastest, leaveOpen: true), PieceBytes);
        json = new Utf8JsonWriter(header, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Adds the decision about the next record.</summary>
    public void Add(Decision decision)
    {
        header.ResetWrittenCount();
        json.Reset();
        JsonSerializer.Serialize(json, decision, DecisionJson.Default.Decision);
        Write(header.WrittenSpan);
        Write(decision.Body.Span);
        Write(decision.Replaced.Span);
    }

    /// <summary>Stores the decisions under a name. When another attempt stored its own first, those are opened instead.</summary>
    public async Task<IAsyncEnumerable<Decision>> DecideAsync(Blobs blobs, string name, CancellationToken cancellationToken)
    {
        await compressed.DisposeAsync();
        await spool.FlushAsync(cancellationToken);
        spool.Position = 0;
        if (!await Blobs.CreateAsync(blobs.Jobs, name, spool, cancellationToken))
            return await OpenAsync(blobs, name, cancellationToken) ?? throw new InvalidOperationException($"{name} was there and is gone.");
        spool.Position = 0;
        return ReadAsync(spool, cancellationToken);
    }

    /// <summary>The decisions stored under a name, or null when nobody decided yet.</summary>
    public static async Task<IAsyncEnumerable<Decision>?> OpenAsync(Blobs blobs, string name, CancellationToken cancellationToken)
        => await Blobs.FindAsync(blobs.Jobs, name, cancellationToken) is { } blob
            ? ReadAsync(await Blobs.OpenRangeAsync(blobs.Jobs, name, 0, null, blob.ETag, cancellationToken), cancellationToken)
            : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await compressed.DisposeAsync();
        await json.DisposeAsync();
        await spool.DisposeAsync();
    }

    private void Write(ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        compressed.Write(length);
        compressed.Write(part);
    }

    private static async IAsyncEnumerable<Decision> ReadAsync(Stream stored, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = new ZLibStream(stored, CompressionMode.Decompress);
        var parts = new Parts(stream);
        while (await parts.NextAsync(cancellationToken) is { } header)
        {
            yield return JsonSerializer.Deserialize(header.Span, DecisionJson.Default.Decision)! with
            {
                Body = await parts.CopyNextAsync(cancellationToken),
                Replaced = await parts.CopyNextAsync(cancellationToken),
            };
        }
    }

    /// <summary>Parts with their lengths before them, many of which come with one read.</summary>
    private sealed class Parts(Stream stream)
    {
        private byte[] buffer = new byte[PieceBytes];
        private int start;
        private int end;

        /// <summary>The next part, valid until the next call; null at the end.</summary>
        public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
        {
            if (!await HasAsync(4, cancellationToken)) return end == start ? null : throw new EndOfStreamException();
            var length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start));
            if (!await HasAsync(4 + length, cancellationToken)) throw new EndOfStreamException();
            var part = buffer.AsMemory(start + 4, length);
            start += 4 + length;
            return part;
        }

        /// <summary>The next part, which must be there, as an array of its own.</summary>
        public async ValueTask<byte[]> CopyNextAsync(CancellationToken cancellationToken)
            => (await NextAsync(cancellationToken) ?? throw new EndOfStreamException()).ToArray();

        private ValueTask<bool> HasAsync(int bytes, CancellationToken cancellationToken)
            => end - start >= bytes ? new(true) : FillAsync(bytes, cancellationToken);

        private async ValueTask<bool> FillAsync(int bytes, CancellationToken cancellationToken)
        {
            var whole = bytes <= buffer.Length ? buffer : new byte[bytes];
            buffer.AsSpan(start, end - start).CopyTo(whole);
            (buffer, start, end) = (whole, 0, end - start);
            end += await stream.ReadAtLeastAsync(buffer.AsMemory(end), bytes - end, throwOnEndOfStream: false, cancellationToken);
            return end >= bytes;
        }
    }
}
