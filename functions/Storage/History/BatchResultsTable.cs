using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>What became of the batches of jobs. The first attempt to store a batch's result decides; every other answers from it.</summary>
public sealed class BatchResultsTable
{
    // A binary column holds 64 KiB, a row 1 MiB (Table service data model).
    private const int ColumnBytes = 64 * 1024;
    private const int MostColumns = 14;

    private readonly TableClient _table;

    /// <summary>The table <c>BatchResults</c>.</summary>
    public BatchResultsTable(TableServiceClient service) => _table = service.GetTableClient("BatchResults");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>A batch's result, or null.</summary>
    public async Task<BatchResult?> GetAsync(string jobId, int batch, CancellationToken cancellationToken)
        => await TableText.FindAsync(_table, TableText.Key(jobId), RowKey(batch), cancellationToken) is { } row ? Result(row) : null;

    /// <summary>Stores a batch's result; false, and nothing stored, when there is one.</summary>
    /// <exception cref="InvalidOperationException">Its conflicts do not fit in a row, which takes more problems than a batch has records.</exception>
    public Task<bool> TryCreateAsync(string jobId, BatchResult result, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableText.Key(jobId), RowKey(result.Batch)) { ["Complete"] = result.Complete };
        var packed = Pack(JsonSerializer.SerializeToUtf8Bytes(result));
        var columns = packed.Chunk(ColumnBytes).ToList();
        if (columns.Count > MostColumns) throw new InvalidOperationException($"The result of batch {result.Batch} takes {packed.Length} bytes.");
        for (var i = 0; i < columns.Count; i++) row[Column(i)] = columns[i];
        return TableText.TryInsertAsync(_table, row, cancellationToken);
    }

    /// <summary>Notes that the error rows of a batch are written as well.</summary>
    public Task CompleteAsync(string jobId, int batch, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableText.Key(jobId), RowKey(batch)) { ["Complete"] = true };
        return _table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken);
    }

    /// <summary>All results of a job in the order of the batches.</summary>
    public async IAsyncEnumerable<BatchResult> ListAsync(string jobId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableText.Range(TableText.Key(jobId), null);
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)) yield return Result(row);
    }

    private static BatchResult Result(TableEntity row)
    {
        using var packed = new MemoryStream();
        for (var i = 0; row.GetBinary(Column(i)) is { } column; i++) packed.Write(column);
        packed.Position = 0;
        using var json = new BrotliStream(packed, CompressionMode.Decompress);
        return JsonSerializer.Deserialize<BatchResult>(json)! with { Complete = row.GetBoolean("Complete")!.Value };
    }

    private static byte[] Pack(byte[] json)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest)) brotli.Write(json);
        return packed.ToArray();
    }

    private static string RowKey(int batch) => batch.ToString("d8", CultureInfo.InvariantCulture);

    private static string Column(int number) => $"Result{number}";
}
