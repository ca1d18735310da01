using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Bench;

/// <summary>
/// The least work that leaves the same records and files in the same stores: the very bodies that the import wrote, in the order of the load
/// file, as many groups at once as the app has batches in flight; and a server-side copy of each native. Nothing is read, converted, decided,
/// checked or remembered.
/// </summary>
internal sealed class BareWriter(LocalApp app, string workspace)
{
    // As the app: batches at once (host.json), records of a group, copies at once of each batch.
    private const int AtOnce = 8;
    private const int Group = 250;
    private const int CopiesAtOnce = 16;

    private readonly List<ItemWrite> records = [];
    private readonly List<string> natives = [];
    private readonly List<string> texts = [];

    /// <summary>Reads what the import wrote, and where the files lie that it was made from.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var store = new SqliteRecords(app.Records);
        await foreach (var item in FilledWorkspace.ListAsync(store, new Workspace { Id = workspace, Name = "" }, cancellationToken))
            records.Add(new ItemWrite(WriteKind.Create, item.Key, item.Sort, item.Body));
        records.Sort((a, b) => string.CompareOrdinal(a.Sort, b.Sort));
        await foreach (var blob in Blobs.ListAsync(Staging, $"StructuredData/{workspace}/", cancellationToken))
        {
            if (blob.Name.Contains("/NATIVES/", StringComparison.Ordinal)) natives.Add(blob.Name);
            if (blob.Name.Contains("/TEXT/", StringComparison.Ordinal)) texts.Add(blob.Name);
        }
    }

    /// <summary>Writes everything once more, under other names.</summary>
    /// <param name="file">The SQLite file.</param>
    /// <param name="readTexts">Fetch each text file, too: the text in the records came from there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<BareTimes> RunAsync(string file, bool readTexts, CancellationToken cancellationToken)
    {
        await using var store = new SqliteRecords(file);
        await store.EnsureAsync(cancellationToken);
        var run = Path.GetFileNameWithoutExtension(file);
        var (own, storage) = (Environment.CpuUsage.TotalTime, app.Storage.Processor);
        var watch = Stopwatch.StartNew();
        var groups = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, (records.Count + Group - 1) / Group), groups, async (group, stop) =>
        {
            var files = new ParallelOptions { MaxDegreeOfParallelism = CopiesAtOnce, CancellationToken = stop };
            if (readTexts) await Parallel.ForEachAsync(Part(texts, group), files, ReadAsync);
            await Parallel.ForEachAsync(Part(natives, group), files, (name, cancel) => CopyAsync(name, $"{run}/{name}", cancel));
            await store.WriteAsync(Part(records, group), stop);
        });
        return new BareTimes(watch.Elapsed, Environment.CpuUsage.TotalTime - own, app.Storage.Processor - storage);
    }

    private BlobContainerClient Staging { get; } = new BlobServiceClient(app.Storage.ConnectionString).GetBlobContainerClient("staging");

    private BlobContainerClient Files { get; } = new BlobServiceClient(app.Storage.ConnectionString).GetBlobContainerClient("files");

    private static List<T> Part<T>(List<T> all, int group) => all.Count == 0 ? [] : all[(group * Group)..Math.Min(all.Count, (group + 1) * Group)];

    private async ValueTask CopyAsync(string name, string to, CancellationToken cancellationToken)
    {
        var source = Staging.GetBlobClient(name).GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1));
        await Files.GetBlobClient(to).SyncCopyFromUriAsync(source, new BlobCopyFromUriOptions(), cancellationToken);
    }

    private async ValueTask ReadAsync(string name, CancellationToken cancellationToken)
        => await Staging.GetBlobClient(name).DownloadContentAsync(cancellationToken);
}

/// <summary>What the bare writer took: by the clock, and the processor time of itself and of Azurite.</summary>
internal sealed record BareTimes(TimeSpan Elapsed, TimeSpan Own, TimeSpan Storage);
