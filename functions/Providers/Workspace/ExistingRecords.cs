using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>The record that a row names, or the identifiers of several; or that the identifier of the record to be made is taken.</summary>
internal readonly record struct Found(StoredItem? Item, IReadOnlyList<string>? Ambiguous = null, bool IsTaken = false);

/// <summary>Finds the records that rows name: by identifier, or by a lookup field.</summary>
internal sealed class ExistingRecords(IRecords records, Field key, BatchScope scope)
{
    /// <summary>What each row names; nothing for a row with errors.</summary>
    public async Task<Found[]> FindAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        var found = new Found[rows.Count];
        var asked = Enumerable.Range(0, rows.Count).Where(i => rows[i].Errors.Count == 0).ToList();
        if (key.Role == FieldRole.Identifier)
        {
            var keys = asked.Select(i => Identifier.Key(scope.Workspace, scope.Buckets, scope.ObjectType, rows[i].Key)).ToList();
            var items = await records.ReadManyAsync(keys, cancellationToken);
            for (var n = 0; n < asked.Count; n++) found[asked[n]] = new Found(items[n]);
            return found;
        }
        var lookups = scope.Lookups(records);
        await Parallel.ForEachAsync(
            asked, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var items = await lookups.FindAsync(key, rows[i].Key, token);
                found[i] = items.Count > 1
                    ? new Found(null, [.. items.Select(item => RecordJson.Read(item.Body.Span).Identifier)])
                    : new Found(items.Count == 1 ? items[0] : null);
            });
        var made = asked.Where(i => found[i] is { Item: null, Ambiguous: null } && rows[i].Identifier is not null).ToList();
        var taken = await records.ReadManyAsync(
            [.. made.Select(i => Identifier.Key(scope.Workspace, scope.Buckets, scope.ObjectType, rows[i].Identifier!))], cancellationToken);
        for (var n = 0; n < made.Count; n++) found[made[n]] = new Found(null, IsTaken: taken[n] is not null);
        return found;
    }
}
