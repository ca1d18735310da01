using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Providers.Custody;

namespace IntegrationPoints.App.Jobs;

/// <summary>Where the orchestration of a verification stands: its checkpoint.</summary>
public sealed record VerifyState(string JobId, string Id, DateTimeOffset StartedUtc)
{
    /// <summary>How long the first retry of an activity waits; the next wait twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>Where planning goes on; null before load file and manifest were read.</summary>
    public VerificationCursor? Next { get; init; }

    /// <summary>What was found so far.</summary>
    public VerificationCounts Counts { get; init; } = new();
}

/// <summary>Reads the files of a job again and compares them with its manifest.</summary>
public static class VerifyJob
{
    /// <summary>Load file and manifest; then page by page the files of the manifest; then the result.</summary>
    [Function(nameof(VerifyJob))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<VerifyState>()!;
        var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(
            maxNumberOfAttempts: 5, TimeSpan.FromSeconds(state.FirstRetrySeconds), backoffCoefficient: 2, TimeSpan.FromMinutes(2)));
        var (counts, next, step) = (state.Counts, state.Next, "Reading the load file and the manifest");
        string? failed = null;
        try
        {
            // 1. A manifest that was changed ends it.
            if (next is null)
            {
                var begun = await context.CallActivityAsync<BegunVerification>(nameof(VerificationSteps.BeginVerification), new VerificationStep(state.JobId, state.Id), retry);
                counts += begun.Counts;
                next = begun.IsManifestEqual ? new VerificationCursor() : null;
            }

            // 2. The files of a page, in a generation of its own.
            if (next is not null)
            {
                step = "Dividing the manifest into parts";
                var page = await context.CallActivityAsync<PlannedPieces>(nameof(VerificationSteps.PlanVerification), new VerificationStep(state.JobId, state.Id) { Cursor = next }, retry);
                step = "Reading the files";
                await Task.WhenAll(Enumerable.Range(next.Piece, page.Pieces).Select(piece => Check(next.Page, piece)));
                if (page.Next is not null)
                {
                    context.ContinueAsNew(state with { Next = page.Next, Counts = counts });
                    return;
                }
            }
        }
        catch (TaskFailedException)
        {
            failed = step;
        }

        // 3. The result.
        await context.CallActivityAsync(
            nameof(VerificationSteps.FinishVerification), new VerificationStep(state.JobId, state.Id) { StartedUtc = state.StartedUtc, FailedStep = failed }, retry);

        async Task Check(int page, int piece)
        {
            var found = await context.CallActivityAsync<VerificationCounts>(
                nameof(VerificationSteps.CheckFiles), new VerificationStep(state.JobId, state.Id) { Page = page, Piece = piece }, retry);
            counts += found;
            context.SetCustomStatus(counts);
        }
    }
}

/// <summary>What a step of a verification is told.</summary>
public sealed record VerificationStep(string JobId, string Id)
{
    /// <summary>From where to plan.</summary>
    public VerificationCursor? Cursor { get; init; }

    /// <summary>On which page the piece is.</summary>
    public int Page { get; init; }

    /// <summary>Which piece to check.</summary>
    public int Piece { get; init; }

    /// <summary>When the verification was asked for.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    /// <summary>The step that failed in every attempt; null when none did.</summary>
    public string? FailedStep { get; init; }
}

/// <summary>What load file and manifest came to.</summary>
public sealed record BegunVerification(VerificationCounts Counts, bool IsManifestEqual);

/// <summary>How many pieces the page has, and where the next one begins.</summary>
public sealed record PlannedPieces(int Pieces, VerificationCursor? Next);

/// <summary>The activities of a verification. Each may run twice, at once, late: the first result of a part holds.</summary>
public sealed class VerificationSteps(Verifier verifier)
{
    /// <summary>Reads the load file and the manifest.</summary>
    [Function(nameof(BeginVerification))]
    public async Task<BegunVerification> BeginVerification([ActivityTrigger] VerificationStep step, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(BeginVerification), step.JobId);
        var (counts, isManifestEqual) = await verifier.BeginAsync(step.JobId, step.Id, cancellationToken);
        return new BegunVerification(counts, isManifestEqual);
    }

    /// <summary>Divides the next stretch of the manifest into pieces.</summary>
    [Function(nameof(PlanVerification))]
    public async Task<PlannedPieces> PlanVerification([ActivityTrigger] VerificationStep step, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(PlanVerification), step.JobId);
        var page = await verifier.PlanAsync(step.JobId, step.Id, step.Cursor!, cancellationToken);
        return new PlannedPieces(page.Pieces.Count, page.Next);
    }

    /// <summary>Reads the files of one piece.</summary>
    [Function(nameof(CheckFiles))]
    public async Task<VerificationCounts> CheckFiles([ActivityTrigger] VerificationStep step, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(CheckFiles), step.JobId, step.Piece);
        return await verifier.CheckAsync(step.JobId, step.Id, step.Page, step.Piece, cancellationToken);
    }

    /// <summary>Puts down what it came to.</summary>
    [Function(nameof(FinishVerification))]
    public async Task FinishVerification([ActivityTrigger] VerificationStep step, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(FinishVerification), step.JobId);
        await verifier.FinishAsync(step.JobId, step.Id, step.StartedUtc, step.FailedStep, cancellationToken);
    }
}
