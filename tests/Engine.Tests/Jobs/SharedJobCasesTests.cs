using System.Text.Json;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Schedules;
using static IntegrationPoints.Engine.Tests.SharedVectorsTests;

namespace IntegrationPoints.Engine.Tests.Jobs;

/// <summary>Cases of the life of a job gathered from another system, read where they lie beside the checkout.</summary>
public sealed class SharedJobCasesTests
{
    [Fact]
    public void Final_statuses()
    {
        var rows = OfKind("finalStatus");
        foreach (var row in rows)
        {
            var (from, expected) = (Status(row, "currentStatus"), Status(row, "expected"));
            var asked = Text(row, "queueStopState");
            if (asked == "DrainStopping")
            {
                // What drains is suspended, by way of Suspending.
                Assert.Equal(expected, from.MoveTo(JobStatus.Suspending).MoveTo(JobStatus.Suspended));
                continue;
            }
            var stop = asked == "Stopping" || from == JobStatus.Stopping;
            var error = Text(row, "latestErrorType") == "Job" ? new Problem("x", "X.") : null;
            var rejected = row.TryGetProperty("itemsWithErrors", out var items) ? items.GetInt64() : 0;
            var end = JobStatusMoves.EndOf(JobTests.Row(from) with { StopRequested = stop }, error, mustBeMended: false, rejected);
            Assert.Equal(expected, end);
            (stop && from == JobStatus.Processing ? from.MoveTo(JobStatus.Stopping) : from).MoveTo(end);
        }
        Assert.True(rows.Count >= 4);
    }

    [Fact]
    public void Statuses_of_errors()
    {
        var rows = OfKind("errorStatus");
        foreach (var row in rows)
        {
            var isWhole = Text(row, "mix")!.StartsWith("Job", StringComparison.Ordinal);
            var before = JobTests.Row(JobStatus.Failed);
            var after = Text(row, "event") switch
            {
                "retryStart" => before.TakenUp(isWhole, JobTests.Change),
                "retryComplete" => before.TakenUp(isWhole, JobTests.Change).Retried(JobTests.Change),
                _ => before.Expired(JobTests.Change),
            };
            // Null: there are none of the kind, or they stay.
            if (Text(row, "jobErrorsBecome") is { } job) Assert.Equal(job, Words(after.JobErrors));
            if (Text(row, "itemErrorsBecome") is { } items) Assert.Equal(items, Words(after.ItemErrors));
        }
        Assert.True(rows.Count >= 6);
    }

    [Fact]
    public void Failures_in_a_row()
    {
        var rows = OfKind("consecutiveFailures");
        // There the run that is due has been counted already.
        Assert.All(rows, row => Assert.True(Schedule.StopsAfter(row.GetProperty("failedScheduledJobsCount").GetInt32() - 1, row.GetProperty("MaxFailedScheduledJobsCount").GetInt32())));
        Assert.NotEmpty(rows);
    }

    // What buttons offer there, requests are granted here: while a job runs it can be stopped.
    [Fact]
    public void Buttons()
    {
        var rows = OfKind("buttons").Where(r => r.GetProperty("jobsQueuedOrRunning").GetBoolean()).ToList();
        Assert.All(rows, row => Assert.Equal(JobStatus.Processing.CanBeStopped(), row.GetProperty("expected").GetProperty("stop").GetBoolean()));
        Assert.NotEmpty(rows);
    }

    private static List<JsonElement> OfKind(string kind) => [.. Rows("job_lifecycle.json").Where(r => Text(r, "kind") == kind)];

    private static JobStatus Status(JsonElement row, string member) => JsonSerializer.Deserialize<JobStatus>($"\"{Text(row, member)}\"");

    private static string Words(ErrorStatus status) => JsonSerializer.Serialize(status).Trim('"');
}
