using System.Globalization;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Engine.Checks;

/// <summary>Numbers of one prefix.</summary>
/// <param name="Prefix">The prefix, as it was written first.</param>
/// <param name="First">The first number, written out.</param>
/// <param name="Last">The last number, written out.</param>
/// <param name="Documents">How many documents have numbers of the series.</param>
/// <param name="Numbers">How many numbers they have together.</param>
/// <param name="Gaps">How many gaps there are.</param>
/// <param name="Missing">How many numbers are in the gaps.</param>
public sealed record BatesSeries(string Prefix, string First, string Last, long Documents, long Numbers, long Gaps, long Missing);

/// <summary>The families of a load file.</summary>
/// <param name="Basis">From which columns they were taken.</param>
/// <param name="Families">How many there are with more than one document.</param>
/// <param name="Documents">How many documents these have.</param>
public sealed record FamilyCounts(string Basis, long Families, long Documents);

/// <summary>What a check took a column for.</summary>
/// <param name="Column">The column.</param>
/// <param name="Field">The field that it would go to; null: none.</param>
/// <param name="IsNew">Whether the import would make the field.</param>
/// <param name="Use">What else it is used for, in words; null: nothing.</param>
public sealed record ColumnUse(string Column, string? Field, bool IsNew, string? Use);

/// <summary>A folder under which files exist that are not under the base folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Tried">How many missing files were looked for there.</param>
/// <param name="Found">How many of them are there.</param>
public sealed record BaseProposal(string Folder, int Tried, int Found);

/// <summary>Documents and their images, when an image load file was given.</summary>
/// <param name="Documents">Documents of the image load file.</param>
/// <param name="Pages">Images that it lists.</param>
/// <param name="Both">Documents that are in both load files.</param>
public sealed record ImageCounts(long Documents, long Pages, long Both);

/// <summary>What a check of a load file came to: all that its page and its JSON show.</summary>
public sealed record CheckReport
{
    /// <summary>The check's id.</summary>
    public required string Id { get; init; }

    /// <summary>The workspace's name.</summary>
    public required string Workspace { get; init; }

    /// <summary>The object type.</summary>
    public required string ObjectType { get; init; }

    /// <summary>The load file's name.</summary>
    public required string LoadFile { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The encoding in which it was read.</summary>
    public string Encoding { get; init; } = "";

    /// <summary>The image load file's name; null: none was given.</summary>
    public string? ImageFile { get; init; }

    /// <summary>How the import would treat existing records.</summary>
    public OverwriteMode Overwrite { get; init; }

    /// <summary>The regional settings in which dates and numbers were read.</summary>
    public string Culture { get; init; } = "";

    /// <summary>When the check began; dates that lack a part were completed from it.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset EndedUtc { get; init; }

    /// <summary>What would become of the rows.</summary>
    public RowCounts Rows { get; init; } = new();

    /// <summary>The natives.</summary>
    public ReferenceCounts Natives { get; init; } = new();

    /// <summary>The text files.</summary>
    public ReferenceCounts Texts { get; init; } = new();

    /// <summary>The image files.</summary>
    public ReferenceCounts ImageFiles { get; init; } = new();

    /// <summary>Documents and their images; null without an image load file.</summary>
    public ImageCounts? Images { get; init; }

    /// <summary>The base folder of the paths, without the place of the staging area.</summary>
    public string BaseFolder { get; init; } = "";

    /// <summary>Where missing files are; null: nowhere above the base folder, or none is missing.</summary>
    public BaseProposal? Proposal { get; init; }

    /// <summary>From where the numbers were taken, in words.</summary>
    public string BatesBasis { get; init; } = "";

    /// <summary>The series of numbers, the first hundred.</summary>
    public IReadOnlyList<BatesSeries> Bates { get; init; } = [];

    /// <summary>The families; null when no column tells of any.</summary>
    public FamilyCounts? Families { get; init; }

    /// <summary>The hashes; null when there is no hash column.</summary>
    public HashCounts? Hashes { get; init; }

    /// <summary>The columns of dates.</summary>
    public IReadOnlyList<DateCounts> Dates { get; init; } = [];

    /// <summary>What each column was taken for.</summary>
    public IReadOnlyList<ColumnUse> Columns { get; init; } = [];

    /// <summary>Everything found, the gravest first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Whether there is something to mend.</summary>
    public bool HasErrors => Findings.Any(f => f.Severity == FindingSeverity.Error);

    /// <summary>What would become of the rows, in a sentence.</summary>
    public string Verdict
    {
        get
        {
            var parts = new List<string>();
            if (Rows.New > 0 || Rows.Overlaid + Rows.Rejected == 0) parts.Add($"{Number(Rows.New)} would be new");
            if (Rows.Overlaid > 0) parts.Add($"{Number(Rows.Overlaid)} would be overlaid");
            if (Rows.Rejected > 0) parts.Add($"{Number(Rows.Rejected)} would be rejected");
            return $"{Number(Rows.Rows)} {(Rows.Rows == 1 ? "row" : "rows")}: {string.Join(", ", parts)}.";
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
