using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Engine.Statistics;

/// <summary>What running an integration point would transfer, as far as its source alone shows it.</summary>
public sealed record StatisticsCounts
{
    /// <summary>Records that can be read: rows of a document load file, documents of an image load file or of a workspace.</summary>
    public long Documents { get; init; }

    /// <summary>Records that cannot be read, so that nothing would come of them.</summary>
    public long Unreadable { get; init; }

    /// <summary>Their natives; null when the integration point transfers none.</summary>
    public ReferenceCounts? Natives { get; init; }

    /// <summary>Their images as the source lists them, a file of many pages that is listed once as one; null when it transfers none.</summary>
    public ReferenceCounts? Images { get; init; }

    /// <summary>The counts with one record more.</summary>
    /// <param name="record">The record, its files looked up.</param>
    /// <param name="nativeField">The field that names its native; null: none does.</param>
    public StatisticsCounts With(SourceRecord record, int? nativeField)
    {
        if (record.Problem is not null) return this with { Unreadable = Unreadable + 1 };
        return this with
        {
            Documents = Documents + 1,
            Natives = nativeField is { } field && record.Files.TryGetValue(field, out var native) ? Natives?.Plus(ReferenceCounts.Of(native)) : Natives,
            Images = record.Pages.Count > 0 ? Images?.Plus(ImagesOf(record)) : Images,
        };
    }

    /// <summary>The counts with one document more that an export lists, and of its files those that are listed with it.</summary>
    public StatisticsCounts With(ListedDocument document) => this with
    {
        Documents = Documents + 1,
        Natives = document.Native is { } native ? Natives?.Plus(Files(1, native.Bytes)) : Natives,
        Images = document.Images is { } images ? Images?.Plus(Files(images.Files, images.Bytes)) : Images,
    };

    /// <summary>The sum, count by count.</summary>
    public StatisticsCounts Plus(StatisticsCounts other) => new()
    {
        Documents = Documents + other.Documents,
        Unreadable = Unreadable + other.Unreadable,
        Natives = Sum(Natives, other.Natives),
        Images = Sum(Images, other.Images),
    };

    private static ReferenceCounts Files(long files, long bytes) => new() { Referenced = files, Found = files, Bytes = bytes };

    // Pages of one file are images of their own, and its bytes are there once.
    private static ReferenceCounts ImagesOf(SourceRecord record)
    {
        var (images, seen) = (new ReferenceCounts(), new HashSet<string>());
        foreach (var page in record.Pages)
        {
            var image = ReferenceCounts.Of(page.File);
            images = images.Plus(image.Found == 0 || seen.Add(page.File!.Path) ? image : image with { Bytes = 0 });
        }
        return images;
    }

    private static ReferenceCounts? Sum(ReferenceCounts? one, ReferenceCounts? other) => one is null ? other : other is null ? one : one.Plus(other);
}
