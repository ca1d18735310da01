using Azure;
using Azure.Data.Tables;

namespace IntegrationPoints.Storage;

/// <summary>When an integration point runs next.</summary>
/// <param name="Workspace">The point's workspace.</param>
/// <param name="PointId">The point.</param>
/// <param name="NextRunUtc">When it is due.</param>
/// <param name="ETag">Version of the entry.</param>
public sealed record DueSchedule(string Workspace, string PointId, DateTimeOffset NextRunUtc, string ETag);

/// <summary>When integration points run by themselves next; one partition, which the tick asks.</summary>
public sealed class SchedulesTable
{
    private const string Partition = "schedules";

    private readonly TableClient _table;

    /// <summary>The table <c>Schedules</c>.</summary>
    public SchedulesTable(TableServiceClient service) => _table = service.GetTableClient("Schedules");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Sets when a point runs next, whatever was set; null: never.</summary>
    public async Task SetAsync(string workspace, string pointId, DateTimeOffset? nextRunUtc, CancellationToken cancellationToken)
    {
        var row = Row(workspace, pointId, nextRunUtc);
        if (nextRunUtc is null) await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        else await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>When a point runs next; null: never.</summary>
    public async Task<DateTimeOffset?> NextAsync(string workspace, string pointId, CancellationToken cancellationToken)
    {
        var row = Row(workspace, pointId, null);
        return (await TableText.FindAsync(_table, row.PartitionKey, row.RowKey, cancellationToken))?.GetDateTimeOffset("NextRunUtc");
    }

    /// <summary>
    /// Moves a schedule on after its job was started; null: it has ended. False when somebody changed it meanwhile, and then theirs holds.
    /// </summary>
    public async Task<bool> TryAdvanceAsync(DueSchedule due, DateTimeOffset? nextRunUtc, CancellationToken cancellationToken)
    {
        var row = Row(due.Workspace, due.PointId, nextRunUtc);
        row.ETag = new ETag(due.ETag);
        if (nextRunUtc is null) return await TableText.TryDeleteAsync(_table, row, cancellationToken);
        try
        {
            await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>The schedules that are due at <paramref name="now"/>, the longest due first.</summary>
    public async Task<IReadOnlyList<DueSchedule>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and NextRunUtc le {now.ToUniversalTime()}");
        var due = new List<DueSchedule>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)) due.Add(Schedule(row));
        return [.. due.OrderBy(schedule => schedule.NextRunUtc)];
    }

    private static TableEntity Row(string workspace, string pointId, DateTimeOffset? next) => new(Partition, TableText.Key(workspace, pointId))
    {
        ["Workspace"] = workspace,
        ["PointId"] = pointId,
        ["NextRunUtc"] = next?.ToUniversalTime(),
    };

    private static DueSchedule Schedule(TableEntity row)
        => new(row.GetString("Workspace"), row.GetString("PointId"), row.GetDateTimeOffset("NextRunUtc")!.Value, row.ETag.ToString());
}
