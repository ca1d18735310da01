using System.Globalization;

namespace IntegrationPoints.Engine.Checks;

/// <summary>Gaps and overlaps of Bates numbers, series by series: ranges come sorted by prefix and first number.</summary>
internal sealed class NumberRanges(Findings findings, bool fromBates) : IStudy
{
    private const int MostSeries = 100;

    private readonly List<BatesSeries> series = [];
    private Fact first, furthest;
    private long documents, numbers, gaps, missing, last;
    private string prefix = "";
    private bool isOpen;

    /// <summary>The series, the first hundred.</summary>
    public IReadOnlyList<BatesSeries> Series => series;

    /// <inheritdoc/>
    public void Add(Fact fact)
    {
        if (!isOpen || fact.Key != first.Key)
        {
            End();
            (isOpen, first, furthest, last) = (true, fact, fact, fact.A - 1);
            (documents, numbers, gaps, missing) = (0, 0, 0, 0);
            prefix = BatesNumber.Parse(fact.Id)?.Prefix ?? "";
        }
        else if (fact.A <= last)
        {
            Overlap(fact);
        }
        else if (fact.A > last + 1)
        {
            Gap(fact);
        }
        documents++;
        numbers += fact.B - Math.Max(fact.A - 1, Math.Min(last, fact.B));
        if (fact.B <= last) return;
        (last, furthest) = (fact.B, fact);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (isOpen && series.Count < MostSeries)
        {
            series.Add(new BatesSeries(
                Words.Shorten(prefix), Text(first.A, first), Text(last, furthest), documents, numbers, gaps, missing));
        }
        isOpen = false;
    }

    private void Gap(Fact next)
    {
        var (from, to) = (last + 1, next.A - 1);
        gaps++;
        missing += to - from + 1;
        var before = furthest;
        findings.Add(CheckSection.Bates, fromBates ? FindingSeverity.Error : FindingSeverity.Note, FindingWords.BatesGap, null, () => new FindingExample(
            next.Line, null, from == to ? Text(from, before) : $"{Text(from, before)} – {Text(to, before)}",
            string.Create(CultureInfo.InvariantCulture, $"{to - from + 1:N0} {(from == to ? "number is" : "numbers are")} missing before {Words.Shorten(next.Id)}.")));
    }

    private void Overlap(Fact next)
    {
        var (from, to) = (next.A, Math.Min(last, next.B));
        var other = furthest;
        findings.Add(CheckSection.Bates, FindingSeverity.Error, FindingWords.BatesOverlap, null, () => new FindingExample(
            next.Line, Words.Shorten(next.Id), from == to ? Text(from, next) : $"{Text(from, next)} – {Text(to, next)}",
            string.Create(CultureInfo.InvariantCulture, $"The document that begins with {Words.Shorten(other.Id)} at line {other.Line} has {(from == to ? "it" : "them")} too.")));
    }

    private string Text(long number, Fact like) => Words.Shorten(new BatesNumber(prefix, 0, (int)like.C).At(number));
}
