using System.Runtime.CompilerServices;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>
/// Walks the documents of an export in its order, as lines of its list. Documents come in identifier order; where that is not the export's, they are
/// sorted on disk. Memory does not grow with their number.
/// </summary>
internal sealed class DocumentWalk(SelectedDocuments selection, ExportSettings? settings, WorkspaceStores stores)
{
    /// <summary>How many records are read together.</summary>
    public const int Group = 250;

    private const int GroupPages = 20_000;

    private readonly DocumentFacts facts = new(selection, settings, stores);
    private readonly RecordListing listing = new(stores.Records, stores.Blobs);

    /// <summary>How many lines are sorted in memory at most.</summary>
    public int RunLines { get; init; } = 50_000;

    /// <summary>The lines, from the record on at which the export starts.</summary>
    public async IAsyncEnumerable<byte[]> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = selection.StartAt - 1;
        if (selection.Production is null && selection.Sort.Count == 0)
        {
            await foreach (var line in KeyedAsync(before, cancellationToken)) yield return line.Line;
            yield break;
        }
        using var runs = new SortedRuns(RunLines);
        await foreach (var line in KeyedAsync(0, cancellationToken)) runs.Add(line);
        foreach (var line in runs.Merge())
            if (before-- <= 0) yield return line;
    }

    /// <summary>The lines of documents that were listed before, as they are now; one that is gone stays as it was listed.</summary>
    public async IAsyncEnumerable<byte[]> LinesAsync(
        IAsyncEnumerable<ListedDocument> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var group in listed.Chunk(Group).WithCancellation(cancellationToken))
        {
            var keys = group.Select(d => Identifier.Key(selection.Workspace.Id, selection.Workspace.Buckets, ObjectType.Document, d.Identifier)).ToList();
            var items = await stores.Records.ReadManyAsync(keys, cancellationToken);
            var found = items.OfType<StoredItem>().Select(facts.Begin).ToList();
            var now = new Queue<KeyedLine>(await facts.CompleteAsync(found, cancellationToken));
            for (var i = 0; i < group.Length; i++) yield return items[i] is null ? DocumentList.Line(group[i]) : now.Dequeue().Line;
        }
    }

    private async IAsyncEnumerable<KeyedLine> KeyedAsync(long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var group = new List<DocumentFacts.Draft>(Group);
        var pages = 0;
        await foreach (var item in listing.ListAsync(selection.Workspace, ObjectType.Document, null, selection.Query, cancellationToken))
        {
            if (skip-- > 0) continue;
            var draft = facts.Begin(item);
            group.Add(draft);
            pages += draft.Pages;
            if (group.Count < Group && pages < GroupPages) continue;
            foreach (var line in await facts.CompleteAsync(group, cancellationToken)) yield return line;
            group.Clear();
            pages = 0;
        }
        foreach (var line in await facts.CompleteAsync(group, cancellationToken)) yield return line;
    }
}
