using System.Globalization;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Searches;

/// <summary>A condition in the form that stores answer, or everything that is wrong with it.</summary>
/// <param name="Query">Null when there are problems.</param>
/// <param name="Problems">Each with the member of the condition concerned as its field, such as <c>condition.and[1].value</c>.</param>
public sealed record ResolvedQuery(RecordQuery? Query, IReadOnlyList<Problem> Problems);

/// <summary>Finds the fields that a condition names and reads its values as those of the fields' types.</summary>
public sealed class ConditionResolver
{
    private readonly ObjectType type;
    private readonly Dictionary<string, Field> fields;
    private readonly List<Problem> problems = [];
    private int comparisons;

    private ConditionResolver(ObjectType type, IReadOnlyList<Field> fields)
    {
        this.type = type;
        this.fields = fields.DistinctBy(f => f.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What a condition means for the records of an object type; all that is wrong with it is found at once.</summary>
    /// <param name="condition">The condition; null: all records.</param>
    /// <param name="type">The object type.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="path">Where the condition stands in what the user sent.</param>
    public static ResolvedQuery Resolve(Condition? condition, ObjectType type, IReadOnlyList<Field> fields, string path = "condition")
    {
        var resolver = new ConditionResolver(type, fields);
        var resolved = condition is null ? new AllOf([]) : resolver.Resolve(condition, path, 1);
        return new(resolver.problems.Count == 0 ? new RecordQuery(type.Name, resolved!) : null, resolver.problems);
    }

    private RecordCondition? Resolve(Condition condition, string path, int depth)
    {
        if (depth > ConditionLimits.Depth)
            return Wrong(path, "condition-too-deep", $"and, or and not are nested more than {ConditionLimits.Depth} deep. Write the condition with fewer levels.");
        if (++comparisons > ConditionLimits.Comparisons) return TooLarge(path);
        var kinds = (condition.And is null ? 0 : 1) + (condition.Or is null ? 0 : 1) + (condition.Not is null ? 0 : 1) + (IsComparison(condition) ? 1 : 0);
        if (kinds != 1)
            return Wrong(path, "condition-invalid", "Expected one of and, or, not, or a comparison: a field, an op and its value. Split it, or leave the rest out.");
        if (condition.And is { } all) return Parts(all, $"{path}.and", depth) is { } parts ? new AllOf(parts) : null;
        if (condition.Or is { } any) return Parts(any, $"{path}.or", depth) is { } parts ? new AnyOf(parts) : null;
        if (condition.Not is { } not) return Resolve(not, $"{path}.not", depth + 1) is { } part ? new NotOf(part) : null;
        return Comparison(condition, path);
    }

    private static bool IsComparison(Condition condition)
        => condition.Field is not null || condition.Op is not null || condition.Value is not null || condition.Values is not null || condition.Subfolders is not null;

    private List<RecordCondition>? Parts(IReadOnlyList<Condition> conditions, string path, int depth)
    {
        var parts = new List<RecordCondition>(Math.Min(conditions.Count, ConditionLimits.Comparisons));
        // What is far too large is not walked to its end.
        for (var i = 0; i < conditions.Count && comparisons <= ConditionLimits.Comparisons; i++)
            if (Resolve(conditions[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), depth + 1) is { } part) parts.Add(part);
        return parts.Count == conditions.Count ? parts : null;
    }

    private RecordCondition? Comparison(Condition condition, string path)
    {
        if (condition.Op is not { } op) return Wrong($"{path}.op", "condition-invalid", "A comparison needs an op, such as is, contains or between.");
        if (op == ConditionOperator.InFolder) return Folder(condition, path);
        if (condition.Subfolders is not null)
            return Wrong($"{path}.subfolders", "condition-invalid", "Only in-folder has subfolders. Leave it out.");
        if (op == ConditionOperator.InProduction) return Production(condition, path);
        if (string.IsNullOrWhiteSpace(condition.Field)) return Wrong($"{path}.field", "condition-invalid", "A comparison needs the name of a field.");
        if (!fields.TryGetValue(condition.Field.Trim(), out var field))
        {
            return Wrong($"{path}.field", "field-not-found", $"The object type {Words.Quote(type.Name)} has no field {Words.Quote(condition.Field)}. Correct the name, or make the field.");
        }
        if (ValuesOf(condition, op, path) is not { } values) return null;
        return type.IsEntity && field.Role == FieldRole.Identifier ? OfEntity(field, op, values, path) : Comparison(field, op, values, path);
    }

    // An entity that is stored under a unique identifier has its full name among its values; every other is stored under it.
    private RecordCondition? OfEntity(Field field, ConditionOperator op, IReadOnlyList<(string Text, string Path)> values, string path)
    {
        var (isNot, named) = (op == ConditionOperator.IsNot, field with { Role = FieldRole.None });
        if (op is ConditionOperator.IsSet or ConditionOperator.IsNotSet) return Comparison(field, op, values, path);
        if (isNot) op = ConditionOperator.Is;
        if (Comparison(field, op, values, path) is not { } byIdentifier || Comparison(named, op, values, path) is not { } byName) return null;
        var either = new AnyOf([byName, new AllOf([byIdentifier, new NotOf(new SetTest(named))])]);
        return isNot ? new NotOf(either) : either;
    }

    private RecordCondition? Comparison(Field field, ConditionOperator op, IReadOnlyList<(string Text, string Path)> values, string path)
    {
        var reader = new ComparisonReader(field);
        if (!reader.Allows(op))
        {
            return Wrong($"{path}.op", "operator-invalid",
                $"The field {Words.Quote(field.Name)} cannot be compared so. For its type there are: {string.Join(", ", reader.Allowed)}.");
        }
        var before = problems.Count;
        var tests = values.Select(v => Read(reader, op, v.Text, v.Path)).OfType<RecordCondition>().ToList();
        if (problems.Count > before) return null;
        return op switch
        {
            ConditionOperator.IsSet => new SetTest(field),
            ConditionOperator.IsNotSet => new NotOf(new SetTest(field)),
            ConditionOperator.IsNot => new NotOf(tests[0]),
            ConditionOperator.AnyOf => new AnyOf(tests),
            ConditionOperator.Between => Between((RangeTest)tests[0], (RangeTest)tests[1], path),
            _ => tests[0],
        };
    }

    private RecordCondition? Read(ComparisonReader reader, ConditionOperator op, string value, string path)
        => reader.TryRead(op, value, out var test, out var reason) ? test : Wrong(path, "value-invalid", reason);

    // The range from the first value's beginning, and the one to the second value's end.
    private RangeTest? Between(RangeTest first, RangeTest second, string path)
    {
        if (!ComparisonReader.IsReversed(first, second)) return new RangeTest(first.Field, first.From, second.To);
        Wrong($"{path}.values", "value-invalid", "The first value comes after the second, so that nothing lies between them. Swap them.");
        return null;
    }

    // As many values as the operator takes; null: there is a problem.
    private List<(string Text, string Path)>? ValuesOf(Condition condition, ConditionOperator op, string path)
    {
        var none = op is ConditionOperator.IsSet or ConditionOperator.IsNotSet;
        var several = op is ConditionOperator.AnyOf or ConditionOperator.Between;
        if (condition.Value is not null && (none || several))
            Wrong($"{path}.value", "condition-invalid", none ? "This comparison has no value. Leave it out." : "This comparison has several values: give them as values.");
        if (condition.Values is not null && !several)
            Wrong($"{path}.values", "condition-invalid", none ? "This comparison has no values. Leave them out." : "This comparison has one value: give it as value.");
        if (none) return condition.Value is null && condition.Values is null ? [] : null;
        if (!several)
        {
            if (condition.Value is { } value) return condition.Values is null && IsUsable(value.Text, $"{path}.value") ? [(value.Text, $"{path}.value")] : null;
            Wrong($"{path}.value", "value-missing", "A value is missing. To find empty fields, use is-not-set.");
            return null;
        }
        return condition.Value is null ? SeveralOf(condition.Values ?? [], op, $"{path}.values") : null;
    }

    private List<(string Text, string Path)>? SeveralOf(IReadOnlyList<ConditionValue> values, ConditionOperator op, string path)
    {
        if (op == ConditionOperator.Between ? values.Count != 2 : values.Count == 0)
        {
            Wrong(path, "value-missing", op == ConditionOperator.Between ? "between needs two values: from and to." : "any-of needs at least one value.");
            return null;
        }
        comparisons += values.Count - 1;
        if (comparisons > ConditionLimits.Comparisons)
        {
            TooLarge(path);
            return null;
        }
        var read = values.Select((v, i) => (v.Text, Path: string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"))).ToList();
        return read.Where(v => !IsUsable(v.Text, v.Path)).ToList().Count == 0 ? read : null;
    }

    private FolderTest? Folder(Condition condition, string path)
    {
        if (!IsOfDocuments(condition, path, WorkspaceSettings.FolderColumn)) return null;
        var folder = FolderPath.Parse("", condition.Value?.Text ?? "");
        if (folder.IsError)
        {
            Wrong($"{path}.value", folder.Code, folder.Reason);
            return null;
        }
        return new FolderTest(folder.Folder?.Ids[^1], folder.Folder?.Ids.Count ?? 0, condition.Subfolders ?? true);
    }

    private ImagesTest? Production(Condition condition, string path)
    {
        if (!IsOfDocuments(condition, path, null)) return null;
        if (condition.Value is { Text: var name } && !string.IsNullOrWhiteSpace(name)) return new ImagesTest(Workspaces.Production.IsId(name) ? name : Workspaces.Production.IdFor(name));
        Wrong($"{path}.value", "value-missing", "Say which production: its name or its id.");
        return null;
    }

    private bool IsOfDocuments(Condition condition, string path, string? column)
    {
        var before = problems.Count;
        if (!type.IsDocument) Wrong($"{path}.op", "operator-invalid", $"Only documents have folders and images, and these are of the object type {Words.Quote(type.Name)}. Leave it out.");
        if (condition.Field is { } field && !string.Equals(field, column, StringComparison.OrdinalIgnoreCase))
            Wrong($"{path}.field", "condition-invalid", "This comparison needs no field. Leave it out.");
        if (condition.Values is not null) Wrong($"{path}.values", "condition-invalid", "This comparison has one value: give it as value.");
        return problems.Count == before && (condition.Value is not { } value || value.Text.Length == 0 || IsUsable(value.Text, $"{path}.value"));
    }

    private bool IsUsable(string value, string path)
    {
        if (value.Length == 0) Wrong(path, "value-missing", "The value is blank. To find empty fields, use is-not-set.");
        else if (value.Length > ConditionLimits.ValueLength)
            Wrong(path, "value-invalid", string.Create(CultureInfo.InvariantCulture, $"The value has {value.Length} characters; it may have {ConditionLimits.ValueLength}. Shorten it."));
        else if (value.Contains('\0') || value.AsSpan().IndexOf('\ufffd') < 0 && value.EnumerateRunes().Any(r => r == System.Text.Rune.ReplacementChar))
            Wrong(path, "value-invalid", "The value holds a NUL character or half of a character, which no record holds. Leave it out.");
        else return true;
        return false;
    }

    private RecordCondition? TooLarge(string path) => Wrong(path, "condition-too-large",
        $"The condition has more than {ConditionLimits.Comparisons} comparisons, each value of any-of counted. Split it into several searches.");

    private RecordCondition? Wrong(string path, string code, string message)
    {
        if (problems.Count < 100) problems.Add(new Problem(code, message) { Field = path });
        return null;
    }
}
