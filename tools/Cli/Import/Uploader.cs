using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Cli.Import;

/// <summary>
/// Sends files straight to the storage account, by addresses that the app gives out for an hour. Many small files go at once, large ones in
/// blocks; memory does not grow with the number of files or their size.
/// </summary>
internal sealed class Uploader(AppClient app, string workspace, StagingProgress? progress = null)
{
    private const int AtOnce = 16;
    private const int AddressesAtOnce = 200;
    private const int BlockBytes = 8 * 1024 * 1024;

    // Of files that go in blocks: two, each with four blocks under way.
    private const int LargeAtOnce = 2;

    private static readonly StorageTransferOptions Transfer = new() { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 4 };

    /// <summary>Sends all of them.</summary>
    /// <exception cref="CommandException">The app refuses a path.</exception>
    /// <exception cref="RequestFailedException">The storage account refuses a file.</exception>
    public async Task SendAsync(IAsyncEnumerable<StagedFile> files, CancellationToken cancellationToken)
    {
        using var large = new SemaphoreSlim(LargeAtOnce);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(WithAddressesAsync(files, cancellationToken), parallel, async (addressed, cancel) =>
        {
            var inBlocks = addressed.File.Bytes > BlockBytes;
            if (inBlocks) await large.WaitAsync(cancel);
            try
            {
                await SendAsync(addressed.File, addressed.Url, cancel);
            }
            finally
            {
                if (inBlocks) large.Release();
            }
            progress?.Sent();
        });
    }

    private async IAsyncEnumerable<(StagedFile File, Uri Url)> WithAddressesAsync(
        IAsyncEnumerable<StagedFile> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var some in files.Chunk(AddressesAtOnce).WithCancellation(cancellationToken))
        {
            var addresses = await AddressesAsync(some, cancellationToken);
            for (var i = 0; i < some.Length; i++) yield return (some[i], addresses[i].Url);
        }
    }

    private async Task<IReadOnlyList<UploadAddress>> AddressesAsync(StagedFile[] files, CancellationToken cancellationToken)
    {
        var route = AppClient.Route($"workspaces/{workspace}/uploads/batch");
        var answer = await app.PostAsync<UploadAddresses>(route, new { paths = files.Select(file => file.Path) }, cancellationToken);
        return answer.Uploads.Count == files.Length
            ? answer.Uploads
            : throw new CommandException($"The app gave {answer.Uploads.Count} addresses for {files.Length} files.");
    }

    private async Task SendAsync(StagedFile file, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(file, url, cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.Status == 403)
        {
            // It waited behind large files until its hour was over.
            var fresh = await AddressesAsync([file], cancellationToken);
            await PutAsync(file, fresh[0].Url, cancellationToken);
        }
    }

    private async Task PutAsync(StagedFile file, Uri url, CancellationToken cancellationToken)
    {
        await using var contents = new FileStream(file.Local, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
        var parts = new Parts(progress);
        await new BlobClient(url).UploadAsync(contents, new BlobUploadOptions { TransferOptions = Transfer, ProgressHandler = parts }, cancellationToken);
        parts.Report(file.Bytes);
    }

    /// <summary>Passes on how much more of a file was sent than the last time.</summary>
    private sealed class Parts(StagingProgress? progress) : IProgress<long>
    {
        private long _told;

        public void Report(long value) => progress?.Sent(value - Interlocked.Exchange(ref _told, value));
    }
}
