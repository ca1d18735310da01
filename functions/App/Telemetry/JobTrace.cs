using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Telemetry;

/// <summary>
/// What a job did when, as spans of one trace. The trace's id is the job's, so that whoever carries out a step, on whichever instance, also
/// after a crash, adds to the same trace, and a job's id finds all of it. Tags are ids, counts and statuses, never values of fields. A span's
/// tags are also the scope of everything that is logged within it.
/// </summary>
public static class JobTrace
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Source = "IntegrationPoints";

    private static readonly ActivitySource Spans = new(Source);

    // Without it there are no spans, and so no scopes of logs, while nobody exports them.
    private static readonly ActivityListener Always = Listen();

    /// <summary>Begins the span of a step, such as one batch; it ends when it is disposed of.</summary>
    /// <param name="step">The activity's name.</param>
    /// <param name="job">The id of the job, check or calculation.</param>
    /// <param name="batch">The batch's number; null: the step is no batch.</param>
    public static Activity Step(string step, string job, int? batch = null)
    {
        var span = Spans.StartActivity(step, ActivityKind.Internal, Of(job))!.SetTag("job", job);
        return batch is null ? span : span.SetTag("batch", batch);
    }

    /// <summary>Says that the step failed, and as what: not the exception's message, which may hold a value. Always false, to be the condition of a catch.</summary>
    public static bool Fails(this Activity span, Exception exception)
    {
        span.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
        return false;
    }

    /// <summary>Puts down the span of a whole job that has ended.</summary>
    public static void Ended(JobHistory job)
    {
        using var span = Spans.StartActivity(
            "Job", ActivityKind.Server, Of(job.JobId),
            [
                new("job", job.JobId), new("workspace", job.Workspace), new("point", job.PointId), new("trigger", job.Trigger), new("status", job.Status.ToString()),
                new("read", job.Counts.Read), new("written", job.Counts.Written), new("rejected", job.Counts.Rejected), new("skipped", job.Counts.Skipped),
            ],
            startTime: job.StartedUtc)!;
        span.SetStatus(job.Status is JobStatus.Failed or JobStatus.ValidationFailed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        span.SetEndTime((job.EndedUtc ?? job.StartedUtc).UtcDateTime);
    }

    /// <summary>The place in its trace that all spans of a job hang from.</summary>
    internal static ActivityContext Of(string job)
    {
        var id = job.Length == 32 && job.All(char.IsAsciiHexDigitLower) ? job : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(job)).AsSpan(0, 16));
        return new ActivityContext(ActivityTraceId.CreateFromString(id), ActivitySpanId.CreateFromString(id.AsSpan(0, 16)), ActivityTraceFlags.Recorded, isRemote: true);
    }

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
