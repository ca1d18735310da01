using System.Text.Json;

namespace IntegrationPoints.Cli.Checks;

/// <summary>Answer to starting a check.</summary>
internal sealed record StartedCheck(string CheckId);

/// <summary>A check as the API shows it.</summary>
internal sealed record CheckView
{
    public required string CheckId { get; init; }

    public required string Workspace { get; init; }

    public required string Status { get; init; }

    public bool IsFinal { get; init; }

    public CheckProgress? Progress { get; init; }

    public CheckProblem? Problem { get; init; }

    /// <summary>The report, for programs as the API has it.</summary>
    public JsonElement? Report { get; init; }

    /// <summary>Whether the report has something to mend.</summary>
    public bool HasErrors => Report is { } report && report.GetProperty("hasErrors").GetBoolean();
}

/// <summary>How far a check is.</summary>
internal sealed record CheckProgress(long Rows, long PlannedRows, bool PlanComplete);

/// <summary>Why a check failed.</summary>
internal sealed record CheckProblem(string Code, string Message);
