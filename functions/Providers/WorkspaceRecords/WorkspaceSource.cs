using System.Runtime.CompilerServices;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Statistics;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>
/// Documents of a workspace. Which ones, in which order and in which version is written down once, before anything is planned
/// (<see cref="SpoolAsync"/>); batches are parts of that list. A document that somebody changes or deletes afterwards is rejected.
/// </summary>
public sealed class WorkspaceSource(IntegrationPoint point, string job, WorkspaceStores stores, BatchSize size) : ISpooledSource
{
    // What a batch's records may take up in memory at a time, judging by the last ones.
    private const long GroupBytes = 16 * 1024 * 1024;

    private readonly DocumentList list = new(stores.Blobs, job);

    private RejectedDocuments? retried;

    /// <summary>How many lines are sorted in memory at most.</summary>
    internal int RunLines { get; init; } = 50_000;

    private ExportSettings? Export => point.Destination is { } destination ? Sources.Read<ExportSettings>(destination) : null;

    /// <summary>The same source, of which only what an earlier job rejected is read again.</summary>
    internal WorkspaceSource Retrying(RejectedDocuments rejected) => new(point, job, stores, size) { retried = rejected };

    /// <summary>Resolves the names in the point's settings: the layout, or all that is wrong with them at once.</summary>
    public Task<ResolvedWorkspace> ResolveAsync(CancellationToken cancellationToken)
        => new WorkspaceCheck(point, Export, stores).RunAsync(cancellationToken);

    /// <summary>
    /// The point's settings with the columns that its view or saved search has now, so that they stay when that changes (guide, 5.1: points made
    /// from profiles). As they are, when they name columns, or when something that they name is not there.
    /// </summary>
    public async Task<WorkspaceSettings> WithColumnsAsync(CancellationToken cancellationToken)
    {
        var settings = Sources.Read<WorkspaceSettings>(point.Source);
        if (settings.Columns.Count > 0 || (await ResolveAsync(cancellationToken)).Layout is not { } layout) return settings;
        return settings with { Columns = [.. layout.Fields.Select(f => new ExportColumn(f.Name))] };
    }

    /// <inheritdoc/>
    public async Task<SourceLayout> CheckAsync(CancellationToken cancellationToken) => (await ResolveAsync(cancellationToken)).OrThrow();

    /// <inheritdoc/>
    public async Task SpoolAsync(SourceLayout layout, CancellationToken cancellationToken)
    {
        if (await list.FindAsync(cancellationToken) is not null) return;
        await list.WriteAsync(LinesAsync(layout, cancellationToken), cancellationToken);
    }

    /// <summary>Counts the documents of a batch and those of their files that are exported, as the list has them.</summary>
    public async Task<StatisticsCounts> CountAsync(BatchPlan batch, CancellationToken cancellationToken)
    {
        var counts = new StatisticsCounts { Natives = Export is { Natives: true } ? new() : null, Images = Export is { Images: true } ? new() : null };
        await foreach (var line in list.ReadAsync(batch.Offset, batch.Length, batch.FirstLine, cancellationToken)) counts = counts.With(line.Document);
        return counts;
    }

    /// <inheritdoc/>
    public async Task<BatchPage> PlanAsync(SourceLayout layout, int? identifier, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var batches = new List<BatchPlan>();
        BatchPlan? batch = null;
        var (fileBytes, records, most) = (0L, cursor.Records, size.PageAt(cursor.Page));
        await foreach (var line in list.ReadAsync(cursor.Offset, null, cursor.Line, cancellationToken))
        {
            if (batch is not null && (batch.Records >= size.Records || fileBytes >= size.Bytes * 8L))
            {
                batches.Add(batch);
                (batch, fileBytes) = (null, 0);
                if (batches.Count == most)
                    return new BatchPage(batches, new PlanCursor(cursor.Page + 1, cursor.Batch + most, line.Offset, line.Number, records), records);
            }
            batch ??= new BatchPlan { Index = cursor.Batch + batches.Count, Offset = line.Offset, FirstLine = line.Number };
            batch = batch with { Length = line.Offset + line.Length - batch.Offset, Records = batch.Records + 1 };
            fileBytes += FileBytes(line.Document);
            records++;
        }
        if (batch is not null) batches.Add(batch);
        return new BatchPage(batches, null, records) { Warnings = records == 0 ? [Nothing(layout)] : [] };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        SourceLayout layout, BatchPlan batch, IReadOnlyList<int> fileFields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var workspace = SelectedDocuments.From(layout).Workspace;
        var group = new List<DocumentLine>();
        var most = 16;
        await foreach (var line in list.ReadAsync(batch.Offset, batch.Length, batch.FirstLine, cancellationToken))
        {
            group.Add(line);
            if (group.Count < most) continue;
            var bytes = 0L;
            foreach (var (record, length) in await ReadGroupAsync(workspace, group, cancellationToken))
            {
                bytes += length;
                yield return record;
            }
            most = (int)Math.Clamp(GroupBytes / (1 + (bytes / group.Count)), 1, DocumentWalk.Group);
            group.Clear();
        }
        foreach (var (record, _) in await ReadGroupAsync(workspace, group, cancellationToken)) yield return record;
    }

    private IAsyncEnumerable<byte[]> LinesAsync(SourceLayout layout, CancellationToken cancellationToken)
    {
        var walk = new DocumentWalk(SelectedDocuments.From(layout), Export, stores) { RunLines = RunLines };
        return retried is null
            ? walk.LinesAsync(cancellationToken)
            : walk.LinesAsync(retried.ListAsync(stores.Blobs, cancellationToken), cancellationToken);
    }

    private async Task<IEnumerable<(SourceRecord Record, int Bytes)>> ReadGroupAsync(
        Engine.Workspaces.Workspace workspace, List<DocumentLine> group, CancellationToken cancellationToken)
    {
        var keys = group.Select(l => Identifier.Key(workspace.Id, workspace.Buckets, ObjectType.Document, l.Document.Identifier)).ToList();
        var items = await stores.Records.ReadManyAsync(keys, cancellationToken);
        return group.Select((line, i) => (Record(line, items[i]), items[i]?.Body.Length ?? 0));
    }

    private static SourceRecord Record(DocumentLine line, StoredItem? item)
    {
        var record = new SourceRecord { Line = line.Number, Position = (line.Offset, line.Length) };
        if (item is null)
            return record with { Problem = Item(line, "record-not-found", "The document was deleted after the job had listed it. It is left out; restore it and retry the errors, or run again.") };
        return item.ETag == line.Document.ETag
            ? record with { Stored = new StoredRecord(item.Key.Partition, RecordJson.Read(item.Body.Span)) }
            : record with { Problem = Item(line, "record-changed", "The document was changed after the job had listed it, and is left out rather than exported half old and half new. Retry the errors to export it as it is now.") };
    }

    private static Problem Item(DocumentLine line, string code, string message)
        => new(code, message) { Level = ProblemLevel.Item, SourceId = line.Document.Identifier };

    private static long FileBytes(ListedDocument document)
        => (document.Native?.Bytes ?? 0) + (document.Text?.Bytes ?? 0) + (document.Images?.Bytes ?? 0);

    private static Problem Nothing(SourceLayout layout)
        => new("no-records", SelectedDocuments.From(layout).StartAt is > 1 and var start
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Words.Quote(layout.Name)} has no record {start}: nothing was exported. Start at an earlier record.")
            : $"{Words.Quote(layout.Name)} holds no documents: nothing was exported. Choose another source, or check the conditions of its saved search or view.")
        {
            Severity = ProblemSeverity.Warning,
        };
}
