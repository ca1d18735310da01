using System.Text.Json.Serialization;

namespace IntegrationPoints.Storage;

/// <summary>What became of something that somebody asked for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditOutcome>))]
public enum AuditOutcome
{
    /// <summary>It was done, or begun: what a job comes to is in the job history.</summary>
    [JsonStringEnumMemberName("done")] Done,

    /// <summary>It was not allowed; nothing was done.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>The app failed on the way; it may have been done in part.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>The app ended before it could say: it may have been done, in part or wholly.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <summary>Who did what, on what, when: a row of the audit.</summary>
public sealed record AuditEntry
{
    /// <summary>Its id; the same entry written twice stands once.</summary>
    public required string Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset TimeUtc { get; init; }

    /// <summary>The workspace concerned; null: none.</summary>
    public string? Workspace { get; init; }

    /// <summary>Whose doing it is: the caller's name; for an automatic start whoever saved the integration point.</summary>
    public required string Who { get; init; }

    /// <summary>The directory's id of who did it; null for keys.</summary>
    public string? WhoId { get; init; }

    /// <summary><c>schedule</c> or <c>upload</c> for an automatic start, <c>job</c> for what a job recorded by itself; null: it was asked for.</summary>
    public string? By { get; init; }

    /// <summary>What was done: a stable word in kebab-case.</summary>
    public required string Action { get; init; }

    /// <summary>What became of it.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>The code of the problem, when it was refused or failed.</summary>
    public string? Code { get; init; }

    /// <summary>What it was done to: its kind, such as <c>integration-point</c>; null: to nothing in particular.</summary>
    public string? Kind { get; init; }

    /// <summary>Its id.</summary>
    public string? SubjectId { get; init; }

    /// <summary>Its name.</summary>
    public string? SubjectName { get; init; }

    /// <summary>Whose alone name and contents of what it was done to are, as those of a private saved search; null: nobody's.</summary>
    public string? PrivateTo { get; init; }

    /// <summary>The job that was started or is concerned.</summary>
    public string? JobId { get; init; }

    /// <summary>What it was before, as JSON without secrets; null: it was not there, or nothing was changed.</summary>
    public string? Before { get; init; }

    /// <summary>What it is now, as JSON without secrets; null: it is not there any more, or nothing was changed.</summary>
    public string? After { get; init; }
}
