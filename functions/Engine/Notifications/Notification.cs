using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Engine.Notifications;

/// <summary>What people are told of a job that has ended (guide 4.2.1): no values and no identifiers of records, since mails leave the house.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Body">Plain text; lines end with a line feed.</param>
public sealed record Notification(string Subject, string Body)
{
    /// <summary>How many errors a notification shows.</summary>
    public const int MostErrors = 10;

    /// <summary>The notification of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="ended">Its row of the history; its status is final.</param>
    /// <param name="file">The load file that it read; null when it read none.</param>
    /// <param name="errors">Its first errors, one more than are shown when there are more.</param>
    public static Notification Of(Job job, JobHistory ended, string? file, IReadOnlyList<Problem> errors)
    {
        var name = Words.Quote(ended.Name);
        var outcome = Outcome(ended.Status);
        var (subject, what) = job.Undo is { } undone
            ? ($"Undo of integration point {name}", $"The undo of job {undone.JobId} of the integration point {name}")
            : ($"Integration point {name}", $"The integration point {name}");
        var body = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{what} {(ended.Status is JobStatus.Stopped ? "was" : "has")} {outcome}.\n\n");
        var workspace = $"workspace {Words.Quote(ended.WorkspaceName)}, {Words.Shorten(job.Point.ObjectType)}";
        var source = job.Point.IsExport ? workspace
            : file is null ? job.Point.Source.Provider
            : $"{job.Point.Source.Provider}, {Words.Shorten(file)}";
        if (job.Undo is null) Row("Source", source);
        Row("Destination", job.Point.Destination?.Provider ?? workspace);
        Row("Status", $"{outcome}");
        Row("Started", Instant(ended.StartedUtc));
        if (ended.EndedUtc is { } end)
        {
            Row("Ended", Instant(end));
            Row("Duration", (end - ended.StartedUtc).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture) is var text && text.StartsWith("0.", StringComparison.Ordinal) ? text[2..] : text);
        }
        body.Append('\n');
        if (ended.Total is { } total) Row("In the source", Number(total));
        Row("Read", Number(ended.Counts.Read));
        Row("Transferred", Number(ended.Counts.Written));
        Row("With errors", Number(ended.Counts.Rejected));
        Row("Skipped", Number(ended.Counts.Skipped));
        Row("Warnings", Number(ended.Counts.Warnings));
        AppendErrors(body, job, ended, errors);
        body.Append(CultureInfo.InvariantCulture, $"\nRead the rest:\n  ip job show {job.Id}\n  ip job errors {job.Id}\n");
        if (ended.Counts.Rejected > 0 && !job.Point.IsExport) body.Append(CultureInfo.InvariantCulture, $"  ip job error-file {job.Id}\n");
        body.Append(CultureInfo.InvariantCulture, $"or over HTTP at /api/jobs/{job.Id} and /api/jobs/{job.Id}/errors.\n");
        return new Notification($"{subject}: {outcome}", body.ToString());

        void Row(string label, string value) => body.Append(CultureInfo.InvariantCulture, $"{label + ":",-15} {value}\n");
    }

    private static void AppendErrors(StringBuilder body, Job job, JobHistory ended, IReadOnlyList<Problem> errors)
    {
        if (errors.Count > 0) body.Append("\nThe first errors:\n");
        foreach (var error in errors.Take(MostErrors))
        {
            body.Append("  ").Append(error.Code);
            if (error.Line is { } line) body.Append(CultureInfo.InvariantCulture, $", line {line}");
            if (error.Field is { } field) body.Append(CultureInfo.InvariantCulture, $", field {Words.Quote(field)}");
            body.Append('\n');
        }
        if (errors.Count > MostErrors) body.Append("  and others\n");
        if (ended.Counts.Rejected > 0 && !job.Point.LogErrors) body.Append("\nThe errors of records are not kept, as the integration point says; the error file has them.\n");
    }

    private static string Outcome(JobStatus status) => status switch
    {
        JobStatus.Completed => "completed",
        JobStatus.CompletedWithErrors => "completed with errors",
        JobStatus.Stopped => "stopped",
        JobStatus.Failed or JobStatus.ValidationFailed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "The job has not ended."),
    };

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
