using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Mapping;

namespace IntegrationPoints.App.FieldNames;

/// <summary>
/// The field catalogue as CSV (RFC 4180, UTF-8 with a byte order mark): the header <c>Name,Synonym</c>, then a line for each synonym of each entry. A
/// name that a spreadsheet would take for a formula gets an apostrophe in front, and so does one that begins with apostrophes before such a
/// character; reading takes one away again, so that what was written comes back as it was.
/// </summary>
internal static class CatalogCsv
{
    private static readonly string[] Header = ["Name", "Synonym"];

    /// <summary>The entries as a file.</summary>
    public static byte[] Write(IEnumerable<CatalogEntry> entries)
    {
        var text = new StringBuilder("\uFEFFName,Synonym\r\n");
        foreach (var entry in entries)
            foreach (var synonym in entry.Synonyms) text.Append(Cell(entry.Name)).Append(',').Append(Cell(synonym)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The entries of a file, as additions to those that are there or in their place.</summary>
    /// <param name="csv">The text of the file.</param>
    /// <param name="there">The entries that are there; none, when the file takes their place.</param>
    /// <param name="problems">What is wrong is added here, each with its line: <c>line 3</c>.</param>
    public static IReadOnlyList<CatalogEntry> Read(string csv, IReadOnlyList<CatalogEntry> there, List<Problem> problems)
    {
        var catalog = new Building(there);
        using var reader = new StringReader(csv.TrimStart('\uFEFF'));
        // A quote where none may stand is said by the line and the names that come of it.
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = ",", BadDataFound = null });
        var isHeader = true;
        for (var line = 1; parser.Read(); line = parser.RawRow + 1, isHeader = false)
        {
            var cells = parser.Record!;
            var own = new List<Problem>();
            if (isHeader) CheckHeader(cells, own);
            else if (cells.Length != 2)
                own.Add(new Problem("column-count", $"The line has {cells.Length} cells. Expected 2: the name of the entry and a synonym. Put names that hold commas into quotes."));
            else catalog.Add(Unmarked(cells[0]), Unmarked(cells[1]), line, own);
            problems.AddRange(own.Select(p => At(p, line)));
        }
        if (isHeader) problems.Add(At(new Problem("empty-file", "The file is empty. Expected the header Name,Synonym and a line for each synonym."), 1));
        var entries = catalog.Entries;
        foreach (var entry in entries.Where(e => e.Synonyms.Count > CatalogRules.MostSynonyms)) CatalogRules.Clean(entry, problems);
        if (CatalogRules.TooLarge(entries) is { } tooLarge) problems.Add(tooLarge);
        return CatalogRules.Ordered(entries);
    }

    private static void CheckHeader(string[] cells, List<Problem> problems)
    {
        if (!cells.Select(c => c.Trim()).SequenceEqual(Header, StringComparer.OrdinalIgnoreCase))
            problems.Add(new Problem("header-missing", $"The first line is {Words.Quote(string.Join(',', cells))}. Expected the header Name,Synonym."));
    }

    private static Problem At(Problem problem, int line) => problem with
    {
        Message = string.Create(CultureInfo.InvariantCulture, $"Line {line}: {problem.Message}"),
        Field = string.Create(CultureInfo.InvariantCulture, $"line {line}"),
        Line = line,
    };

    private static string Cell(string name) => $"\"{(IsMarked(name) ? "'" : "")}{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Unmarked(string cell) => cell.StartsWith('\'') && IsMarked(cell) ? cell[1..] : cell;

    // As a spreadsheet sees it: blanks before it do not keep a formula from being one, and the wide forms of the characters count, too.
    private static bool IsMarked(string text) => text.TrimStart('\'').TrimStart() is [var first, ..] && first is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠';

    // The entries while lines are added.
    private sealed class Building
    {
        private readonly Dictionary<string, (string Name, List<string> Synonyms)> entries = [];
        private readonly Dictionary<string, (string Entry, int Line)> owners = [];

        public Building(IReadOnlyList<CatalogEntry> there)
        {
            foreach (var entry in there)
            {
                var key = FieldMatcher.Fold(entry.Name);
                entries[key] = (entry.Name, [.. entry.Synonyms]);
                foreach (var name in entry.Synonyms.Prepend(entry.Name)) owners.TryAdd(FieldMatcher.Fold(name), (key, 0));
            }
        }

        public IReadOnlyList<CatalogEntry> Entries => [.. entries.Values.Select(e => new CatalogEntry(e.Name, e.Synonyms))];

        public void Add(string sentName, string sentSynonym, int line, List<Problem> problems)
        {
            var sent = CatalogRules.Clean(new CatalogEntry(sentName, [sentSynonym]), problems);
            if (problems.Count > 0) return;
            var key = FieldMatcher.Fold(sent.Name);
            foreach (var name in sent.Synonyms.Prepend(sent.Name))
            {
                if (owners.TryGetValue(FieldMatcher.Fold(name), out var owner) && owner.Entry != key)
                {
                    var other = CatalogRules.InOther(name, new CatalogEntry(entries[owner.Entry].Name, []), null);
                    problems.Add(owner.Line == 0 ? other : other with { Message = string.Create(CultureInfo.InvariantCulture, $"{other.Message} It stands there on line {owner.Line}.") });
                }
            }
            if (problems.Count > 0) return;
            if (!entries.TryGetValue(key, out var entry)) entries[key] = entry = (sent.Name, []);
            foreach (var name in sent.Synonyms.Prepend(sent.Name)) owners.TryAdd(FieldMatcher.Fold(name), (key, line));
            foreach (var synonym in sent.Synonyms.Where(s => s != entry.Name && !entry.Synonyms.Contains(s))) entry.Synonyms.Add(synonym);
        }
    }
}
