using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage;

/// <summary>
/// A turn that only one of several callers has at a time, for what cannot be decided by a blob first and done afterwards, such as sending a mail.
/// It ends when it is disposed of, or by itself when its holder is gone.
/// </summary>
public sealed class BlobTurn : IAsyncDisposable
{
    /// <summary>After how long a turn ends that nobody renewed.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly BlobLeaseClient lease;

    private BlobTurn(BlobLeaseClient lease) => this.lease = lease;

    /// <summary>Waits for the turn of this name and takes it.</summary>
    public static async Task<BlobTurn> TakeAsync(BlobContainerClient container, string name, TimeProvider time, CancellationToken cancellationToken)
    {
        await Blobs.CreateAsync(container, name, BinaryData.FromString(""), cancellationToken);
        while (true)
        {
            var lease = container.GetBlobClient(name).GetBlobLeaseClient();
            try
            {
                await lease.AcquireAsync(Length, cancellationToken: cancellationToken);
                return new BlobTurn(lease);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Begins the turn's time anew.</summary>
    /// <exception cref="RequestFailedException">The turn had ended and is somebody else's.</exception>
    public Task RenewAsync(CancellationToken cancellationToken) => lease.RenewAsync(cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await lease.ReleaseAsync();
        }
        catch (RequestFailedException)
        {
            // It has ended, or will by itself.
        }
    }
}
