using System.Globalization;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Triggers;

/// <summary>A page of errors.</summary>
/// <param name="Items">What it holds; a filtered page may hold nothing and still not be the last.</param>
/// <param name="ContinuationToken">Send it as <c>continuationToken</c>, with the same filters, to get the next page; null: this is the last.</param>
/// <param name="Scanned">How many errors were looked at for this page.</param>
public sealed record ErrorList(IReadOnlyList<JobErrorView> Items, string? ContinuationToken, int Scanned);

/// <summary>An error or a warning of a job, or an error that no job carries (guide 7.2).</summary>
public sealed record JobErrorView
{
    /// <summary>The name by which people speak of it; the system gives it.</summary>
    public required string Name { get; init; }

    /// <summary>The line of the load file on which the record begins.</summary>
    public long? Line { get; init; }

    /// <summary>The record's identifier as the source has it.</summary>
    public string? SourceId { get; init; }

    /// <summary>The column or field concerned.</summary>
    public string? Field { get; init; }

    /// <summary>Stable kebab-case code.</summary>
    public required string Code { get; init; }

    /// <summary>Whether one record is concerned or the whole job.</summary>
    public ProblemLevel Type { get; init; }

    /// <summary>Error or warning.</summary>
    public ProblemSeverity Severity { get; init; }

    /// <summary>What is wrong, in words.</summary>
    public required string Error { get; init; }

    /// <summary>All there is to say about it, a line each.</summary>
    public required string FullError { get; init; }

    /// <summary>What became of it; null: it is a warning, and there is nothing to become of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ErrorStatus? Status { get; init; }

    /// <summary>The job; null: no job carries it.</summary>
    public string? JobId { get; init; }

    /// <summary>The integration point's name when the job started; null: no job carries it.</summary>
    public string? JobName { get; init; }

    /// <summary>The integration point's id.</summary>
    public required string IntegrationPoint { get; init; }

    /// <summary>When it was found, or when that was due which did not happen.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>When it was written down.</summary>
    public DateTimeOffset CreatedUtc { get; init; }

    /// <summary>Who started the job that found it; <c>system</c> when no job carries it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When what became of it changed last; when it was written down, if it never did.</summary>
    public DateTimeOffset ModifiedUtc { get; init; }

    /// <summary>Who started the job that changed what became of it, or asked for the stop that did.</summary>
    public required string ModifiedBy { get; init; }

    /// <summary>The batch that found it; null: none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Batch { get; init; }

    /// <summary>The view of an error as it is listed.</summary>
    public static JobErrorView Of(ListedError listed)
    {
        var ((name, problem, timestamp), job) = (listed.Error, listed.Job);
        var isOfJob = problem.Level == ProblemLevel.Job;
        var isWarning = problem.Severity == ProblemSeverity.Warning;
        ErrorStatus? status = isWarning ? null : (isOfJob ? job?.JobErrors : job?.ItemErrors) ?? ErrorStatus.New;
        var change = isWarning ? null : isOfJob ? job?.JobErrorsChange : job?.ItemErrorsChange;
        var (created, creator) = (listed.Error.CreatedUtc, job?.StartedBy ?? "system");
        return new JobErrorView
        {
            Name = name,
            Line = problem.Line,
            SourceId = problem.SourceId,
            Field = problem.Field,
            Code = problem.Code,
            Type = problem.Level,
            Severity = problem.Severity,
            Error = problem.Message,
            FullError = Full(listed, status),
            Status = status,
            JobId = job?.JobId,
            JobName = job?.Name,
            IntegrationPoint = listed.PointId,
            Timestamp = timestamp,
            CreatedUtc = created,
            CreatedBy = creator,
            ModifiedUtc = change is not null && change.Utc > created ? change.Utc : created,
            ModifiedBy = change?.By ?? creator,
            Batch = listed.Error.Batch,
        };
    }

    private static string Full(ListedError listed, ErrorStatus? status)
    {
        var ((_, problem, timestamp), job) = (listed.Error, listed.Job);
        var lines = new List<string> { problem.Message };
        if (problem.SourceId is { } id) lines.Add($"Record: {Words.Quote(id)}");
        if (problem.Line is { } line) lines.Add(string.Create(CultureInfo.InvariantCulture, $"Line of the load file: {line}"));
        if (problem.Field is { } field) lines.Add($"Field: {Words.Quote(field)}");
        lines.Add($"Code: {problem.Code}");
        lines.Add($"Concerns: {Concerns(problem, job)}");
        lines.Add(job is null
            ? $"Integration point: {listed.PointId}"
            : string.Create(CultureInfo.InvariantCulture, $"Job: {Words.Quote(job.Name)} ({job.JobId}), started {job.StartedUtc:yyyy-MM-dd HH:mm:ss} UTC by {job.StartedBy}"));
        if (listed.Error.Batch is { } batch) lines.Add(string.Create(CultureInfo.InvariantCulture, $"Batch: {batch}"));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"Found: {timestamp:yyyy-MM-dd HH:mm:ss} UTC"));
        if (status is { } became) lines.Add($"Status: {Became(became)}");
        return string.Join('\n', lines);
    }

    private static string Concerns(Problem problem, JobHistory? job) => (problem.Severity, problem.Level, job) switch
    {
        (_, _, null) => "the integration point; no job carries it",
        (ProblemSeverity.Warning, ProblemLevel.Item, _) => "one record, which was written all the same",
        (ProblemSeverity.Warning, _, _) => "the job, which went on",
        (_, ProblemLevel.Item, _) => "one record, which was not transferred; the others are not concerned",
        _ => "the whole job, which could not go on",
    };

    private static string Became(ErrorStatus status) => status switch
    {
        ErrorStatus.New => "New; nothing was done about it yet",
        ErrorStatus.Expired => "Expired; the integration point ran again or the job was stopped, and it can be retried no more",
        ErrorStatus.InProgress => "In Progress; a job is retrying it",
        _ => "Retried; what failed again is an error of the job that retried it",
    };
}
