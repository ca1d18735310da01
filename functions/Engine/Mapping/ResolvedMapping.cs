using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>One source field and the field that its values go to.</summary>
/// <param name="Column">The position of the source field in the layout, from 0.</param>
/// <param name="ColumnName">Its name.</param>
/// <param name="Field">Where its values go.</param>
public sealed record MappedField(int Column, string ColumnName, Field Field);

/// <summary>A mapping, or everything that is wrong with it.</summary>
/// <param name="Mapping">Null when there are problems.</param>
/// <param name="Problems">Job-level problems, all at once.</param>
public sealed record MappingResult(ResolvedMapping? Mapping, IReadOnlyList<Problem> Problems)
{
    /// <summary>The mapping.</summary>
    /// <exception cref="ConfigurationException">There are problems: all of them as one.</exception>
    public ResolvedMapping OrThrow() => Mapping ?? throw new ConfigurationException(Problem.Together(Problems));
}

/// <summary>Where each column of a source goes: an integration point's mapping, applied to the columns and fields that there are.</summary>
public sealed record ResolvedMapping
{
    /// <summary>
    /// The column that names the record; null only when records are found by another field and none is made, so that no column needs to.
    /// </summary>
    public required MappedField? Identifier { get; init; }

    /// <summary>Every column that becomes a field, the identifier included, in the order of the columns.</summary>
    public required IReadOnlyList<MappedField> Fields { get; init; }

    /// <summary>
    /// The column by which existing records are found: that of the overlay field, else the identifier. An overlay field that is no lookup field
    /// yet has to be made one before records are looked for.
    /// </summary>
    public required MappedField Key { get; init; }

    /// <summary>Where the full name of an entity comes from; null of other records.</summary>
    public EntityName? Name { get; init; }

    /// <summary>Whether <see cref="Key"/> is a full name that is made of first and last name, which no one column holds.</summary>
    public bool IsKeyDerived { get; init; }

    /// <summary>The column that names the manager of an entity, which is linked when all records are there; not among <see cref="Fields"/>. Null: none.</summary>
    public MappedField? Manager { get; init; }

    /// <summary>Whether records are stored under a unique identifier of their own, so that their full names may repeat.</summary>
    public bool HasUniqueIdentifier => Name is { } name && Identifier is { } identifier && identifier.Field.Id != name.Field.Id;

    /// <summary>The column that holds the path of the native.</summary>
    public int? NativeColumn { get; init; }

    /// <summary>The column that holds the extracted text, or its path.</summary>
    public int? TextColumn { get; init; }

    /// <summary>The column that holds the folder path.</summary>
    public int? FolderColumn { get; init; }

    /// <summary>Where the extracted text goes; null without <see cref="TextColumn"/>.</summary>
    public Field? TextField { get; init; }

    /// <summary>The columns that go nowhere.</summary>
    public IReadOnlyList<string> Unmapped { get; init; } = [];

    /// <summary>Worth knowing: columns that go nowhere although they have the name of a field, and what changed in the source.</summary>
    public IReadOnlyList<Problem> Notes { get; init; } = [];

    /// <summary>
    /// Applies a point's mapping. With map all fields the columns that nothing else claims go to fields of equal name; the columns of native,
    /// text and folder become fields only when the mapping says so.
    /// </summary>
    /// <param name="point">The integration point.</param>
    /// <param name="type">Its object type.</param>
    /// <param name="columns">The source's fields, in order.</param>
    /// <param name="fields">The fields of the object type, those that the import makes included.</param>
    /// <param name="synonyms">Names that mean the same; null: none do.</param>
    /// <param name="known">The names of the source's fields when it was mapped; null: not known.</param>
    public static MappingResult Resolve(
        IntegrationPoint point, ObjectType type, IReadOnlyList<SourceField> columns, IReadOnlyList<Field> fields, Synonyms? synonyms = null, IReadOnlyList<string>? known = null)
        => new MappingResolver(point, type, columns, fields, synonyms ?? Synonyms.None) { Known = known ?? [] }.Resolve();

    /// <summary>Applies a point's mapping to what its job was frozen with: however often, and whatever changes meanwhile, with the same result.</summary>
    /// <param name="point">The integration point.</param>
    /// <param name="job">What the job was frozen with.</param>
    /// <exception cref="ConfigurationException">There are problems: all of them as one.</exception>
    public static ResolvedMapping Of(IntegrationPoint point, PreparedJob job)
        => Resolve(point, job.ObjectType, job.Layout.Fields, job.Fields, new Synonyms(job.Synonyms), job.Layout.KnownFields).OrThrow();

    /// <summary>
    /// What is wrong with a point's mapping whatever its source has: fields that are not there, or that have another type than when they were
    /// mapped. For a source that cannot be opened, so that everything is said at once.
    /// </summary>
    /// <param name="point">The integration point.</param>
    /// <param name="type">Its object type.</param>
    /// <param name="fields">The fields of the object type.</param>
    public static IReadOnlyList<Problem> CheckDestination(IntegrationPoint point, ObjectType type, IReadOnlyList<Field> fields)
        => new MappingResolver(point, type, [], fields, Synonyms.None).CheckDestination();

    /// <summary>That a field has another type than when a column was mapped to it.</summary>
    /// <param name="pair">The pair of the mapping.</param>
    /// <param name="mapped">The field's type then.</param>
    /// <param name="now">Its type now.</param>
    public static Problem TypeChanged(FieldMapping pair, FieldType mapped, FieldType now) => new("field-type-changed",
        $"The field {Words.Quote(pair.Destination)} was of the type {mapped.InWords()} when the column {Words.Quote(pair.Source)} was mapped to it, and is {now.InWords()} now. "
        + "If its values fit, map the column to it again (save the pair without its type); otherwise map it to another field.")
    { Field = pair.Destination };
}
