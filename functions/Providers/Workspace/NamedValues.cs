using System.Collections.Concurrent;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Holds the names that rows use against the workspace: users must be there, and so must objects and choices where the integration point does not
/// let the import make them.
/// </summary>
internal sealed class NamedValues
{
    private readonly Dictionary<string, string> users;
    private readonly Dictionary<string, string> columns;
    private readonly Dictionary<string, AssociatedObjects> required = [];
    private readonly Dictionary<string, AssociatedObjects> named = [];
    private readonly ConcurrentDictionary<UsedObject, bool> there = new();
    private readonly bool checksChoices;
    private readonly bool hasUsers;
    private readonly IRecords records;
    private readonly BatchScope scope;

    public NamedValues(Job job, PreparedJob prepared, ResolvedMapping mapping, IRecords records, BatchScope scope)
    {
        (this.records, this.scope) = (records, scope);
        users = prepared.Users.DistinctBy(Identifier.Fold).ToDictionary(Identifier.Fold);
        columns = mapping.Fields.ToDictionary(m => m.Field.Id, m => m.ColumnName);
        hasUsers = mapping.Fields.Any(m => m.Field.Type == FieldType.User);
        checksChoices = !job.Point.Import.CreateChoices && mapping.Fields.Any(m => m.Field.Type is FieldType.SingleChoice or FieldType.MultipleChoice);
        foreach (var (field, objects) in prepared.Associated)
        {
            if (!objects.CanCreate) required.Add(field, objects);
            if (objects.Name is not null) named.Add(field, objects);
        }
    }

    /// <summary>Whether there is such an object under a unique identifier of its own, as far as rows were checked.</summary>
    public bool IsThere(UsedObject used) => there.GetValueOrDefault(Folded(used));

    /// <summary>Adds the errors of rows that name what is not there, and spells users as the workspace does.</summary>
    public async Task CheckAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        if (named.Count > 0) await FindNamedAsync(rows, cancellationToken);
        if (!hasUsers && !checksChoices && required.Count == 0) return;
        var used = rows.Where(row => row.Errors.Count == 0).SelectMany(row => row.Values).SelectMany(Keys).Distinct().ToList();
        var found = await records.ReadManyAsync(used, cancellationToken);
        var missing = used.Where((_, i) => found[i] is null).ToHashSet();
        foreach (var row in rows.Where(row => row.Errors.Count == 0))
        {
            for (var i = 0; i < row.Values.Count; i++)
            {
                if (row.Values[i] is { Field.Type: FieldType.User, Value: string email }) row.Values[i] = User(row, row.Values[i], email);
                else if (missing.Count > 0 && MissingName(row.Values[i], missing) is { } name) AddMissing(row, row.Values[i].Field, name);
            }
        }
    }

    // Those that another import stored under a unique identifier, so that nothing is stored under the name.
    private async Task FindNamedAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        var asked = new Dictionary<UsedObject, Field>();
        foreach (var value in rows.Where(row => row.Errors.Count == 0).SelectMany(row => row.Values))
        {
            if (!named.TryGetValue(value.Field.Id, out var objects)) continue;
            IReadOnlyList<string> names = value.Value switch { string one => [one], string[] many => many, _ => [] };
            foreach (var used in names.Select(name => Folded(new UsedObject(objects.ObjectType, name))).Where(used => !there.ContainsKey(used)))
                asked[used] = objects.Name!;
        }
        await Parallel.ForEachAsync(
            asked, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (o, token) => there[o.Key] = (await new Lookups(records, scope.Workspace, scope.Buckets, o.Key.ObjectType).FindAsync(o.Value, o.Key.Name, 1, token)).Count > 0);
    }

    private static UsedObject Folded(UsedObject used) => used with { Name = Identifier.Fold(used.Name) };

    private IEnumerable<ItemKey> Keys(NewValue value) => Names(value).Select(name => Key(value.Field, name));

    private string? MissingName(NewValue value, HashSet<ItemKey> missing) => Names(value).FirstOrDefault(name => missing.Contains(Key(value.Field, name))
        && !(named.TryGetValue(value.Field.Id, out var objects) && IsThere(new UsedObject(objects.ObjectType, name))));

    // Only what must be there already.
    private IReadOnlyList<string> Names(NewValue value)
    {
        var isAsked = value.Field.Type is FieldType.SingleChoice or FieldType.MultipleChoice ? checksChoices : required.ContainsKey(value.Field.Id);
        return !isAsked ? [] : value.Value switch { string one => [one], string[] many => many, _ => [] };
    }

    private ItemKey Key(Field field, string name) => required.TryGetValue(field.Id, out var objects)
        ? Identifier.Key(scope.Workspace, scope.Buckets, objects.ObjectType, name)
        : UsedNames.ChoiceKey(scope.Workspace, new UsedChoice(field.Id, name));

    private NewValue User(Row row, NewValue value, string email)
    {
        if (users.TryGetValue(Identifier.Fold(email), out var spelled)) return value with { Value = spelled };
        Add(row, value.Field, "user-not-found",
            $"The workspace has no user with the address {Words.Quote(email)}. Add the user to the workspace, or correct the address.");
        return value;
    }

    private void AddMissing(Row row, Field field, string name)
    {
        if (required.TryGetValue(field.Id, out var objects))
        {
            var why = objects.IsWithheld
                ? $"whoever started the job may not make one. Missing: {objects.ObjectType}: Add. Have that granted, import it first"
                : "the import may not make one of its name alone. Import it first";
            Add(row, field, "object-not-found", $"There is no {Words.Quote(objects.ObjectType)} named {Words.Quote(name)}, and {why}, or correct the name.");
            return;
        }
        Add(row, field, "choice-not-found",
            $"The field has no choice {Words.Quote(name)}, and the integration point does not let the import make choices. Correct the value, or allow new choices.");
    }

    private void Add(Row row, Field field, string code, string reason)
        => row.Errors.Add(Problem.Item(scope.File, code, row.Source.Line, row.SourceId, columns.GetValueOrDefault(field.Id, field.Name), reason));
}
