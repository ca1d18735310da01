using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>
/// Map all fields (guide, "Map fields"): identifier with identifier, then fields of equal name and compatible type. Names are equal when they
/// are the same, else without regard to case, else without blanks, <c>_</c> and <c>-</c>; a name that fits more than one is left alone.
/// </summary>
public static class FieldMatcher
{
    private static readonly Func<string, string>[] Foldings =
    [
        name => name.Trim(),
        name => name.Trim().ToUpperInvariant(),
        name => string.Concat(name.Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '-'))).ToUpperInvariant(),
    ];

    /// <summary>The pairs: the identifier first, then by name of the source field.</summary>
    /// <param name="columns">The source's fields.</param>
    /// <param name="fields">The fields of the object type.</param>
    /// <param name="identifierColumn">
    /// The source field that names the record; null: the one that the source says is it, or whichever has the identifier's name.
    /// </param>
    public static IReadOnlyList<MappedField> Match(
        IReadOnlyList<SourceField> columns, IReadOnlyList<Field> fields, string? identifierColumn = null)
    {
        var pairs = new List<MappedField>();
        var openColumns = Enumerable.Range(0, columns.Count).ToHashSet();
        var openFields = fields.ToHashSet();

        var first = IdentifierIndex(columns, identifierColumn);
        var identifier = fields.FirstOrDefault(f => f.Role == FieldRole.Identifier);
        if (first >= 0 && identifier is not null && AreCompatible(columns[first], identifier))
        {
            Pair(first, identifier);
        }
        foreach (var fold in Foldings)
        {
            var byName = openFields.GroupBy(f => fold(f.Name)).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First());
            foreach (var group in openColumns.GroupBy(c => fold(columns[c].Name)).Where(g => g.Count() == 1).ToList())
            {
                var column = group.First();
                if (byName.TryGetValue(group.Key, out var field) && AreCompatible(columns[column], field)) Pair(column, field);
            }
        }
        return [.. pairs.OrderByDescending(p => p.Field.Role == FieldRole.Identifier).ThenBy(p => p.ColumnName, StringComparer.OrdinalIgnoreCase)];

        void Pair(int column, Field field)
        {
            pairs.Add(new MappedField(column, columns[column].Name, field));
            openColumns.Remove(column);
            openFields.Remove(field);
        }
    }

    /// <summary>
    /// Whether values of the source field fit the field: text of load files fits every type, where each cell is checked; otherwise the same
    /// type, a fixed-length text that is no longer than the field, or fixed-length text into long text.
    /// </summary>
    public static bool AreCompatible(SourceField source, Field field) => source.Type switch
    {
        null => true,
        FieldType.FixedLengthText when field.Type == FieldType.LongText => true,
        FieldType.FixedLengthText when field.Type == FieldType.FixedLengthText =>
            source.Length is null || field.Length is null || source.Length <= field.Length,
        var type => type == field.Type,
    };

    /// <summary>The position of the field with this name, without regard to case and outer blanks; -1 when there is none.</summary>
    internal static int IndexOf(IReadOnlyList<SourceField> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (AreSame(columns[i].Name, name)) return i;
        }
        return -1;
    }

    /// <summary>The field with this name, without regard to case and outer blanks.</summary>
    public static Field? Find(IEnumerable<Field> fields, string name) => fields.FirstOrDefault(f => AreSame(f.Name, name));

    /// <summary>Whether two names are one.</summary>
    internal static bool AreSame(string a, string b)
        => a.AsSpan().Trim().Equals(b.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);

    private static int IdentifierIndex(IReadOnlyList<SourceField> columns, string? name)
    {
        if (name is not null) return IndexOf(columns, name);
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].IsIdentifier) return i;
        }
        return -1;
    }
}
