namespace IntegrationPoints.Engine.Checks;

/// <summary>
/// Gathers findings: counts every case and keeps the first few of each kind, so that memory does not grow with the file. Kinds beyond
/// <see cref="MostKinds"/> (a hostile header can name any number of columns) are counted under their code alone.
/// </summary>
public sealed class Findings
{
    /// <summary>How many cases of a kind are kept.</summary>
    public const int MostExamples = 10;

    /// <summary>How many kinds are told apart.</summary>
    public const int MostKinds = 300;

    private readonly record struct Kind(CheckSection Section, FindingSeverity Severity, string Code, string? Field);

    private readonly Dictionary<Kind, (long Count, List<FindingExample> Examples)> kinds = [];

    /// <summary>Counts a case; <paramref name="example"/> is asked for only while there is room for one more.</summary>
    public void Add(CheckSection section, FindingSeverity severity, string code, string? field, Func<FindingExample> example, long count = 1)
    {
        var kind = Known(new Kind(section, severity, code, field));
        var (known, examples) = kinds.TryGetValue(kind, out var found) ? found : (0, []);
        if (examples.Count < MostExamples) examples.Add(example());
        kinds[kind] = (known + count, examples);
    }

    /// <summary>Adds what another part found; parts are added in the order of the file.</summary>
    public void Add(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var kind = Known(new Kind(finding.Section, finding.Severity, finding.Code, finding.Field));
            var (count, examples) = kinds.TryGetValue(kind, out var found) ? found : (0, []);
            examples.AddRange(finding.Examples.Take(MostExamples - examples.Count));
            kinds[kind] = (count + finding.Count, examples);
        }
    }

    /// <summary>How many cases of a code there are.</summary>
    public long CountOf(string code) => kinds.Where(k => k.Key.Code == code).Sum(k => k.Value.Count);

    /// <summary>Makes what was found of a column a note: the column itself shows that nothing is wrong.</summary>
    public void Soften(string code, string field)
    {
        foreach (var kind in kinds.Keys.Where(k => k.Code == code && k.Field == field).ToList())
        {
            kinds.Remove(kind, out var found);
            kinds[kind with { Severity = FindingSeverity.Note }] = found;
        }
    }

    /// <summary>Everything found: the gravest first, then section by section, the most frequent first.</summary>
    public IReadOnlyList<Finding> ToList() =>
    [
        .. kinds.Select(k => FindingWords.Complete(new Finding
        {
            Section = k.Key.Section,
            Severity = k.Key.Severity,
            Code = k.Key.Code,
            Field = k.Key.Field,
            Count = k.Value.Count,
            Examples = k.Value.Examples,
        })).OrderBy(f => f.Severity).ThenBy(f => f.Section).ThenByDescending(f => f.Count)
            .ThenBy(f => f.Code, StringComparer.Ordinal).ThenBy(f => f.Field, StringComparer.Ordinal),
    ];

    private Kind Known(Kind kind) => kinds.Count < MostKinds || kinds.ContainsKey(kind) ? kind : kind with { Field = null };
}
