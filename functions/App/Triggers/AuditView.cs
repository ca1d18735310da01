using System.Text.Json;
using IntegrationPoints.App.Access;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Triggers;

/// <summary>What something was done to.</summary>
/// <param name="Kind">Its kind, such as <c>integration-point</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record AuditSubject(string Kind, string? Id, string? Name);

/// <summary>An entry of the audit as the API shows it.</summary>
public sealed record AuditView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset TimeUtc { get; init; }

    /// <summary>Whose doing it is; for an automatic start whoever saved the integration point.</summary>
    public required string Who { get; init; }

    /// <summary>The directory's id of who did it; null for API keys.</summary>
    public string? WhoId { get; init; }

    /// <summary><c>schedule</c> or <c>upload</c> for an automatic start, <c>job</c> for what a job recorded by itself; null: it was asked for.</summary>
    public string? By { get; init; }

    /// <summary>What was done: a stable word in kebab-case.</summary>
    public required string Action { get; init; }

    /// <summary>What became of it: done; refused: not allowed; failed: perhaps done in part; unknown: the app ended before it could say.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>The code of the problem, when it was refused or failed.</summary>
    public string? Code { get; init; }

    /// <summary>The id of the workspace; null: it concerns none.</summary>
    public string? Workspace { get; init; }

    /// <summary>What it was done to; null: nothing in particular.</summary>
    public AuditSubject? On { get; init; }

    /// <summary>The job that was started or is concerned.</summary>
    public string? JobId { get; init; }

    /// <summary>What it was before, without secrets; null: it was not there, or nothing was changed.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>What it is after, without secrets; null: it is not there any more, or nothing was changed.</summary>
    public JsonElement? After { get; init; }

    /// <summary>Whether it is about what is private to somebody else: name and contents are left out.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The entry as somebody sees it; what is private shows its contents to its owner and to administrators.</summary>
    internal static AuditView Of(AuditEntry entry, Identity reader)
    {
        var isPrivate = entry.PrivateTo is { } owner && !owner.Equals(reader.Name, StringComparison.OrdinalIgnoreCase) && !AccessCheck.IsAdministrator(reader);
        // Without a name the id is what somebody wrote into an address, perhaps a name.
        return Of(isPrivate ? entry with { SubjectId = entry.SubjectName is null ? null : entry.SubjectId, SubjectName = null, Before = null, After = null } : entry) with
        {
            IsPrivate = isPrivate,
        };
    }

    private static AuditView Of(AuditEntry entry) => new()
    {
        Id = entry.Id,
        TimeUtc = entry.TimeUtc,
        Who = entry.Who,
        WhoId = entry.WhoId,
        By = entry.By,
        Action = entry.Action,
        Outcome = entry.Outcome,
        Code = entry.Code,
        Workspace = entry.Workspace,
        On = entry.Kind is null ? null : new AuditSubject(entry.Kind, entry.SubjectId, entry.SubjectName),
        JobId = entry.JobId,
        Before = Json(entry.Before),
        After = Json(entry.After),
    };

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}

/// <summary>A part of the audit.</summary>
/// <param name="Items">The entries, newest first.</param>
/// <param name="ContinuationToken">Send it as <c>continuationToken</c> to get the next page; null: this is the last. A page may be empty before the last.</param>
/// <param name="Scanned">How many entries were looked at.</param>
public sealed record AuditList(IReadOnlyList<AuditView> Items, string? ContinuationToken, int Scanned);
