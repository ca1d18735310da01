using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace IntegrationPoints.Storage;

/// <summary>
/// Addresses that carry a right to one blob for some time: signed with the account's key where it is known, otherwise with a key that the
/// store lends to this identity.
/// </summary>
internal sealed class BlobAddresses(BlobServiceClient service, TimeProvider time)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CopyLimit = TimeSpan.FromHours(24);
    private static readonly TimeSpan KeyLife = TimeSpan.FromDays(2);

    private volatile UserDelegationKey? _key;

    /// <summary>An address for a copy inside the store.</summary>
    public ValueTask<Uri> ForReadingAsync(BlobBaseClient blob, CancellationToken cancellationToken)
        => MakeAsync(blob, BlobSasPermissions.Read, CopyLimit, cancellationToken);

    /// <summary>An address with these rights; at most a day.</summary>
    public async ValueTask<Uri> MakeAsync(BlobBaseClient blob, BlobSasPermissions rights, TimeSpan valid, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(valid, CopyLimit);
        var now = time.GetUtcNow();
        var sas = new BlobSasBuilder(rights, now + valid)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            StartsOn = now - ClockSkew,
            Protocol = blob.Uri.IsLoopback ? SasProtocol.HttpsAndHttp : SasProtocol.Https,
        };
        return blob.CanGenerateSasUri
            ? blob.GenerateSasUri(sas)
            : blob.GenerateUserDelegationSasUri(sas, await KeyAsync(now, cancellationToken));
    }

    // Two callers may both fetch a key; both are good.
    private async ValueTask<UserDelegationKey> KeyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_key is { } known && known.SignedExpiresOn > now + CopyLimit + ClockSkew) return known;
        var options = new BlobGetUserDelegationKeyOptions(now + KeyLife) { StartsOn = now - ClockSkew };
        UserDelegationKey fresh = await service.GetUserDelegationKeyAsync(options, cancellationToken);
        _key = fresh;
        return fresh;
    }
}
