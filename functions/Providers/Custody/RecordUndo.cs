using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Custody;

/// <summary>
/// Undoes what a job wrote, batch by batch of that job: records that it created are deleted, records that it overlaid get back what it replaced,
/// its images and files that no record uses any more are removed. A record that is not as the job left it is left alone and listed. Like an import, a batch
/// decides once and then applies. Folders, choices and fields that the job made stay: whether nothing uses them is not known without reading
/// every record.
/// </summary>
public sealed class RecordUndo(Blobs blobs, JobFiles files, JobTables tables, IRecords records, WorkspaceCatalog catalog)
{
    private const int GroupSize = 250;

    /// <summary>How time passes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Undoes one batch, or answers from the result that it has already. Read are the records that the job wrote, skipped those left alone.</summary>
    /// <param name="undo">The job that undoes.</param>
    /// <param name="batch">The batch of the job that is undone.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<BatchResult> UndoAsync(Job undo, int batch, CancellationToken cancellationToken)
    {
        var result = await tables.Batches.GetAsync(undo.Id, batch, cancellationToken);
        if (result is { Complete: true }) return result;
        var charged = RequestUnits.Measure();
        var scope = await UndoScope.OfAsync(files, tables.Batches, undo, batch, cancellationToken);
        var watch = new BatchWatch(tables.History, tables.Batches, Time, undo.Id, batch);
        var name = JobFiles.UndoDecisionName(undo.Id, batch);
        var decided = await files.ReadAsync<UndoDecisions>(name, cancellationToken)
            ?? await files.DecideAsync(name, await DecideAsync(scope, watch, cancellationToken), cancellationToken);
        if (result is null)
        {
            var applied = await ApplyAsync(scope, decided, watch, cancellationToken);
            if (applied is not null) applied = applied with { RequestUnits = charged.Total };
            result = applied is not null && await tables.Batches.TryCreateAsync(undo.Id, applied, cancellationToken)
                ? applied
                : await tables.Batches.GetAsync(undo.Id, batch, cancellationToken);
            // The job ended without this batch, and counts nothing that comes late.
            if (result is null) return new BatchResult { Batch = batch, Counts = new JobCounts() };
        }
        await ReportAsync(scope, decided, result, cancellationToken);
        await tables.Batches.CompleteAsync(undo.Id, batch, cancellationToken);
        return result;
    }

    private async Task<UndoDecisions> DecideAsync(UndoScope scope, BatchWatch watch, CancellationToken cancellationToken)
    {
        var decided = new List<UndoDecision>();
        await foreach (var group in (await OriginalAsync(scope, cancellationToken)).Where(scope.IsOurs).Chunked(GroupSize, cancellationToken))
        {
            if (await watch.IsStoppingAsync(cancellationToken)) break;
            var now = await records.ReadManyAsync([.. group.Select(Key)], cancellationToken);
            foreach (var (written, item) in group.Zip(now))
            {
                if (UndoDecision.Of(written, item, scope.Prepared.Links?.Manager.Id, scope.Original, scope.Batch, scope.Result is not null, scope.MayBeUndone.Contains(written.Line)) is { } record)
                    decided.Add(record);
            }
        }
        return new UndoDecisions(decided);
    }

    // Null when another attempt finished the batch meanwhile, or the job is over: nothing more is touched.
    private async Task<BatchResult?> ApplyAsync(UndoScope scope, UndoDecisions decided, BatchWatch watch, CancellationToken cancellationToken)
    {
        var byLine = decided.Records.ToDictionary(r => r.Line);
        var lookupFields = await catalog.FieldsAsync(scope.Prepared.Workspace.Id, scope.Prepared.ObjectType.Name, cancellationToken)
            .Select(f => f.Value).Where(f => Workspace.Lookups.IsUsed(scope.Prepared.ObjectType, f)).ToListAsync(cancellationToken);
        var conflicts = new List<Problem>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var group in (await OriginalAsync(scope, cancellationToken)).Chunked(GroupSize, cancellationToken))
        {
            if (await watch.IsOverAsync(cancellationToken)) return null;
            var kept = await ApplyAsync(scope, [.. group.Where(d => byLine.GetValueOrDefault(d.Line)?.Outcome is UndoOutcome.Undo or UndoOutcome.Undone)], byLine, lookupFields, cancellationToken);
            conflicts.AddRange(group.Where(d => kept.Contains(d.Line)).Select(d => Changed(scope, d, "It was changed while the undo ran")));
            foreach (var decision in group.Where(d => kept.Contains(d.Line) || IsInUse(scope, d, byLine))) used.UnionWith(decision.Files.Select(f => f.Path));
        }
        if (await watch.IsOverAsync(cancellationToken)) return null;
        if (!await watch.IsStoppingAsync(cancellationToken)) await RemoveFilesAsync(scope, used, cancellationToken);
        var left = decided.Records.Count(r => r.Outcome is UndoOutcome.Changed or UndoOutcome.Gone) + conflicts.Count;
        return new BatchResult
        {
            Batch = scope.Batch,
            Counts = new JobCounts { Read = decided.Records.Count, Written = decided.Records.Count - left, Skipped = left, Warnings = left },
            Conflicts = conflicts,
        };
    }

    // Answers with the lines of what was changed between deciding and applying.
    private async Task<HashSet<long>> ApplyAsync(
        UndoScope scope, List<Decision> undone, Dictionary<long, UndoDecision> byLine, List<Field> lookupFields, CancellationToken cancellationToken)
    {
        // What a record is found by comes before the record; a lookup of a value that no record has does no harm and stays.
        var lookups = undone.Where(d => d.Outcome == Outcome.Replace).SelectMany(d => Lookups(scope, d, lookupFields)).ToList();
        if (lookups.Count > 0) await records.WriteAsync(lookups, cancellationToken);
        var writes = undone.Where(d => byLine[d.Line].Outcome == UndoOutcome.Undo).ToList();
        var results = writes.Count == 0 ? [] : await records.WriteAsync([.. writes.Select(d => d.Outcome == Outcome.Create
            ? new ItemWrite(WriteKind.Delete, Key(d), d.Sort, default, byLine[d.Line].ETag)
            : new ItemWrite(WriteKind.Replace, Key(d), d.Sort, d.Replaced, byLine[d.Line].ETag))], cancellationToken);
        var failed = writes.Where((_, i) => results[i].Status != WriteStatus.Done).ToList();
        var now = failed.Count == 0 ? [] : await records.ReadManyAsync([.. failed.Select(Key)], cancellationToken);
        var changed = failed.Where((d, i) => !IsAsBefore(d, now[i])).Select(d => d.Line).ToHashSet();
        // The items of images after the record that points to them, as they were written before it.
        var images = undone.Where(d => !changed.Contains(d.Line)).SelectMany(Images).ToList();
        if (images.Count > 0) await records.WriteAsync(images, cancellationToken);
        return changed;
    }

    private static IEnumerable<ItemWrite> Images(Decision decision) => decision.Images is not { } images ? []
        : images.Pages.Chunk(ImageSet.PagesPerPart).Select((_, part) => ImageSet.PartId(images.Item, part))
            .Select(id => new ItemWrite(WriteKind.Delete, new ItemKey(decision.Partition, id), id, default));

    /// <summary>Whether a batch of an undo left records that still hold what the job wrote, or what somebody made of it.</summary>
    /// <param name="undo">The job that undoes.</param>
    /// <param name="result">What the batch came to.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<bool> LeftAnyAsync(string undo, BatchResult result, CancellationToken cancellationToken)
        => result.Conflicts.Count > 0 || (result.Counts.Skipped > 0
            && (await files.ReadAsync<UndoDecisions>(JobFiles.UndoDecisionName(undo, result.Batch), cancellationToken))!.Records.Any(r => r.Outcome == UndoOutcome.Changed));

    // Another attempt at this batch was faster.
    private static bool IsAsBefore(Decision decision, StoredItem? now)
        => decision.Outcome == Outcome.Create ? now is null : now is not null && RecordJson.IsSame(now.Body, decision.Replaced);

    private IEnumerable<ItemWrite> Lookups(UndoScope scope, Decision decision, List<Field> fields)
    {
        var (prepared, before) = (scope.Prepared, RecordJson.Read(decision.Replaced.Span));
        var lookups = new Lookups(records, prepared.Workspace.Id, prepared.Workspace.Buckets, prepared.ObjectType.Name);
        foreach (var field in fields)
            if (before.ValueOf(field.Id) is string value) yield return lookups.Item(field.Id, value, before.Identifier);
        if (before.Link is { } link) yield return lookups.Item(Workspace.Lookups.Link, link, before.Identifier);
    }

    // Files of a record that is not undone: it, or what a later job keeps of it to be undone itself, may refer to them.
    private static bool IsInUse(UndoScope scope, Decision decision, Dictionary<long, UndoDecision> byLine)
    {
        if (!scope.IsOurs(decision)) return false;
        return byLine.GetValueOrDefault(decision.Line)?.Outcome is null or UndoOutcome.Changed;
    }

    private async Task RemoveFilesAsync(UndoScope scope, HashSet<string> used, CancellationToken cancellationToken)
    {
        var prefix = string.Create(null, $"{scope.Prepared.Workspace.Id}/{scope.Original}/{scope.Batch:d8}-");
        await Parallel.ForEachAsync(
            Blobs.ListAsync(blobs.Files, prefix, cancellationToken).Where(file => !used.Contains(file.Name)),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (file, token) => await blobs.Files.DeleteBlobIfExistsAsync(file.Name, cancellationToken: token));
    }

    // The list follows from what was decided and came of it alone, so that whoever writes it writes the same.
    private async Task ReportAsync(UndoScope scope, UndoDecisions decided, BatchResult result, CancellationToken cancellationToken)
    {
        if (result.Counts.Skipped == 0) return;
        var byLine = decided.Records.Where(r => r.Outcome is UndoOutcome.Changed or UndoOutcome.Gone).ToDictionary(r => r.Line);
        var left = new List<Problem>(result.Conflicts);
        await foreach (var decision in (await OriginalAsync(scope, cancellationToken)).WithCancellation(cancellationToken))
        {
            if (!byLine.TryGetValue(decision.Line, out var record)) continue;
            left.Add(Changed(scope, decision,
                record.Outcome == UndoOutcome.Gone ? "It was deleted since"
                : record.ChangedBy is { } job ? $"The job {job} overlaid it since: undo that job first, then this one again"
                : "Somebody changed it since"));
        }
        await tables.Warnings.AddAsync(scope.Undo, scope.Batch, [.. left.OrderBy(p => p.Line)], Time.GetUtcNow(), cancellationToken);
    }

    private static Problem Changed(UndoScope scope, Decision decision, string why) => Problem.Item(
        scope.Prepared.Layout.Name, "record-changed", decision.Line, decision.SourceId, null,
        $"The record {Words.Quote(decision.Identifier)} is not as the job left it, and was left alone. {why}.") with
    { Severity = ProblemSeverity.Warning };

    private async Task<IAsyncEnumerable<Decision>> OriginalAsync(UndoScope scope, CancellationToken cancellationToken)
        => await DecisionFile.OpenAsync(blobs, JobFiles.DecisionName(scope.Original, scope.Batch), cancellationToken) ?? AsyncEnumerable.Empty<Decision>();

    private static ItemKey Key(Decision decision) => new(decision.Partition, decision.Id);
}
