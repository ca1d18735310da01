using Azure;
using Azure.Data.Tables;

namespace IntegrationPoints.Storage;

/// <summary>When an integration point runs next.</summary>
/// <param name="Workspace">The point's workspace.</param>
/// <param name="PointId">The point.</param>
/// <param name="NextRunUtc">When it is due.</param>
/// <param name="ETag">Version of the entry.</param>
/// <param name="Failures">How many scheduled runs have failed in a row.</param>
public sealed record DueSchedule(string Workspace, string PointId, DateTimeOffset NextRunUtc, string ETag, int Failures = 0)
{
    /// <summary>The start of the scheduled run that was counted last; null: none was.</summary>
    public DateTimeOffset? CountedUtc { get; init; }
}

/// <summary>When integration points run by themselves next; one partition, which the tick asks.</summary>
public sealed class SchedulesTable
{
    private const string Partition = "schedules";

    private readonly TableClient _table;

    /// <summary>The table <c>Schedules</c>.</summary>
    public SchedulesTable(TableServiceClient service) => _table = service.GetTableClient("Schedules");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Sets when a point runs next, whatever was set, and forgets the failures that were counted; null: never.</summary>
    public async Task SetAsync(string workspace, string pointId, DateTimeOffset? nextRunUtc, CancellationToken cancellationToken)
    {
        var row = Row(workspace, pointId, nextRunUtc);
        if (nextRunUtc is null) await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        else await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>When a point runs next, and how its last runs ended; null: it does not run by itself.</summary>
    public async Task<DueSchedule?> FindAsync(string workspace, string pointId, CancellationToken cancellationToken)
    {
        var row = Row(workspace, pointId, null);
        return await TableText.FindAsync(_table, row.PartitionKey, row.RowKey, cancellationToken) is { } found ? Schedule(found) : null;
    }

    /// <summary>
    /// Moves a schedule on after its job was started; null: it has ended. False when somebody changed it meanwhile, and then theirs holds.
    /// </summary>
    public async Task<bool> TryAdvanceAsync(DueSchedule due, DateTimeOffset? nextRunUtc, CancellationToken cancellationToken)
    {
        var row = Row(due.Workspace, due.PointId, nextRunUtc, due.Failures, due.CountedUtc);
        row.ETag = new ETag(due.ETag);
        return nextRunUtc is null ? await TableText.TryDeleteAsync(_table, row, cancellationToken) : await TryUpdateAsync(row, cancellationToken);
    }

    /// <summary>
    /// Counts how a scheduled run ended: one more failure in a row, or none any more. A run is counted once, however often this is called, and
    /// not after a later one.
    /// </summary>
    public async Task CountAsync(string workspace, string pointId, DateTimeOffset startedUtc, bool failed, CancellationToken cancellationToken)
    {
        var key = Row(workspace, pointId, null);
        while (await TableText.FindAsync(_table, key.PartitionKey, key.RowKey, cancellationToken) is { } row)
        {
            if (row.GetDateTimeOffset("CountedUtc") >= startedUtc) return;
            row["Failures"] = failed ? (row.GetInt32("Failures") ?? 0) + 1 : 0;
            row["CountedUtc"] = startedUtc;
            if (await TryUpdateAsync(row, cancellationToken)) return;
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

    private async Task<bool> TryUpdateAsync(TableEntity row, CancellationToken cancellationToken)
    {
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

    private static TableEntity Row(string workspace, string pointId, DateTimeOffset? next, int failures = 0, DateTimeOffset? countedUtc = null)
        => new(Partition, TableText.Key(workspace, pointId))
        {
            ["Workspace"] = workspace,
            ["PointId"] = pointId,
            ["NextRunUtc"] = next?.ToUniversalTime(),
            ["Failures"] = failures,
            ["CountedUtc"] = countedUtc?.ToUniversalTime(),
        };

    private static DueSchedule Schedule(TableEntity row)
        => new(row.GetString("Workspace"), row.GetString("PointId"), row.GetDateTimeOffset("NextRunUtc")!.Value, row.ETag.ToString(), row.GetInt32("Failures") ?? 0)
        {
            CountedUtc = row.GetDateTimeOffset("CountedUtc"),
        };
}
