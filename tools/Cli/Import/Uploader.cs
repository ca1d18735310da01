using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Cli.Import;

/// <summary>What to do with a file that is in the staging area already.</summary>
internal enum StagedBefore
{
    /// <summary>It stays, and the command fails.</summary>
    Refuse,

    /// <summary>The new one takes its place.</summary>
    Replace,

    /// <summary>The folder is the command's own: it is the same file, whose sending took effect although its answer was lost.</summary>
    IsOurs,
}

/// <summary>
/// Sends files straight to the storage account, by addresses that the app gives out for an hour. Many small files go at once, large ones in
/// blocks; memory does not grow with the number of files or their size.
/// </summary>
internal sealed class Uploader(AppClient app, string workspace, StagedBefore before, StagingProgress? progress = null)
{
    private const int AtOnce = 16;
    private const int AddressesAtOnce = 200;

    // What goes in one request, which alone an address is good for that may create a file and not write it.
    private const int LargestAtOnce = 16 * 1024 * 1024;

    // Of files that go in blocks: two, each with four blocks under way.
    private const int LargeAtOnce = 2;

    private static readonly StorageTransferOptions Transfer = new() { InitialTransferSize = LargestAtOnce, MaximumTransferSize = LargestAtOnce };

    // An address that the app gave out: all are of one account.
    private Uri? _account;

    /// <summary>Sends all of them.</summary>
    /// <exception cref="CommandException">The app refuses a path, or a file is there already.</exception>
    /// <exception cref="RequestFailedException">The storage account refuses a file.</exception>
    public async Task SendAsync(IAsyncEnumerable<StagedFile> files, CancellationToken cancellationToken)
    {
        using var large = new SemaphoreSlim(LargeAtOnce);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(WithAddressesAsync(files, cancellationToken), parallel, async (addressed, cancel) =>
        {
            if (addressed.Url is { } url)
            {
                await OnceAsync(addressed.File, () => SendAsync(addressed.File, url, cancel));
            }
            else
            {
                await large.WaitAsync(cancel);
                try
                {
                    await OnceAsync(addressed.File, () => SendBlocksAsync(addressed.File, cancel));
                }
                finally
                {
                    large.Release();
                }
            }
            progress?.Sent();
        });
    }

    // Large files have none: they ask for their own when it is their turn.
    private async IAsyncEnumerable<(StagedFile File, Uri? Url)> WithAddressesAsync(
        IAsyncEnumerable<StagedFile> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var some in files.Chunk(AddressesAtOnce).WithCancellation(cancellationToken))
        {
            foreach (var large in some.Where(IsLarge)) yield return (large, null);
            var small = some.Where(file => !IsLarge(file)).ToArray();
            var addresses = small.Length == 0 ? [] : await AddressesAsync(small, cancellationToken);
            for (var i = 0; i < small.Length; i++) yield return (small[i], addresses[i].Url);
        }
    }

    private async Task<IReadOnlyList<UploadAddress>> AddressesAsync(StagedFile[] files, CancellationToken cancellationToken)
    {
        var route = AppClient.Route($"workspaces/{workspace}/uploads/batch");
        var answer = await app.PostAsync<UploadAddresses>(route, new { paths = files.Select(file => file.Path), replace = before == StagedBefore.Replace }, cancellationToken);
        if (answer.Uploads.Count > 0) _account = answer.Uploads[0].Url;
        return answer.Uploads.Count == files.Length
            ? answer.Uploads
            : throw new CommandException($"The app gave {answer.Uploads.Count} addresses for {files.Length} files.");
    }

    private async Task OnceAsync(StagedFile file, Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (before != StagedBefore.Replace && (e is RequestFailedException refused ? IsThere(refused.ErrorCode, _account) : e is AppException { Code: "file-exists" }))
        {
            if (before == StagedBefore.Refuse) throw new CommandException($"There is a file {file.Path} in the staging area already. Add --replace to put the new one in its place.");
        }
    }

    private async Task SendAsync(StagedFile file, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(file, url, cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.Status == 403 && !IsThere(refused.ErrorCode, url))
        {
            // It waited behind others until its hour was over.
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

    private async Task SendBlocksAsync(StagedFile file, CancellationToken cancellationToken)
    {
        using var blocks = new BlockUpload(file, async cancel =>
        {
            var body = new { path = file.Path, bytes = file.Bytes, inBlocks = true, replace = before == StagedBefore.Replace };
            return _account = (await app.PostAsync<UploadAddress>(AppClient.Route($"workspaces/{workspace}/uploads"), body, cancel)).Url;
        });
        await blocks.SendAsync(before == StagedBefore.Replace, sent => progress?.Sent(sent), cancellationToken);
    }

    private static bool IsLarge(StagedFile file) => file.Bytes > LargestAtOnce;

    /// <summary>
    /// Whether a refusal says that the file is there, which an address that may create and not write is told. The emulator has no word of its own for
    /// that; but of an account it is the word for an identity that lacks its role, which sent nothing.
    /// </summary>
    /// <param name="code">What the store said.</param>
    /// <param name="address">Where it was sent to.</param>
    internal static bool IsThere(string? code, Uri? address)
        => code == BlobErrorCode.BlobAlreadyExists || code == BlobErrorCode.UnauthorizedBlobOverwrite
            || (code == BlobErrorCode.AuthorizationPermissionMismatch && address is { IsLoopback: true });

    /// <summary>Passes on how much more of a file was sent than the last time.</summary>
    private sealed class Parts(StagingProgress? progress) : IProgress<long>
    {
        private long _told;

        public void Report(long value) => progress?.Sent(value - Interlocked.Exchange(ref _told, value));
    }
}
