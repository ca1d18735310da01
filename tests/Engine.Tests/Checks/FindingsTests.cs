using IntegrationPoints.Engine.Checks;

namespace IntegrationPoints.Engine.Tests.Checks;

/// <summary>Findings count everything and keep a few.</summary>
public sealed class FindingsTests
{
    [Fact]
    public void Every_case_counts_and_the_first_ones_are_kept()
    {
        var findings = new Findings();
        for (var line = 1; line <= 1000; line++) Add(findings, "invalid-date", "Sent", line);
        var only = Assert.Single(findings.ToList());
        Assert.Equal((1000, Findings.MostExamples), (only.Count, only.Examples.Count));
        Assert.Equal(Enumerable.Range(1, Findings.MostExamples).Select(l => (long?)l), only.Examples.Select(e => e.Line));
        Assert.Equal("Dates that cannot be read: Sent", only.Title);
    }

    [Fact]
    public void Parts_that_are_added_in_order_come_to_what_the_whole_comes_to()
    {
        var (whole, parts) = (new Findings(), new Findings());
        for (var part = 0; part < 3; part++)
        {
            var own = new Findings();
            for (var line = part * 7; line < part * 7 + 7; line++)
            {
                Add(whole, "missing-file", "Native", line);
                Add(own, "missing-file", "Native", line);
            }
            parts.Add(own.ToList());
        }
        var (a, b) = (Assert.Single(whole.ToList()), Assert.Single(parts.ToList()));
        Assert.Equal(a with { Examples = [] }, b with { Examples = [] });
        Assert.Equal(a.Examples, b.Examples);
    }

    /// <summary>A hostile header names any number of columns.</summary>
    [Fact]
    public void Kinds_beyond_a_few_hundred_are_counted_under_their_code()
    {
        var findings = new Findings();
        for (var column = 0; column < 5000; column++) Add(findings, "invalid-date", $"Column {column}", column);
        var all = findings.ToList();
        Assert.Equal((Findings.MostKinds + 1, 5000), (all.Count, all.Sum(f => f.Count)));
    }

    [Fact]
    public void The_gravest_come_first_and_a_softened_one_is_a_note()
    {
        var findings = new Findings();
        findings.Add(CheckSection.Dates, FindingSeverity.Warning, "ambiguous-date", "Sent", () => new FindingExample(2, "A", "03/04/2021"));
        findings.Add(CheckSection.Dates, FindingSeverity.Warning, "ambiguous-date", "Made", () => new FindingExample(2, "A", "03/04/2021"));
        Add(findings, "invalid-date", "Sent", 3);
        findings.Soften("ambiguous-date", "Sent");
        Assert.Equal(["invalid-date Error Sent", "ambiguous-date Warning Made", "ambiguous-date Note Sent"],
            findings.ToList().Select(f => $"{f.Code} {f.Severity} {f.Field}"));
    }

    private static void Add(Findings findings, string code, string field, long line)
        => findings.Add(CheckSection.Rows, FindingSeverity.Error, code, field, () => new FindingExample(line, null, null));
}
