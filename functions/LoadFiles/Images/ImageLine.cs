using System.Text.Json.Serialization;

namespace IntegrationPoints.LoadFiles;

/// <summary>The kinds of image load file.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageFormat>))]
public enum ImageFormat
{
    /// <summary>Opticon: page id, volume, path, document marker, folder, box, page count (load-file specification, "Load file format").</summary>
    [JsonStringEnumMemberName("opticon")] Opticon,

    /// <summary>IPRO LFP: <c>IM,page id,marker,page of the file,@volume;folder;file;type,rotation</c>.</summary>
    [JsonStringEnumMemberName("lfp")] Lfp,
}

/// <summary>One line of an image load file: a page of a document, or why it is none.</summary>
public sealed record ImageLine
{
    /// <summary>The physical line, from 1.</summary>
    public long Line { get; init; }

    /// <summary>Where it begins in the file, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes it has, its line end included.</summary>
    public long Length { get; init; }

    /// <summary>The page id, trimmed; empty when it is blank or could not be read.</summary>
    public string PageId { get; init; } = "";

    /// <summary>The path of the image as the file has it, trimmed.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether a document begins here.</summary>
    public bool StartsDocument { get; init; }

    /// <summary>How many pages the file says the document has; null when it does not say.</summary>
    public int? PageCount { get; init; }

    /// <summary>Which page of its file it is, from 1; 0: the file is the page.</summary>
    public int PageOfFile { get; init; }

    /// <summary>By how many degrees the image is to be turned: 0, 90, 180 or 270.</summary>
    public int Rotation { get; init; }

    /// <summary>The fields between commas, trimmed.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Why the line cannot be read, in words; null when it can.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the line is about something else than an image, such as the text of a page.</summary>
    public bool IsOther { get; init; }
}
