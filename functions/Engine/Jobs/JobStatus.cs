using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Jobs;

/// <summary>Where a job stands (guide, "Job status").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobStatus>))]
public enum JobStatus
{
    /// <summary>Accepted, not begun.</summary>
    [JsonStringEnumMemberName("Pending")] Pending,

    /// <summary>Source, destination and mapping are being checked.</summary>
    [JsonStringEnumMemberName("Validation")] Validation,

    /// <summary>The check found something to mend; nothing was written.</summary>
    [JsonStringEnumMemberName("Validation failed")] ValidationFailed,

    /// <summary>Records are being transferred.</summary>
    [JsonStringEnumMemberName("Processing")] Processing,

    /// <summary>Every record was written or skipped.</summary>
    [JsonStringEnumMemberName("Completed")] Completed,

    /// <summary>Some records were rejected.</summary>
    [JsonStringEnumMemberName("Completed with errors")] CompletedWithErrors,

    /// <summary>The job could not go on.</summary>
    [JsonStringEnumMemberName("Error - job failed")] Failed,

    /// <summary>A stop was asked for; running batches are ending.</summary>
    [JsonStringEnumMemberName("Stopping")] Stopping,

    /// <summary>Stopped on request; what was transferred stays.</summary>
    [JsonStringEnumMemberName("Stopped")] Stopped,

    /// <summary>A pause was asked for; running batches are finishing.</summary>
    [JsonStringEnumMemberName("Suspending")] Suspending,

    /// <summary>Paused; it resumes where it was.</summary>
    [JsonStringEnumMemberName("Suspended")] Suspended,
}

/// <summary>The legal moves between statuses.</summary>
public static class JobStatusMoves
{
    private static readonly FrozenDictionary<JobStatus, JobStatus[]> Legal = new Dictionary<JobStatus, JobStatus[]>
    {
        [JobStatus.Pending] = [JobStatus.Validation, JobStatus.Stopped, JobStatus.Failed],
        [JobStatus.Validation] = [JobStatus.Processing, JobStatus.ValidationFailed, JobStatus.Failed, JobStatus.Stopping],
        [JobStatus.Processing] = [JobStatus.Completed, JobStatus.CompletedWithErrors, JobStatus.Failed, JobStatus.Stopping, JobStatus.Suspending],
        [JobStatus.Suspending] = [JobStatus.Suspended, JobStatus.Stopping, JobStatus.Completed, JobStatus.CompletedWithErrors, JobStatus.Failed],
        [JobStatus.Suspended] = [JobStatus.Processing, JobStatus.Stopped],
        [JobStatus.Stopping] = [JobStatus.Stopped],
    }.ToFrozenDictionary();

    /// <summary>Whether a job may go from one status to the other.</summary>
    public static bool CanMoveTo(this JobStatus from, JobStatus to) => Legal.TryGetValue(from, out var next) && next.Contains(to);

    /// <summary>The status after a move; staying where it is is no move.</summary>
    /// <exception cref="InvalidOperationException">There is no such move.</exception>
    public static JobStatus MoveTo(this JobStatus from, JobStatus to)
        => from == to || from.CanMoveTo(to) ? to : throw new InvalidOperationException($"A job cannot go from {from} to {to}.");

    /// <summary>How a job ends: as asked for, else by what went wrong.</summary>
    /// <param name="row">Where it stands, and whether it was asked to stop.</param>
    /// <param name="error">Its own error; null when it has none.</param>
    /// <param name="mustBeMended">Whether that error is something that the user must mend, which the check before the first record found.</param>
    /// <param name="rejected">How many records were rejected, and how many of their links could not be made.</param>
    public static JobStatus EndOf(JobHistory row, Problem? error, bool mustBeMended, long rejected)
        => row.StopRequested || row.Status == JobStatus.Stopping ? JobStatus.Stopped
            : error is not null ? row.Status == JobStatus.Validation && mustBeMended ? JobStatus.ValidationFailed : JobStatus.Failed
            : rejected > 0 ? JobStatus.CompletedWithErrors
            : JobStatus.Completed;

    /// <summary>Whether a job that stands there can be asked to stop: anywhere but at its end, and where it is stopping already.</summary>
    public static bool CanBeStopped(this JobStatus status) => !status.IsFinal() && status != JobStatus.Stopping;

    /// <summary>Whether the job has ended: there is no move from here.</summary>
    public static bool IsFinal(this JobStatus status) => !Legal.ContainsKey(status);
}
