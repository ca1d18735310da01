using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Exports;

/// <summary>
/// One line of a job's list of documents: which version of which record is exported, and what has to be known of it before files can be laid
/// out. The list is written once, in the order of the export, as lines of JSON: <c>{job}/source/list</c>.
/// </summary>
public sealed record ListedDocument
{
    /// <summary>The document's identifier.</summary>
    [JsonPropertyName("id")] public required string Identifier { get; init; }

    /// <summary>The version that is exported.</summary>
    [JsonPropertyName("v")] public required string ETag { get; init; }

    /// <summary>Its first Bates number in the first production of the export's precedence that holds it; null: none does.</summary>
    [JsonPropertyName("b")] public string? BeginNumber { get; init; }

    /// <summary>Its native, when natives are exported and it has one.</summary>
    [JsonPropertyName("n")] public ListedFile? Native { get; init; }

    /// <summary>The original name of its native, when file names end in it and <see cref="Native"/> does not say it.</summary>
    [JsonPropertyName("o"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? OriginalName { get; init; }

    /// <summary>Its text, when text files are exported and it has one. The bytes are those of the text file, or near to it.</summary>
    [JsonPropertyName("t")] public ListedText? Text { get; init; }

    /// <summary>Its images, when images are exported and it has some.</summary>
    [JsonPropertyName("i")] public ListedImages? Images { get; init; }
}

/// <summary>A native.</summary>
/// <param name="Name">Its original name.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ListedFile([property: JsonPropertyName("n")] string Name, [property: JsonPropertyName("s")] long Bytes);

/// <summary>A text that becomes a file.</summary>
/// <param name="Field">The id of the first field of the precedence that is not empty.</param>
/// <param name="Bytes">The size of its file.</param>
public sealed record ListedText([property: JsonPropertyName("f")] string Field, [property: JsonPropertyName("s")] long Bytes);

/// <summary>A set of images.</summary>
/// <param name="Set">Its name: a production's id, or <see cref="Records.ImageSet.Original"/>.</param>
/// <param name="Files">How many files there are in the repository; an export of single pages makes as many.</param>
/// <param name="Bytes">Their size together.</param>
public sealed record ListedImages(
    [property: JsonPropertyName("p")] string Set, [property: JsonPropertyName("c")] int Files, [property: JsonPropertyName("s")] long Bytes)
{
    /// <summary>
    /// The page ids after which the files are named, one a file, in order, when each becomes a file of its own: so that no two files of a folder get one
    /// name. Null: not known.
    /// </summary>
    [JsonPropertyName("d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<string>? Names { get; init; }
}
