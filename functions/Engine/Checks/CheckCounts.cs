using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Engine.Checks;

/// <summary>What would become of the rows. Rows = New + Overlaid + Rejected.</summary>
public sealed record RowCounts
{
    /// <summary>Rows of the load file, from the start line on.</summary>
    public long Rows { get; init; }

    /// <summary>Records that would be made.</summary>
    public long New { get; init; }

    /// <summary>Records that would be overlaid.</summary>
    public long Overlaid { get; init; }

    /// <summary>Rows that would be rejected.</summary>
    public long Rejected { get; init; }

    /// <summary>Warnings about rows that would be written.</summary>
    public long Warnings { get; init; }

    /// <summary>The sum, column by column.</summary>
    public RowCounts Plus(RowCounts other) => new()
    {
        Rows = Rows + other.Rows,
        New = New + other.New,
        Overlaid = Overlaid + other.Overlaid,
        Rejected = Rejected + other.Rejected,
        Warnings = Warnings + other.Warnings,
    };
}

/// <summary>What became of the references to one kind of file. Referenced = Found + Missing + Refused.</summary>
public sealed record ReferenceCounts
{
    /// <summary>Cells or lines that name a file.</summary>
    public long Referenced { get; init; }

    /// <summary>Those whose file is there.</summary>
    public long Found { get; init; }

    /// <summary>Those whose file is not there.</summary>
    public long Missing { get; init; }

    /// <summary>Those whose path cannot be followed: a drive, a server, out of the base folder.</summary>
    public long Refused { get; init; }

    /// <summary>Found files without a byte.</summary>
    public long Empty { get; init; }

    /// <summary>Bytes of the found files.</summary>
    public long Bytes { get; init; }

    /// <summary>One reference; null: one that names no file.</summary>
    public static ReferenceCounts Of(SourceFile? file)
    {
        var isMissing = file is null || file.Problem?.Code == FindingWords.MissingFile;
        var isFound = file is { Problem: null };
        return new ReferenceCounts
        {
            Referenced = 1,
            Found = isFound ? 1 : 0,
            Missing = isMissing ? 1 : 0,
            Refused = isFound || isMissing ? 0 : 1,
            Empty = isFound && file!.Bytes == 0 ? 1 : 0,
            Bytes = isFound ? file!.Bytes : 0,
        };
    }

    /// <summary>The sum, column by column.</summary>
    public ReferenceCounts Plus(ReferenceCounts other) => new()
    {
        Referenced = Referenced + other.Referenced,
        Found = Found + other.Found,
        Missing = Missing + other.Missing,
        Refused = Refused + other.Refused,
        Empty = Empty + other.Empty,
        Bytes = Bytes + other.Bytes,
    };
}

/// <summary>How the hashes of the load file compare with the bytes of the natives.</summary>
public sealed record HashCounts
{
    /// <summary>Rows with a hash.</summary>
    public long Hashes { get; init; }

    /// <summary>Natives that were read and hashed.</summary>
    public long Compared { get; init; }

    /// <summary>Those whose hash is that of the load file.</summary>
    public long Same { get; init; }

    /// <summary>Those whose hash is another.</summary>
    public long Different { get; init; }

    /// <summary>The sum, column by column.</summary>
    public HashCounts Plus(HashCounts other) => new()
    {
        Hashes = Hashes + other.Hashes,
        Compared = Compared + other.Compared,
        Same = Same + other.Same,
        Different = Different + other.Different,
    };
}

/// <summary>How the dates of a column read.</summary>
public sealed record DateCounts
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>Cells with a date.</summary>
    public long Dates { get; init; }

    /// <summary>Those that the other order of day and month reads as another date.</summary>
    public long Ambiguous { get; init; }

    /// <summary>Those that only the order of the import can read: they show that it is the right one.</summary>
    public long Proven { get; init; }

    /// <summary>Cells that only the other order can read: they show that it may be the wrong one.</summary>
    public long Contrary { get; init; }

    /// <summary>Those that lack their year or their day, which the import's date gives them.</summary>
    public long Completed { get; init; }

    /// <summary>The sum, column by column.</summary>
    public DateCounts Plus(DateCounts other) => this with
    {
        Dates = Dates + other.Dates,
        Ambiguous = Ambiguous + other.Ambiguous,
        Proven = Proven + other.Proven,
        Contrary = Contrary + other.Contrary,
        Completed = Completed + other.Completed,
    };
}

/// <summary>What one batch of a check found. Batches are added up in the order of the file.</summary>
public sealed record BatchCheck
{
    /// <summary>What would become of its rows.</summary>
    public RowCounts Rows { get; init; } = new();

    /// <summary>Its natives.</summary>
    public ReferenceCounts Natives { get; init; } = new();

    /// <summary>Its text files.</summary>
    public ReferenceCounts Texts { get; init; } = new();

    /// <summary>Its hashes.</summary>
    public HashCounts Hashes { get; init; } = new();

    /// <summary>Its dates, by column.</summary>
    public IReadOnlyList<DateCounts> Dates { get; init; } = [];

    /// <summary>Rows without a parent: beginnings of families, by which the place of a row among families is told.</summary>
    public long Beginnings { get; init; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>A few paths whose file is not there, as the load file has them: to look for the folder where they are.</summary>
    public IReadOnlyList<string> MissingPaths { get; init; } = [];
}
