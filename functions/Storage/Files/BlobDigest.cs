using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace IntegrationPoints.Storage;

/// <summary>What the bytes of a blob came to when they were read.</summary>
/// <param name="Bytes">How many there are.</param>
/// <param name="Sha256">Their SHA-256, in small hexadecimal digits.</param>
/// <param name="Md5">Their MD5, when it was asked for.</param>
public sealed record BlobDigest(long Bytes, string Sha256, string? Md5 = null)
{
    private const int Piece = 128 * 1024;

    /// <summary>Reads all bytes of one version, a piece at a time, whatever its size.</summary>
    /// <param name="container">The blob's container.</param>
    /// <param name="name">Its path there.</param>
    /// <param name="etag">The version; null: the one that is there now.</param>
    /// <param name="withMd5">Whether to compute the MD5 too, to compare with one that storage kept; it proves nothing against intent.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="BlobChangedException">The blob has another etag.</exception>
    /// <exception cref="BlobMissingException">There is no such blob.</exception>
    public static async Task<BlobDigest> ReadAsync(
        BlobContainerClient container, string name, string? etag, bool withMd5, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(name);
        try
        {
            var options = new BlobDownloadOptions { Conditions = etag is null ? null : new BlobRequestConditions { IfMatch = new ETag(etag) } };
            using var download = (await blob.DownloadStreamingAsync(options, cancellationToken)).Value;
            return await ReadAsync(download.Content, withMd5, cancellationToken);
        }
        catch (RequestFailedException e)
        {
            throw await Blobs.ExplainAsync(e, blob, cancellationToken);
        }
    }

    private static async Task<BlobDigest> ReadAsync(Stream content, bool withMd5, CancellationToken cancellationToken)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = withMd5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        var buffer = new byte[Piece];
        long bytes = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            sha.AppendData(buffer, 0, read);
            md5?.AppendData(buffer, 0, read);
            bytes += read;
        }
        return new BlobDigest(bytes, Convert.ToHexStringLower(sha.GetHashAndReset()), md5 is null ? null : Convert.ToHexStringLower(md5.GetHashAndReset()));
    }
}
