using System.Text.Json.Serialization;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Triggers;

/// <summary>A job as the API shows it: a row of the history, with the counts of now while it runs.</summary>
public sealed record JobView
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The destination workspace's id.</summary>
    public required string Workspace { get; init; }

    /// <summary>The destination workspace's name when the job started.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>The deployment that the destination belongs to.</summary>
    public required string DestinationInstance { get; init; }

    /// <summary>The integration point's id.</summary>
    public required string IntegrationPoint { get; init; }

    /// <summary>The integration point's name when the job started.</summary>
    public required string Name { get; init; }

    /// <summary>Why it ran.</summary>
    public JobType Type { get; init; }

    /// <summary>What started it: user, schedule or upload.</summary>
    public required string Trigger { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>Where it stands.</summary>
    public JobStatus Status { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool IsFinal { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    /// <summary>When it ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>Records read from the source: those transferred, with errors and skipped.</summary>
    public long Read { get; init; }

    /// <summary>Items transferred.</summary>
    public long Transferred { get; init; }

    /// <summary>Items with errors.</summary>
    public long WithErrors { get; init; }

    /// <summary>Left out by a setting.</summary>
    public long Skipped { get; init; }

    /// <summary>Warnings about records that were transferred.</summary>
    public long Warnings { get; init; }

    /// <summary>Records that were linked to others, such as entities to their managers; no items. Missing: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long Links { get; init; }

    /// <summary>Links that could not be made: their records were transferred, and the job's errors list them. Missing: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long LinkProblems { get; init; }

    /// <summary>The records of the source; null until it is known.</summary>
    public long? Total { get; init; }

    /// <summary>What Cosmos DB charged for its batches, in request units, when it has ended; missing with a store that charges nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public double RequestUnits { get; init; }

    /// <summary>The job that this one undoes; null when it imports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Undoes { get; init; }

    /// <summary>The last undo of this job; null: nobody undid it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? UndoneBy { get; init; }

    /// <summary>How far it is.</summary>
    public required JobProgress Progress { get; init; }

    /// <summary>The view of a history row; <paramref name="running"/>: what the running job says of itself.</summary>
    public static JobView Of(JobHistory row, RunProgress? running)
    {
        var counts = row.Status.IsFinal() ? row.Counts : running?.Counts ?? row.Counts;
        var planned = row.Status.IsFinal() ? row.Total ?? counts.Read : running?.PlannedRecords ?? 0;
        return new JobView
        {
            JobId = row.JobId,
            Workspace = row.Workspace,
            WorkspaceName = row.WorkspaceName,
            DestinationInstance = row.DestinationInstance,
            IntegrationPoint = row.PointId,
            Name = row.Name,
            Type = row.Type,
            Trigger = row.Trigger,
            StartedBy = row.StartedBy,
            Status = row.Status,
            IsFinal = row.Status.IsFinal(),
            StartedUtc = row.StartedUtc,
            EndedUtc = row.EndedUtc,
            Read = counts.Read,
            Transferred = counts.Written,
            WithErrors = counts.Rejected,
            Skipped = counts.Skipped,
            Warnings = counts.Warnings,
            Links = counts.Links,
            LinkProblems = counts.LinkProblems,
            Total = row.Total,
            RequestUnits = row.RequestUnits,
            Undoes = row.Undoes,
            UndoneBy = row.UndoneBy,
            Progress = new JobProgress(
                counts.Read, counts.Written, counts.Rejected, counts.Skipped, planned, row.Status.IsFinal() || running is { PlanComplete: true }),
        };
    }
}

/// <summary>How far a job is.</summary>
/// <param name="Read">Records read.</param>
/// <param name="Transferred">Items transferred.</param>
/// <param name="WithErrors">Items with errors.</param>
/// <param name="Skipped">Left out by a setting.</param>
/// <param name="PlannedRecords">Records found in the source so far.</param>
/// <param name="Planned">Whether that is all of them.</param>
public sealed record JobProgress(long Read, long Transferred, long WithErrors, long Skipped, long PlannedRecords, bool Planned);
