using System.IO.Hashing;
using System.Text;
using Azure.Data.Tables;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Storage;

/// <summary>One error or warning as it is listed.</summary>
/// <param name="Name">The name by which people speak of it: <c>ERR-…</c> or <c>WRN-…</c>, the same in every attempt.</param>
/// <param name="Problem">What is wrong; very long texts are shortened.</param>
/// <param name="Timestamp">When it was found, or when that was due which did not happen.</param>
public sealed record JobErrorRow(string Name, Problem Problem, DateTimeOffset Timestamp)
{
    /// <summary>When it was written down.</summary>
    public DateTimeOffset CreatedUtc { get; init; }

    /// <summary>The batch that found it, from 0; null: none did.</summary>
    public int? Batch { get; init; }
}

/// <summary>The columns of an error.</summary>
internal static class ErrorColumns
{
    /// <summary>A row that holds a problem.</summary>
    public static TableEntity Row(string partition, string row, Problem problem, DateTimeOffset timestamp) => new(partition, row)
    {
        ["Code"] = TableText.Column(problem.Code),
        ["Error"] = TableText.Column(problem.Message),
        ["Level"] = problem.Level.ToString(),
        ["Severity"] = problem.Severity.ToString(),
        ["Line"] = problem.Line,
        ["SourceId"] = TableText.Column(problem.SourceId),
        ["Field"] = TableText.Column(problem.Field),
        ["FoundUtc"] = timestamp,
    };

    /// <summary>The error that a row holds; its name follows from the partition in which it stands first.</summary>
    public static JobErrorRow Error(TableEntity row, string prefix, string partition) => new(
        $"{prefix}-{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{partition}/{row.RowKey}")):X16}",
        new Problem(row.GetString("Code"), row.GetString("Error"))
        {
            Level = Enum.Parse<ProblemLevel>(row.GetString("Level")),
            Severity = Enum.Parse<ProblemSeverity>(row.GetString("Severity")),
            Line = row.GetInt64("Line"),
            SourceId = row.GetString("SourceId"),
            Field = row.GetString("Field"),
        },
        row.GetDateTimeOffset("FoundUtc")!.Value)
    {
        CreatedUtc = row.GetDateTimeOffset("CreatedUtc") ?? row.GetDateTimeOffset("FoundUtc")!.Value,
    };
}
