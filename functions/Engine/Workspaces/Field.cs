using System.IO.Hashing;
using System.Text;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Workspaces;

/// <summary>What a field holds. The names are those of the API and of schema files.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FieldType>))]
public enum FieldType
{
    /// <summary>Text of at most <see cref="Field.Length"/> characters.</summary>
    [JsonStringEnumMemberName("fixed-length-text")] FixedLengthText,

    /// <summary>Text without a limit; line ends are stored as <c>\n</c>.</summary>
    [JsonStringEnumMemberName("long-text")] LongText,

    /// <summary>A whole number of 32 bits.</summary>
    [JsonStringEnumMemberName("whole-number")] WholeNumber,

    /// <summary>A decimal number of up to 28 digits, kept exactly.</summary>
    [JsonStringEnumMemberName("decimal")] Decimal,

    /// <summary>An amount of money; read and stored like a decimal.</summary>
    [JsonStringEnumMemberName("currency")] Currency,

    /// <summary>Date and time on the wall clock, without a zone.</summary>
    [JsonStringEnumMemberName("date")] Date,

    /// <summary>Yes or no.</summary>
    [JsonStringEnumMemberName("yes-no")] YesNo,

    /// <summary>One choice.</summary>
    [JsonStringEnumMemberName("single-choice")] SingleChoice,

    /// <summary>Any number of choices, which can nest.</summary>
    [JsonStringEnumMemberName("multiple-choice")] MultipleChoice,

    /// <summary>One object of <see cref="Field.AssociatedType"/>, by its name.</summary>
    [JsonStringEnumMemberName("single-object")] SingleObject,

    /// <summary>Any number of objects of <see cref="Field.AssociatedType"/>, by their names.</summary>
    [JsonStringEnumMemberName("multiple-object")] MultipleObject,

    /// <summary>A user of the workspace, by e-mail address.</summary>
    [JsonStringEnumMemberName("user")] User,
}

/// <summary>What becomes of the choices or objects a record already has when it is overlaid (guide, "Multi-Select Field Overlay Behavior").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MultiSelectOverlay>))]
public enum MultiSelectOverlay
{
    /// <summary>As the field is set; a field's own setting is Replace unless set otherwise.</summary>
    [JsonStringEnumMemberName("field-settings")] UseFieldSettings,

    /// <summary>The new ones are added to those that are there.</summary>
    [JsonStringEnumMemberName("merge")] Merge,

    /// <summary>The new ones take the place of those that are there.</summary>
    [JsonStringEnumMemberName("replace")] Replace,
}

/// <summary>What the product itself uses a field for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FieldRole>))]
public enum FieldRole
{
    /// <summary>Nothing beyond holding its value.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Names the record.</summary>
    [JsonStringEnumMemberName("identifier")] Identifier,

    /// <summary>Names the family; filled with the identifier when blank on append (load-file specification, Fields 2).</summary>
    [JsonStringEnumMemberName("group-identifier")] GroupIdentifier,

    /// <summary>Names the duplicate group; filled with the identifier when blank on append (load-file specification, Fields 3).</summary>
    [JsonStringEnumMemberName("hash")] Hash,

    /// <summary>The text of a document (load-file specification, Fields 4).</summary>
    [JsonStringEnumMemberName("extracted-text")] ExtractedText,

    /// <summary>Hours by which a viewer moves the dates of an e-mail header from GMT; a whole number (load-file specification, Fields 7).</summary>
    [JsonStringEnumMemberName("time-zone-offset")] TimeZoneOffset,
}

/// <summary>A typed column of an object type.</summary>
public sealed record Field
{
    /// <summary>Short stable id under which records store the value; never changes, also when the field is renamed.</summary>
    public required string Id { get; init; }

    /// <summary>The object type the field belongs to.</summary>
    public required string ObjectType { get; init; }

    /// <summary>The name people see; unique in the object type without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds.</summary>
    public required FieldType Type { get; init; }

    /// <summary>The most characters of a fixed-length text; null otherwise.</summary>
    public int? Length { get; init; }

    /// <summary>The most digits after the point of a decimal or an amount; null: no limit but that of all digits.</summary>
    public int? Scale { get; init; }

    /// <summary>Whether a date field keeps the day only.</summary>
    public bool DateOnly { get; init; }

    /// <summary>The object type whose objects a single or multiple object field names; null otherwise. Never changes.</summary>
    public string? AssociatedType { get; init; }

    /// <summary>What the product uses it for.</summary>
    public FieldRole Role { get; init; }

    /// <summary>Whether a record must have a value here.</summary>
    public bool Required { get; init; }

    /// <summary>Whether conditions on it use an index (design, Data).</summary>
    public bool Filterable { get; init; }

    /// <summary>Whether records can be found by its value, so that it may serve as overlay identifier.</summary>
    public bool Lookup { get; init; }

    /// <summary>What overlaying does to the choices or objects that are there, when the point leaves it to the field: Merge or Replace.</summary>
    public MultiSelectOverlay Overlay { get; init; } = MultiSelectOverlay.Replace;

    /// <summary>
    /// The id of a new field: ten hexadecimal digits that depend on object type and name only, without regard to case, so that repeating a
    /// step makes the same field. A renamed field keeps its id, so that a later field of its old name must take another one:
    /// <paramref name="taken"/> says which ids are in use.
    /// </summary>
    public static string IdFor(string objectType, string name, IReadOnlySet<string>? taken = null)
    {
        var folded = Encoding.UTF8.GetBytes($"{objectType.Trim().ToUpperInvariant()}|{name.Trim().ToUpperInvariant()}");
        for (var attempt = 0; ; attempt++)
        {
            var id = Convert.ToHexStringLower(XxHash64.Hash(folded, attempt).AsSpan(0, 5));
            if (taken is null || !taken.Contains(id)) return id;
        }
    }
}
