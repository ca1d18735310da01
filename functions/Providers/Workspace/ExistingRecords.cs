using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>The record that a row names, or the identifiers of several; or that the identifier of the record to be made is taken.</summary>
internal readonly record struct Found(StoredItem? Item, IReadOnlyList<string>? Ambiguous = null, bool IsTaken = false);

/// <summary>Finds the records that rows name: by identifier, by a lookup field, or entities by their full name.</summary>
internal sealed class ExistingRecords(IRecords records, ResolvedMapping mapping, IReadOnlyList<Field> fields, BatchScope scope)
{
    private readonly Field key = mapping.Key.Field;
    private readonly bool isIdentifier = mapping.Key == mapping.Identifier;

    // Entities that are stored under a unique identifier of their own are found by their full name only so.
    private readonly Field? name = mapping.Name is { } named && named.Field.Id == mapping.Key.Field.Id ? fields.FirstOrDefault(f => f.Id == named.Field.Id && f.Lookup) : null;

    /// <summary>What each row names; nothing for a row with errors.</summary>
    public async Task<Found[]> FindAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        var found = new Found[rows.Count];
        var asked = Enumerable.Range(0, rows.Count).Where(i => rows[i].Errors.Count == 0).ToList();
        if (isIdentifier || key.Role == FieldRole.Identifier)
        {
            var items = await records.ReadManyAsync([.. asked.Select(i => Key(rows[i].Key))], cancellationToken);
            for (var n = 0; n < asked.Count; n++) found[asked[n]] = new Found(items[n]);
            if (name is not null) await FindByAsync(name, rows, [.. asked.Where(i => found[i].Item is null)], found, cancellationToken);
        }
        else
        {
            await FindByAsync(key, rows, asked, found, cancellationToken);
        }
        if (isIdentifier) return found;
        var made = asked.Where(i => found[i] is { Item: null, Ambiguous: null } && rows[i].Identifier is not null).ToList();
        var taken = await records.ReadManyAsync([.. made.Select(i => Key(rows[i].Identifier!))], cancellationToken);
        for (var n = 0; n < made.Count; n++) found[made[n]] = new Found(null, IsTaken: taken[n] is not null);
        return found;
    }

    private async Task FindByAsync(Field field, IReadOnlyList<Row> rows, List<int> asked, Found[] found, CancellationToken cancellationToken)
    {
        var lookups = scope.Lookups(records);
        await Parallel.ForEachAsync(
            asked, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var items = await lookups.FindAsync(field, rows[i].Key, token);
                found[i] = items.Count > 1
                    ? new Found(null, [.. items.Select(item => RecordJson.Read(item.Body.Span).Identifier)])
                    : new Found(items.Count == 1 ? items[0] : null);
            });
    }

    private ItemKey Key(string identifier) => Identifier.Key(scope.Workspace, scope.Buckets, scope.ObjectType, identifier);
}
