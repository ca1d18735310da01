using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Custody;

/// <summary>Which batch of which job is undone, and what is known of it beforehand.</summary>
internal sealed record UndoScope
{
    /// <summary>The job that undoes.</summary>
    public required Job Undo { get; init; }

    /// <summary>The job that is undone.</summary>
    public required string Original { get; init; }

    /// <summary>What the original was prepared with.</summary>
    public required PreparedJob Prepared { get; init; }

    /// <summary>The batch of both.</summary>
    public required int Batch { get; init; }

    /// <summary>What the original batch came to; null: it was given up before that was put down.</summary>
    public required BatchResult? Result { get; init; }

    /// <summary>The lines that an earlier undo of the same job undid.</summary>
    public HashSet<long> UndoneBefore { get; } = [];

    /// <summary>The lines that an earlier undo may have undone: it died before it said so.</summary>
    public HashSet<long> MayBeUndone { get; } = [];

    /// <summary>The decisions of the original about records that it wrote, or may have written, and that are not undone yet.</summary>
    public bool IsOurs(Decision decision)
        => decision.Outcome != Outcome.Reject && !UndoneBefore.Contains(decision.Line) && Result?.Conflicts.Any(c => c.Line == decision.Line) != true;

    /// <summary>Reads what is known of a batch.</summary>
    public static async Task<UndoScope> OfAsync(JobFiles files, BatchResultsTable results, Job undo, int batch, CancellationToken cancellationToken)
    {
        var original = undo.Undo!.JobId;
        var scope = new UndoScope
        {
            Undo = undo,
            Original = original,
            Prepared = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(original), cancellationToken))!,
            Batch = batch,
            Result = await results.GetAsync(original, batch, cancellationToken),
        };
        for (var earlier = undo.Undo.Before; earlier is not null; earlier = (await files.JobAsync(earlier, cancellationToken)).Undo!.Before)
        {
            if (await files.ReadAsync<UndoDecisions>(JobFiles.UndoDecisionName(earlier, batch), cancellationToken) is not { } decided) continue;
            var result = await results.GetAsync(earlier, batch, cancellationToken);
            var conflicts = result?.Conflicts.Select(c => c.Line).ToHashSet();
            foreach (var record in decided.Records.Where(r => r.Outcome is UndoOutcome.Undo or UndoOutcome.Undone))
            {
                if (conflicts is null) scope.MayBeUndone.Add(record.Line);
                else if (!conflicts.Contains(record.Line)) scope.UndoneBefore.Add(record.Line);
            }
        }
        return scope;
    }
}
