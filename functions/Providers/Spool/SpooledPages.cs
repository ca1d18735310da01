using System.Text.Json;
using Azure;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Spool;

/// <summary>
/// The pages that a job has of its source so far, so that an attempt that dies is not in vain. The first to keep a page decides what it holds, and
/// everybody goes on from there.
/// </summary>
/// <typeparam name="T">Where a source stands behind a page; it may hold what opens the next one, and is told nobody.</typeparam>
/// <param name="blobs">Where they lie.</param>
/// <param name="job">The job.</param>
internal sealed class SpooledPages<T>(Blobs blobs, string job) where T : class
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>Where the source stands behind a page that is kept; null: it is not.</summary>
    public async Task<T?> FindAsync(int page, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(page, cancellationToken);
        return bytes is null ? null : JsonSerializer.Deserialize<T>(bytes.AsSpan(0, Array.IndexOf(bytes, LineEnd)), JsonSerializerOptions.Web);
    }

    /// <summary>Keeps a page, unless it is kept already. Answers where the source stands behind the one that is.</summary>
    /// <param name="page">Its number, from 0.</param>
    /// <param name="rows">What belongs into the copy.</param>
    /// <param name="next">Where the source stands behind it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<T> KeepAsync(int page, ReadOnlyMemory<byte> rows, T next, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await JsonSerializer.SerializeAsync(bytes, next, JsonSerializerOptions.Web, cancellationToken);
        bytes.WriteByte(LineEnd);
        await bytes.WriteAsync(rows, cancellationToken);
        bytes.Position = 0;
        if (await Blobs.CreateAsync(blobs.Jobs, JobFiles.SourcePageName(job, page), bytes, cancellationToken)) return next;
        return await FindAsync(page, cancellationToken) ?? throw new InvalidOperationException($"Page {page} of the source of job {job} was there and is gone.");
    }

    /// <summary>Adds what a page holds to the copy.</summary>
    public async Task AddToAsync(Stream copy, int page, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(page, cancellationToken) ?? throw new InvalidOperationException($"Page {page} of the source of job {job} was there and is gone.");
        await copy.WriteAsync(bytes.AsMemory(Array.IndexOf(bytes, LineEnd) + 1), cancellationToken);
    }

    private async Task<byte[]?> BytesAsync(int page, CancellationToken cancellationToken)
    {
        try
        {
            return (await blobs.Jobs.GetBlobClient(JobFiles.SourcePageName(job, page)).DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }
}
