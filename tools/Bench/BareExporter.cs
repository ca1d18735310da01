using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Bench;

/// <summary>
/// The least work that leaves the bytes of an export in a store: its load file and lists, in blocks that are put together; its texts; and a
/// server-side copy of each native. Nothing is laid out, converted, decided, checked or remembered.
/// </summary>
/// <param name="records">The SQLite file of the records.</param>
/// <param name="workspace">What was exported, all of it.</param>
/// <param name="folder">Where load files are kept that are too large for memory.</param>
internal sealed class BareExporter(string records, string workspace, string folder)
{
    // As the app: batches at once (host.json), files at once of a batch.
    private const int BlocksAtOnce = 8, FilesAtOnce = 8, BlockBytes = 4 * 1024 * 1024;

    private readonly List<(string Name, byte[] Content)> texts = [];
    private readonly List<string> lists = [];
    private readonly List<string> natives = [];

    /// <summary>Bytes of the load file and of the lists beside it.</summary>
    public long ListBytes { get; private set; }

    /// <summary>Reads what an export wrote.</summary>
    public async Task LoadAsync(LocalApp app, string job, CancellationToken cancellationToken)
    {
        var output = (await app.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/output", cancellationToken)).GetProperty("folder").GetString()!;
        var staging = Container(app.Storage, "staging");
        await foreach (var blob in Blobs.ListAsync(staging, $"{output}/", cancellationToken))
        {
            if (blob.Name.Contains("/NATIVES/", StringComparison.Ordinal)) continue;
            if (blob.Name.Contains("/TEXT/", StringComparison.Ordinal))
            {
                texts.Add((blob.Name, (await staging.GetBlobClient(blob.Name).DownloadContentAsync(cancellationToken)).Value.Content.ToArray()));
                continue;
            }
            ListBytes += blob.Bytes;
            lists.Add(Path.Combine(folder, $"{lists.Count}.list"));
            await staging.GetBlobClient(blob.Name).DownloadToAsync(lists[^1], cancellationToken);
        }
        await foreach (var item in ListAsync(cancellationToken))
            if (RecordJson.Read(item.Body.Span).Native is { } native) natives.Add(native.Blob);
    }

    /// <summary>Writes everything into a store that is as the app's was before the export.</summary>
    /// <param name="storage">The store.</param>
    /// <param name="readRecords">Read each record first: what is in the load file came from there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<BareTimes> RunAsync(Azurite storage, bool readRecords, CancellationToken cancellationToken)
    {
        var (files, staging) = (Container(storage, "files"), Container(storage, "staging"));
        var (own, emulator) = (Environment.CpuUsage.TotalTime, storage.Processor);
        var watch = Stopwatch.StartNew();
        if (readRecords) await ListAsync(cancellationToken).CountAsync(cancellationToken);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(natives.Index(), atOnce, async (native, stop) =>
        {
            var source = files.GetBlobClient(native.Item).GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1));
            await staging.GetBlobClient($"bare/NATIVES/{native.Index}").SyncCopyFromUriAsync(source, new BlobCopyFromUriOptions(), stop);
        });
        await Parallel.ForEachAsync(texts, atOnce, async (text, stop) =>
            await staging.GetBlobClient($"bare/{text.Name}").UploadAsync(new BinaryData(text.Content), stop));
        foreach (var list in lists) await WriteAsync(list, staging.GetBlockBlobClient($"bare/{Path.GetFileName(list)}"), cancellationToken);
        return new BareTimes(watch.Elapsed, Environment.CpuUsage.TotalTime - own, storage.Processor - emulator);
    }

    private static BlobContainerClient Container(Azurite storage, string name) => new BlobServiceClient(storage.ConnectionString).GetBlobContainerClient(name);

    private async IAsyncEnumerable<StoredItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var store = new SqliteRecords(records);
        await foreach (var item in FilledWorkspace.ListAsync(store, new Workspace { Id = workspace, Name = "" }, cancellationToken)) yield return item;
    }

    private static async Task WriteAsync(string list, BlockBlobClient blob, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(list);
        var length = RandomAccess.GetLength(file);
        var blocks = Enumerable.Range(0, (int)((length + BlockBytes - 1) / BlockBytes)).ToList();
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(blocks, atOnce, async (block, stop) =>
        {
            var from = (long)block * BlockBytes;
            var content = new byte[Math.Min(BlockBytes, length - from)];
            RandomAccess.Read(file, content, from);
            await blob.StageBlockAsync(Id(block), new MemoryStream(content), cancellationToken: stop);
        });
        await blob.CommitBlockListAsync(blocks.Select(Id), cancellationToken: cancellationToken);
    }

    private static string Id(int block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(block.ToString("d6", CultureInfo.InvariantCulture)));
}
