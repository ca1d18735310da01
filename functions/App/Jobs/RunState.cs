using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Jobs;

/// <summary>Where a job's orchestration stands: its checkpoint (design, Rules of orchestration 2).</summary>
public sealed record RunState(string JobId)
{
    /// <summary>How long the first retry of an activity waits; the next wait twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>The planned page of batches whose turn it is; null before the job was validated.</summary>
    public PlannedPage? Page { get; init; }

    /// <summary>What the batches so far came to.</summary>
    public JobCounts Counts { get; init; } = new();

    /// <summary>What is left to link when all records are written; null: nothing.</summary>
    public LinkPlan? Links { get; init; }

    /// <summary>The next batch whose records are linked; null while records are transferred.</summary>
    public int? NextLink { get; init; }
}

/// <summary>What the orchestration shows of itself while it runs.</summary>
public sealed record RunProgress(JobCounts Counts, long PlannedRecords, bool PlanComplete, bool Paused = false);

/// <summary>What an activity answers: nothing to add, or the problem that the user must mend (design, Rules of orchestration 4).</summary>
public record StepResult
{
    /// <summary>Why the job cannot go on; null when it can.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Whether the job has ended already, so that there is nothing left to do.</summary>
    public bool Over { get; init; }
}

/// <summary>What the check before the first record found.</summary>
public sealed record Validated : StepResult
{
    /// <summary>Whether the source cannot be read twice, and is copied before batches are planned.</summary>
    public bool Spool { get; init; }

    /// <summary>What is to be linked when all records are written; null: nothing.</summary>
    public LinkPlan? Links { get; init; }
}

/// <summary>Which records are linked beside those of the job.</summary>
/// <param name="Retried">The batches of the jobs that are retried, when some of their links could not be made; otherwise 0.</param>
public sealed record LinkPlan(int Retried);

/// <summary>Which records to link: those of a batch of the job, or of the jobs that it retries, counted through all of them.</summary>
public sealed record LinkRequest(string JobId, int Batch, bool IsRetried);

/// <summary>From where to plan the next batches.</summary>
public sealed record PlanRequest(string JobId, PlanCursor Cursor);

/// <summary>Which batches are laid out; they themselves lie in <c>jobs/{job}/plan/{page}.json</c>.</summary>
public sealed record PlannedPage : StepResult
{
    /// <summary>Number of the page, from 0.</summary>
    public int Page { get; init; }

    /// <summary>Number of its first batch.</summary>
    public int FirstBatch { get; init; }

    /// <summary>How many batches it has.</summary>
    public int Batches { get; init; }

    /// <summary>Records planned so far, this page included.</summary>
    public long Records { get; init; }

    /// <summary>Where planning goes on; null: this is the last page.</summary>
    public PlanCursor? Next { get; init; }

    /// <summary>Whether the job was asked to stop, so that no batch of the page starts.</summary>
    public bool Stop { get; init; }
}

/// <summary>Which batch to transfer.</summary>
public sealed record TransferRequest(string JobId, int Page, int Batch);

/// <summary>What a batch came to.</summary>
public sealed record TransferResult : StepResult
{
    /// <summary>Its counts.</summary>
    public JobCounts Counts { get; init; } = new();

    /// <summary>Whether it did not begin, since the job is to be suspended.</summary>
    public bool Suspended { get; init; }
}

/// <summary>How the batches ended.</summary>
public sealed record JobEnd(string JobId)
{
    /// <summary>The problem that the user must mend; null when there is none.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The step that failed in every attempt, in words; null when none did.</summary>
    public string? FailedStep { get; init; }

    /// <summary>The batches that failed in every attempt.</summary>
    public IReadOnlyList<FailedBatch> FailedBatches { get; init; } = [];

    /// <summary>Whether the orchestration was over before the job was, so that what it knew is lost.</summary>
    public bool EndedEarly { get; init; }
}

/// <summary>A batch that failed in every attempt.</summary>
/// <param name="Page">The page on which it is laid out.</param>
/// <param name="Batch">Its number.</param>
public sealed record FailedBatch(int Page, int Batch);
