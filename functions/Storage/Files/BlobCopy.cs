using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage;

/// <summary>One server-side copy, which any attempt may begin and any other finish.</summary>
internal sealed class BlobCopy(BlobBaseClient source, Uri address, BlobVersion version, BlobBaseClient destination)
{
    // Up to here the store copies while we wait; above, it copies by itself and we ask (Copy Blob From URL, limits).
    private const long AtOnceBytes = 256L * 1024 * 1024;

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Twice: what lies there may be an attempt that failed.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await BeginAsync(cancellationToken) || await CompleteAsync(cancellationToken)) return;
        }
        throw new IOException($"The copy to {destination.BlobContainerName}/{destination.Name} failed.");
    }

    /// <summary>True: copied. False: something is there; whether it is complete has to be asked.</summary>
    private async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        var options = new BlobCopyFromUriOptions
        {
            SourceConditions = new BlobRequestConditions { IfMatch = new ETag(version.ETag) },
            DestinationConditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        try
        {
            if (version.Bytes <= AtOnceBytes)
            {
                await destination.SyncCopyFromUriAsync(address, options, cancellationToken);
                return true;
            }
            await destination.StartCopyFromUriAsync(address, options, cancellationToken);
            return false;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            if (e.Status == 409 && e.ErrorCode != BlobErrorCode.BlobAlreadyExists && e.ErrorCode != BlobErrorCode.PendingCopyOperation) throw;
            return await ExplainAsync(e, cancellationToken);
        }
    }

    // The answer's codes differ between stores and between the two ways to copy, so the blobs themselves are asked.
    private async Task<bool> ExplainAsync(RequestFailedException error, CancellationToken cancellationToken)
    {
        if (await destination.ExistsAsync(cancellationToken)) return false;
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
