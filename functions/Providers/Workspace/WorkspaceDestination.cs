using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Writes batches of records into a workspace. A batch decides once and then applies, so that attempts that are repeated, run at once, stall or
/// die come to one result (design, Rules of orchestration 6).
/// </summary>
public sealed class WorkspaceDestination(WorkspacePreparation workspace, JobFiles files, JobTables tables, IRecords records, UsedNames names) : IDestination
{
    private const int GroupSize = 250;

    private readonly Blobs blobs = files.Blobs;

    /// <summary>How time passes; the job's own "now" is its start.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public Task<PreparedJob> PrepareAsync(Job job, SourceLayout layout, CancellationToken cancellationToken)
        => workspace.PrepareAsync(job, layout, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Problem>> ProblemsAsync(Job job, CancellationToken cancellationToken) => workspace.ProblemsAsync(job, cancellationToken);

    /// <inheritdoc/>
    public Task<BatchPage> PlanAsync(Job job, PreparedJob prepared, ISource source, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var mapping = ResolvedMapping.Of(job.Point, prepared);
        return mapping.IsKeyDerived
            ? source.PlanAsync(prepared.Layout with { DerivedKey = mapping.Name }, null, cursor, cancellationToken)
            : source.PlanAsync(prepared.Layout, mapping.Key.Column, cursor, cancellationToken);
    }

    // Each batch wrote its records whole.
    /// <inheritdoc/>
    public Task<FileCounts> JoinAsync(Job job, PreparedJob prepared, bool isWhole, CancellationToken cancellationToken) => Task.FromResult(new FileCounts());

    /// <inheritdoc/>
    public Task SettleAsync(Job job, PreparedJob prepared, JobHistory ended, CancellationToken cancellationToken)
        => workspace.SettleAsync(job, prepared, ended.Status, ended.Counts, cancellationToken);

    /// <inheritdoc/>
    public async Task<BatchResult> WriteAsync(
        Job job, PreparedJob prepared, ISource source, BatchPlan batch, CancellationToken cancellationToken)
    {
        var result = await tables.Batches.GetAsync(job.Id, batch.Index, cancellationToken);
        if (result is { Complete: true }) return result;

        var charged = RequestUnits.Measure();
        var scope = new BatchScope(prepared.Workspace.Id, prepared.Workspace.Buckets, prepared.ObjectType.Name, job.Id, batch.Index, prepared.Layout.Name)
        {
            StartedUtc = job.StartedUtc,
        };
        var watch = new BatchWatch(tables.History, tables.Batches, Time, job.Id, batch.Index);
        if (result is null)
        {
            await using var file = new DecisionFile();
            var decisions = await DecisionFile.OpenAsync(blobs, JobFiles.DecisionName(job.Id, batch.Index), cancellationToken)
                ?? await DecideAsync(job, prepared, source, batch, scope, watch, file, cancellationToken);
            await using var part = new ManifestPart();
            var applied = await ApplyAsync(decisions, scope, watch, part, cancellationToken);
            if (applied is not null) applied = applied with { RequestUnits = charged.Total };
            var isOurs = applied is not null && await tables.Batches.TryCreateAsync(job.Id, applied, cancellationToken);
            result = isOurs ? applied : await tables.Batches.GetAsync(job.Id, batch.Index, cancellationToken);
            // The job ended without this batch, and counts nothing that comes late.
            if (result is null) return new BatchResult { Batch = batch.Index, Counts = new JobCounts() };
            if (isOurs) await part.StageAsync(blobs, job.Id, batch.Index, cancellationToken);
            else await ManifestPart.StageAgainAsync(blobs, job.Id, result, cancellationToken);
        }
        else
        {
            await ManifestPart.StageAgainAsync(blobs, job.Id, result, cancellationToken);
        }
        await ReportAsync(job, result, watch, cancellationToken);
        await tables.Batches.CompleteAsync(job.Id, batch.Index, cancellationToken);
        return result;
    }

    private async Task<IAsyncEnumerable<Decision>> DecideAsync(
        Job job, PreparedJob prepared, ISource source, BatchPlan batch, BatchScope scope, BatchWatch watch, DecisionFile file,
        CancellationToken cancellationToken)
    {
        var texts = new TextFiles(blobs, scope);
        var decider = new Decider(job, prepared, records, names, texts, scope, Time.GetUtcNow())
        {
            Pages = prepared.Images is { } images ? new PageReader(blobs, texts, scope, job.Point.Import, images) : null,
        };
        await foreach (var group in source.ReadAsync(prepared.Layout, batch, decider.FileFields, cancellationToken).Chunked(GroupSize, cancellationToken))
        {
            if (await watch.IsStoppingAsync(cancellationToken)) break;
            foreach (var decision in await decider.DecideAsync(group, cancellationToken)) file.Add(decision);
        }
        return await file.DecideAsync(blobs, JobFiles.DecisionName(job.Id, batch.Index), cancellationToken);
    }

    // Null when another attempt finished the batch meanwhile, or the job is over: nothing more is touched.
    private async Task<BatchResult?> ApplyAsync(
        IAsyncEnumerable<Decision> decisions, BatchScope scope, BatchWatch watch, ManifestPart part, CancellationToken cancellationToken)
    {
        var applier = new Applier(blobs, records, names, scope);
        var counts = new JobCounts();
        var conflicts = new List<Problem>();
        await foreach (var group in decisions.Chunked(GroupSize, cancellationToken))
        {
            if (await watch.IsOverAsync(cancellationToken)) return null;
            var problems = await applier.ApplyAsync(group, cancellationToken);
            conflicts.AddRange(problems.OfType<Problem>());
            counts += Count(group, problems);
            foreach (var written in group.Where((d, i) => d.Outcome != Outcome.Reject && problems[i] is null)) part.Add(written);
        }
        return new BatchResult { Batch = scope.Batch, Counts = counts, Files = part.Counts, Conflicts = conflicts };
    }

    private static JobCounts Count(IReadOnlyList<Decision> group, Problem?[] problems)
    {
        var rejected = group.Where((d, i) => d.Outcome == Outcome.Reject || problems[i] is not null).Count();
        return new JobCounts
        {
            Read = group.Count,
            Written = group.Count - rejected,
            Rejected = rejected,
            Warnings = group.Where((d, i) => d.Outcome != Outcome.Reject && problems[i] is null).Sum(d => d.Problems.Count),
        };
    }

    private async Task ReportAsync(Job job, BatchResult result, BatchWatch watch, CancellationToken cancellationToken)
    {
        if (result.Counts.Rejected == 0 && result.Counts.Warnings == 0) return;
        var decisions = await DecisionFile.OpenAsync(blobs, JobFiles.DecisionName(job.Id, result.Batch), cancellationToken);
        if (decisions is null) return;
        var conflicts = result.Conflicts.ToLookup(c => c.Line);
        var rejected = new List<RejectedRow>();
        var warnings = new List<Problem>();
        await foreach (var decision in decisions.WithCancellation(cancellationToken))
        {
            var found = conflicts[decision.Line].Concat(decision.Problems).ToList();
            var errors = found.Where(p => p.Severity == ProblemSeverity.Error).ToList();
            if (errors.Count > 0) rejected.Add(new RejectedRow(decision.Offset, decision.Length, errors) { Line = decision.Line });
            else warnings.AddRange(found);
        }
        await new BatchReport(files, tables, watch).WriteAsync(job, result.Batch, rejected, warnings, Time.GetUtcNow(), cancellationToken);
    }
}
