using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>What a file is to its document.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileKind>))]
internal enum FileKind
{
    /// <summary>The document's original file.</summary>
    [JsonStringEnumMemberName("native")] Native,

    /// <summary>Its extracted text, or another long text.</summary>
    [JsonStringEnumMemberName("text")] Text,

    /// <summary>One page of it.</summary>
    [JsonStringEnumMemberName("image")] Image,

    /// <summary>A load file that an export wrote; it belongs to no document.</summary>
    [JsonStringEnumMemberName("load-file")] LoadFile,
}

/// <summary>Where a file is kept.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FilePlace>))]
internal enum FilePlace
{
    /// <summary>In the file repository.</summary>
    [JsonStringEnumMemberName("repository")] Repository,

    /// <summary>In the staging area, where it was; the record points there.</summary>
    [JsonStringEnumMemberName("staging")] Staging,

    /// <summary>In the record itself: a text of at most 32 KB.</summary>
    [JsonStringEnumMemberName("record")] Record,
}

/// <summary>One file that a record brings along: where it comes from, where it is kept, and what the manifest says about it.</summary>
internal sealed record KeptFile
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required FileKind Kind { get; init; }

    public FilePlace Place { get; init; }

    /// <summary>Its path in the file repository or in the staging area; for a text kept in the record the id of its field.</summary>
    public required string Path { get; init; }

    /// <summary>The version in the staging area that is to be copied, or is linked; null when the bytes were written while deciding.</summary>
    public BlobVersion? From { get; init; }

    /// <summary>Where it lies in <see cref="From"/>, when that is a package.</summary>
    public PackageEntry? Entry { get; init; }

    /// <summary>The size of what is kept.</summary>
    public long Bytes { get; init; }

    /// <summary>The SHA-256 of what is kept, 64 small hexadecimal digits; null when nobody has read the bytes.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The MD5 of what is kept as storage keeps it with the file's version, 32 small hexadecimal digits; null when it keeps none.</summary>
    public string? Md5 { get; init; }

    /// <summary>Where it comes from: a path in the staging area, or in a package of it.</summary>
    public string Source { get; init; } = "";

    /// <summary>The size of the source, when what is kept is not the same bytes (a text becomes UTF-8); null when it is.</summary>
    public long? SourceBytes { get; init; }

    /// <summary>The SHA-256 of the source, when what is kept is not the same bytes.</summary>
    public string? SourceSha256 { get; init; }

    /// <summary>A text of a field, and the file that it was read from, when it was one.</summary>
    public static KeptFile Of(Field field, StoredText text, SourceFile? file) => new()
    {
        Kind = FileKind.Text,
        Place = text.File is null ? FilePlace.Record : FilePlace.Repository,
        Path = text.File?.Blob ?? field.Id,
        Bytes = text.Bytes,
        Sha256 = text.Sha256,
        Source = file?.Path ?? "",
        SourceBytes = file?.Bytes,
        SourceSha256 = text.SourceSha256,
    };
}
