using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Jobs;

/// <summary>What became of the errors of a job: one value for those of records, one for its own (guide 7.2).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErrorStatus>))]
public enum ErrorStatus
{
    /// <summary>Nothing yet: they can be retried.</summary>
    [JsonStringEnumMemberName("New")] New,

    /// <summary>The integration point ran again, or the job was stopped: they can be retried no more.</summary>
    [JsonStringEnumMemberName("Expired")] Expired,

    /// <summary>A job is retrying them.</summary>
    [JsonStringEnumMemberName("In Progress")] InProgress,

    /// <summary>They were retried; what failed again is an error of the job that retried.</summary>
    [JsonStringEnumMemberName("Retried")] Retried,
}

/// <summary>A change of what became of errors.</summary>
/// <param name="Utc">When.</param>
/// <param name="By">Who started the job that changed it, or asked for the stop that did.</param>
public sealed record ErrorChange(DateTimeOffset Utc, string By);

/// <summary>What becomes of the errors of a job that another retries, or that is over (guide 7.2). What is so already is not changed again.</summary>
public static class ErrorMoves
{
    /// <summary>A retry takes them up: those of records, or the job's own, and then those of records expire, for all of it runs again.</summary>
    public static JobHistory TakenUp(this JobHistory row, bool whole, ErrorChange change) => Changed(
        row,
        row.ItemErrors == ErrorStatus.New ? whole ? ErrorStatus.Expired : ErrorStatus.InProgress : row.ItemErrors,
        row.JobErrors == ErrorStatus.New && whole ? ErrorStatus.InProgress : row.JobErrors,
        change);

    /// <summary>The retry has ended.</summary>
    public static JobHistory Retried(this JobHistory row, ErrorChange change) => Changed(
        row,
        row.ItemErrors == ErrorStatus.InProgress ? ErrorStatus.Retried : row.ItemErrors,
        row.JobErrors == ErrorStatus.InProgress ? ErrorStatus.Retried : row.JobErrors,
        change);

    /// <summary>They can be retried no more: the point ran again, or the job or its retry was stopped.</summary>
    public static JobHistory Expired(this JobHistory row, ErrorChange change) => Changed(row, Over(row.ItemErrors), Over(row.JobErrors), change);

    private static ErrorStatus Over(ErrorStatus status) => status == ErrorStatus.Retried ? status : ErrorStatus.Expired;

    private static JobHistory Changed(JobHistory row, ErrorStatus items, ErrorStatus own, ErrorChange change) => row with
    {
        ItemErrors = items,
        ItemErrorsChange = items == row.ItemErrors ? row.ItemErrorsChange : change,
        JobErrors = own,
        JobErrorsChange = own == row.JobErrors ? row.JobErrorsChange : change,
    };
}

/// <summary>Which job is retried, and whether the whole of it is.</summary>
/// <param name="JobId">The job whose records are transferred again.</param>
/// <param name="Whole">All of its records, since it failed as a whole; otherwise those that it rejected.</param>
public sealed record RetryOf(string JobId, bool Whole)
{
    /// <summary>The job whose errors are retried: the last of the integration point. It differs when that was a retry which failed.</summary>
    public required string Errors { get; init; }
}
