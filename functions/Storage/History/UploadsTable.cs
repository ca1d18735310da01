using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace IntegrationPoints.Storage;

/// <summary>A load file that landed in the import folder of an integration point and waits for its job.</summary>
/// <param name="Workspace">The point's workspace.</param>
/// <param name="PointId">The point.</param>
/// <param name="Name">The blob's path in the staging area.</param>
/// <param name="ETag">The blob's version.</param>
/// <param name="SeenUtc">When it was seen; the order of the queue.</param>
public sealed record Upload(string Workspace, string PointId, string Name, string ETag, DateTimeOffset SeenUtc);

/// <summary>
/// The queues of integration points: which load files wait for a job. A version of a blob gets into its queue once, ever: what became of
/// it is remembered (one partition a point); beside that, one partition holds what waits.
/// </summary>
public sealed class UploadsTable
{
    // No point has this partition: those have a bar between two parts.
    private const string Waiting = "waiting";

    private readonly TableClient _table;

    /// <summary>The table <c>Uploads</c>.</summary>
    public UploadsTable(TableServiceClient service) => _table = service.GetTableClient("Uploads");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Queues a version of a blob; false when it was queued before. Can be repeated, and completes what an attempt that died left.</summary>
    public async Task<bool> TryAddAsync(Upload upload, CancellationToken cancellationToken)
    {
        var added = await TableText.TryInsertAsync(_table, Memory(upload, "Waiting", null), cancellationToken);
        if (!added && await StateAsync(upload, cancellationToken) != "Waiting") return false;
        await TableText.TryInsertAsync(_table, Entry(upload), cancellationToken);
        return added;
    }

    /// <summary>What waits for a point, in the order in which it was seen.</summary>
    public async Task<IReadOnlyList<Upload>> ListAsync(string workspace, string pointId, CancellationToken cancellationToken)
    {
        var queue = TableText.Key(workspace, pointId);
        // The bar's successor ends the range of what begins with the queue's name and a bar.
        return await ReadAsync(TableText.Range(Waiting, queue + "|", queue + "}"), cancellationToken);
    }

    /// <summary>The points for which something waits.</summary>
    public async Task<IReadOnlyList<(string Workspace, string PointId)>> PointsWithUploadsAsync(CancellationToken cancellationToken)
        => [.. (await ReadAsync(TableText.Range(Waiting, null), cancellationToken)).Select(upload => (upload.Workspace, upload.PointId)).Distinct()];

    /// <summary>Takes an upload out of the queue because a job has it. Can be repeated.</summary>
    public Task StartedAsync(Upload upload, string jobId, CancellationToken cancellationToken)
        => EndAsync(Memory(upload, "Started", jobId), upload, cancellationToken);

    /// <summary>Takes an upload out of the queue unused: its blob was replaced or deleted, or its point is gone. Can be repeated.</summary>
    public Task RemoveAsync(Upload upload, CancellationToken cancellationToken)
        => EndAsync(Memory(upload, "Removed", null), upload, cancellationToken);

    // The memory first: an entry that a dying process leaves is offered again, and its job is the same job.
    private async Task EndAsync(TableEntity memory, Upload upload, CancellationToken cancellationToken)
    {
        await _table.UpsertEntityAsync(memory, TableUpdateMode.Replace, cancellationToken);
        await _table.DeleteEntityAsync(Waiting, Entry(upload).RowKey, ETag.All, cancellationToken);
    }

    private async Task<string?> StateAsync(Upload upload, CancellationToken cancellationToken)
    {
        var key = Memory(upload, "", null);
        return (await TableText.FindAsync(_table, key.PartitionKey, key.RowKey, cancellationToken))?.GetString("State");
    }

    private async Task<IReadOnlyList<Upload>> ReadAsync(string filter, CancellationToken cancellationToken)
    {
        var uploads = new List<Upload>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)) uploads.Add(Read(row));
        return [.. uploads.OrderBy(upload => upload.SeenUtc).ThenBy(upload => upload.Name, StringComparer.Ordinal)];
    }

    private static TableEntity Entry(Upload upload) => new(Waiting, $"{TableText.Key(upload.Workspace, upload.PointId)}|{Version(upload)}")
    {
        ["Workspace"] = upload.Workspace,
        ["PointId"] = upload.PointId,
        ["Name"] = upload.Name,
        ["BlobETag"] = upload.ETag,
        ["SeenUtc"] = upload.SeenUtc.ToUniversalTime(),
    };

    private static TableEntity Memory(Upload upload, string state, string? jobId) => new(TableText.Key(upload.Workspace, upload.PointId), Version(upload))
    {
        ["Name"] = upload.Name,
        ["BlobETag"] = upload.ETag,
        ["State"] = state,
        ["JobId"] = jobId,
    };

    private static Upload Read(TableEntity row) => new(
        row.GetString("Workspace"),
        row.GetString("PointId"),
        row.GetString("Name"),
        row.GetString("BlobETag"),
        row.GetDateTimeOffset("SeenUtc")!.Value);

    // Names are longer than keys may be.
    private static string Version(Upload upload)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{upload.Name}\n{upload.ETag}")));
}
