using System.Text.Json.Serialization;
using IntegrationPoints.App.Checks;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.App.Triggers;

/// <summary>A check that was started.</summary>
/// <param name="CheckId">Its id.</param>
public sealed record StartedCheck(string CheckId);

/// <summary>What a check is told beyond the import that it checks.</summary>
public sealed record CheckOptions
{
    /// <summary>The image load file of the same production in the staging area; null: none.</summary>
    public string? ImageFile { get; init; }

    /// <summary>
    /// A list of the files below the base folder where it came from, in the staging area, a line each: bytes, a tab, the path with <c>/</c>; null:
    /// the base folder of the staging area is listed.
    /// </summary>
    public string? Inventory { get; init; }

    /// <summary>The columns that mean something, where their names do not tell; blank: none.</summary>
    public MeaningfulColumns? Columns { get; init; }

    /// <summary>Where a client that staged the files itself found those that are missing.</summary>
    public BaseProposal? Proposal { get; init; }
}

/// <summary>Columns by what they mean. Null: told by the usual names; blank: no column has the meaning.</summary>
public sealed record MeaningfulColumns
{
    /// <summary>The first Bates number.</summary>
    public string? BeginBates { get; init; }

    /// <summary>The last Bates number.</summary>
    public string? EndBates { get; init; }

    /// <summary>The first number of the family.</summary>
    public string? BeginAttachment { get; init; }

    /// <summary>The last number of the family.</summary>
    public string? EndAttachment { get; init; }

    /// <summary>The family.</summary>
    public string? Group { get; init; }

    /// <summary>The document that it is attached to.</summary>
    public string? Parent { get; init; }

    /// <summary>The number of pages.</summary>
    public string? Pages { get; init; }

    /// <summary>The hash of the native: MD5, SHA-1 or SHA-256.</summary>
    public string? Hash { get; init; }

    /// <summary>Those that were told.</summary>
    internal IReadOnlyDictionary<ColumnMeaning, string> Told()
    {
        (ColumnMeaning, string?)[] all =
        [
            (ColumnMeaning.BeginBates, BeginBates), (ColumnMeaning.EndBates, EndBates), (ColumnMeaning.BeginAttachment, BeginAttachment),
            (ColumnMeaning.EndAttachment, EndAttachment), (ColumnMeaning.Group, Group), (ColumnMeaning.Parent, Parent), (ColumnMeaning.Pages, Pages),
            (ColumnMeaning.Hash, Hash),
        ];
        return all.Where(c => c.Item2 is not null).ToDictionary(c => c.Item1, c => c.Item2!);
    }
}

/// <summary>An import to be checked: what an integration point would say.</summary>
public sealed record NewCheck
{
    /// <summary>The object type whose records it would write.</summary>
    public string ObjectType { get; init; } = Engine.Workspaces.ObjectType.Document;

    /// <summary>Where it would read from.</summary>
    public required ProviderSettings Source { get; init; }

    /// <summary>How records would be written.</summary>
    public ImportSettings Import { get; init; } = new();

    /// <summary>Which source field would go to which destination field.</summary>
    public IReadOnlyList<FieldMapping> Mapping { get; init; } = [];

    /// <summary>Pair identifier with identifier, then fields of equal name.</summary>
    public bool MapAllFields { get; init; }

    /// <summary>What the check is told beyond the import.</summary>
    public CheckOptions? Options { get; init; }

    /// <summary>The integration point that it stands for; it is not stored.</summary>
    internal IntegrationPoint Point(string workspace, string caller) => new()
    {
        Id = "",
        Name = "Check",
        Workspace = workspace,
        ObjectType = ObjectType,
        Source = Source,
        Import = Import,
        Mapping = Mapping,
        MapAllFields = MapAllFields,
        SavedBy = caller,
    };
}

/// <summary>A check as the API shows it.</summary>
public sealed record CheckView
{
    /// <summary>Its id.</summary>
    public required string CheckId { get; init; }

    /// <summary>The workspace's id.</summary>
    public required string Workspace { get; init; }

    /// <summary>Running, Done or Failed.</summary>
    public required string Status { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool IsFinal { get; init; }

    /// <summary>How far it is; null when it has ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public CheckProgress? Progress { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ProblemEntryView? Problem { get; init; }

    /// <summary>What it came to; null while it runs and when it failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public CheckReport? Report { get; init; }

    internal static CheckView Running(Check check, CheckProgress? progress) => New(check, "Running") with { Progress = progress ?? new CheckProgress(0, 0, false) };

    internal static CheckView Of(Check check, CheckResult result) => New(check, result.Report is null ? "Failed" : "Done") with
    {
        IsFinal = true,
        Report = result.Report,
        Problem = result.Problem is { } problem ? new ProblemEntryView(problem.Code, problem.Message) : null,
    };

    internal static CheckView Lost(Check check) => Of(check, new CheckResult
    {
        Problem = new Problem("check-failed", "The check ended without a report, as happens when storage cannot be reached for a long time. Nothing was changed. Check again."),
    });

    private static CheckView New(Check check, string status) => new() { CheckId = check.Job.Id, Workspace = check.Job.Point.Workspace, Status = status };
}

/// <summary>Why something could not be done.</summary>
/// <param name="Code">Stable kebab-case code.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record ProblemEntryView(string Code, string Message);
