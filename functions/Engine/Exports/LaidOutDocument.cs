namespace IntegrationPoints.Engine.Exports;

/// <summary>Where the files of a document go. Paths start at the export folder and are separated by <c>/</c>.</summary>
public sealed record LaidOutDocument
{
    /// <summary>The document.</summary>
    public required ListedDocument Document { get; init; }

    /// <summary>The name of its volume, such as <c>VOL01</c>.</summary>
    public required string Volume { get; init; }

    /// <summary>The path of its native, such as <c>VOL01/NATIVES/NATIVE001/AS000001.msg</c>; null: it has none.</summary>
    public string? NativePath { get; init; }

    /// <summary>The path of its text file; null: it has none.</summary>
    public string? TextPath { get; init; }

    /// <summary>The folder of its images, such as <c>VOL01/IMAGES/IMG001</c>; null: it has none.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>The name, without <c>.tif</c> or <c>.pdf</c>, of the one file that all its images become; null: each page is a file of its own.</summary>
    public string? ImageName { get; init; }

    /// <summary>The names, without ending, of the files of its pages, in order; null: each is named after its page id (<see cref="ExportNames.Page"/>).</summary>
    public IReadOnlyList<string>? ImageNames { get; init; }
}
