using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Notifications;
using IntegrationPoints.Engine.Tests.Mapping;

namespace IntegrationPoints.Engine.Tests.Notifications;

/// <summary>What a notification says: how the job ended, of what, with which counts and errors, and nothing out of the records.</summary>
public sealed class NotificationTests
{
    private static readonly DateTimeOffset Start = new(2023, 6, 30, 23, 15, 5, TimeSpan.FromHours(2));

    [Theory]
    [InlineData(JobStatus.Completed, "completed", "has completed.")]
    [InlineData(JobStatus.CompletedWithErrors, "completed with errors", "has completed with errors.")]
    [InlineData(JobStatus.Failed, "failed", "has failed.")]
    [InlineData(JobStatus.ValidationFailed, "failed", "has failed.")]
    [InlineData(JobStatus.Stopped, "stopped", "was stopped.")]
    public void How_the_job_ended(JobStatus status, string inSubject, string inBody)
    {
        var notification = Of(Row(status));
        Assert.Equal($"Integration point \"Daily\": {inSubject}", notification.Subject);
        Assert.StartsWith($"The integration point \"Daily\" {inBody}\n", notification.Body, StringComparison.Ordinal);
        Assert.Contains($"Status:         {inSubject}\n", notification.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_of_it()
    {
        var error = Problem.Item("docs.dat", "invalid-date", 1205, "SECRET-7", "Date Sent", "\"SECRET VALUE\" is no date.");
        var failed = new Problem("unreconciled", "SECRET TEXT");
        Assert.Equal(
            """
            The integration point "Daily" has completed with errors.

            Source:         load-file, StructuredData/w1/in/docs.dat
            Destination:    workspace "Smith v. Jones", Document
            Status:         completed with errors
            Started:        2023-06-30 21:15:05 UTC
            Ended:          2023-07-01 22:17:08 UTC
            Duration:       1.01:02:03

            In the source:  1,240
            Read:           1,240
            Transferred:    1,200
            With errors:    40
            Skipped:        0
            Warnings:       3

            The first errors:
              unreconciled
              invalid-date, line 1205, field "Date Sent"

            Read the rest:
              ip job show job-1
              ip job errors job-1
              ip job error-file job-1
            or over HTTP at /api/jobs/job-1 and /api/jobs/job-1/errors.

            """.ReplaceLineEndings("\n"),
            Of(Row(JobStatus.CompletedWithErrors), failed, error).Body);
    }

    [Fact]
    public void Ten_errors_and_that_there_are_others()
    {
        static Problem Error(int line) => Problem.Item("docs.dat", "invalid-date", line, null, null, "No date.");
        Problem[] ten = [.. Enumerable.Range(1, 10).Select(Error)];
        Assert.DoesNotContain("others", Of(Row(JobStatus.CompletedWithErrors), ten).Body, StringComparison.Ordinal);
        var body = Of(Row(JobStatus.CompletedWithErrors), [.. ten, Error(4711)]).Body;
        Assert.Contains("line 10\n  and others\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_that_are_not_kept_are_said_to_be_in_the_error_file()
        => Assert.Contains("the error file has them", Notification.Of(TheJob with { Point = TheJob.Point with { LogErrors = false } }, Row(JobStatus.CompletedWithErrors), null, []).Body, StringComparison.Ordinal);

    /// <summary>Names come from people, fields from load files: none can begin another header, another line, or turn the text around.</summary>
    [Fact]
    public void Nothing_that_a_name_holds_leaves_its_line()
    {
        const string Hostile = "x\r\nBcc: other@example.com\u2028\u202e\0";
        var notification = Notification.Of(
            TheJob, Row(JobStatus.Stopped) with { Name = Hostile, WorkspaceName = Hostile }, $"in/{Hostile}", [Problem.Item("f", "c", 1, null, Hostile, "r")]);
        Assert.DoesNotContain(notification.Subject, c => char.IsControl(c) || c is '\u2028' or '\u202e');
        Assert.DoesNotContain(notification.Body, c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u202e');
        Assert.DoesNotContain(notification.Body.Split('\n'), line => line.StartsWith("Bcc", StringComparison.Ordinal));
    }

    [Fact]
    public void An_undo_is_said_to_be_one()
    {
        var notification = Notification.Of(TheJob with { Undo = new UndoneJob("job-0", null) }, Row(JobStatus.Completed), "in/docs.dat", []);
        Assert.Equal("Undo of integration point \"Daily\": completed", notification.Subject);
        Assert.StartsWith("The undo of job job-0 of the integration point \"Daily\" has completed.\n", notification.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Source:", notification.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_runs_has_none() => Assert.Throws<ArgumentOutOfRangeException>(() => Of(Row(JobStatus.Processing)));

    private static Job TheJob => new() { Id = "job-1", Point = TestPoint.Of(), Trigger = "user", StartedBy = "tester", StartedUtc = Start };

    private static Notification Of(JobHistory row, params Problem[] errors) => Notification.Of(TheJob, row, "StructuredData/w1/in/docs.dat", errors);

    private static JobHistory Row(JobStatus status) => new()
    {
        JobId = "job-1",
        Workspace = "w1",
        WorkspaceName = "Smith v. Jones",
        PointId = "p1",
        Name = "Daily",
        Trigger = "user",
        StartedBy = "tester",
        Status = status,
        StartedUtc = Start,
        EndedUtc = Start + new TimeSpan(1, 1, 2, 3),
        Counts = new JobCounts { Read = 1240, Written = 1200, Rejected = 40, Warnings = 3 },
        Total = 1240,
    };
}
