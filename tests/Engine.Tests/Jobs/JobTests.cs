using CsCheck;
using IntegrationPoints.Engine.Jobs;

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

    private static JobCounts Counts(long read, long written, long rejected, long skipped, long warnings)
        => new() { Read = read, Written = written, Rejected = rejected, Skipped = skipped, Warnings = warnings };
}
