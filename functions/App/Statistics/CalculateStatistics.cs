using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Statistics;

namespace IntegrationPoints.App.Statistics;

/// <summary>Which calculation of which integration point.</summary>
public sealed record StatisticsRequest(string Workspace, string PointId, string Id);

/// <summary>Where the orchestration of a calculation stands: its checkpoint.</summary>
public sealed record StatisticsProgress(StatisticsRequest Request)
{
    /// <summary>How long the first retry of an activity waits; the next wait twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>Where planning goes on; null before the source was opened.</summary>
    public PlanCursor? Next { get; init; }

    /// <summary>What was counted so far.</summary>
    public StatisticsCounts Counts { get; init; } = new();
}

/// <summary>From where to plan the next batches of a calculation.</summary>
public sealed record StatisticsPlan(string Id, PlanCursor Cursor);

/// <summary>What a batch came to.</summary>
public sealed record CountedBatch : StepResult
{
    /// <summary>Its counts.</summary>
    public StatisticsCounts Counts { get; init; } = new();
}

/// <summary>How a calculation ended.</summary>
public sealed record StatisticsEnd(StatisticsRequest Request, StatisticsCounts Counts)
{
    /// <summary>Why there are no statistics; null when there are.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>
/// Calculates what running an integration point would transfer, from its source (guide 6.5). It is no job: it has no row in the history and
/// holds no lease, so that the integration point can be run meanwhile.
/// </summary>
public static class CalculateStatistics
{
    /// <summary>Open the source; then page by page count its batches; then put down what it came to.</summary>
    [Function(nameof(CalculateStatistics))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<StatisticsProgress>()!;
        var (request, counts, next) = (state.Request, state.Counts, state.Next);
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(
            maxNumberOfAttempts: 5, TimeSpan.FromSeconds(state.FirstRetrySeconds), backoffCoefficient: 2, TimeSpan.FromMinutes(2)));
        Problem? problem = null;
        try
        {
            // 1. Can it be read? Nothing that comes later sees another version.
            if (next is null)
            {
                problem = (await context.CallActivityAsync<StepResult>(nameof(StatisticsSteps.OpenSource), request, retry)).Problem;
                next = problem is null ? new PlanCursor() : null;
            }

            // 2. The batches of a page, in a generation of its own.
            if (next is not null)
            {
                context.SetCustomStatus(counts);
                var page = await context.CallActivityAsync<PlannedPage>(nameof(StatisticsSteps.PlanCount), new StatisticsPlan(request.Id, next), retry);
                problem = page.Problem;
                await Task.WhenAll(Enumerable.Range(page.FirstBatch, page.Batches).Select(batch => Count(page.Page, batch)));
                if (page.Next is not null && problem is null)
                {
                    context.ContinueAsNew(state with { Next = page.Next, Counts = counts });
                    return;
                }
            }
        }
        catch (TaskFailedException)
        {
            problem = StatisticsWords.GivenUp;
        }

        // 3. What it came to.
        await context.CallActivityAsync(nameof(StatisticsSteps.FinishStatistics), new StatisticsEnd(request, counts) { Problem = problem }, retry);

        async Task Count(int page, int batch)
        {
            var counted = await context.CallActivityAsync<CountedBatch>(nameof(StatisticsSteps.CountBatch), new TransferRequest(request.Id, page, batch), retry);
            problem ??= counted.Problem;
            counts = counts.Plus(counted.Counts);
            context.SetCustomStatus(counts);
        }
    }
}

/// <summary>Why statistics could not be calculated although nothing has to be mended.</summary>
internal static class StatisticsWords
{
    /// <summary>A step failed in every attempt.</summary>
    public static readonly Problem GivenUp = new(
        "statistics-failed",
        "The calculation was given up: a step of it failed in every attempt, as happens when storage cannot be reached. Nothing was changed. Calculate the statistics again.");

    /// <summary>The calculation is over, or never began, and nothing was put down.</summary>
    public static readonly Problem Lost = new(
        "statistics-failed",
        "The calculation ended without a result, as happens when the app is stopped or storage cannot be reached. Nothing was changed. Calculate the statistics again.");
}
