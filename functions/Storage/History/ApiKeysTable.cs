using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage;

/// <summary>What is kept of an API key: everything but the key.</summary>
public sealed record StoredApiKey
{
    /// <summary>The part of the key by which it is found; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>The name; no other key has it or ever had it, in any case of letters, so that histories name one key.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret part. The secret is random and long, so that nothing slower is needed.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Ids of the workspaces that it is for, or one <c>*</c> for all.</summary>
    public required IReadOnlyList<string> Workspaces { get; init; }

    /// <summary>Names of what it may do there.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedUtc { get; init; }

    /// <summary>From when on it lets nobody in.</summary>
    public required DateTimeOffset ExpiresUtc { get; init; }

    /// <summary>When it was revoked; null: it was not.</summary>
    public DateTimeOffset? RevokedUtc { get; init; }

    /// <summary>Who revoked it.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>The last day (UTC) on which it let somebody in; null: none.</summary>
    public DateOnly? LastUsed { get; init; }

    /// <summary>Whether it lets somebody in.</summary>
    public bool IsValid(DateTimeOffset now) => RevokedUtc is null && now < ExpiresUtc;
}

/// <summary>The API keys of the tenant. None is ever removed: a name that the history knows stays that key's.</summary>
public sealed class ApiKeysTable
{
    // One partition, so that a key and its name are written at once.
    private const string Keys = "keys", OfId = "id|", OfName = "name|", Day = "yyyy-MM-dd";

    private readonly TableClient _table;

    /// <summary>The table <c>ApiKeys</c>.</summary>
    public ApiKeysTable(TableServiceClient service) => _table = service.GetTableClient("ApiKeys");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Adds a key; false when its name is taken.</summary>
    public Task<bool> TryAddAsync(StoredApiKey key, CancellationToken cancellationToken) => TableText.TrySubmitAsync(
        _table,
        [
            new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(Keys, NameRow(key.Name)) { ["Id"] = key.Id }),
            new TableTransactionAction(TableTransactionActionType.Add, Row(key)),
        ],
        cancellationToken);

    /// <summary>The key of an id, or null.</summary>
    public async Task<StoredApiKey?> FindAsync(string id, CancellationToken cancellationToken)
        => await TableText.FindAsync(_table, Keys, OfId + TableText.Key(id), cancellationToken) is { } row ? Read(row) : null;

    /// <summary>The key of a name, in any case of letters, or null.</summary>
    public async Task<StoredApiKey?> FindByNameAsync(string name, CancellationToken cancellationToken)
        => await TableText.FindAsync(_table, Keys, NameRow(name), cancellationToken) is { } row ? await FindAsync(row.GetString("Id"), cancellationToken) : null;

    /// <summary>Every key, by name.</summary>
    public async Task<IReadOnlyList<StoredApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<StoredApiKey>();
        // The bar's successor ends the range of what begins with the word and a bar.
        await foreach (var row in _table.QueryAsync<TableEntity>(TableText.Range(Keys, OfId, "id}"), cancellationToken: cancellationToken)) keys.Add(Read(row));
        return [.. keys.OrderBy(key => Identifier.Fold(key.Name), StringComparer.Ordinal)];
    }

    /// <summary>Revokes a key; the first time counts. Can be repeated.</summary>
    /// <returns>The key as it is then; null when there is none.</returns>
    public async Task<StoredApiKey?> RevokeAsync(string id, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await TableText.FindAsync(_table, Keys, OfId + TableText.Key(id), cancellationToken) is { } row)
        {
            if (Read(row) is { RevokedUtc: not null } revoked) return revoked;
            row["RevokedUtc"] = now.ToUniversalTime();
            row["RevokedBy"] = by;
            try
            {
                await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                // It was used or revoked at the same moment.
            }
        }
        return null;
    }

    /// <summary>Notes the day on which a key was used; nothing else of the row changes.</summary>
    public Task UsedAsync(StoredApiKey key, DateOnly day, CancellationToken cancellationToken) => _table.UpdateEntityAsync(
        new TableEntity(Keys, OfId + TableText.Key(key.Id)) { ["LastUsed"] = day.ToString(Day, CultureInfo.InvariantCulture) },
        ETag.All,
        TableUpdateMode.Merge,
        cancellationToken);

    private static TableEntity Row(StoredApiKey key) => new(Keys, OfId + TableText.Key(key.Id))
    {
        ["Id"] = key.Id,
        ["Name"] = key.Name,
        ["Hash"] = key.Hash,
        ["Workspaces"] = JsonSerializer.Serialize(key.Workspaces),
        ["Actions"] = JsonSerializer.Serialize(key.Actions),
        ["CreatedBy"] = key.CreatedBy,
        ["CreatedUtc"] = key.CreatedUtc.ToUniversalTime(),
        ["ExpiresUtc"] = key.ExpiresUtc.ToUniversalTime(),
    };

    private static StoredApiKey Read(TableEntity row) => new()
    {
        Id = row.GetString("Id"),
        Name = row.GetString("Name"),
        Hash = row.GetBinary("Hash"),
        Workspaces = JsonSerializer.Deserialize<string[]>(row.GetString("Workspaces"))!,
        Actions = JsonSerializer.Deserialize<string[]>(row.GetString("Actions"))!,
        CreatedBy = row.GetString("CreatedBy"),
        CreatedUtc = row.GetDateTimeOffset("CreatedUtc")!.Value,
        ExpiresUtc = row.GetDateTimeOffset("ExpiresUtc")!.Value,
        RevokedUtc = row.GetDateTimeOffset("RevokedUtc"),
        RevokedBy = row.GetString("RevokedBy"),
        LastUsed = row.GetString("LastUsed") is { } day ? DateOnly.ParseExact(day, Day, CultureInfo.InvariantCulture) : null,
    };

    private static string NameRow(string name) => OfName + TableText.Key(Identifier.Fold(name));
}
