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
    private readonly FileStream spool = TempFile.Create();
    private readonly ZLibStream compressed;
    private readonly byte[] length = new byte[4];

    public DecisionFile() => compressed = new ZLibStream(spool, CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>Adds the decision about the next record.</summary>
    public async Task AddAsync(Decision decision, CancellationToken cancellationToken)
    {
        await PartAsync(JsonSerializer.SerializeToUtf8Bytes(decision, DecisionJson.Default.Decision), cancellationToken);
        await PartAsync(decision.Body, cancellationToken);
        await PartAsync(decision.Replaced, cancellationToken);
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
        await spool.DisposeAsync();
    }

    private async Task PartAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        await compressed.WriteAsync(length, cancellationToken);
        if (part.Length > 0) await compressed.WriteAsync(part, cancellationToken);
    }

    private static async IAsyncEnumerable<Decision> ReadAsync(Stream stored, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = new BufferedStream(new ZLibStream(stored, CompressionMode.Decompress), 128 * 1024);
        var length = new byte[4];
        while (await PartAsync() is { } header)
        {
            yield return JsonSerializer.Deserialize(header, DecisionJson.Default.Decision)! with
            {
                Body = await PartAsync(),
                Replaced = await PartAsync(),
            };
        }

        async Task<byte[]?> PartAsync()
        {
            var read = await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, cancellationToken);
            if (read == 0) return null;
            var part = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            await stream.ReadExactlyAsync(part, cancellationToken);
            return part;
        }
    }
}
