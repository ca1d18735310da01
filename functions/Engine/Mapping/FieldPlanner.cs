using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>Works out one <see cref="FieldPlan"/>.</summary>
internal sealed class FieldPlanner
{
    private readonly IntegrationPoint point;
    private readonly ObjectType type;
    private readonly IReadOnlyList<SourceField> columns;
    private readonly IReadOnlyList<Field> all;
    private readonly IReadOnlyList<Field> existing;
    private readonly Claims claims;
    private readonly HashSet<string> names;
    private readonly HashSet<string> ids;
    private readonly HashSet<FieldRole> roles;
    private readonly List<Field> made = [];

    public FieldPlanner(
        IntegrationPoint point, ObjectType type, IReadOnlyList<SourceField> columns, IReadOnlyList<Field> existing, IReadOnlySet<string>? gone)
    {
        this.point = point;
        this.type = type;
        this.columns = columns;
        all = existing;
        this.existing = MappingResolver.WithoutLeftovers(type, existing);
        claims = new Claims(point, columns);
        names = this.existing.Select(f => f.Name.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        ids = [.. existing.Select(f => f.Id), .. gone ?? new HashSet<string>()];
        roles = existing.Select(f => f.Role).ToHashSet();
    }

    /// <summary>Names that mean the same.</summary>
    public Synonyms Synonyms { get; init; } = Synonyms.None;

    public FieldPlan Plan(bool isFresh)
    {
        var identifier = isFresh ? NewIdentifier() : null;
        if (point.Import.CreateFields is not null) PlanFields();
        return new FieldPlan
        {
            Fields = made,
            NewIdentifier = identifier,
            Leftovers = [.. all.Where(f => f.Role == FieldRole.Identifier && f.Id != identifier?.Id && f.Id != MappingResolver.IdentifierOf(type, all)?.Id)],
        };
    }

    private Field? NewIdentifier()
    {
        var current = MappingResolver.IdentifierOf(type, existing);
        if (!type.IsDocument || current is null || !FieldMatcher.AreSame(current.Name, FieldPlan.DefaultIdentifier)) return null;
        // A field of that name is somebody's: the column then goes to the identifier that there is.
        if (IdentifierName() is not { } name || names.Contains(name.Trim())) return null;
        // One that a broken off attempt made already is the one.
        var field = all.FirstOrDefault(f => f.Role == FieldRole.Identifier && FieldMatcher.AreSame(f.Name, name)) ?? MakeIdentifier(name);
        // The field that it replaces is gone: a column of that name may become a field like any other.
        names.Remove(current.Name.Trim());
        Remember(field);
        return field;
    }

    private Field MakeIdentifier(string name)
    {
        var schema = SchemaOf(name);
        var length = schema?.Type == FieldType.FixedLengthText ? schema.Length : null;
        return FieldPlan.NewField(type.Name, name, FieldType.FixedLengthText, length, ids, roles) with
        {
            Role = FieldRole.Identifier,
            Filterable = false,
        };
    }

    /// <summary>What the identifier column is to be called as a field; null when the mapping gives another column to the identifier.</summary>
    private string? IdentifierName()
    {
        if (point.Mapping.Any(m => FieldMatcher.AreSame(m.Destination, FieldPlan.DefaultIdentifier))) return null;
        if (IdentifierColumn() is not { } column) return null;
        var name = columns[column].Name;
        return point.Mapping.FirstOrDefault(m => FieldMatcher.AreSame(m.Source, name))?.Destination ?? name;
    }

    private int? IdentifierColumn()
    {
        if (claims.NamedIdentifier is not null) return claims.Identifier;
        return claims.Usual is { } usual && (columns[usual].IsIdentifier || point.MapAllFields) ? usual : null;
    }

    private void PlanFields()
    {
        foreach (var pair in point.Mapping)
        {
            var column = FieldMatcher.IndexOf(columns, pair.Source);
            if (column >= 0) Make(pair.Destination, SchemaOf(pair.Destination) ?? SchemaOf(columns[column].Name));
        }
        if (claims.Text is not null && MappingResolver.ExtractedText([.. existing, .. made]) is null) Make(FieldPlan.ExtractedText, null);
        if (!point.MapAllFields) return;

        var identifier = IdentifierColumn();
        var mapped = point.Mapping.Select(m => m.Source.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < columns.Count; i++)
        {
            var name = columns[i].Name.Trim();
            if (i != identifier && !claims.IsForFiles(i) && !mapped.Contains(name) && !IsThereAsSynonym(i) && !IsThereInDirectories(i)) Make(name, SchemaOf(name));
        }
    }

    // Counted over all columns, not over those that are open still: what an attempt that was cut off has made already must change nothing. A name
    // that is only similar is another name here: the file's author meant a column of its own, and the catalogue says where it is not.
    private bool IsThereAsSynonym(int column)
    {
        if (Synonyms.EntryOf(columns[column].Name) is not { } entry || SchemaOf(columns[column].Name) is not null) return false;
        if (columns.Count(c => Synonyms.EntryOf(c.Name) == entry) != 1) return false;
        var alike = existing.Where(f => Synonyms.EntryOf(f.Name) == entry && !FieldMatcher.IsObject(f)).ToList();
        return alike is [{ Role: not FieldRole.Identifier } field] && FieldMatcher.AreCompatible(columns[column], field)
            && (claims.Text is null || field.Id != MappingResolver.ExtractedText(existing)?.Id)
            && !point.Mapping.Any(m => FieldMatcher.AreSame(m.Destination, field.Name));
    }

    // As with synonyms: what a directory calls a standard field of Entity goes there, unless another column does.
    private bool IsThereInDirectories(int column)
    {
        if (!type.IsEntity || EntityFields.OfDirectory(columns[column].Name) is not { } standard || SchemaOf(columns[column].Name) is not null) return false;
        var entry = Synonyms.EntryOf(standard);
        return columns.Count(c => EntityFields.OfDirectory(c.Name) == standard) == 1
            && !columns.Any(c => FieldMatcher.Fold(c.Name) == FieldMatcher.Fold(standard) || entry is not null && Synonyms.EntryOf(c.Name) == entry)
            && FieldMatcher.Find(existing, standard) is { } field && FieldMatcher.AreCompatible(columns[column], field)
            && !point.Mapping.Any(m => FieldMatcher.AreSame(m.Destination, standard));
    }

    private void Make(string name, SchemaField? schema)
    {
        if (names.Contains(name.Trim())) return;
        var usual = type.IsDocument && FieldMatcher.AreSame(name, FieldPlan.TimeZoneOffset) ? FieldType.WholeNumber : FieldType.LongText;
        var field = FieldPlan.NewField(type.Name, name, schema?.Type ?? usual, schema?.Length, ids, roles);
        if (schema is not null)
        {
            field = field with
            {
                Scale = schema.Scale,
                DateOnly = schema.DateOnly,
                AssociatedType = schema.AssociatedType?.Trim(),
                Required = schema.Required,
            };
        }
        Remember(field);
        made.Add(field);
    }

    private void Remember(Field field)
    {
        names.Add(field.Name);
        ids.Add(field.Id);
        if (field.Role != FieldRole.None) roles.Add(field.Role);
    }

    private SchemaField? SchemaOf(string name) => point.Import.CreateFields?.Fields.FirstOrDefault(f => FieldMatcher.AreSame(f.Name, name));
}
