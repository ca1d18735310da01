using System.Text.Json;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Schedules;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Points;

/// <summary>Which existing records an import may touch (guide, "Overwrite").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OverwriteMode>))]
public enum OverwriteMode
{
    /// <summary>Only new records; one that exists is rejected.</summary>
    [JsonStringEnumMemberName("append")] AppendOnly,

    /// <summary>Only existing records; one that does not exist is rejected.</summary>
    [JsonStringEnumMemberName("overlay")] OverlayOnly,

    /// <summary>Both.</summary>
    [JsonStringEnumMemberName("append-overlay")] AppendOverlay,
}

/// <summary>What is done with a document's native.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NativeMode>))]
public enum NativeMode
{
    /// <summary>Copied into the workspace's file repository.</summary>
    [JsonStringEnumMemberName("copy")] Copy,

    /// <summary>Left in the staging area; the record points there.</summary>
    [JsonStringEnumMemberName("link")] Link,
}

/// <summary>What to import, from where, to where, how fields map, and when.</summary>
public sealed record IntegrationPoint
{
    /// <summary>Stable id in its workspace.</summary>
    public required string Id { get; init; }

    /// <summary>The name people see; unique in the workspace without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The workspace that owns it and is its destination.</summary>
    public required string Workspace { get; init; }

    /// <summary>The object type whose records it writes.</summary>
    public string ObjectType { get; init; } = Workspaces.ObjectType.Document;

    /// <summary>Where it reads from.</summary>
    public required ProviderSettings Source { get; init; }

    /// <summary>Where it writes to; null: into the workspace.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ProviderSettings? Destination { get; init; }

    /// <summary>Whether it reads from the workspace and writes elsewhere.</summary>
    [JsonIgnore] public bool IsExport => Destination is not null;

    /// <summary>Whether a run makes the fields that the workspace lacks.</summary>
    [JsonIgnore] public bool MakesFields => !IsExport && Import.CreateFields is not null;

    /// <summary>How records are written.</summary>
    public ImportSettings Import { get; init; } = new();

    /// <summary>Which source field goes to which destination field; with <see cref="MapAllFields"/> these come on top.</summary>
    public IReadOnlyList<FieldMapping> Mapping { get; init; } = [];

    /// <summary>Pairs whose destination field the object type does not have: kept from a profile, and ignored until they are mapped.</summary>
    public IReadOnlyList<FieldMapping> Unmapped { get; init; } = [];

    /// <summary>Pair identifier with identifier, then fields of equal name and compatible type, at each run.</summary>
    public bool MapAllFields { get; init; }

    /// <summary>When it runs by itself; null: only when asked.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Run when a load file lands in the point's import folder of the staging area.</summary>
    public bool RunOnUpload { get; init; }

    /// <summary>Who gets a mail when a job has ended: addresses separated by semicolons; null or empty: nobody.</summary>
    public string? NotificationRecipients { get; init; }

    /// <summary>Who saved it last; scheduled runs and uploads are started in that name.</summary>
    public string SavedBy { get; init; } = "";

    /// <summary>What saving changed beside what was asked for, in words. Only in the answer to it; never kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Keep item-level errors; counts and error files do not depend on it.</summary>
    public bool LogErrors { get; init; } = true;
}

/// <summary>A provider by name, and its settings record as JSON.</summary>
/// <param name="Provider">The provider's name, such as <c>load-file</c>.</param>
/// <param name="Settings">The provider's own settings.</param>
public sealed record ProviderSettings(string Provider, JsonElement Settings);

/// <summary>One pair of the field mapping, by name.</summary>
/// <param name="Source">The source's field: a column's name.</param>
/// <param name="Destination">The workspace's field.</param>
/// <param name="Type">
/// The type that the field had when it was mapped: a run is refused when it has another by then. Left out: the one that it has when the point is
/// saved; null also while there is no such field.
/// </param>
public sealed record FieldMapping(string Source, string Destination, FieldType? Type = null)
{
    /// <summary>What the source's field holds, as its fields were listed; null: text of any kind, or not known. A type that does not fit is told when the pair is saved.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public FieldType? SourceType { get; init; }

    /// <summary>The most characters of the source's field, where it is a fixed-length text; null: not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? SourceLength { get; init; }

    /// <summary>Whether the other pair maps the same column to the same field, whatever is known of the field's type.</summary>
    public bool IsSamePair(FieldMapping other) => (Source, Destination) == (other.Source, other.Destination);
}

/// <summary>How an import treats records, values and files. Column names are compared without regard to case.</summary>
public sealed record ImportSettings
{
    /// <summary>Which existing records may be touched.</summary>
    public OverwriteMode Overwrite { get; init; }

    /// <summary>The field that names existing records; null: the identifier.</summary>
    public string? OverlayField { get; init; }

    /// <summary>
    /// The field that tells entities apart, which must not repeat, while what is shown, the full name, may; null: Unique ID where it is mapped, else
    /// the full name.
    /// </summary>
    public string? UniqueIdentifier { get; init; }

    /// <summary>
    /// Whether the column mapped to Manager holds what the source itself refers to a person by (guide, "Entity Manager Contains Link"): a distinguished
    /// name, an id, else the unique identifier. No: it holds a full name. Null: such a reference, else a full name where the source has none of its own.
    /// </summary>
    public bool? ManagerContainsLink { get; init; }

    /// <summary>What becomes of choices and objects that are there.</summary>
    public MultiSelectOverlay MultiSelect { get; init; }

    /// <summary>The source's identifier column; null: the column mapped to the identifier, with map all the first.</summary>
    public string? IdentifierColumn { get; init; }

    /// <summary>The column that holds the path of the native; null: no natives.</summary>
    public string? NativeColumn { get; init; }

    /// <summary>Copy natives or link them.</summary>
    public NativeMode Natives { get; init; }

    /// <summary>
    /// Read the files that storage copies by itself, or that are linked, so that the manifest has their SHA-256 as well; it takes as long as
    /// reading them does.
    /// </summary>
    public bool HashFiles { get; init; }

    /// <summary>The column that holds the extracted text, or its path; null: none.</summary>
    public string? TextColumn { get; init; }

    /// <summary>Whether <see cref="TextColumn"/> holds a path.</summary>
    public bool TextIsPath { get; init; }

    /// <summary>The encoding of text files; null: detected.</summary>
    public string? TextEncoding { get; init; }

    /// <summary>Where files lie that paths look for on drives and servers; a path without a rule is an error.</summary>
    public IReadOnlyList<PathRule> PathRules { get; init; } = [];

    /// <summary>The column that holds the folder path; null: all records go to <see cref="DestinationFolder"/>.</summary>
    public string? FolderColumn { get; init; }

    /// <summary>Where folder paths start, levels separated by <c>\</c>; blank: the root.</summary>
    public string DestinationFolder { get; init; } = "";

    /// <summary>Move overlaid documents to their folder path.</summary>
    public bool MoveExisting { get; init; }

    /// <summary>Leave the values of overlaid records as they are where the row has blank cells; otherwise a blank empties the field.</summary>
    public bool KeepOnBlank { get; init; }

    /// <summary>How dates and numbers are written in the source: a culture's name.</summary>
    public string Culture { get; init; } = "en-US";

    /// <summary>Exact formats of dates by field name, such as <c>yyyy-MM-dd</c>; other fields take every form the culture knows.</summary>
    public IReadOnlyDictionary<string, string> DateFormats { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether a zero date such as 00/00/0000 is an error; otherwise it is an empty value (load-file specification, date formats). Null: as the
    /// instance setting of that name says.
    /// </summary>
    public bool? CreateErrorForInvalidDate { get; init; }

    /// <summary>Make choices that the workspace lacks; otherwise a row that names one is rejected.</summary>
    public bool CreateChoices { get; init; } = true;

    /// <summary>Make objects that object fields name and the workspace lacks; otherwise a row that names one is rejected.</summary>
    public bool CreateObjects { get; init; } = true;

    /// <summary>The character code between the values of a multiple choice or multiple object.</summary>
    public int MultiValue { get; init; } = 59;

    /// <summary>The character code between the levels of a choice.</summary>
    public int Nested { get; init; } = 92;

    /// <summary>The character code that stands for a line break in long text.</summary>
    public int Newline { get; init; } = 174;

    /// <summary>Make the fields that the workspace lacks; null: every mapped field must exist.</summary>
    public FieldSchema? CreateFields { get; init; }
}

/// <summary>Which fields to make: the shape of a schema file. Columns it does not name become long text.</summary>
public sealed record FieldSchema
{
    /// <summary>The identifier's column.</summary>
    public string? Identifier { get; init; }

    /// <summary>Fields with a type of their own.</summary>
    public IReadOnlyList<SchemaField> Fields { get; init; } = [];
}

/// <summary>One field to make.</summary>
/// <param name="Name">The column, and the field's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Length">The most characters of a fixed-length text; 255 when not said.</param>
/// <param name="Scale">The most digits after the point of a decimal or an amount.</param>
/// <param name="DateOnly">Whether a date keeps the day only.</param>
/// <param name="AssociatedType">The object type that an object field names.</param>
/// <param name="Required">Whether a record must have a value.</param>
public sealed record SchemaField(
    string Name, FieldType Type, int? Length = null, int? Scale = null, bool DateOnly = false, string? AssociatedType = null, bool Required = false);
