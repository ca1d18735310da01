using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Azure.Data.Tables;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>An entry of a list of errors.</summary>
/// <param name="Row">Its place in the list.</param>
/// <param name="PointId">The integration point.</param>
/// <param name="JobId">The job whose errors stand here; null: it is one error that no job carries.</param>
/// <param name="Error">That error.</param>
internal sealed record ErrorEntry(string Row, string PointId, string? JobId, JobErrorRow? Error);

/// <summary>
/// The errors of an integration point and of a workspace, newest first: an entry for every job that has errors, written before them, and one for
/// every error that no job carries. Jobs without errors have none and cost a listing nothing. One partition a workspace, and one a point.
/// </summary>
internal sealed class ErrorEntries(TableServiceClient service)
{
    private readonly TableClient _table = service.GetTableClient("ErrorEntries");

    // The job that was entered last: its other batches need not enter it again.
    private volatile string? _entered;

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Enters a job in both lists. Can be repeated, and completes what an attempt that died left.</summary>
    public async Task EnterAsync(Job job, CancellationToken cancellationToken)
    {
        if (_entered == job.Id) return;
        var row = JobHistoryTable.RowKey(job.StartedUtc, job.Id);
        foreach (var partition in Partitions(job.Point.Workspace, job.Point.Id))
        {
            var entry = new TableEntity(partition, row) { ["JobId"] = job.Id, ["PointId"] = job.Point.Id };
            await TableText.TryInsertAsync(_table, entry, cancellationToken);
        }
        _entered = job.Id;
    }

    /// <summary>Enters an error that no job carries; one of the same instant and code stays as it is. Can be repeated.</summary>
    public async Task AddAsync(
        string workspace, string pointId, Problem problem, DateTimeOffset timestamp, DateTimeOffset createdUtc, CancellationToken cancellationToken)
    {
        // No job's id is escaped like that, so that the entry is never taken for a job's.
        var row = string.Create(
            CultureInfo.InvariantCulture,
            $"{JobHistoryTable.NewestFirst(timestamp)}-~.{XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(problem.Code)):x8}-{TableText.Key(pointId)}");
        foreach (var partition in Partitions(workspace, pointId))
        {
            var entry = ErrorColumns.Row(partition, row, problem, timestamp);
            (entry["PointId"], entry["CreatedUtc"]) = (pointId, createdUtc);
            await TableText.TryInsertAsync(_table, entry, cancellationToken);
        }
    }

    /// <summary>The entries of an integration point, or of the whole workspace, from one place on.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="pointId">The integration point; null: all of them.</param>
    /// <param name="from">The first place; null: the newest.</param>
    /// <param name="pageSize">How many to read at a time.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<ErrorEntry> ListAsync(
        string workspace, string? pointId, string? from, int pageSize, CancellationToken cancellationToken)
    {
        var partition = pointId is null ? TableText.Key(workspace) : TableText.Key(workspace, pointId);
        var filter = TableText.Range(partition, null) + (from is null ? "" : $" and {TableClient.CreateQueryFilter($"RowKey ge {from}")}");
        return _table.QueryAsync<TableEntity>(filter, pageSize, cancellationToken: cancellationToken).Select(row => Entry(workspace, row));
    }

    // Its name follows from its place in the point's list, whichever list it is read from.
    private static ErrorEntry Entry(string workspace, TableEntity row)
    {
        var point = row.GetString("PointId");
        return row.GetString("JobId") is { } job
            ? new ErrorEntry(row.RowKey, point, job, null)
            : new ErrorEntry(row.RowKey, point, null, ErrorColumns.Error(row, "ERR", TableText.Key(workspace, point)));
    }

    private static string[] Partitions(string workspace, string pointId) => [TableText.Key(workspace), TableText.Key(workspace, pointId)];
}
