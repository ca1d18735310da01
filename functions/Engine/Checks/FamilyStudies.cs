using System.Globalization;

namespace IntegrationPoints.Engine.Checks;

/// <summary>Families by their group: do the documents of each stand together?</summary>
internal sealed class GroupStudy(Findings findings) : IStudy
{
    private Fact first;
    private long count, last, heads;
    private long? breakLine;

    /// <summary>Families of more than one document, and their documents.</summary>
    public (long Families, long Documents) Counts { get; private set; }

    /// <summary>Families of more than one document none of which has the group as its identifier.</summary>
    public long Headless { get; private set; }

    /// <summary>Whether groups are called after their first document at all.</summary>
    public bool HasHeads { get; private set; }

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (count == 0 || fact.Key != first.Key)
        {
            End();
            (first, count, heads, breakLine) = (fact, 0, 0, null);
        }
        else if (fact.A != last + 1)
        {
            breakLine ??= fact.Line;
        }
        (last, count, heads) = (fact.A, count + 1, heads + fact.B);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (count > 1)
        {
            Counts = (Counts.Families + 1, Counts.Documents + count);
            HasHeads |= heads > 0;
            if (heads == 0) Headless++;
            if (breakLine is { } line) Scattered(first, line, count);
        }
        count = 0;
    }

    private void Scattered(Fact head, long line, long documents)
        => findings.Add(CheckSection.Families, FindingSeverity.Warning, FindingWords.FamilyScattered, null, () => new FindingExample(
            head.Line, Words.Shorten(head.Id), Words.Shorten(head.Key),
            string.Create(CultureInfo.InvariantCulture, $"It has {documents:N0} documents; it begins at line {head.Line} and goes on at line {line}, with others between.")));
}

/// <summary>An attachment range as the key of facts: sorted by its prefix, then by its numbers.</summary>
public static class AttachmentKey
{
    private const int Digits = 18;

    /// <summary>The key of a range.</summary>
    public static string Of(BatesNumber from, BatesNumber to)
        => string.Create(CultureInfo.InvariantCulture, $"{from.Series}{from.Number:d18}{to.Number:d18}{from.Digits:d2}");

    /// <summary>Its first and its last number.</summary>
    internal static (long From, long To) Range(string key) => (Number(key, 2 * Digits + 2), Number(key, Digits + 2));

    /// <summary>The range as people write it.</summary>
    internal static string Shown(string key)
    {
        var (from, to) = Range(key);
        var like = new BatesNumber(key[..^(2 * Digits + 2)], 0, int.Parse(key.AsSpan(key.Length - 2), CultureInfo.InvariantCulture));
        return $"{Words.Shorten(like.At(from))} – {Words.Shorten(like.At(to))}";
    }

    private static long Number(string key, int fromEnd) => long.Parse(key.AsSpan(key.Length - fromEnd, Digits), CultureInfo.InvariantCulture);
}

/// <summary>Families by their attachment range: do their documents cover it, and stand together?</summary>
internal sealed class AttachmentStudy(Findings findings) : IStudy
{
    private Fact first;
    private long count, covered, least, most;
    private (long From, long To) range;

    /// <summary>Families of more than one document, and their documents.</summary>
    public (long Families, long Documents) Counts { get; private set; }

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (count == 0 || fact.Key != first.Key)
        {
            End();
            range = AttachmentKey.Range(fact.Key);
            (first, count, covered, least, most) = (fact, 0, 0, fact.A, fact.A);
        }
        count++;
        covered += Math.Max(0, Math.Min(fact.C, range.To) - Math.Max(fact.B, range.From) + 1);
        (least, most) = (Math.Min(least, fact.A), Math.Max(most, fact.A));
    }

    /// <inheritdoc/>
    public void End()
    {
        if (count > 0)
        {
            var all = range.To - range.From + 1;
            if (count > 1) Counts = (Counts.Families + 1, Counts.Documents + count);
            if (covered < all) Report(FindingSeverity.Error, FindingWords.FamilyIncomplete, $"Its documents have {covered:N0} of its {all:N0} numbers.");
            if (most - least + 1 != count) Report(FindingSeverity.Warning, FindingWords.FamilyScattered, $"It has {count:N0} documents, and others stand between them.");
        }
        count = 0;
    }

    private void Report(FindingSeverity severity, string code, FormattableString words)
    {
        var head = first;
        findings.Add(CheckSection.Families, severity, code, null, () => new FindingExample(
            head.Line, Words.Shorten(head.Id), AttachmentKey.Shown(head.Key), words.ToString(CultureInfo.InvariantCulture)));
    }
}

/// <summary>Documents by identifier: is each parent there, and does it stand near?</summary>
internal sealed class DocumentStudy(Findings findings, IReadOnlyList<long> beginningsBefore) : IStudy
{
    private string key = "";
    private Fact? own;
    private bool isParent;

    /// <summary>Documents that name a parent which is there.</summary>
    public long Attachments { get; private set; }

    /// <summary>Documents that others name as their parent.</summary>
    public long Parents { get; private set; }

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (fact.Key != key)
        {
            End();
            key = fact.Key;
        }
        if (fact.A == 0) own ??= fact;
        else Child(fact);
    }

    /// <inheritdoc/>
    public void End() => (own, isParent) = (null, false);

    private void Child(Fact child)
    {
        if (own is not { } parent)
        {
            findings.Add(CheckSection.Families, FindingSeverity.Error, FindingWords.ParentMissing, null, () => new FindingExample(
                child.Line, Words.Shorten(child.Id), Words.Shorten(child.Key), null));
            return;
        }
        Attachments++;
        if (!isParent) Parents++;
        isParent = true;
        if (Place(parent) == Place(child) && parent.Line <= child.Line) return;
        findings.Add(CheckSection.Families, FindingSeverity.Warning, FindingWords.FamilyScattered, null, () => new FindingExample(
            child.Line, Words.Shorten(child.Id), Words.Shorten(parent.Id),
            string.Create(CultureInfo.InvariantCulture, $"Its parent stands at line {parent.Line}; documents of other families stand between them.")));
    }

    // How many families had begun: the same for all documents of a family that stands together.
    private long Place(Fact fact) => beginningsBefore[(int)fact.B] + fact.C;
}
