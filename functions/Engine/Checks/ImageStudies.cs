using System.Globalization;

namespace IntegrationPoints.Engine.Checks;

/// <summary>Documents of both load files: has each row its images, each image its row, and are there as many pages as numbers?</summary>
internal sealed class ImageStudy : IStudy
{
    private string key = "";
    private Fact? row, document;
    private long pages;

    /// <summary>What it found: of two ways to match documents only the better one counts.</summary>
    public Findings Findings { get; } = new();

    /// <summary>Documents of the image load file, its pages, and documents that are in both.</summary>
    public ImageCounts Counts { get; private set; } = new(0, 0, 0);

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (fact.Key != key)
        {
            End();
            key = fact.Key;
        }
        if (fact.A == 0)
        {
            row ??= fact;
            return;
        }
        document ??= fact;
        pages += fact.B;
    }

    /// <inheritdoc/>
    public void End()
    {
        if (document is not null)
            Counts = new ImageCounts(Counts.Documents + 1, Counts.Pages + pages, Counts.Both + (row is null ? 0 : 1));
        if (row is { } own)
        {
            Compare(own);
        }
        else if (document is { } alone)
        {
            Findings.Add(CheckSection.Images, FindingSeverity.Error, FindingWords.ImagesAlone, null, () => new FindingExample(
                null, Words.Shorten(alone.Id), null, string.Create(CultureInfo.InvariantCulture, $"Line {alone.Line} of the image load file.")));
        }
        (row, document, pages, key) = (null, null, 0, "");
    }

    private void Compare(Fact own)
    {
        if (document is null)
        {
            Findings.Add(CheckSection.Images, FindingSeverity.Warning, FindingWords.WithoutImages, null, () => new FindingExample(own.Line, Words.Shorten(own.Id), null));
            return;
        }
        var numbers = own.C - own.B + 1;
        var found = pages;
        if (own is { B: 0, C: 0 } || numbers == found) return;
        Findings.Add(CheckSection.Images, FindingSeverity.Error, FindingWords.PageCount, null, () => new FindingExample(
            own.Line, Words.Shorten(own.Id), null,
            string.Create(CultureInfo.InvariantCulture, $"Its Bates range has {numbers:N0} numbers, and the image load file lists {found:N0} {(found == 1 ? "page" : "pages")}.")));
    }
}

/// <summary>Pages by id: which are there twice?</summary>
internal sealed class PageStudy(Findings findings) : IStudy
{
    private Fact? first;

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (first is { } before && before.Key == fact.Key)
        {
            findings.Add(CheckSection.Images, FindingSeverity.Error, "duplicate-page-id", null, () => new FindingExample(
                null, null, Words.Shorten(fact.Id), string.Create(CultureInfo.InvariantCulture, $"Line {fact.Line} of the image load file; it stands at line {before.Line} already.")));
            return;
        }
        first = fact;
    }

    /// <inheritdoc/>
    public void End() => first = null;
}
