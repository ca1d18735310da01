using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>A document of a list, and where its line stands.</summary>
/// <param name="Document">The document.</param>
/// <param name="Number">The number of its line, from 1.</param>
/// <param name="Offset">Where its line begins, in bytes.</param>
/// <param name="Length">How many bytes, the line end included.</param>
internal sealed record DocumentLine(ListedDocument Document, long Number, long Offset, int Length);

/// <summary>
/// The documents that a job exports, in order, as lines of JSON in a blob: written block by block and put together at the end, so that nobody sees
/// half of it; the first who comes so far decides.
/// </summary>
internal sealed class DocumentList(Blobs blobs, string job)
{
    private const int BlockBytes = 4 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly string name = JobFiles.ListName(job);

    // Once it is there, it never changes.
    private BlobVersion? read;

    /// <summary>A document as its line, with the line end.</summary>
    public static byte[] Line(ListedDocument document)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(document, Json);
        return [.. json, (byte)'\n'];
    }

    /// <summary>The list that was decided, or null.</summary>
    public Task<BlobVersion?> FindAsync(CancellationToken cancellationToken) => Blobs.FindAsync(blobs.Jobs, name, cancellationToken);

    /// <summary>Writes the list unless there is one when it is complete.</summary>
    public async Task WriteAsync(IAsyncEnumerable<byte[]> lines, CancellationToken cancellationToken)
    {
        var list = new JoinedBlob(blobs.Jobs, name);
        // Another attempt may see other records: its parts must not get mixed with these.
        var attempt = Guid.NewGuid().ToString("N");
        var parts = new List<string>();
        using var block = new MemoryStream(BlockBytes);
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (block.Length > 0 && block.Length + line.Length > BlockBytes) await StageAsync();
            block.Write(line);
        }
        if (block.Length > 0) await StageAsync();
        await list.JoinNewAsync(parts, "application/x-ndjson", cancellationToken);

        async Task StageAsync()
        {
            var part = string.Create(CultureInfo.InvariantCulture, $"{attempt}-{parts.Count:d6}");
            block.Position = 0;
            await list.StageAsync(part, block, cancellationToken);
            parts.Add(part);
            block.SetLength(0);
        }
    }

    /// <summary>The documents from a place on.</summary>
    /// <param name="offset">Where a line begins.</param>
    /// <param name="length">How many bytes to read; null: to the end.</param>
    /// <param name="number">The number of the first line.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async IAsyncEnumerable<DocumentLine> ReadAsync(
        long offset, long? length, long number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = read ??= await FindAsync(cancellationToken) ?? throw new InvalidOperationException($"Job {job} has no list of documents.");
        if (offset >= list.Bytes) yield break;
        await using var stream = await Blobs.OpenRangeAsync(blobs.Jobs, list.Name, offset, length, list.ETag, cancellationToken);
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                var bytes = (int)line.Length + 1;
                yield return new DocumentLine(Read(line), number++, offset, bytes);
                offset += bytes;
                rest = rest.Slice(bytes);
            }
            input.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) break;
        }
        await input.CompleteAsync();
    }

    private static ListedDocument Read(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize<ListedDocument>(ref reader, Json)!;
    }
}
