using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Engine.Checks;

/// <summary>What is checked, frozen when the check starts: <c>jobs/{check}/check/check.json</c>. Nothing in it changes afterwards.</summary>
public sealed record Check
{
    /// <summary>The import as it would be: the integration point, and the date that completes others.</summary>
    public required Job Job { get; init; }

    /// <summary>The image load file of the same production in the staging area; null: none.</summary>
    public string? ImageFile { get; init; }

    /// <summary>
    /// A list of the files that lie below the base folder where it came from, in the staging area; null: the base folder itself is listed. It is
    /// for clients that stage only what the load file names. A line each: bytes, a tab, the path with <c>/</c>.
    /// </summary>
    public string? Inventory { get; init; }

    /// <summary>Columns by their meaning, where their names do not tell; a blank name: no column has it.</summary>
    public IReadOnlyDictionary<ColumnMeaning, string> Columns { get; init; } = new Dictionary<ColumnMeaning, string>();

    /// <summary>Where a client that staged the files itself found those that are missing; null: nowhere, or it did not look.</summary>
    public BaseProposal? Proposal { get; init; }
}

/// <summary>What preparing a check found, frozen with it: every batch is read in the same way.</summary>
public sealed record PreparedCheck
{
    /// <summary>What the import would be frozen with; fields that it would make are among its fields.</summary>
    public required PreparedJob Job { get; init; }

    /// <summary>The names of the fields that the import would make.</summary>
    public IReadOnlyList<string> NewFields { get; init; } = [];

    /// <summary>Whether existing records can be found before the import has made the overlay field a lookup field.</summary>
    public bool CanFind { get; init; } = true;

    /// <summary>The image load file; null: none was given, or it cannot be read.</summary>
    public SourceLayout? Images { get; init; }

    /// <summary>Why the image load file cannot be read; null when it can.</summary>
    public Problem? ImageProblem { get; init; }

    /// <summary>The columns that mean something, by their position.</summary>
    public IReadOnlyDictionary<ColumnMeaning, int> Columns { get; init; } = new Dictionary<ColumnMeaning, int>();
}
