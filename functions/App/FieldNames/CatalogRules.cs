using System.Globalization;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Mapping;

namespace IntegrationPoints.App.FieldNames;

/// <summary>What the field catalogue must be to be kept: a name stands in one entry only, without regard to case, blanks, <c>_</c> and <c>-</c>.</summary>
internal static class CatalogRules
{
    /// <summary>The most synonyms of an entry.</summary>
    public const int MostSynonyms = 200;

    /// <summary>The most names of all entries together.</summary>
    public const int MostNames = 10_000;

    /// <summary>An entry in its one form: names without the blanks around them, each spelling once.</summary>
    /// <param name="sent">As it was sent.</param>
    /// <param name="problems">What is wrong is added here, with the member that holds the name.</param>
    public static CatalogEntry Clean(CatalogEntry sent, List<Problem> problems)
    {
        var name = Names.CleanForAddress(sent.Name, "name", problems);
        var synonyms = sent.Synonyms.Select((synonym, i) => Names.Clean(synonym, At(i), problems)).Where(synonym => synonym != name).Distinct().ToList();
        if (synonyms.Count == 0) problems.Add(new Problem("synonyms-missing", $"The entry {Words.Quote(name)} has no other name. Give at least one synonym.") { Field = "synonyms" });
        if (synonyms.Count > MostSynonyms)
        {
            problems.Add(new Problem("too-many-synonyms", string.Create(CultureInfo.InvariantCulture,
                $"The entry {Words.Quote(name)} has {synonyms.Count} synonyms; it may have {MostSynonyms}. Leave out spellings that differ in case, blanks, _ and - only: they need none."))
            { Field = "synonyms" });
        }
        return new CatalogEntry(name, synonyms);
    }

    /// <summary>What keeps an entry out of a catalogue: names that stand in another entry.</summary>
    public static IEnumerable<Problem> Against(CatalogEntry entry, IEnumerable<CatalogEntry> others)
    {
        var owners = new Dictionary<string, CatalogEntry>();
        foreach (var other in others)
            foreach (var name in other.Synonyms.Prepend(other.Name)) owners.TryAdd(FieldMatcher.Fold(name), other);
        if (owners.TryGetValue(FieldMatcher.Fold(entry.Name), out var owner)) yield return InOther(entry.Name, owner, "name");
        for (var i = 0; i < entry.Synonyms.Count; i++)
        {
            if (owners.TryGetValue(FieldMatcher.Fold(entry.Synonyms[i]), out owner)) yield return InOther(entry.Synonyms[i], owner, At(i));
        }
    }

    /// <summary>Refuses a catalogue that is too large.</summary>
    public static Problem? TooLarge(IReadOnlyList<CatalogEntry> entries)
        => entries.Sum(e => e.Synonyms.Count + 1) is > MostNames and var count
            ? new Problem("too-many-names", string.Create(CultureInfo.InvariantCulture, $"The field catalogue would have {count} names; it may have {MostNames}. Remove entries that are not needed any more."))
            : null;

    /// <summary>The entry that goes by a name; null: none.</summary>
    public static CatalogEntry? Find(IEnumerable<CatalogEntry> entries, string name)
    {
        var key = FieldMatcher.Fold(name);
        return entries.FirstOrDefault(e => FieldMatcher.Fold(e.Name) == key);
    }

    /// <summary>Entries in the order in which they are kept and shown.</summary>
    public static IReadOnlyList<CatalogEntry> Ordered(IEnumerable<CatalogEntry> entries) => [.. entries.OrderBy(e => e.Name, StringComparer.Ordinal)];

    /// <summary>That a name stands in another entry.</summary>
    public static Problem InOther(string name, CatalogEntry owner, string? member) => new("name-in-other-entry",
        $"The name {Words.Quote(name)} stands in the entry {Words.Quote(owner.Name)}. A name means one thing: take it out there, or leave it out here.")
    { Field = member };

    private static string At(int index) => string.Create(CultureInfo.InvariantCulture, $"synonyms[{index}]");
}
