using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Exports;

/// <summary>How the data file is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataFormat>))]
public enum DataFormat
{
    /// <summary>Delimited by the characters 20, 254, 174, 59 and 92.</summary>
    [JsonStringEnumMemberName("dat")] Dat,

    /// <summary>A page with a table.</summary>
    [JsonStringEnumMemberName("html")] Html,

    /// <summary>Delimited by the characters 44, 34, 10, 59 and 92.</summary>
    [JsonStringEnumMemberName("csv")] Csv,

    /// <summary>Delimited by any five characters.</summary>
    [JsonStringEnumMemberName("txt")] Txt,
}

/// <summary>The load file of the images.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageFileFormat>))]
public enum ImageFileFormat
{
    /// <summary>No load file.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Opticon, <c>.opt</c>.</summary>
    [JsonStringEnumMemberName("opticon")] Opticon,

    /// <summary>IPRO, <c>.lfp</c>.</summary>
    [JsonStringEnumMemberName("ipro")] Ipro,

    /// <summary>IPRO with the text of the pages, <c>.lfp</c>.</summary>
    [JsonStringEnumMemberName("ipro-full-text")] IproFullText,
}

/// <summary>How paths in load files begin.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PathStyle>))]
public enum PathStyle
{
    /// <summary>With <c>.\</c>, from the load file's own folder.</summary>
    [JsonStringEnumMemberName("relative")] Relative,

    /// <summary>With the address of the file store.</summary>
    [JsonStringEnumMemberName("absolute")] Absolute,

    /// <summary>With <see cref="ExportSettings.PathPrefix"/>.</summary>
    [JsonStringEnumMemberName("prefix")] Prefix,
}

/// <summary>What files are named after.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileNaming>))]
public enum FileNaming
{
    /// <summary>The identifier of the document.</summary>
    [JsonStringEnumMemberName("identifier")] Identifier,

    /// <summary>The first Bates number in the first production, in the order of precedence, that holds the document; else the identifier.</summary>
    [JsonStringEnumMemberName("begin-production-number")] BeginProductionNumber,
}

/// <summary>What the pages of a document become.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageOutput>))]
public enum ImageOutput
{
    /// <summary>A file for each page, as it is.</summary>
    [JsonStringEnumMemberName("single-page")] SinglePage,

    /// <summary>One TIFF for each document.</summary>
    [JsonStringEnumMemberName("multi-page-tiff")] MultiPageTiff,

    /// <summary>One PDF for each document.</summary>
    [JsonStringEnumMemberName("pdf")] Pdf,
}

/// <summary>
/// What an export writes, and how: the settings of the destination provider <c>load-file</c>, with the defaults of the guide (5.1, Destination
/// Information). The data file is always written.
/// </summary>
public sealed record ExportSettings
{
    /// <summary>The provider's name in integration points.</summary>
    public const string Provider = "load-file";

    /// <summary>Export the documents' images.</summary>
    public bool Images { get; init; }

    /// <summary>Export the documents' natives.</summary>
    public bool Natives { get; init; }

    /// <summary>Export text as one file for each document; otherwise long text stays in its cell.</summary>
    public bool TextFiles { get; init; }

    /// <summary>The format of the data file.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>The five characters of <see cref="DataFormat.Txt"/>; other formats have their own.</summary>
    public Delimiters? Delimiters { get; init; }

    /// <summary>The encoding of the data file, by name; with a byte order mark where it has one.</summary>
    [Required] public string Encoding { get; init; } = "utf-16";

    /// <summary>The load file of the images; only when <see cref="Images"/> are exported.</summary>
    public ImageFileFormat ImageFile { get; init; } = ImageFileFormat.Opticon;

    /// <summary>How paths begin.</summary>
    public PathStyle Paths { get; init; }

    /// <summary>What paths begin with when <see cref="Paths"/> is <see cref="PathStyle.Prefix"/>.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Write the column FILE_PATH also when no natives are exported: with the place in the file repository.</summary>
    public bool IncludeNativePath { get; init; }

    /// <summary>Write multiple choices as whole paths; otherwise their last levels only.</summary>
    public bool NestedChoices { get; init; } = true;

    /// <summary>What natives, text files and files of many pages are named after.</summary>
    public FileNaming NameAfter { get; init; }

    /// <summary>Append the native's original name.</summary>
    public bool AppendOriginalName { get; init; }

    /// <summary>The folder below <c>StructuredData/{workspace}/Export</c>, levels separated by <c>\</c> or <c>/</c>; blank: that folder itself.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Make a folder for each job in it: <c>{name}_{start UTC yyyy-MM-ddTHHmmss}</c>.</summary>
    public bool CreateFolder { get; init; } = true;

    /// <summary>Replace load files and files that are there. Otherwise a load file that is there fails the job, and other files are left and referred to.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What the pages of a document become.</summary>
    public ImageOutput ImageOutput { get; init; }

    /// <summary>The productions whose images are exported, the first that has the document; empty: the original images. Ids or names.</summary>
    public IReadOnlyList<string> Productions { get; init; } = [];

    /// <summary>Export the original images of documents that none of the <see cref="Productions"/> has.</summary>
    public bool IncludeOriginals { get; init; }

    /// <summary>What folders of images begin with.</summary>
    [Required] public string ImagePrefix { get; init; } = "IMG";

    /// <summary>What folders of natives begin with.</summary>
    [Required] public string NativePrefix { get; init; } = "NATIVE";

    /// <summary>What folders of text files begin with.</summary>
    [Required] public string TextPrefix { get; init; } = "TEXT";

    /// <summary>The encoding of text files, by name; with a byte order mark where it has one.</summary>
    [Required] public string TextEncoding { get; init; } = "utf-16";

    /// <summary>The long text fields of which the first that is not empty is the document's text; empty: the extracted text.</summary>
    public IReadOnlyList<string> TextPrecedence { get; init; } = [];

    /// <summary>The volumes.</summary>
    public VolumeSettings Volume { get; init; } = new();

    /// <summary>The folders in each volume.</summary>
    public SubdirectorySettings Subdirectory { get; init; } = new();

    /// <summary>Read every file that was copied, so that the manifest has its SHA-256.</summary>
    public bool HashFiles { get; init; }
}

/// <summary>How volumes are named, and when the next begins.</summary>
public sealed record VolumeSettings
{
    /// <summary>What their names begin with.</summary>
    [Required] public string Prefix { get; init; } = "VOL";

    /// <summary>The first number.</summary>
    [Range(0, int.MaxValue)] public int Start { get; init; } = 1;

    /// <summary>To how many digits numbers are filled up; longer ones are not cut.</summary>
    [Range(1, 20)] public int Digits { get; init; } = 2;

    /// <summary>How much a volume holds, in units of 1,048,576 bytes.</summary>
    [Range(1, int.MaxValue), Description("Most megabytes of a volume.")] public int MaxMegabytes { get; init; } = 4400;
}

/// <summary>How the folders of a volume are numbered, and when the next begins.</summary>
public sealed record SubdirectorySettings
{
    /// <summary>The first number.</summary>
    [Range(0, int.MaxValue)] public int Start { get; init; } = 1;

    /// <summary>To how many digits numbers are filled up; longer ones are not cut.</summary>
    [Range(1, 20)] public int Digits { get; init; } = 3;

    /// <summary>How many files of one kind a folder holds.</summary>
    [Range(1, 1_000_000), Description("Most files of a folder.")] public int MaxFiles { get; init; } = 500;
}
