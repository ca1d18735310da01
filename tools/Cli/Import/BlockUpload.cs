using System.Buffers;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Cli.Import;

/// <summary>
/// Sends one large file in blocks, for as long as it takes: when the address is not valid any more, the blocks that were sent stay, and the others go
/// to another address of the same file.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="newAddress">Asks for an address.</param>
internal sealed class BlockUpload(StagedFile file, Func<CancellationToken, Task<Uri>> newAddress) : IDisposable
{
    private const int BlockBytes = 8 * 1024 * 1024, AtOnce = 4;

    // Blob service, scalability targets.
    private const int MostBlocks = 50_000;

    private readonly SemaphoreSlim _asking = new(1);
    private Uri? _address;

    /// <summary>Sends it.</summary>
    /// <param name="replaces">Whether it takes the place of a file that came there meanwhile.</param>
    /// <param name="sent">Is told how many bytes more were sent.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RequestFailedException">The storage account refuses it.</exception>
    /// <exception cref="CommandException">The app refuses it, or the file was shortened meanwhile.</exception>
    public async Task SendAsync(bool replaces, Action<long> sent, CancellationToken cancellationToken)
    {
        using var contents = File.OpenHandle(file.Local, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        var size = (int)Math.Max(BlockBytes, (file.Bytes + MostBlocks - 1) / MostBlocks);
        var blocks = Enumerable.Range(0, (int)((file.Bytes + size - 1) / size)).ToList();
        await Parallel.ForEachAsync(blocks, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (block, cancel) =>
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                var (from, bytes) = ((long)block * size, (int)Math.Min(size, file.Bytes - ((long)block * size)));
                for (var read = 0; read < bytes;)
                {
                    var more = await RandomAccess.ReadAsync(contents, buffer.AsMemory(read, bytes - read), from + read, cancel);
                    read += more > 0 ? more : throw new CommandException($"{file.Local} was shortened while it was sent.");
                }
                await SendAsync(blob => blob.StageBlockAsync(Id(block), new MemoryStream(buffer, 0, bytes), cancellationToken: cancel), cancel);
                sent(bytes);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        });
        var conditions = new BlobRequestConditions { IfNoneMatch = replaces ? null : ETag.All };
        await SendAsync(blob => blob.CommitBlockListAsync(blocks.Select(Id), new CommitBlockListOptions { Conditions = conditions }, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    // Ids of one length, as the store demands.
    private static string Id(int block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(block.ToString("d6", CultureInfo.InvariantCulture)));

    private async Task SendAsync(Func<BlockBlobClient, Task> send, CancellationToken cancellationToken)
    {
        var address = _address ?? await AskAsync(null, cancellationToken);
        try
        {
            await send(new BlockBlobClient(address));
        }
        catch (RequestFailedException refused) when (refused.Status == 403)
        {
            // Its hour is over.
            await send(new BlockBlobClient(await AskAsync(address, cancellationToken)));
        }
    }

    // Of the blocks under way one asks, and the others take what it got.
    private async Task<Uri> AskAsync(Uri? spent, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            return _address != spent ? _address! : _address = await newAddress(cancellationToken);
        }
        finally
        {
            _asking.Release();
        }
    }
}
