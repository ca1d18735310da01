using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>Why two fields are a pair.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PairReason>))]
public enum PairReason
{
    /// <summary>Both name the record, whatever they are called.</summary>
    [JsonStringEnumMemberName("identifier")] Identifier,

    /// <summary>They have the same name.</summary>
    [JsonStringEnumMemberName("exact")] Exact,

    /// <summary>Their names differ in case of letters, blanks, <c>_</c> and <c>-</c> only.</summary>
    [JsonStringEnumMemberName("similar")] Similar,

    /// <summary>The field catalogue says that their names mean the same.</summary>
    [JsonStringEnumMemberName("synonym")] Synonym,

    /// <summary>Directories of people call the standard field of Entity so: <c>givenName</c>, <c>sn</c>, <c>mail</c>.</summary>
    [JsonStringEnumMemberName("directory")] Directory,
}

/// <summary>A pair that map all fields makes, and why.</summary>
/// <param name="Pair">The column and the field.</param>
/// <param name="Why">Why.</param>
public sealed record SuggestedPair(MappedField Pair, PairReason Why);

/// <summary>A field of either side that map all fields leaves alone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Code">Why, stable: <c>no-match</c>, <c>object-field</c>, <c>incompatible-type</c>, <c>ambiguous</c>, <c>taken</c>, <c>only-identifiers</c>.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record LeftField(string Name, string Code, string Reason);

/// <summary>What map all fields comes to.</summary>
/// <param name="Pairs">The pairs: that of the identifiers first, then by name of the source field.</param>
/// <param name="Columns">The source's fields that are in none, in their order.</param>
/// <param name="Fields">The fields that are in none, in their order.</param>
public sealed record FieldMatches(IReadOnlyList<SuggestedPair> Pairs, IReadOnlyList<LeftField> Columns, IReadOnlyList<LeftField> Fields);

/// <summary>How fields are matched.</summary>
public sealed record MatchOptions
{
    /// <summary>The source field that names the record; null: the one that the source says does.</summary>
    public string? Identifier { get; init; }

    /// <summary>Pair the identifiers and nothing else.</summary>
    public bool OnlyIdentifiers { get; init; }

    /// <summary>Names that mean the same.</summary>
    public Synonyms Synonyms { get; init; } = Synonyms.None;
}

/// <summary>
/// Map all fields (guide 4.2.3, 6.2.3): identifier with identifier, then fields of equal name and compatible type. Names are equal when they
/// are the same, else without regard to case, else without blanks, <c>_</c> and <c>-</c>, else as the field catalogue says, else, of Entity, as
/// directories of people call its standard fields; a name that fits more than one is left alone at that step. Fields that name objects are never
/// mapped by themselves.
/// </summary>
public static class FieldMatcher
{
    /// <summary>The pairs, and what is left. The same input yields the same.</summary>
    /// <param name="columns">The source's fields.</param>
    /// <param name="fields">The fields of the object type.</param>
    /// <param name="options">How.</param>
    public static FieldMatches Match(IReadOnlyList<SourceField> columns, IReadOnlyList<Field> fields, MatchOptions? options = null)
        => new FieldMatching(columns, fields, options ?? new MatchOptions()).Run();

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

    /// <summary>Whether the field names objects, and is mapped by hand only.</summary>
    public static bool IsObject(Field field) => field.Type is FieldType.SingleObject or FieldType.MultipleObject;

    /// <summary>A name without regard to case, blanks, <c>_</c> and <c>-</c>; of one that consists of these all but outer blanks.</summary>
    public static string Fold(string name)
    {
        var folded = string.Concat(name.Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '-'))).ToUpperInvariant();
        return folded.Length > 0 ? folded : name.Trim();
    }

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
}
