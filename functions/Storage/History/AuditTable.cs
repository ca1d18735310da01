using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace IntegrationPoints.Storage;

/// <summary>Which part of the audit to read.</summary>
/// <param name="PageSize">1 to 1,000.</param>
/// <param name="After">Behind which row to go on; null: from the beginning.</param>
public sealed record AuditQuery(int PageSize, string? After = null)
{
    /// <summary>The first instant; null: from the beginning of time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant that is too late; null: until now.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Which entries are wanted; null: all.</summary>
    public Func<AuditEntry, bool>? Where { get; init; }

    /// <summary>How many entries are looked at, at most, to fill a part of a filtered list.</summary>
    public int MostScanned { get; init; } = 10_000;
}

/// <summary>A part of the audit, newest first.</summary>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="Last">Behind which row to go on; null: there is no more.</param>
/// <param name="Scanned">How many entries were looked at.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? Last, int Scanned);

/// <summary>
/// The audit: the table <c>Audit</c>, to which entries are added and nothing else, newest first; each entry stands among those of its workspace
/// and among those of the tenant, which are all of them. What is being done right now stands in <c>AuditOpen</c> until its entry is written, so
/// that a crash cannot keep it out of the audit.
/// </summary>
public sealed class AuditTable(TableServiceClient service)
{
    /// <summary>The partition of all entries. No workspace has this id: ids of workspaces end with a random part.</summary>
    public const string Tenant = "tenant";

    // 32 K characters a column (Table service data model).
    private const int LongestText = 32_000;

    private const string Open = "open";

    private readonly TableClient _entries = service.GetTableClient("Audit");
    private readonly TableClient _open = service.GetTableClient("AuditOpen");

    /// <summary>Makes the tables.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await _entries.CreateIfNotExistsAsync(cancellationToken);
        await _open.CreateIfNotExistsAsync(cancellationToken);
    }

    /// <summary>Adds an entry. May be repeated: what is there stays as it is.</summary>
    public async Task AddAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var key = JobHistoryTable.RowKey(entry.TimeUtc, entry.Id);
        // The tenant's list last: what stands there stands in the workspace's too.
        if (entry.Workspace is { } workspace) await TableText.TryInsertAsync(_entries, Row(TableText.Key(workspace), key, entry), cancellationToken);
        await TableText.TryInsertAsync(_entries, Row(Tenant, key, entry), cancellationToken);
    }

    /// <summary>Notes that something is about to be done.</summary>
    public Task OpenAsync(AuditEntry entry, CancellationToken cancellationToken)
        => TableText.TryInsertAsync(_open, Row(Open, TableText.Key(entry.Id), entry), cancellationToken);

    /// <summary>Forgets that something was about to be done: its entry is there, or nothing was done.</summary>
    public Task CloseAsync(AuditEntry entry, CancellationToken cancellationToken)
        => _open.DeleteEntityAsync(Open, TableText.Key(entry.Id), ETag.All, cancellationToken);

    /// <summary>What was about to be done before an instant, and whose entry is not written.</summary>
    public async Task<IReadOnlyList<AuditEntry>> LeftOpenAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var left = new List<AuditEntry>();
        await foreach (var row in _open.QueryAsync<TableEntity>(TableText.Range(Open, null), cancellationToken: cancellationToken))
            if (Entry(row) is var entry && entry.TimeUtc < before) left.Add(entry);
        return left;
    }

    /// <summary>Entries of a workspace, or of the tenant, newest first.</summary>
    /// <param name="workspace">The workspace's id; null: all of the tenant.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<AuditPage> ListAsync(string? workspace, AuditQuery query, CancellationToken cancellationToken)
    {
        // Later instants have smaller keys; a key goes on behind its instant.
        var from = query.Before is { } before ? $"{JobHistoryTable.NewestFirst(before)}-~" : null;
        var after = query.After is not null && string.CompareOrdinal(query.After, from) > 0 ? query.After : from;
        var end = query.From is { } first ? $"{JobHistoryTable.NewestFirst(first)}-~" : null;
        var filter = TableText.Range(workspace is null ? Tenant : TableText.Key(workspace), after, end);
        var (items, scanned, last) = (new List<AuditEntry>(), 0, "");
        await foreach (var row in _entries.QueryAsync<TableEntity>(filter, Math.Min(query.Where is null ? query.PageSize + 1 : 1000, 1000), cancellationToken: cancellationToken))
        {
            if (items.Count == query.PageSize || (query.Where is not null && scanned == query.MostScanned)) return new AuditPage(items, last, scanned);
            (scanned, last) = (scanned + 1, row.RowKey);
            if (Entry(row) is var entry && query.Where?.Invoke(entry) != false) items.Add(entry);
        }
        return new AuditPage(items, null, scanned);
    }

    // Who looks at the table itself finds the columns that one asks for; the entry is read from one.
    private static TableEntity Row(string partition, string key, AuditEntry entry) => new(partition, key)
    {
        ["Who"] = TableText.Column(entry.Who, 1000),
        ["Action"] = entry.Action,
        ["Outcome"] = entry.Outcome.ToString(),
        ["TimeUtc"] = entry.TimeUtc,
        ["Entry"] = JsonSerializer.Serialize(entry with { Before = null, After = null }),
        ["Before"] = Whole(entry.Before),
        ["After"] = Whole(entry.After),
    };

    private static AuditEntry Entry(TableEntity row)
        => JsonSerializer.Deserialize<AuditEntry>(row.GetString("Entry"))! with { Before = row.GetString("Before"), After = row.GetString("After") };

    // The caller shortens what is long, so that it stays a document.
    private static string? Whole(string? json) => json is null || json.Length <= LongestText
        ? json
        : throw new ArgumentException($"A document of the audit has at most {LongestText} characters; this one has {json.Length}.", nameof(json));
}
