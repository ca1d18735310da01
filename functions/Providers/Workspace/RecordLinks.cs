using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>Which records are linked by one activity.</summary>
/// <param name="Job">The job that links.</param>
/// <param name="Prepared">What it was frozen with.</param>
/// <param name="Batch">The batch that wrote the records.</param>
public sealed record LinkedBatch(Job Job, PreparedJob Prepared, int Batch)
{
    // Beyond every number of a batch of records, and within the eight digits that results are ordered by.
    private const int First = 50_000_000, FirstOfRetried = 75_000_000;

    /// <summary>The job that wrote them: this one; or one that is retried, whose links that could not be made are tried again.</summary>
    public string WrittenBy { get; private init; } = Job.Id;

    /// <summary>Under which number its result is kept, beside those of the batches of records.</summary>
    public int Number { get; private init; } = First + Batch;

    /// <summary>The job that tried to link them before, and under which number it keeps what came of it; null: the job's own, which nobody tried.</summary>
    public (string JobId, int Number)? Tried { get; private init; }

    /// <summary>Whether the job wrote the records itself.</summary>
    public bool IsOwn => Tried is null;

    /// <summary>A batch of those in <see cref="PreparedLinks.Retried"/>, counted through all of their jobs.</summary>
    public static LinkedBatch OfRetried(Job job, PreparedJob prepared, int place)
    {
        var retried = prepared.Links!.Retried;
        var (at, batch) = (0, place);
        while (batch >= retried[at].Batches) batch -= retried[at++].Batches;
        return new LinkedBatch(job, prepared, batch)
        {
            WrittenBy = retried[at].JobId,
            Number = FirstOfRetried + place,
            // Either its own, or those of the jobs before it, which it counted through as this one does.
            Tried = (retried[0].JobId, at == 0 ? First + batch : FirstOfRetried + place - retried[0].Batches),
        };
    }
}

/// <summary>
/// Links the records of a batch to those that they name, when all records are there. Like an import it decides once and then applies, and changes a
/// record only in the version that it saw. What cannot be linked stays as it is and is listed; it is no item and counts as none.
/// </summary>
public sealed class RecordLinks(Blobs blobs, JobTables tables, IRecords records)
{
    private const int GroupSize = 250;

    /// <summary>How time passes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Links the records of a batch, or answers from the result that it has already.</summary>
    public async Task<BatchResult> LinkAsync(LinkedBatch linked, CancellationToken cancellationToken)
    {
        var (job, number) = (linked.Job, linked.Number);
        var result = await tables.Batches.GetAsync(job.Id, number, cancellationToken);
        if (result is { Complete: true }) return result;
        var charged = RequestUnits.Measure();
        var watch = new BatchWatch(tables.History, tables.Batches, Time, job.Id, number);
        var name = JobFiles.LinkDecisionName(job.Id, number);
        if (result is null)
        {
            await using var file = new DecisionFile();
            var decided = await DecisionFile.OpenAsync(blobs, name, cancellationToken) ?? await DecideAsync(linked, watch, file, name, cancellationToken);
            var applied = await ApplyAsync(linked, decided, watch, cancellationToken);
            if (applied is not null) applied = applied with { RequestUnits = charged.Total };
            result = applied is not null && await tables.Batches.TryCreateAsync(job.Id, applied, cancellationToken)
                ? applied
                : await tables.Batches.GetAsync(job.Id, number, cancellationToken);
            // The job ended without this batch, and counts nothing that comes late.
            if (result is null) return new BatchResult { Batch = number, Counts = new JobCounts() };
        }
        await ReportAsync(linked, result, watch, cancellationToken);
        await tables.Batches.CompleteAsync(job.Id, number, cancellationToken);
        return result;
    }

    private async Task<IAsyncEnumerable<Decision>> DecideAsync(
        LinkedBatch linked, BatchWatch watch, DecisionFile file, string name, CancellationToken cancellationToken)
    {
        var managers = new Managers(linked, records);
        await foreach (var group in (await NamingAsync(linked, cancellationToken)).Chunked(GroupSize, cancellationToken))
        {
            if (await watch.IsStoppingAsync(cancellationToken)) break;
            foreach (var decision in await managers.DecideAsync(group, cancellationToken)) file.Add(decision);
        }
        return await file.DecideAsync(blobs, name, cancellationToken);
    }

    // The records that name somebody, and were written.
    private async Task<IAsyncEnumerable<Decision>> NamingAsync(LinkedBatch linked, CancellationToken cancellationToken)
    {
        var result = await tables.Batches.GetAsync(linked.WrittenBy, linked.Batch, cancellationToken);
        var left = result?.Conflicts.Select(c => c.Line).OfType<long>().ToHashSet() ?? [];
        var written = await DecisionFile.OpenAsync(blobs, JobFiles.DecisionName(linked.WrittenBy, linked.Batch), cancellationToken) ?? AsyncEnumerable.Empty<Decision>();
        written = written.Where(d => d.Manager is not null && d.Outcome != Outcome.Reject && !left.Contains(d.Line));
        if (linked.Tried is not { } tried) return written;
        var again = await ProblemLinesAsync(tried.JobId, tried.Number, cancellationToken);
        return written.Where(d => again.Contains(d.Line));
    }

    // What the job that is retried could not link.
    private async Task<HashSet<long>> ProblemLinesAsync(string job, int number, CancellationToken cancellationToken)
    {
        var result = await tables.Batches.GetAsync(job, number, cancellationToken);
        if (result is not { Counts.LinkProblems: > 0 }) return [];
        var lines = result.Conflicts.Select(c => c.Line).OfType<long>().ToHashSet();
        var decided = await DecisionFile.OpenAsync(blobs, JobFiles.LinkDecisionName(job, number), cancellationToken) ?? AsyncEnumerable.Empty<Decision>();
        await foreach (var decision in decided.Where(d => d.Outcome == Outcome.Reject).WithCancellation(cancellationToken)) lines.Add(decision.Line);
        return lines;
    }

    // Null when another attempt finished the batch meanwhile, or the job is over: nothing more is touched.
    private async Task<BatchResult?> ApplyAsync(
        LinkedBatch linked, IAsyncEnumerable<Decision> decided, BatchWatch watch, CancellationToken cancellationToken)
    {
        var (counts, conflicts) = (new JobCounts(), new List<Problem>());
        await foreach (var group in decided.Chunked(GroupSize, cancellationToken))
        {
            if (await watch.IsOverAsync(cancellationToken)) return null;
            var failed = await WriteAsync(linked, [.. group.Where(d => d.Outcome != Outcome.Reject && !d.Body.IsEmpty)], cancellationToken);
            conflicts.AddRange(failed);
            var problems = group.Count(d => d.Outcome == Outcome.Reject) + failed.Count;
            counts += new JobCounts { Links = group.Count - problems, LinkProblems = problems };
        }
        return new BatchResult { Batch = linked.Number, Counts = counts, Conflicts = conflicts };
    }

    private async Task<List<Problem>> WriteAsync(LinkedBatch linked, List<Decision> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0) return [];
        var results = await records.WriteAsync([.. writes.Select(Applier.Write)], cancellationToken);
        var failed = Enumerable.Range(0, writes.Count).Where(i => results[i].Status != WriteStatus.Done).ToList();
        var there = failed.Count == 0 ? [] : await records.ReadManyAsync([.. failed.Select(i => new ItemKey(writes[i].Partition, writes[i].Id))], cancellationToken);
        var problems = new List<Problem>();
        for (var n = 0; n < failed.Count; n++)
        {
            var decision = writes[failed[n]];
            // Another attempt at this batch was faster.
            if (there[n] is { } item && RecordJson.IsSame(item.Body, decision.Body)) continue;
            problems.Add(Managers.Changed(linked, decision));
        }
        return problems;
    }

    // It follows from the decision and the result, so that whoever writes it writes the same.
    private async Task ReportAsync(LinkedBatch linked, BatchResult result, BatchWatch watch, CancellationToken cancellationToken)
    {
        // From the moment of a stop on no new errors are made (guide 5.6.1).
        if (result.Counts.LinkProblems == 0 || !linked.Job.Point.LogErrors || await watch.IsStoppingAsync(cancellationToken)) return;
        var problems = new List<Problem>(result.Conflicts);
        var decided = await DecisionFile.OpenAsync(blobs, JobFiles.LinkDecisionName(linked.Job.Id, linked.Number), cancellationToken) ?? AsyncEnumerable.Empty<Decision>();
        await foreach (var decision in decided.WithCancellation(cancellationToken)) problems.AddRange(decision.Problems);
        // Those of another job's records beside the own ones of such a line.
        await tables.Errors.AddAsync(linked.Job, linked.IsOwn ? linked.Batch : linked.Number, [.. problems.OrderBy(p => p.Line)], Time.GetUtcNow(), cancellationToken);
    }
}
