using System.Globalization;

namespace IntegrationPoints.Engine.Checks;

/// <summary>Documents by hash: which are copies of each other?</summary>
internal sealed class HashStudy(Findings findings) : IStudy
{
    private readonly List<Fact> examples = [];
    private string key = "";
    private long count;

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (fact.Key != key)
        {
            End();
            key = fact.Key;
        }
        count++;
        if (examples.Count < 5) examples.Add(fact);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (count > 1)
        {
            var (documents, hash, first) = (count, key, examples.ToArray());
            findings.Add(CheckSection.Duplicates, FindingSeverity.Note, FindingWords.DuplicateHash, null, () => new FindingExample(
                first[0].Line, Words.Shorten(first[0].Id), hash,
                string.Create(CultureInfo.InvariantCulture, $"{documents:N0} documents: {string.Join(", ", first.Select(f => Words.Shorten(f.Id)))}{(documents > first.Length ? ", …" : ".")}")));
        }
        (count, key) = (0, "");
        examples.Clear();
    }
}

/// <summary>Files by path: which are there and nobody refers to, and which image files are not there?</summary>
internal sealed class FileStudy(Findings findings, bool reportsOrphans) : IStudy
{
    private readonly List<string> missing = [];
    private string key = "";
    private Fact? there;
    private bool isUsed;
    private bool isPending;

    /// <summary>A few paths of images that are not there.</summary>
    public IReadOnlyList<string> MissingImages => missing;

    /// <summary>The image files.</summary>
    public ReferenceCounts Images { get; private set; } = new();

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (!isPending || fact.Key != key)
        {
            End();
            (key, isPending) = (fact.Key, true);
        }
        if (fact.A == 0) there ??= fact;
        else Use(fact);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (isPending && !isUsed && reportsOrphans && there is { } file)
        {
            findings.Add(CheckSection.Files, FindingSeverity.Warning, FindingWords.OrphanFile, null, () => new FindingExample(
                null, null, Words.Shorten(file.Id), string.Create(CultureInfo.InvariantCulture, $"{file.B:N0} bytes.")));
        }
        (there, isUsed, isPending) = (null, false, false);
    }

    private void Use(Fact fact)
    {
        isUsed = true;
        if (fact.B != Fact.ImageFile) return;
        Images = Images.Plus(new ReferenceCounts
        {
            Referenced = 1,
            Found = there is null ? 0 : 1,
            Missing = there is null ? 1 : 0,
            Empty = there is { B: 0 } ? 1 : 0,
            Bytes = there?.B ?? 0,
        });
        if (there is null && missing.Count < Findings.MostExamples) missing.Add(fact.Id);
        if (there is null) Report(FindingSeverity.Error, FindingWords.MissingFile);
        else if (there is { B: 0 }) Report(FindingSeverity.Warning, FindingWords.EmptyFile);

        void Report(FindingSeverity severity, string code) => findings.Add(CheckSection.Images, severity, code, "images", () => new FindingExample(
            null, null, Words.Shorten(fact.Id), string.Create(CultureInfo.InvariantCulture, $"Line {fact.Line} of the image load file.")));
    }
}
