using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage;

/// <summary>What becomes of a copy besides its bytes.</summary>
/// <param name="Replaces">The version that it takes the place of; null: none, what is there stays.</param>
/// <param name="Metadata">What is kept with it, in place of what is kept with the source; null: that.</param>
public sealed record CopyTerms(string? Replaces, IDictionary<string, string>? Metadata);

/// <summary>One server-side copy, which any attempt may begin and any other finish.</summary>
internal sealed class BlobCopy(BlobBaseClient source, Uri address, BlobVersion version, BlobBaseClient destination, CopyTerms terms)
{
    // Up to here the store copies while we wait; above, it copies by itself and we ask (Copy Blob From URL, limits).
    private const long AtOnceBytes = 256L * 1024 * 1024;

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    private enum Beginning { Copied, Started, SomethingIsThere }

    /// <summary>True: it is there now. False: something else was there, or came in between; it is complete.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        // Twice: what lies there may be an attempt that failed.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var begun = await BeginAsync(cancellationToken);
            if (begun == Beginning.Copied) return true;
            if (await CompleteAsync(cancellationToken)) return begun == Beginning.Started;
            terms = terms with { Replaces = null };
        }
        throw new IOException($"The copy to {destination.BlobContainerName}/{destination.Name} failed.");
    }

    private async Task<Beginning> BeginAsync(CancellationToken cancellationToken)
    {
        var options = new BlobCopyFromUriOptions
        {
            SourceConditions = new BlobRequestConditions { IfMatch = new ETag(version.ETag) },
            DestinationConditions = terms.Replaces is { } old
                ? new BlobRequestConditions { IfMatch = new ETag(old) }
                : new BlobRequestConditions { IfNoneMatch = ETag.All },
            Metadata = terms.Metadata,
        };
        try
        {
            if (version.Bytes <= AtOnceBytes)
            {
                await destination.SyncCopyFromUriAsync(address, options, cancellationToken);
                return Beginning.Copied;
            }
            await destination.StartCopyFromUriAsync(address, options, cancellationToken);
            return Beginning.Started;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            if (e.Status == 409 && e.ErrorCode != BlobErrorCode.BlobAlreadyExists && e.ErrorCode != BlobErrorCode.PendingCopyOperation) throw;
            return await ExplainAsync(e, cancellationToken);
        }
    }

    // The answer's codes differ between stores and between the two ways to copy, so the blobs themselves are asked.
    private async Task<Beginning> ExplainAsync(RequestFailedException error, CancellationToken cancellationToken)
    {
        if (await destination.ExistsAsync(cancellationToken)) return Beginning.SomethingIsThere;
        try
        {
            await source.GetPropertiesAsync(new BlobRequestConditions { IfMatch = new ETag(version.ETag) }, cancellationToken);
        }
        catch (RequestFailedException e)
        {
            throw await Blobs.ExplainAsync(e, source, cancellationToken);
        }
        throw error;
    }

    /// <summary>Waits for the copy that is there; false: it had failed, and is removed.</summary>
    private async Task<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            BlobProperties found = await destination.GetPropertiesAsync(cancellationToken: cancellationToken);
            if (found.BlobCopyStatus is CopyStatus.Failed or CopyStatus.Aborted)
            {
                var failed = new BlobRequestConditions { IfMatch = found.ETag };
                await destination.DeleteIfExistsAsync(conditions: failed, cancellationToken: cancellationToken);
                return false;
            }
            // Null: it was not copied but uploaded, or a copy at once; both are there as a whole or not at all.
            if (found.BlobCopyStatus is not CopyStatus.Pending) return true;
            await Task.Delay(PollEvery, cancellationToken);
        }
    }
}
