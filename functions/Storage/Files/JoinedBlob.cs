using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage;

/// <summary>
/// A blob that many write the parts of, each its own, and one puts together without reading or writing a part again (Put Block List). Until then
/// nobody sees it; a store forgets parts that were never put together a week after the last one came. At most 50,000 parts.
/// </summary>
/// <param name="container">Its container.</param>
/// <param name="name">Its path there.</param>
public sealed class JoinedBlob(BlobContainerClient container, string name)
{
    private readonly BlockBlobClient blob = container.GetBlockBlobClient(name);

    /// <summary>Writes a part, or the same part again. Names of parts all have the same length.</summary>
    /// <param name="part">Its name.</param>
    /// <param name="content">A stream that can seek; not empty.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task StageAsync(string part, Stream content, CancellationToken cancellationToken)
        => blob.StageBlockAsync(Id(part), content, cancellationToken: cancellationToken);

    /// <summary>The names of the parts that the store has.</summary>
    public async Task<IReadOnlySet<string>> PartsAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlockList list = await blob.GetBlockListAsync(BlockListTypes.All, cancellationToken: cancellationToken);
            return list.CommittedBlocks.Concat(list.UncommittedBlocks).Select(b => Encoding.ASCII.GetString(Convert.FromBase64String(b.Name))).ToHashSet();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new HashSet<string>();
        }
    }

    /// <summary>Puts parts together in this order; the blob is then what they hold, and nothing else. Can be repeated.</summary>
    public Task JoinAsync(IEnumerable<string> parts, string contentType, CancellationToken cancellationToken)
        => blob.CommitBlockListAsync(
            parts.Select(Id), new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } }, cancellationToken);

    /// <summary>
    /// The same for a blob that is not there yet: false, and nothing changed, when there is one. Of several that each write parts of names of their
    /// own, the first comes through; the parts of the others are forgotten with that.
    /// </summary>
    public async Task<bool> JoinNewAsync(IEnumerable<string> parts, string contentType, CancellationToken cancellationToken)
    {
        var options = new CommitBlockListOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        try
        {
            await blob.CommitBlockListAsync(parts.Select(Id), options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (Blobs.IsThere(e))
        {
            return false;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // Whoever came first made the store forget these parts.
            if (await blob.ExistsAsync(cancellationToken)) return false;
            throw;
        }
    }

    private static string Id(string part) => Convert.ToBase64String(Encoding.ASCII.GetBytes(part));
}
