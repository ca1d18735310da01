using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Records;

/// <summary>
/// A set of a document's images. Its pages lie in items beside the record, which are written before the record points to them and never change:
/// <c>{item}|{part}</c>, parts from 0.
/// </summary>
/// <param name="Pages">How many pages, those of files of several pages counted.</param>
/// <param name="Item">What the ids of its items begin with.</param>
/// <param name="Parts">How many items there are.</param>
public sealed record ImageSet(
    [property: JsonPropertyName("pages")] int Pages,
    [property: JsonPropertyName("item")] string Item,
    [property: JsonPropertyName("parts")] int Parts)
{
    /// <summary>The name of the set that is no production's.</summary>
    public const string Original = "original";

    /// <summary>The most pages of an item, so that none comes near <see cref="RecordLimits.ItemBytes"/>.</summary>
    public const int PagesPerPart = 1000;

    /// <summary>The id of one item.</summary>
    public string PartId(int part) => PartId(Item, part);

    /// <summary>The id of one item; as a sort key it is that of no record.</summary>
    public static string PartId(string item, int part) => string.Create(null, $"{item}|{part:d4}");
}

/// <summary>One item of a set of images: some of its pages, in order.</summary>
public sealed record ImagePart([property: JsonPropertyName("pages")] IReadOnlyList<ImagePage> Pages);

/// <summary>What an image file is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageType>))]
public enum ImageType
{
    /// <summary>One page, black and white, CCITT Group IV.</summary>
    [JsonStringEnumMemberName("tiff")] Tiff,

    /// <summary>One picture.</summary>
    [JsonStringEnumMemberName("jpeg")] Jpeg,

    /// <summary>Any number of pages.</summary>
    [JsonStringEnumMemberName("pdf")] Pdf,
}

/// <summary>One image of a document.</summary>
public sealed record ImagePage
{
    /// <summary>The page id; of a production the Bates number.</summary>
    [JsonPropertyName("id")] public required string Id { get; init; }

    /// <summary>The file's name without folder.</summary>
    [JsonPropertyName("file")] public required string File { get; init; }

    /// <summary>Its path in the file repository, or in the staging area when linked.</summary>
    [JsonPropertyName("blob")] public required string Blob { get; init; }

    /// <summary>Whether it was left in the staging area.</summary>
    [JsonPropertyName("linked"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Linked { get; init; }

    /// <summary>Its size.</summary>
    [JsonPropertyName("bytes"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required long Bytes { get; init; }

    /// <summary>SHA-256 of its bytes, in lower-case hexadecimal digits.</summary>
    [JsonPropertyName("sha256")] public required string Sha256 { get; init; }

    /// <summary>What it is.</summary>
    [JsonPropertyName("type"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required ImageType Type { get; init; }

    /// <summary>How many pages the file has.</summary>
    [JsonPropertyName("pagesInFile")] public int PagesInFile { get; init; } = 1;

    /// <summary>Which page of the file it is, from 1; 0: all of the file.</summary>
    [JsonPropertyName("pageOfFile"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public int PageOfFile { get; init; }

    /// <summary>By how many degrees it is to be turned.</summary>
    [JsonPropertyName("rotation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public int Rotation { get; init; }
}
