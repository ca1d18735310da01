using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>An entry of the field catalogue: names of fields that mean the same, in every workspace of the tenant (guide 4.2.3, "Field Catalog").</summary>
/// <param name="Name">The name that the entry goes by, usually that of the workspaces' own field.</param>
/// <param name="Synonyms">The other names. All names of an entry are equal; map all fields pairs any two of them.</param>
public sealed record CatalogEntry(string Name, IReadOnlyList<string> Synonyms)
{
    /// <summary>All its names.</summary>
    internal IEnumerable<string> Names => Synonyms.Prepend(Name);
}

/// <summary>Which names mean the same, without regard to case, blanks, <c>_</c> and <c>-</c>.</summary>
public sealed class Synonyms
{
    /// <summary>None do.</summary>
    public static Synonyms None { get; } = new([]);

    private readonly Dictionary<string, string> entries = [];

    /// <summary>As the entries say. A name stands in one of them only; should it stand in two, the first counts.</summary>
    public Synonyms(IReadOnlyList<CatalogEntry> catalog)
    {
        Entries = catalog;
        foreach (var entry in catalog)
        {
            foreach (var name in entry.Names) entries.TryAdd(FieldMatcher.Fold(name), FieldMatcher.Fold(entry.Name));
        }
    }

    /// <summary>The entries.</summary>
    public IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>The entry in which a name stands, by a key that is the same for all its names; null: in none.</summary>
    public string? EntryOf(string name) => entries.Count == 0 ? null : entries.GetValueOrDefault(FieldMatcher.Fold(name));

    /// <summary>The entries that can make a pair of a source's fields and those of an object type: so many as a job need be frozen with.</summary>
    public Synonyms For(IReadOnlyList<SourceField> columns, IReadOnlyList<Field> fields)
    {
        if (entries.Count == 0) return None;
        var used = columns.Select(c => EntryOf(c.Name)).OfType<string>().ToHashSet();
        used.IntersectWith(fields.Select(f => EntryOf(f.Name)).OfType<string>());
        return new Synonyms([.. Entries.Where(e => used.Contains(FieldMatcher.Fold(e.Name)))]);
    }
}
