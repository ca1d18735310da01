using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>One run of <see cref="FieldMatcher.Match"/>.</summary>
internal sealed class FieldMatching(IReadOnlyList<SourceField> columns, IReadOnlyList<Field> fields, MatchOptions options)
{
    private readonly List<SuggestedPair> pairs = [];
    private readonly HashSet<int> openColumns = [.. Enumerable.Range(0, columns.Count)];
    private readonly HashSet<Field> openFields = [.. fields.Where(f => !FieldMatcher.IsObject(f))];

    public FieldMatches Run()
    {
        PairIdentifiers();
        if (!options.OnlyIdentifiers)
        {
            Step(PairReason.Exact, static name => name.Trim());
            Step(PairReason.Similar, static name => name.Trim().ToUpperInvariant());
            Step(PairReason.Similar, FieldMatcher.Fold);
            Step(PairReason.Synonym, options.Synonyms.EntryOf);
            PairDirectoryNames();
        }
        return new FieldMatches(
            [.. pairs.OrderByDescending(p => p.Why == PairReason.Identifier || p.Pair.Field.Role == FieldRole.Identifier).ThenBy(p => p.Pair.ColumnName, StringComparer.OrdinalIgnoreCase)],
            LeftColumns(),
            LeftFields());
    }

    private void PairIdentifiers()
    {
        var column = IdentifierColumn();
        var field = IdentifierField();
        if (column >= 0 && field is not null && FieldMatcher.AreCompatible(columns[column], field)) Pair(column, field, PairReason.Identifier);
    }

    // What a directory tells its people apart by is no name for them: it goes to Unique ID, where no column has that name (guide 4.2.3).
    private Field? IdentifierField()
    {
        var identifier = fields.FirstOrDefault(f => f.Role == FieldRole.Identifier);
        if (identifier?.ObjectType != ObjectType.Entity || options.Identifier is not null) return identifier;
        return columns.Any(c => FieldMatcher.AreSame(c.Name, EntityFields.UniqueId)) ? null : FieldMatcher.Find(fields, EntityFields.UniqueId);
    }

    private int IdentifierColumn()
    {
        if (options.Identifier is { } name) return FieldMatcher.IndexOf(columns, name);
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].IsIdentifier) return i;
        }
        return -1;
    }

    private void Step(PairReason why, Func<string, string?> key)
    {
        var byName = Groups(openFields, f => key(f.Name)).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First());
        foreach (var group in Groups(openColumns, c => key(columns[c].Name)).Where(g => g.Count() == 1).ToList())
        {
            if (byName.TryGetValue(group.Key, out var field) && FieldMatcher.AreCompatible(columns[group.First()], field)) Pair(group.First(), field, why);
        }
    }

    // What a directory calls something is no name of a field: the two sides are looked at differently.
    private void PairDirectoryNames()
    {
        foreach (var group in Groups(openColumns, c => EntityFields.OfDirectory(columns[c].Name)).Where(g => g.Count() == 1).ToList())
        {
            var field = openFields.FirstOrDefault(f => f.ObjectType == ObjectType.Entity && FieldMatcher.AreSame(f.Name, group.Key));
            if (field is not null && FieldMatcher.AreCompatible(columns[group.First()], field)) Pair(group.First(), field, PairReason.Directory);
        }
    }

    private static IEnumerable<IGrouping<string, T>> Groups<T>(IEnumerable<T> items, Func<T, string?> key)
        => items.Select(item => (Item: item, Key: key(item))).Where(p => p.Key is not null).GroupBy(p => p.Key!, p => p.Item);

    private void Pair(int column, Field field, PairReason why)
    {
        pairs.Add(new SuggestedPair(new MappedField(column, columns[column].Name, field), why));
        openColumns.Remove(column);
        openFields.Remove(field);
    }

    private List<LeftField> LeftColumns()
    {
        var alike = new Alike<Field>(fields, f => f.Name, options.Synonyms);
        return [.. openColumns.Order().Select(c => OfColumn(c, alike.To(columns[c].Name)))];
    }

    private LeftField OfColumn(int column, IReadOnlyCollection<Field> alike)
    {
        var source = columns[column];
        if (options.OnlyIdentifiers) return OnlyIdentifiers(source.Name);
        if (alike.Count == 0) return new LeftField(source.Name, "no-match", "No field has this name, or one that the field catalogue takes for the same.");
        if (alike.FirstOrDefault(FieldMatcher.IsObject) is { } named)
            return new LeftField(source.Name, "object-field", $"The field {Words.Quote(named.Name)} is of the type {named.Type.InWords()}; such fields are never mapped by themselves. Map it if that is meant.");
        if (alike.Where(openFields.Contains).FirstOrDefault(f => !FieldMatcher.AreCompatible(source, f)) is { } other) return Incompatible(source.Name, source, other);
        return alike.Any(openFields.Contains)
            ? new LeftField(source.Name, "ambiguous", $"More than one field, or more than one of the source's, has such a name: {Words.List([.. alike.Select(f => f.Name)])}. Map the one that is meant.")
            : new LeftField(source.Name, "taken", $"The field {Words.Quote(alike.First().Name)} is mapped to another field of the source.");
    }

    private List<LeftField> LeftFields()
    {
        var alike = new Alike<int>(Enumerable.Range(0, columns.Count), c => columns[c].Name, options.Synonyms);
        var mapped = pairs.Select(p => p.Pair.Field).ToHashSet();
        return [.. fields.Where(f => !mapped.Contains(f)).Select(f => OfField(f, alike.To(f.Name)))];
    }

    private LeftField OfField(Field field, IReadOnlyCollection<int> alike)
    {
        if (options.OnlyIdentifiers && field.Role != FieldRole.Identifier) return OnlyIdentifiers(field.Name);
        if (FieldMatcher.IsObject(field))
            return new LeftField(field.Name, "object-field", $"It is of the type {field.Type.InWords()}; such fields are never mapped by themselves.");
        if (field.Role == FieldRole.Identifier && IdentifierColumn() is >= 0 and var identifier && !FieldMatcher.AreCompatible(columns[identifier], field))
            return Incompatible(field.Name, columns[identifier], field);
        if (alike.Count == 0 || options.OnlyIdentifiers)
        {
            if (field is { Role: FieldRole.Identifier, ObjectType: ObjectType.Entity })
                return new LeftField(field.Name, "no-match", "It is made of First Name and Last Name where they are mapped and nothing is mapped to it.");
            return new LeftField(field.Name, "no-match", field.Role == FieldRole.Identifier
                ? "It names the records, and no field of the source is said to be the identifier or has its name. Map one to it."
                : "No field of the source has this name, or one that the field catalogue takes for the same.");
        }
        if (alike.Where(openColumns.Contains).ToList() is not { Count: > 0 } open)
            return new LeftField(field.Name, "taken", $"The source's field {Words.Quote(columns[alike.First()].Name)} is mapped to another field.");
        return open.Any(c => !FieldMatcher.AreCompatible(columns[c], field))
            ? Incompatible(field.Name, columns[open.First(c => !FieldMatcher.AreCompatible(columns[c], field))], field)
            : new LeftField(field.Name, "ambiguous", $"More than one field has such a name; the source has {Words.List([.. alike.Select(c => columns[c].Name)])}. Map the one that is meant.");
    }

    private static LeftField OnlyIdentifiers(string name) => new(name, "only-identifiers", "Only identifiers were to be mapped.");

    private static LeftField Incompatible(string name, SourceField source, Field field) => new(name, "incompatible-type",
        $"The source's field {Words.Quote(source.Name)} is of the type {source.Type!.Value.InWords(source.Length)}, and the field {Words.Quote(field.Name)} of the type {field.Type.InWords(field.Length)}.");

    // Those whose name is like another's, by any of the steps.
    private sealed class Alike<T>(IEnumerable<T> items, Func<T, string> name, Synonyms synonyms)
    {
        private readonly ILookup<string, T> byName = items.ToLookup(i => FieldMatcher.Fold(name(i)));
        private readonly ILookup<string, T> byEntry = items.Where(i => synonyms.EntryOf(name(i)) is not null).ToLookup(i => synonyms.EntryOf(name(i))!);

        public IReadOnlyCollection<T> To(string other)
            => [.. byName[FieldMatcher.Fold(other)].Concat(synonyms.EntryOf(other) is { } entry ? byEntry[entry] : []).Distinct()];
    }
}
