using System.Globalization;
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

/// <summary>
/// When integration points run by themselves next. A point has two rows: its entry, and its place in the order of time, which is all that the tick
/// reads. Both are in one partition, so that one transaction changes them and they never contradict each other.
/// </summary>
public sealed class SchedulesTable
{
    private const string Partition = "schedules", Places = "due|", Entries = "point|";

    // Attempts of somebody whose word counts whatever others write at the same time.
    private const int MostAttempts = 100;

    private readonly TableClient _table;

    /// <summary>The table <c>Schedules</c>.</summary>
    public SchedulesTable(TableServiceClient service) => _table = service.GetTableClient("Schedules");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Sets when a point runs next, whatever was set, and forgets the failures that were counted; null: never.</summary>
    public async Task SetAsync(string workspace, string pointId, DateTimeOffset? nextRunUtc, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var old = await FindAsync(workspace, pointId, cancellationToken);
            if (old is null && nextRunUtc is null) return;
            var next = nextRunUtc is { } due ? new DueSchedule(workspace, pointId, due, "") : null;
            if (await TryChangeAsync(old, next, cancellationToken)) return;
        }
        throw new InvalidOperationException($"The schedule of point {pointId} changed {MostAttempts} times while it was set.");
    }

    /// <summary>When a point runs next, and how its last runs ended; null: it does not run by itself.</summary>
    public async Task<DueSchedule?> FindAsync(string workspace, string pointId, CancellationToken cancellationToken)
        => await TableText.FindAsync(_table, Partition, Entry(workspace, pointId), cancellationToken) is { } found ? Schedule(found) : null;

    /// <summary>
    /// Moves a schedule on after its job was started; null: it has ended. False when somebody changed it meanwhile, and then theirs holds.
    /// </summary>
    public Task<bool> TryAdvanceAsync(DueSchedule due, DateTimeOffset? nextRunUtc, CancellationToken cancellationToken)
        => TryChangeAsync(due, nextRunUtc is { } next ? due with { NextRunUtc = next } : null, cancellationToken);

    /// <summary>
    /// Counts how a scheduled run ended: one more failure in a row, or none any more. A run is counted once, however often this is called, and
    /// not after a later one.
    /// </summary>
    public async Task CountAsync(string workspace, string pointId, DateTimeOffset startedUtc, bool failed, CancellationToken cancellationToken)
    {
        while (await FindAsync(workspace, pointId, cancellationToken) is { } entry)
        {
            if (entry.CountedUtc >= startedUtc) return;
            var counted = entry with { Failures = failed ? entry.Failures + 1 : 0, CountedUtc = startedUtc };
            if (await TryChangeAsync(entry, counted, cancellationToken)) return;
        }
    }

    /// <summary>Forgets the failures that were counted; when the point runs next stays.</summary>
    public async Task ForgetFailuresAsync(string workspace, string pointId, CancellationToken cancellationToken)
    {
        while (await FindAsync(workspace, pointId, cancellationToken) is { Failures: > 0 } entry)
            if (await TryChangeAsync(entry, entry with { Failures = 0 }, cancellationToken)) return;
    }

    /// <summary>The schedules that are due at <paramref name="now"/>, the longest due first: one range of keys, and the entry of each.</summary>
    public async Task<IReadOnlyList<DueSchedule>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var places = TableText.Range(Partition, Places, $"{Places}{Ticks(now.AddTicks(1))}");
        var due = new List<DueSchedule>();
        await foreach (var place in _table.QueryAsync<TableEntity>(places, cancellationToken: cancellationToken))
        {
            // Somebody may have moved it on since its place was read.
            if (await FindAsync(place.GetString("Workspace"), place.GetString("PointId"), cancellationToken) is { } entry && entry.NextRunUtc <= now) due.Add(entry);
        }
        return due;
    }

    // From one state, which still has to hold, to another; null: no entry.
    private Task<bool> TryChangeAsync(DueSchedule? old, DueSchedule? next, CancellationToken cancellationToken)
    {
        var actions = new List<TableTransactionAction>();
        if (old is null) actions.Add(new(TableTransactionActionType.Add, Row(next!)));
        else if (next is null) actions.Add(new(TableTransactionActionType.Delete, Row(old), new ETag(old.ETag)));
        else actions.Add(new(TableTransactionActionType.UpdateReplace, Row(next), new ETag(old.ETag)));
        if (old?.NextRunUtc.UtcTicks != next?.NextRunUtc.UtcTicks)
        {
            if (old is not null) actions.Add(new(TableTransactionActionType.Delete, Place(old), ETag.All));
            if (next is not null) actions.Add(new(TableTransactionActionType.Add, Place(next)));
        }
        return TableText.TrySubmitAsync(_table, actions, cancellationToken);
    }

    private static TableEntity Row(DueSchedule schedule) => new(Partition, Entry(schedule.Workspace, schedule.PointId))
    {
        ["Workspace"] = schedule.Workspace,
        ["PointId"] = schedule.PointId,
        ["NextRunUtc"] = schedule.NextRunUtc.ToUniversalTime(),
        ["Failures"] = schedule.Failures,
        ["CountedUtc"] = schedule.CountedUtc?.ToUniversalTime(),
    };

    private static TableEntity Place(DueSchedule schedule)
        => new(Partition, $"{Places}{Ticks(schedule.NextRunUtc)}|{TableText.Key(schedule.Workspace, schedule.PointId)}")
        {
            ["Workspace"] = schedule.Workspace,
            ["PointId"] = schedule.PointId,
        };

    private static string Entry(string workspace, string pointId) => $"{Entries}{TableText.Key(workspace, pointId)}";

    private static string Ticks(DateTimeOffset instant) => string.Create(CultureInfo.InvariantCulture, $"{instant.UtcTicks:d19}");

    private static DueSchedule Schedule(TableEntity row)
        => new(row.GetString("Workspace"), row.GetString("PointId"), row.GetDateTimeOffset("NextRunUtc")!.Value, row.ETag.ToString(), row.GetInt32("Failures") ?? 0)
        {
            CountedUtc = row.GetDateTimeOffset("CountedUtc"),
        };
}
