using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Records;

/// <summary>
/// One object of a workspace as it is stored. Values are as the API shows them: text, whole numbers and yes/no as themselves, dates as
/// <c>yyyy-MM-ddTHH:mm:ss</c>, decimals and currency as plain digits in text, a single choice as its path, multiple choices as an array of
/// paths with ancestors, levels joined by <c>\</c>; objects as their names, users as e-mail addresses; long text over 32 KB as a <see cref="TextReference"/> object. In memory that is
/// <see cref="string"/>, <see cref="int"/>, <see cref="bool"/>, <c>string[]</c> and <see cref="TextReference"/>; empty fields are absent.
/// The identifier's value is <see cref="Identifier"/>; where records are stored under a unique identifier of their own, what is shown is among the values. <see cref="RecordJson"/> reads and writes it.
/// </summary>
public sealed record Record
{
    /// <summary>The object type's name.</summary>
    [JsonPropertyName("type")] public required string Type { get; init; }

    /// <summary>The identifier as it was first written.</summary>
    [JsonPropertyName("identifier")] public required string Identifier { get; init; }

    // Generated readers set what the JSON lacks to null, over the initial value.
    /// <summary>Values of filterable fields, by field id.</summary>
    [JsonPropertyName("f"), JsonConverter(typeof(FieldValuesConverter))]
    public Dictionary<string, object> Filterable { get; init => field = value ?? []; } = [];

    /// <summary>Values of all other fields, by field id.</summary>
    [JsonPropertyName("v"), JsonConverter(typeof(FieldValuesConverter))]
    public Dictionary<string, object> Values { get; init => field = value ?? []; } = [];

    /// <summary>What is shown as the identifier: the value of its field where records are stored under another one, else <see cref="Identifier"/>.</summary>
    public string NameOf(string identifierField) => ValueOf(identifierField) as string ?? Identifier;

    /// <summary>The value of a field; null when it is empty.</summary>
    public object? ValueOf(string fieldId) => Values.GetValueOrDefault(fieldId) ?? Filterable.GetValueOrDefault(fieldId);

    /// <summary>Where the document lies; null for the root and for objects that are not documents.</summary>
    [JsonPropertyName("folder")] public RecordFolder? Folder { get; init; }

    /// <summary>The document's original file.</summary>
    [JsonPropertyName("native")] public NativeFile? Native { get; init; }

    /// <summary>The document's sets of images: <see cref="ImageSet.Original"/>, or a production's by its id. Null: none.</summary>
    [JsonPropertyName("images")] public Dictionary<string, ImageSet>? Images { get; init; }

    /// <summary>
    /// Of object fields that link records of the object's own type: the identifier of the record that the value names, by field id. Null: there is none.
    /// </summary>
    [JsonPropertyName("links")] public Dictionary<string, string>? Links { get; init; }

    /// <summary>How other records of its source refer to it, where that is not the identifier: a distinguished name. Null: not known.</summary>
    [JsonPropertyName("link")] public string? Link { get; init; }

    /// <summary>Which job, batch and line wrote the record last; null when only users did.</summary>
    [JsonPropertyName("stamp")] public RecordStamp? Stamp { get; init; }

    /// <summary>Whether a user changed the record after the stamp.</summary>
    [JsonPropertyName("edited")] public bool Edited { get; init; }

    /// <summary>When it was first written.</summary>
    [JsonPropertyName("created")] public DateTimeOffset CreatedUtc { get; init; }

    /// <summary>When it was last written.</summary>
    [JsonPropertyName("modified")] public DateTimeOffset ModifiedUtc { get; init; }
}

/// <summary>A folder by its path and the ids of it and of its ancestors, root first, so that "with subfolders" is one condition.</summary>
public sealed record RecordFolder([property: JsonPropertyName("path")] string Path, [property: JsonPropertyName("ids")] IReadOnlyList<string> Ids);

/// <summary>A document's original file.</summary>
/// <param name="Name">The file's name without folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Blob">Its path in the file repository, or in the staging area when linked.</param>
/// <param name="Linked">Whether it was left where it was instead of copied.</param>
public sealed record NativeFile(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("blob")] string Blob,
    [property: JsonPropertyName("linked")] bool Linked = false)
{
    /// <summary>What it is by its first bytes, as the ending that such files have (<see cref="FileTypes"/>); null: not known.</summary>
    [JsonPropertyName("type")] public string? Type { get; init; }
}

/// <summary>Text that is too long for its record: a UTF-8 file of the file repository.</summary>
/// <param name="Blob">Its path in the file repository.</param>
/// <param name="Bytes">Its size in UTF-8.</param>
public sealed record TextReference(
    [property: JsonPropertyName("$blob")] string Blob,
    [property: JsonPropertyName("$bytes")] long Bytes);

/// <summary>Who wrote a record last.</summary>
public sealed record RecordStamp(
    [property: JsonPropertyName("job")] string Job,
    [property: JsonPropertyName("batch")] int Batch,
    [property: JsonPropertyName("line")] long Line);
