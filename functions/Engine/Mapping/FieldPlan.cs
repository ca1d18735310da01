using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>The fields that an import makes before it begins.</summary>
public sealed record FieldPlan
{
    /// <summary>The identifier of the document type in a new workspace.</summary>
    public const string DefaultIdentifier = "Control Number";

    /// <summary>The field of a document's text (load-file specification, Fields 4).</summary>
    public const string ExtractedText = "Extracted Text";

    /// <summary>The field of a document's family (load-file specification, Fields 2).</summary>
    public const string GroupIdentifier = "Group Identifier";

    /// <summary>The field of a document's duplicate group (load-file specification, Fields 3).</summary>
    public const string Md5Hash = "MD5 Hash";

    /// <summary>The field of a document's time zone, in hours from GMT (load-file specification, Fields 7).</summary>
    public const string TimeZoneOffset = "Relativity Native Time Zone Offset";

    /// <summary>Fields to make; the identifier is not among them.</summary>
    public IReadOnlyList<Field> Fields { get; init; } = [];

    /// <summary>
    /// Takes the place of the object type's identifier field; null: it stays. Only the first import into a new workspace changes it, when its
    /// identifier column has another name.
    /// </summary>
    public Field? NewIdentifier { get; init; }

    /// <summary>Former identifiers that a broken off change of identifier left behind: to be deleted. Mapping passes them over in any case.</summary>
    public IReadOnlyList<Field> Leftovers { get; init; } = [];

    /// <summary>
    /// What an import has to make: with <see cref="ImportSettings.CreateFields"/> every mapped field that does not exist under its very name in any case of letters, as long text unless
    /// the schema says otherwise; a field that exists is left as it is. Deterministic: repeating it yields the same fields.
    /// </summary>
    /// <param name="point">The integration point.</param>
    /// <param name="type">Its object type.</param>
    /// <param name="columns">The source's fields, in order.</param>
    /// <param name="existing">The fields of the object type.</param>
    /// <param name="isFresh">Whether the object type has no record yet.</param>
    /// <param name="gone">Ids of fields that were removed: records may hold values under them, so that no new field takes one.</param>
    /// <param name="synonyms">Names that mean the same: a column goes to the field that is there under a synonym, and none is made for it.</param>
    public static FieldPlan Of(
        IntegrationPoint point, ObjectType type, IReadOnlyList<SourceField> columns, IReadOnlyList<Field> existing, bool isFresh,
        IReadOnlySet<string>? gone = null, Synonyms? synonyms = null)
        => new FieldPlanner(point, type, columns, existing, gone) { Synonyms = synonyms ?? Synonyms.None }.Plan(isFresh);

    /// <summary>A new field of the product's own kind: what its name makes it (load-file specification, Fields 2 to 7).</summary>
    /// <param name="objectType">The object type's name.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="fieldType">What it holds.</param>
    /// <param name="length">The most characters of a fixed-length text; 255 when not said.</param>
    /// <param name="existing">The fields that there are: no two have one role or one id.</param>
    public static Field NewField(string objectType, string name, FieldType fieldType, int? length, IReadOnlyCollection<Field> existing)
        => NewField(objectType, name, fieldType, length,
            existing.Select(f => f.Id).ToHashSet(), existing.Select(f => f.Role).ToHashSet());

    internal static Field NewField(
        string objectType, string name, FieldType fieldType, int? length, HashSet<string> ids, HashSet<FieldRole> roles)
    {
        var role = FieldMatcher.AreSame(objectType, ObjectType.Document) ? RoleOf(name, fieldType) : FieldRole.None;
        if (roles.Contains(role)) role = FieldRole.None;
        return new Field
        {
            Id = Field.IdFor(objectType, name, ids),
            ObjectType = objectType,
            Name = name.Trim(),
            Type = fieldType,
            Length = fieldType == FieldType.FixedLengthText ? length ?? Identifier.MaxLength : null,
            Role = role,
            // Families and duplicate groups are looked up by these.
            Filterable = role is FieldRole.GroupIdentifier or FieldRole.Hash,
        };
    }

    private static FieldRole RoleOf(string name, FieldType type) => type switch
    {
        FieldType.FixedLengthText or FieldType.LongText when FieldMatcher.AreSame(name, GroupIdentifier) => FieldRole.GroupIdentifier,
        FieldType.FixedLengthText or FieldType.LongText when FieldMatcher.AreSame(name, Md5Hash) => FieldRole.Hash,
        FieldType.LongText when FieldMatcher.AreSame(name, ExtractedText) => FieldRole.ExtractedText,
        FieldType.WholeNumber when FieldMatcher.AreSame(name, TimeZoneOffset) => FieldRole.TimeZoneOffset,
        _ => FieldRole.None,
    };
}
