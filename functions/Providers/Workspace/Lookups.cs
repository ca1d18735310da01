using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Finds records by the value of a lookup field: one item per value and identifier in the bucket of the value's hash. It is written before the
/// record and checked against it when read, so that a stale one does no harm (design, Data).
/// </summary>
internal sealed class Lookups(IRecords records, string workspace, int buckets, string objectType)
{
    private sealed record Entry(string Identifier);

    /// <summary>The write that makes a record findable by a value.</summary>
    public ItemWrite Item(string fieldId, string value, string identifier)
    {
        var folded = Identifier.Fold(value);
        var sort = $"{Prefix(fieldId, folded)}{Hash(Identifier.Fold(identifier))}";
        return new ItemWrite(
            WriteKind.Create, new ItemKey(Partition(folded), sort), sort,
            JsonSerializer.SerializeToUtf8Bytes(new Entry(identifier), JsonSerializerOptions.Web));
    }

    /// <summary>Under which name <see cref="Record.Link"/> is looked up: no field has such an id.</summary>
    public const string Link = "link";

    /// <summary>The records whose field has the value now, at most two: two are an ambiguity.</summary>
    public Task<IReadOnlyList<StoredItem>> FindAsync(Field field, string value, CancellationToken cancellationToken)
        => FindAsync(field.Id, value, record => record.ValueOf(field.Id) as string, 2, cancellationToken);

    /// <summary>The records that other records of their source refer to so.</summary>
    public Task<IReadOnlyList<StoredItem>> FindLinkAsync(string value, int most, CancellationToken cancellationToken)
        => FindAsync(Link, value, record => record.Link, most, cancellationToken);

    /// <summary>The records whose field has the value now.</summary>
    public Task<IReadOnlyList<StoredItem>> FindAsync(Field field, string value, int most, CancellationToken cancellationToken)
        => FindAsync(field.Id, value, record => record.ValueOf(field.Id) as string, most, cancellationToken);

    private async Task<IReadOnlyList<StoredItem>> FindAsync(
        string id, string value, Func<Record, string?> valueOf, int most, CancellationToken cancellationToken)
    {
        var folded = Identifier.Fold(value);
        var found = new List<StoredItem>();
        string? after = null;
        while (true)
        {
            var query = new ItemQuery(Partition(folded), Prefix(id, folded)) { After = after, Take = 100 };
            var entries = await records.ListAsync(query, cancellationToken);
            var keys = entries.Select(e => JsonSerializer.Deserialize<Entry>(e.Body.Span, JsonSerializerOptions.Web)!.Identifier)
                .Select(identifier => Identifier.Key(workspace, buckets, objectType, identifier)).ToList();
            foreach (var item in await records.ReadManyAsync(keys, cancellationToken))
                if (item is not null && valueOf(RecordJson.Read(item.Body.Span)) is { } current && Identifier.Fold(current) == folded) found.Add(item);
            if (found.Count >= most || entries.Count < query.Take) return found;
            after = entries[^1].Sort;
        }
    }

    /// <summary>Whether records are found by the field: also by the full name of entities, where that is not what they are stored under.</summary>
    public static bool IsUsed(ObjectType type, Field field) => field.Lookup && (field.Role != FieldRole.Identifier || type.IsEntity);

    /// <summary>The text of a record's field, null when it has none.</summary>
    public static string? Value(StoredItem item, Field field) => RecordJson.Read(item.Body.Span).ValueOf(field.Id) as string;

    private string Partition(string folded) => Identifier.Partition(workspace, Identifier.Bucket(folded, buckets));

    private string Prefix(string fieldId, string folded) => $"lookup|{Identifier.SortPrefix(objectType)}{fieldId}|{Hash(folded)}|";

    private static string Hash(string folded) => Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(folded)));
}
