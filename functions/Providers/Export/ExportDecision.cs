using System.Buffers.Binary;
using System.Text.Json;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>The files that the batches of an export write together.</summary>
internal enum ExportPart
{
    /// <summary>The data file.</summary>
    Data,

    /// <summary>The load file of the images.</summary>
    Images,

    /// <summary>The list of files that lies beside them.</summary>
    Manifest,

    /// <summary>The manifest that the job is verified by.</summary>
    Custody,
}

/// <summary>What a batch decided, beside the bytes.</summary>
internal sealed record ExportHead
{
    /// <summary>What became of its documents.</summary>
    public required JobCounts Counts { get; init; }

    /// <summary>The files that it wrote.</summary>
    public required FileCounts Files { get; init; }

    /// <summary>The documents that are left out, and why.</summary>
    public required IReadOnlyList<RejectedRow> Rejected { get; init; }

    /// <summary>What is worth knowing about the others.</summary>
    public required IReadOnlyList<Problem> Warnings { get; init; }

    /// <summary>How many bytes each part has, in the order of <see cref="ExportPart"/>.</summary>
    public required IReadOnlyList<long> Lengths { get; init; }
}

/// <summary>
/// What a batch decided, as it is stored: the length of the head in four bytes, the head as JSON, the parts one after the other. It is held in
/// files of this machine.
/// </summary>
internal sealed class ExportDecision : IAsyncDisposable
{
    private readonly IReadOnlyList<FileStream> parts;

    /// <summary>A decision whose parts are at hand; they are closed with it.</summary>
    public ExportDecision(ExportHead head, IReadOnlyList<FileStream> parts) => (Head, this.parts) = (head, parts);

    /// <summary>Counts, problems, and how long the parts are.</summary>
    public ExportHead Head { get; }

    /// <summary>The bytes of one part, from its beginning.</summary>
    public Stream Open(ExportPart part)
    {
        parts[(int)part].Position = 0;
        return parts[(int)part];
    }

    /// <summary>Writes a decision to a stream, and goes back to its beginning.</summary>
    public static async Task WriteAsync(ExportHead head, IReadOnlyList<Stream> parts, Stream whole, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(head, JsonSerializerOptions.Web);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        await whole.WriteAsync(length, cancellationToken);
        await whole.WriteAsync(json, cancellationToken);
        foreach (var part in parts)
        {
            part.Position = 0;
            await part.CopyToAsync(whole, cancellationToken);
        }
        whole.Position = 0;
    }

    /// <summary>The decision about a batch; null when nobody decided yet.</summary>
    public static async Task<ExportDecision?> OpenAsync(Blobs blobs, string job, int batch, CancellationToken cancellationToken)
    {
        if (await StoredAsync(blobs, job, batch, cancellationToken) is not { } stored) return null;
        await using var _ = stored;
        var head = await HeadAsync(stored, cancellationToken);
        var parts = new List<FileStream>(head.Lengths.Count);
        foreach (var bytes in head.Lengths)
        {
            parts.Add(TempFile.Create());
            await CopyAsync(stored, parts[^1], bytes, cancellationToken);
        }
        return new ExportDecision(head, parts);
    }

    /// <summary>What a batch decided beside the bytes; null when nobody decided yet.</summary>
    public static async Task<ExportHead?> HeadAsync(Blobs blobs, string job, int batch, CancellationToken cancellationToken)
    {
        if (await StoredAsync(blobs, job, batch, cancellationToken) is not { } stored) return null;
        await using var _ = stored;
        return await HeadAsync(stored, cancellationToken);
    }

    private static async Task<ExportHead> HeadAsync(Stream stored, CancellationToken cancellationToken)
    {
        var length = new byte[4];
        await stored.ReadExactlyAsync(length, cancellationToken);
        var json = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        await stored.ReadExactlyAsync(json, cancellationToken);
        return JsonSerializer.Deserialize<ExportHead>(json, JsonSerializerOptions.Web)!;
    }

    private static async Task<Stream?> StoredAsync(Blobs blobs, string job, int batch, CancellationToken cancellationToken)
    {
        var name = JobFiles.DecisionName(job, batch);
        return await Blobs.FindAsync(blobs.Jobs, name, cancellationToken) is { } version
            ? await Blobs.OpenRangeAsync(blobs.Jobs, name, 0, null, version.ETag, cancellationToken)
            : null;
    }

    private static async Task CopyAsync(Stream from, Stream to, long bytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[(int)Math.Min(128 * 1024, bytes)];
        for (var left = bytes; left > 0;)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, left));
            await from.ReadExactlyAsync(piece, cancellationToken);
            await to.WriteAsync(piece, cancellationToken);
            left -= piece.Length;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts) await part.DisposeAsync();
    }
}
