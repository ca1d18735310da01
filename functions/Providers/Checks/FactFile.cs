using System.IO.Compression;
using System.Text.Json;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>The blob that a batch of a check leaves: what it found as JSON, then its facts in their order; compressed. The first to store it decides.</summary>
internal static class FactFile
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Stores what a batch found, and answers with what is stored: when another attempt was first, what that one found.</summary>
    public static async Task<BatchCheck> DecideAsync(Blobs blobs, string name, BatchCheck found, List<Fact> facts, CancellationToken cancellationToken)
    {
        facts.Sort();
        await using var spool = TempFile.Create();
        await using (var compressed = new BufferedStream(new ZLibStream(spool, CompressionLevel.Fastest, leaveOpen: true), PieceBytes))
        await using (var writer = new BinaryWriter(compressed, Fact.Encoding))
        {
            writer.Write(JsonSerializer.Serialize(found, JsonSerializerOptions.Web));
            foreach (var fact in facts) fact.Write(writer);
        }
        spool.Position = 0;
        if (await Blobs.CreateAsync(blobs.Jobs, name, spool, cancellationToken)) return found;
        return await FindAsync(blobs, name, cancellationToken) ?? throw new InvalidOperationException($"{name} was there and is gone.");
    }

    /// <summary>What a batch found, or null when it was not checked yet.</summary>
    public static async Task<BatchCheck?> FindAsync(Blobs blobs, string name, CancellationToken cancellationToken)
        => await OpenAsync(blobs, name, cancellationToken) is { } file ? await ReadAsync(file, _ => { }) : null;

    /// <summary>What a batch found; its facts, in their order, go to <paramref name="spool"/>.</summary>
    /// <exception cref="InvalidOperationException">The batch was not checked.</exception>
    public static async Task<BatchCheck> ReadAsync(Blobs blobs, string name, BinaryWriter spool, CancellationToken cancellationToken)
    {
        var file = await OpenAsync(blobs, name, cancellationToken) ?? throw new InvalidOperationException($"{name} is not there.");
        return await ReadAsync(file, reader =>
        {
            while (Fact.Read(reader) is { } fact) fact.Write(spool);
        });
    }

    private static async Task<Stream?> OpenAsync(Blobs blobs, string name, CancellationToken cancellationToken)
        => await Blobs.FindAsync(blobs.Jobs, name, cancellationToken) is { } blob
            ? await Blobs.OpenRangeAsync(blobs.Jobs, name, 0, null, blob.ETag, cancellationToken)
            : null;

    private static async Task<BatchCheck> ReadAsync(Stream file, Action<BinaryReader> facts)
    {
        await using var stream = new BufferedStream(new ZLibStream(file, CompressionMode.Decompress), PieceBytes);
        using var reader = new BinaryReader(stream, Fact.Encoding);
        var found = JsonSerializer.Deserialize<BatchCheck>(reader.ReadString(), JsonSerializerOptions.Web)!;
        facts(reader);
        return found;
    }
}
