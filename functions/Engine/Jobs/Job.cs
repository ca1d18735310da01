using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Engine.Jobs;

/// <summary>Why a job runs (guide, "Job type").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobType>))]
public enum JobType
{
    /// <summary>Somebody, an upload or another system started it.</summary>
    [JsonStringEnumMemberName("Run")] Run,

    /// <summary>Its schedule started it.</summary>
    [JsonStringEnumMemberName("Scheduled Run")] ScheduledRun,

    /// <summary>It takes up the errors of an earlier job.</summary>
    [JsonStringEnumMemberName("Retry Errors")] RetryErrors,

    /// <summary>It undoes what an earlier job wrote.</summary>
    [JsonStringEnumMemberName("Undo")] Undo,
}

/// <summary>What a job is, frozen when it starts: jobs/{job}/job.json. Nothing in it changes afterwards.</summary>
public sealed record Job
{
    /// <summary>The job's id, also that of its orchestration.</summary>
    public required string Id { get; init; }

    /// <summary>The integration point as it was when the job started.</summary>
    public required IntegrationPoint Point { get; init; }

    /// <summary>Why it runs.</summary>
    public JobType Type { get; init; }

    /// <summary>What started it: <c>user</c>, <c>schedule</c>, <c>upload</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>Who started it, or whose rights it runs with.</summary>
    public required string StartedBy { get; init; }

    /// <summary>What it retries; null: it is no retry.</summary>
    public RetryOf? Retry { get; init; }

    /// <summary>"Now" for the job: completes dates, names folders.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>What it undoes; null for a job that imports.</summary>
    public UndoneJob? Undo { get; init; }

    /// <summary>What the instance's settings said when it started.</summary>
    public InstanceValues Instance { get; init; } = new();

    /// <summary>What it may not make, for whoever started it may not; null: nothing is withheld.</summary>
    public Withheld? Withheld { get; init; }
}

/// <summary>What a job does without, because whoever started it has no right to have it made.</summary>
/// <param name="Fields">Fields: none is made, and the identifier field stays.</param>
/// <param name="Objects">The object types of which it makes no object.</param>
public sealed record Withheld(bool Fields, IReadOnlyList<string> Objects);

/// <summary>Which job an undo undoes.</summary>
/// <param name="JobId">That job.</param>
/// <param name="Before">The undo of it that came before and left something to undo; null: this is the first.</param>
public sealed record UndoneJob(string JobId, string? Before);

/// <summary>A row of the job history: every column that people see (guide, "Job history").</summary>
public sealed record JobHistory
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The destination workspace's id.</summary>
    public required string Workspace { get; init; }

    /// <summary>The destination workspace's name when the job started.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>The deployment that the destination belongs to.</summary>
    public string DestinationInstance { get; init; } = "This instance";

    /// <summary>The integration point's id.</summary>
    public required string PointId { get; init; }

    /// <summary>The integration point's name when the job started.</summary>
    public required string Name { get; init; }

    /// <summary>Why it ran.</summary>
    public JobType Type { get; init; }

    /// <summary>What started it.</summary>
    public required string Trigger { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>Where it stands.</summary>
    public JobStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>What was counted.</summary>
    public JobCounts Counts { get; init; } = new();

    /// <summary>The records of the source, those with errors included; null until it is known.</summary>
    public long? Total { get; init; }

    /// <summary>What Cosmos DB charged for its batches, in request units, known when it has ended; 0 with a store that charges nothing.</summary>
    public double RequestUnits { get; init; }

    /// <summary>The job that this one undoes; null when it imports.</summary>
    public string? Undoes { get; init; }

    /// <summary>The last undo of this job; null: nobody undid it.</summary>
    public string? UndoneBy { get; init; }

    /// <summary>Whether a stop was asked for; batches and planning read it.</summary>
    public bool StopRequested { get; init; }

    /// <summary>Who asked for the stop; null: nobody did.</summary>
    public string? StopRequestedBy { get; init; }

    /// <summary>Whether it is to be suspended, or is; batches that have not begun wait.</summary>
    public bool SuspendRequested { get; init; }

    /// <summary>What became of the errors of its records.</summary>
    public ErrorStatus ItemErrors { get; init; }

    /// <summary>What became of its own error.</summary>
    public ErrorStatus JobErrors { get; init; }

    /// <summary>Who changed <see cref="ItemErrors"/> last; null: nobody did.</summary>
    public ErrorChange? ItemErrorsChange { get; init; }

    /// <summary>Who changed <see cref="JobErrors"/> last; null: nobody did.</summary>
    public ErrorChange? JobErrorsChange { get; init; }

    /// <summary>Whether it is known that the errors of all earlier jobs of the point are settled: no later job looks beyond this one.</summary>
    public bool SettledEarlier { get; init; }

    /// <summary>Version of the row; empty for one that is not stored yet.</summary>
    [JsonIgnore] public string ETag { get; init; } = "";
}

/// <summary>What became of records. Read = Written + Rejected + Skipped, always.</summary>
public sealed record JobCounts
{
    /// <summary>Records read from the source.</summary>
    public long Read { get; init; }

    /// <summary>Items transferred.</summary>
    public long Written { get; init; }

    /// <summary>Items with errors.</summary>
    public long Rejected { get; init; }

    /// <summary>Left out by a setting.</summary>
    public long Skipped { get; init; }

    /// <summary>Warnings about records that were written.</summary>
    public long Warnings { get; init; }

    /// <summary>Links made between records, such as those to managers; they are no items.</summary>
    public long Links { get; init; }

    /// <summary>Links that could not be made; their records were transferred all the same.</summary>
    public long LinkProblems { get; init; }

    /// <summary>The sum, column by column.</summary>
    public static JobCounts operator +(JobCounts a, JobCounts b) => new()
    {
        Read = a.Read + b.Read,
        Written = a.Written + b.Written,
        Rejected = a.Rejected + b.Rejected,
        Skipped = a.Skipped + b.Skipped,
        Warnings = a.Warnings + b.Warnings,
        Links = a.Links + b.Links,
        LinkProblems = a.LinkProblems + b.LinkProblems,
    };

    /// <summary>The sum, column by column.</summary>
    public static JobCounts Add(JobCounts left, JobCounts right) => left + right;

    /// <summary>Whether every record read is accounted for.</summary>
    [JsonIgnore] public bool Reconciles => Read == Written + Rejected + Skipped;
}

/// <summary>Files that records brought along.</summary>
public sealed record FileCounts
{
    /// <summary>How many.</summary>
    public long Files { get; init; }

    /// <summary>Their bytes as they are kept.</summary>
    public long Bytes { get; init; }

    /// <summary>How many have no SHA-256, because storage copied them by itself.</summary>
    public long WithoutHash { get; init; }

    /// <summary>The sum, column by column.</summary>
    public static FileCounts operator +(FileCounts a, FileCounts b)
        => new() { Files = a.Files + b.Files, Bytes = a.Bytes + b.Bytes, WithoutHash = a.WithoutHash + b.WithoutHash };

    /// <summary>The sum, column by column.</summary>
    public static FileCounts Add(FileCounts left, FileCounts right) => left + right;
}

/// <summary>
/// What one batch came to: its counts, and what only applying it showed. The first attempt to store it decides; every other answers from it.
/// </summary>
public sealed record BatchResult
{
    /// <summary>The batch's number in its job, from 0.</summary>
    public required int Batch { get; init; }

    /// <summary>What was counted.</summary>
    public required JobCounts Counts { get; init; }

    /// <summary>The files that it brought, which are in the manifest.</summary>
    public FileCounts Files { get; init; } = new();

    /// <summary>
    /// What Cosmos DB charged, in request units, the attempt that came to this result; 0 with a store that charges nothing. What attempts that failed
    /// or came second were charged is not in it.
    /// </summary>
    public double RequestUnits { get; init; }

    /// <summary>Problems that applying the decision showed, such as a record that somebody changed meanwhile.</summary>
    public IReadOnlyList<Problem> Conflicts { get; init; } = [];

    /// <summary>Whether its error rows are written as well: the batch is done.</summary>
    public bool Complete { get; init; }
}
