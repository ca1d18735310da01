using System.Text.Json;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>Reads the first Bates numbers, and how many files images are and how large, for many documents together.</summary>
/// <param name="records">Where pages lie.</param>
/// <param name="named">Whether each file stays one, so that its name has to be known.</param>
internal sealed class ImageFacts(IRecords records, bool named)
{
    private const int MostParts = 250, MostPages = 20_000;

    /// <summary>Puts them down in the drafts. The pages of a document that changed meanwhile may be gone: reading the document will show that.</summary>
    public async Task ReadAsync(IReadOnlyList<DocumentFacts.Draft> drafts, CancellationToken cancellationToken)
    {
        var group = new List<Part>();
        var pages = 0;
        foreach (var part in drafts.SelectMany(PartsOf))
        {
            group.Add(part);
            pages += part.MostPages;
            if (group.Count < MostParts && pages < MostPages) continue;
            await ReadGroupAsync(group, cancellationToken);
            group.Clear();
            pages = 0;
        }
        await ReadGroupAsync(group, cancellationToken);
    }

    private IEnumerable<Part> PartsOf(DocumentFacts.Draft draft)
    {
        if (draft.Images is { } images)
        {
            var files = new Files(images.Name, named);
            for (var part = 0; part < images.Set.Parts; part++)
                yield return new Part(draft, images.Set, part, part == 0 && draft.BeginSet == images.Set, files);
        }
        if (draft.BeginSet is { } begin && draft.BeginSet != draft.Images?.Set) yield return new Part(draft, begin, 0, true, null);
    }

    private async Task ReadGroupAsync(List<Part> group, CancellationToken cancellationToken)
    {
        if (group.Count == 0) return;
        var items = await records.ReadManyAsync([.. group.Select(p => p.Key)], cancellationToken);
        for (var i = 0; i < group.Count; i++)
        {
            if (items[i] is not { } item) continue;
            var (part, pages) = (group[i], JsonSerializer.Deserialize<ImagePart>(item.Body.Span, JsonSerializerOptions.Web)!.Pages);
            if (part.IsBegin && pages.Count > 0) part.Draft.Listed = part.Draft.Listed with { BeginNumber = pages[0].Id };
            if (part.Files is { } files) part.Draft.Listed = part.Draft.Listed with { Images = files.Plus(pages) };
        }
    }

    private sealed record Part(DocumentFacts.Draft Draft, ImageSet Set, int Number, bool IsBegin, Files? Files)
    {
        public ItemKey Key => new(Draft.Partition, Set.PartId(Number));

        public int MostPages => Math.Min(Set.Pages, ImageSet.PagesPerPart);
    }

    // Several pages of one file are one file, which is named after the first of them.
    private sealed class Files(string set, bool named)
    {
        private readonly HashSet<(string, bool)> shared = [];
        private readonly List<string> names = [];
        private int count;
        private long bytes;

        public ListedImages Plus(IReadOnlyList<ImagePage> pages)
        {
            foreach (var page in pages.Where(p => p.PageOfFile == 0 || shared.Add((p.Blob, p.Linked))))
            {
                count++;
                bytes += page.Bytes;
                if (named) names.Add(page.Id);
            }
            return new ListedImages(set, count, bytes) { Names = named ? names : null };
        }
    }
}
