namespace IntegrationPoints.Engine.Exports;

/// <summary>Where an export writes to, frozen with its job.</summary>
public sealed record PreparedExport
{
    /// <summary>The path of the export folder in the staging area, without a slash at its end.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of the data file.</summary>
    public required string DataFile { get; init; }

    /// <summary>The name of the load file of the images; null: none is written.</summary>
    public string? ImageFile { get; init; }

    /// <summary>The name of the list of files.</summary>
    public string Manifest { get; init; } = "manifest.csv";

    /// <summary>The name of the summary.</summary>
    public string Summary { get; init; } = "summary.txt";

    /// <summary>The position of the column that holds the path of the text file; null: there are no text files.</summary>
    public int? TextColumn { get; init; }

    /// <summary>The names of the columns in the data file, those that the export adds included.</summary>
    public required IReadOnlyList<string> Columns { get; init; }
}
