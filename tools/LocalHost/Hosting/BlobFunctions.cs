using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>Looks at containers every few seconds and starts blob functions, at least once for every name and etag.</summary>
internal sealed class BlobFunctions(FunctionCatalog catalog, Invoker invoker, TriggerStore store, RunningWork running, ILogger<BlobFunctions> logger)
{
    private const int MaxAttempts = 5;
    private const int Parallelism = 8;

    /// <summary>Finds the account of every blob function.</summary>
    /// <exception cref="InvalidOperationException">A setting with a connection string is missing, or holds something else.</exception>
    public List<Watch> Read(IConfiguration configuration) => [.. catalog.With<BlobTriggerAttribute>().Select(f => Open(f.Function, f.Trigger, configuration))];

    /// <summary>Watches the containers until the host stops.</summary>
    public Task RunAsync(IEnumerable<Watch> watches, TimeSpan interval) => Task.WhenAll(watches.Select(w => RunAsync(w, interval)));

    private static Watch Open(Function function, BlobTriggerAttribute trigger, IConfiguration configuration)
    {
        var setting = trigger.Connection ?? "AzureWebJobsStorage";
        var connection = configuration[$"AzureWebJobs{setting}"] ?? configuration[setting] ?? configuration.GetConnectionString(setting)
            ?? throw new InvalidOperationException($"Function '{function.Name}': the setting '{setting}' with the storage account's connection string is missing.");
        // The next look is the retry.
        var options = new BlobClientOptions { Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(30), Mode = RetryMode.Fixed } };
        var pattern = new BlobPattern(trigger.BlobPath);
        try
        {
            return new Watch(function, pattern, new BlobContainerClient(connection, pattern.Container, options));
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"Function '{function.Name}': the setting '{setting}' is not a connection string: {e.Message}", e);
        }
    }

    private async Task RunAsync(Watch watch, TimeSpan interval)
    {
        var receipts = store.Receipts(watch.Function.Name);
        string? problem = null;
        try
        {
            while (true)
            {
                var started = Stopwatch.GetTimestamp();
                var (found, newProblem) = await ListAsync(watch);
                var took = Stopwatch.GetElapsedTime(started);
                if (newProblem is not null && newProblem != problem)
                {
                    logger.LogWarning("{Function} cannot list its container, and tries on: {Problem}", watch.Function.Name, newProblem);
                }

                problem = newProblem;
                if (problem is null)
                {
                    Forget(watch, receipts, found);
                    await DeliverAsync(watch, receipts, found);
                }

                // A container with very many blobs is looked at less often: a fifth of the time at most goes into it.
                await Task.Delay(interval + (4 * took), running.Stopping);
            }
        }
        catch (OperationCanceledException) when (running.Stopping.IsCancellationRequested)
        {
        }
    }

    private async Task<(HashSet<(string Name, string ETag)> Found, string? Problem)> ListAsync(Watch watch)
    {
        var found = new HashSet<(string Name, string ETag)>();
        try
        {
            await foreach (var blob in watch.Container.GetBlobsAsync(new GetBlobsOptions { Prefix = watch.Pattern.Prefix }, running.Stopping))
            {
                found.Add((blob.Name, blob.Properties.ETag.ToString()!));
            }

            return (found, null);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "ContainerNotFound")
        {
            return (found, null);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException || (e is OperationCanceledException && !running.Stopping.IsCancellationRequested))
        {
            return (found, e.Message.Split('\n')[0]);
        }
    }

    private Task DeliverAsync(Watch watch, Dictionary<(string Name, string ETag), Receipt> receipts, HashSet<(string Name, string ETag)> found)
    {
        var due = found.Where(b => !(receipts.TryGetValue(b, out var r) && r.Done)).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = running.Stopping };
        return Parallel.ForEachAsync(due, options, async (blob, _) => await running.RunAsync(() => DeliverAsync(watch, blob, receipts)));
    }

    private async Task DeliverAsync(Watch watch, (string Name, string ETag) blob, Dictionary<(string Name, string ETag), Receipt> receipts)
    {
        if (watch.Pattern.Match(blob.Name) is not { } bindings)
        {
            return;
        }

        var succeeded = await invoker.DeliverAsync(watch.Function, watch.Container.GetBlobClient(blob.Name), bindings);
        Receipt receipt;
        lock (receipts)
        {
            var attempts = (receipts.TryGetValue(blob, out var before) ? before.Attempts : 0) + 1;
            receipts[blob] = receipt = new Receipt(blob.Name, blob.ETag, attempts, succeeded || attempts >= MaxAttempts);
        }

        store.SaveReceipt(watch.Function.Name, receipt);
        if (!succeeded && receipt.Done)
        {
            logger.LogError("{Function} failed {Attempts} times for the blob version {ETag}; it is not delivered again", watch.Function.Name, receipt.Attempts, blob.ETag);
        }
    }

    private void Forget(Watch watch, Dictionary<(string Name, string ETag), Receipt> receipts, HashSet<(string Name, string ETag)> found)
    {
        var gone = receipts.Keys.Where(k => !found.Contains(k)).ToList();
        store.DeleteReceipts(watch.Function.Name, gone);
        gone.ForEach(k => receipts.Remove(k));
    }

    /// <summary>A blob function and the container it watches.</summary>
    internal sealed record Watch(Function Function, BlobPattern Pattern, BlobContainerClient Container);
}
