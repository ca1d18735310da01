using CsCheck;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Schedules;

namespace IntegrationPoints.Engine.Tests.Jobs;

public sealed class JobTests
{
    // Guide, "Job status": every move there is. What is not here is no move.
    private static readonly string[] Moves =
    [
        "Pending>Validation", "Pending>Stopped", "Pending>Failed",
        "Validation>Processing", "Validation>ValidationFailed", "Validation>Failed", "Validation>Stopping",
        "Processing>Completed", "Processing>CompletedWithErrors", "Processing>Failed", "Processing>Stopping", "Processing>Suspending",
        "Suspending>Suspended", "Suspending>Stopping", "Suspending>Completed", "Suspending>CompletedWithErrors", "Suspending>Failed",
        "Suspended>Processing", "Suspended>Stopped",
        "Stopping>Stopped",
    ];

    [Fact]
    public void A_job_moves_between_these_statuses_and_no_others()
    {
        var legal = from a in Enum.GetValues<JobStatus>() from b in Enum.GetValues<JobStatus>() where a.CanMoveTo(b) select $"{a}>{b}";
        Assert.Equal(Moves.Order(), legal.Order());
    }

    [Fact]
    public void Any_other_move_throws()
    {
        foreach (var from in Enum.GetValues<JobStatus>())
        {
            foreach (var to in Enum.GetValues<JobStatus>())
            {
                if (from == to || Moves.Contains($"{from}>{to}")) Assert.Equal(to, from.MoveTo(to));
                else Assert.Contains($"{from} to {to}", Assert.Throws<InvalidOperationException>(() => from.MoveTo(to)).Message, StringComparison.Ordinal);
            }
        }
    }

    // Issue "Stop and restart"; and the moves: Suspending → Stopping
    [Fact]
    public void A_job_can_be_stopped_there_and_nowhere_else()
        => Assert.Equal([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Suspending, JobStatus.Suspended], Enum.GetValues<JobStatus>().Where(s => s.CanBeStopped()));

    [Theory]
    // Issue "Statuses": a stop that was asked for gives Stopped; else an error of the job, else one of a record
    [InlineData(JobStatus.Processing, false, false, false, 0, JobStatus.Completed)]
    [InlineData(JobStatus.Processing, false, false, false, 1, JobStatus.CompletedWithErrors)]
    [InlineData(JobStatus.Processing, false, true, false, 0, JobStatus.Failed)]
    [InlineData(JobStatus.Processing, false, true, true, 1, JobStatus.Failed)]
    [InlineData(JobStatus.Suspending, false, false, false, 0, JobStatus.Completed)]
    [InlineData(JobStatus.Stopping, true, false, false, 0, JobStatus.Stopped)]
    [InlineData(JobStatus.Stopping, true, true, false, 5, JobStatus.Stopped)]
    [InlineData(JobStatus.Suspended, true, false, false, 5, JobStatus.Stopped)]
    [InlineData(JobStatus.Validation, false, true, true, 0, JobStatus.ValidationFailed)]
    // A check that could not be carried out
    [InlineData(JobStatus.Validation, false, true, false, 0, JobStatus.Failed)]
    [InlineData(JobStatus.Pending, false, true, false, 0, JobStatus.Failed)]
    public void A_job_ends(JobStatus from, bool stop, bool hasError, bool mustBeMended, int rejected, JobStatus expected)
    {
        var end = JobStatusMoves.EndOf(Row(from) with { StopRequested = stop }, hasError ? new Problem("batch-failed", "It failed.") : null, mustBeMended, rejected);
        Assert.Equal(expected, end);
        Assert.Equal(expected, from.MoveTo(end));
    }

    // Issue "Retry", guide 7.2: what becomes of the errors of records and of the job's own
    [Theory]
    [InlineData("New New", "retry of records", "InProgress New")]
    [InlineData("New New", "retry of all", "Expired InProgress")]
    [InlineData("Expired New", "retry of all", "Expired InProgress")]
    [InlineData("InProgress New", "end", "Retried New")]
    [InlineData("Expired InProgress", "end", "Expired Retried")]
    [InlineData("New New", "end", "New New")]
    [InlineData("New New", "stop", "Expired Expired")]
    [InlineData("InProgress New", "stop", "Expired Expired")]
    [InlineData("Retried Retried", "stop", "Retried Retried")]
    // Whatever comes twice
    [InlineData("InProgress New", "retry of records", "InProgress New")]
    [InlineData("Expired InProgress", "retry of all", "Expired InProgress")]
    [InlineData("Retried Retried", "retry of all", "Retried Retried")]
    public void Errors_become(string before, string what, string after)
    {
        var row = Row(JobStatus.Failed) with { ItemErrors = Enum.Parse<ErrorStatus>(before.Split(' ')[0]), JobErrors = Enum.Parse<ErrorStatus>(before.Split(' ')[1]) };
        var changed = what switch
        {
            "retry of records" => row.TakenUp(whole: false, Change),
            "retry of all" => row.TakenUp(whole: true, Change),
            "end" => row.Retried(Change),
            _ => row.Expired(Change),
        };
        Assert.Equal(after, $"{changed.ItemErrors} {changed.JobErrors}");
        // When and by whom is kept of what changed, and of nothing else.
        Assert.Equal((changed.ItemErrors != row.ItemErrors, changed.JobErrors != row.JobErrors), (changed.ItemErrorsChange == Change, changed.JobErrorsChange == Change));
    }

    // Issue "Schedule": with 4 the fifth run is not carried out, with 100 the 101st.
    [Theory]
    [InlineData(3, 4, false)]
    [InlineData(4, 4, true)]
    [InlineData(99, 100, false)]
    [InlineData(100, 100, true)]
    public void After_so_many_failures_in_a_row_a_schedule_stops(int failures, int most, bool expected) => Assert.Equal(expected, Schedule.StopsAfter(failures, most));

    [Fact]
    public void A_status_is_final_when_nothing_follows()
        => Assert.Equal(
            [JobStatus.ValidationFailed, JobStatus.Completed, JobStatus.CompletedWithErrors, JobStatus.Failed, JobStatus.Stopped],
            Enum.GetValues<JobStatus>().Where(s => s.IsFinal()));

    [Fact]
    public void Every_job_can_end()
    {
        foreach (var start in Enum.GetValues<JobStatus>())
        {
            var reached = new HashSet<JobStatus> { start };
            for (var step = 0; step < Moves.Length; step++) reached.UnionWith(Enum.GetValues<JobStatus>().Where(s => reached.Any(r => r.CanMoveTo(s))));
            Assert.Contains(reached, s => s.IsFinal());
        }
    }

    [Theory]
    // Read = written + rejected + skipped, always (design, Rules of orchestration 12); warnings count nowhere
    [InlineData(0, 0, 0, 0, 0, true)]
    [InlineData(17, 6, 11, 0, 0, true)]
    [InlineData(17, 6, 10, 1, 5, true)]
    [InlineData(17, 6, 10, 0, 1, false)]
    [InlineData(16, 6, 11, 0, 0, false)]
    public void Counts_reconcile(long read, long written, long rejected, long skipped, long warnings, bool expected)
        => Assert.Equal(expected, Counts(read, written, rejected, skipped, warnings).Reconciles);

    [Fact]
    public void Counts_add_column_by_column_in_any_order()
    {
        Assert.Equal(Counts(11, 22, 33, 44, 55), Counts(1, 2, 3, 4, 5) + Counts(10, 20, 30, 40, 50));
        Assert.Equal(Counts(11, 22, 33, 44, 55), JobCounts.Add(Counts(1, 2, 3, 4, 5), Counts(10, 20, 30, 40, 50)));
        var counts = Gen.Long[0, 1_000_000].Array[5].Select(n => Counts(n[0], n[1], n[2], n[3], n[4]));
        Gen.Select(counts, counts, counts).Sample((a, b, c) => a + b + c == c + (b + a) && a + new JobCounts() == a);
    }

    internal static ErrorChange Change { get; } = new(DateTimeOffset.UnixEpoch, "somebody");

    internal static JobHistory Row(JobStatus status) => new()
    {
        JobId = "j",
        Workspace = "w",
        WorkspaceName = "W",
        PointId = "p",
        Name = "P",
        Trigger = "user",
        StartedBy = "somebody",
        Status = status,
    };

    private static JobCounts Counts(long read, long written, long rejected, long skipped, long warnings)
        => new() { Read = read, Written = written, Rejected = rejected, Skipped = skipped, Warnings = warnings };
}
