using System.Globalization;
using System.Text.Json;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>
/// The filters of lists of errors: a query parameter for each column (guide 7.2, "condition lists"). Texts are equal without regard to case,
/// <c>error</c> and <c>fullError</c> contain; a blank value finds what is blank; all of them must hold.
/// </summary>
internal static class ErrorFilters
{
    /// <summary>Their names.</summary>
    public const string Names =
        "name,jobId,jobName,integrationPoint,line,sourceId,field,errorCode,type,severity,error,fullError,status,createdBy,modifiedBy,"
        + "timestampFrom,timestampTo,createdFrom,createdTo,modifiedFrom,modifiedTo";

    private static readonly string[] Others = ["pageSize", "continuationToken"];

    private static readonly string[] Known = Names.Split(',');

    /// <summary>What an error must be to be listed; null: there is no filter.</summary>
    /// <exception cref="RefusedException"><c>unknown-filter</c>, <c>invalid-filter</c>.</exception>
    public static Func<JobErrorView, bool>? Read(HttpRequest request)
    {
        var conditions = new List<Func<JobErrorView, bool>>();
        foreach (var (sent, values) in request.Query)
        {
            if (Others.Contains(sent, StringComparer.OrdinalIgnoreCase)) continue;
            var name = Known.FirstOrDefault(n => n.Equals(sent, StringComparison.OrdinalIgnoreCase)) ?? throw RefusedException.Bad(
                "unknown-filter",
                $"There is no filter {Words.Quote(sent)}. The filters are {string.Join(", ", Known)}.");
            conditions.Add(values is [{ } value]
                ? Condition(name, value)
                : throw RefusedException.Bad("invalid-filter", $"The filter {name} stands more than once. Send it once."));
        }
        return conditions.Count == 0 ? null : error => conditions.TrueForAll(holds => holds(error));
    }

    private static Func<JobErrorView, bool> Condition(string name, string value) => name switch
    {
        "name" => error => Same(error.Name, value),
        "jobId" => error => Same(error.JobId, value),
        "jobName" => error => Same(error.JobName, value),
        "integrationPoint" => error => Same(error.IntegrationPoint, value),
        "line" => Is(Line(value), error => error.Line),
        "sourceId" => error => Same(error.SourceId, value),
        "field" => error => Same(error.Field, value),
        "errorCode" => error => Same(error.Code, value),
        "type" => Is(Member<ProblemLevel>(name, value), error => error.Type),
        "severity" => Is(Member<ProblemSeverity>(name, value), error => error.Severity),
        "error" => error => error.Error.Contains(value, StringComparison.OrdinalIgnoreCase),
        "fullError" => error => error.FullError.Contains(value, StringComparison.OrdinalIgnoreCase),
        "status" => Is(Member<ErrorStatus>(name, value), error => error.Status),
        "createdBy" => error => Same(error.CreatedBy, value),
        "modifiedBy" => error => Same(error.ModifiedBy, value),
        _ => During(name, value),
    };

    private static Func<JobErrorView, bool> Is<T>(T wanted, Func<JobErrorView, T> column) => error => EqualityComparer<T>.Default.Equals(column(error), wanted);

    private static bool Same(string? text, string wanted) => string.Equals(text ?? "", wanted, StringComparison.OrdinalIgnoreCase);

    private static long? Line(string value)
        => value.Length == 0 ? null
            : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line
            : throw Invalid("line", value, "a line number such as 12, or nothing for errors without a line");

    private static T Member<T>(string name, string value) where T : struct, Enum
    {
        var members = Enum.GetValues<T>();
        foreach (var member in members)
            if (Shown(member).Equals(value, StringComparison.OrdinalIgnoreCase)) return member;
        throw Invalid(name, value, $"one of {string.Join(", ", members.Select(Shown))}");
    }

    // As the API writes it.
    private static string Shown<T>(T member) => JsonSerializer.SerializeToElement(member).GetString()!;

    private static Func<JobErrorView, bool> During(string name, string value)
    {
        var isFrom = name.EndsWith("From", StringComparison.Ordinal);
        var (first, behind) = TimeFilter.Read(name, value);
        return error =>
        {
            var time = name[0] switch { 't' => error.Timestamp, 'c' => error.CreatedUtc, _ => error.ModifiedUtc };
            return isFrom ? time >= first : time < behind;
        };
    }

    private static RefusedException Invalid(string name, string value, string expected) => TimeFilter.Invalid(name, value, expected);
}
