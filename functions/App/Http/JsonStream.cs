using System.Buffers;
using System.Text.Json;
using IntegrationPoints.App.Auditing;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>
/// Writes JSON of any length to a response as it comes about. As long as nothing was sent, a failure is still answered with problem details;
/// a client that reads slowly slows the writing down, so that memory stays flat.
/// </summary>
internal sealed class JsonStream : IDisposable
{
    private const int SendAt = 64 * 1024, ChunkBytes = 16 * 1024;

    private readonly HttpResponse response;
    private readonly string contentType;
    private readonly ArrayBufferWriter<byte> buffer = new(2 * SendAt);

    /// <summary>A stream of this media type into a response.</summary>
    public JsonStream(HttpResponse response, string contentType)
    {
        (this.response, this.contentType) = (response, contentType);
        Json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ApiJson.Encoder });
    }

    /// <summary>Where to write. Between members call <see cref="SendAsync"/>.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>How many bytes were written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Sends what has gathered, when that is much.</summary>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (buffer.WrittenCount + Json.BytesPending >= SendAt) await FlushAsync(cancellationToken);
    }

    /// <summary>Ends a line of JSON lines: the next value stands on its own.</summary>
    public void EndLine()
    {
        Json.Flush();
        Json.Reset();
        buffer.Write("\n"u8);
    }

    /// <summary>Writes UTF-8 text of a file as one JSON string.</summary>
    public async Task WriteTextAsync(Stream utf8, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (await utf8.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken) is > 0 and var read)
            {
                Json.WriteStringValueSegment(chunk.AsSpan(0, read), isFinalSegment: false);
                await SendAsync(cancellationToken);
            }
            Json.WriteStringValueSegment(ReadOnlySpan<byte>.Empty, isFinalSegment: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Sends the rest.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Json.Dispose();

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        Json.Flush();
        if (!response.HasStarted)
        {
            // What is written so are records and images: nothing of them leaves before the audit says to whom.
            await response.HttpContext.Audit().WriteAsync();
            response.ContentType = contentType;
        }
        Written += buffer.WrittenCount;
        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
        buffer.ResetWrittenCount();
    }
}
