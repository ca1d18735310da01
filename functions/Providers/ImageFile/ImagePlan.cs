using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Providers.ImageFile;

/// <summary>Divides the documents of an image load file into batches. A batch ends with the document that reaches its number of pages.</summary>
internal sealed class ImagePlan(PlanCursor cursor, int mostBatches, int mostPages)
{
    private readonly List<BatchPlan> batches = [];
    private BatchPlan? batch;
    private int pages;

    /// <summary>Documents planned so far, those of earlier pages of batches included.</summary>
    public long Records { get; private set; } = cursor.Records;

    /// <summary>Adds the next document. When the page of batches is full, answers with where the next one begins: at this document.</summary>
    public PlanCursor? Add(ImageDocument document)
    {
        if (batch is not null && pages >= mostPages)
        {
            batches.Add(batch);
            (batch, pages) = (null, 0);
            if (batches.Count == mostBatches)
                return new PlanCursor(cursor.Page + 1, cursor.Batch + mostBatches, document.Offset, document.Line, Records);
        }
        batch ??= new BatchPlan { Index = cursor.Batch + batches.Count, Offset = document.Offset, FirstLine = document.Line };
        batch = batch with { Length = document.End - batch.Offset, Records = batch.Records + 1 };
        pages += document.Lines.Count;
        Records++;
        return null;
    }

    /// <summary>The batches, each with those of its lines whose identifier or page id stood earlier in the file.</summary>
    public IReadOnlyList<BatchPlan> Batches(Dictionary<long, long> identifiers, Dictionary<long, long> pageIds)
    {
        if (batch is not null) batches.Add(batch);
        batch = null;
        if (identifiers.Count + pageIds.Count == 0) return batches;
        var (ofDocuments, ofPages) = (ByBatch(identifiers), ByBatch(pageIds));
        return [.. batches.Select((b, i) => b with { Duplicates = ofDocuments[i].ToDictionary(), DuplicatePages = ofPages[i].ToDictionary() })];
    }

    private ILookup<int, KeyValuePair<long, long>> ByBatch(Dictionary<long, long> lines)
    {
        var starts = batches.Select(b => b.FirstLine).ToList();
        return lines.ToLookup(l => starts.BinarySearch(l.Key) is var at && at < 0 ? ~at - 1 : at);
    }
}
