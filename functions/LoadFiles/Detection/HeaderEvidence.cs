using System.Buffers;
using System.Globalization;

namespace IntegrationPoints.LoadFiles;

/// <summary>Tells a header from a record: its cells are names, each once, and of another kind than what stands below them.</summary>
internal static class HeaderEvidence
{
    private const int RowsToCompare = 500;

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,+-()$€£% ");
    private static readonly SearchValues<char> OfDates = SearchValues.Create("0123456789/:.-;, TZAPMapm+");

    private enum Kind { Blank, Text, Number, Date, Path, Code }

    public static Evidence<bool>? Of(IReadOnlyList<string[]?> rows)
    {
        if (rows.Count < 2 || rows[0] is not { } first) return null;
        var below = rows.Skip(1).Take(RowsToCompare).OfType<string[]>().Where(r => r.Length == first.Length).ToList();
        if (below.Count == 0) return null;
        var kinds = first.Select(KindOf).ToArray();
        var typical = Enumerable.Range(0, first.Length).Select(column => Typical(below, column)).ToArray();
        // Columns whose records are numbers, dates, paths or codes: there a name stands out.
        var telling = Enumerable.Range(0, first.Length).Where(i => typical[i] is not (Kind.Blank or Kind.Text)).ToList();
        var asBelow = telling.Count(i => kinds[i] == typical[i]);
        var names = first.Where(c => c.Trim().Length > 0).ToList();
        var areNames = names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count
            && !kinds.Any(k => k is Kind.Number or Kind.Date or Kind.Path) && names.Count * 2 > first.Length;
        if (telling.Count > 0 && areNames && asBelow == 0)
        {
            return new(true, string.Create(CultureInfo.InvariantCulture,
                $"the first row holds {names.Count:N0} different names and no number, date or path, and in {telling.Count:N0} columns the rows below are of another kind"), true);
        }
        if (telling.Count > 0 && asBelow * 2 > telling.Count)
        {
            return new(false, string.Create(CultureInfo.InvariantCulture,
                $"the first row is like the others: in {asBelow:N0} of {telling.Count:N0} columns of numbers, dates, paths or codes it holds one too"), asBelow == telling.Count);
        }
        return null;
    }

    private static Kind Typical(List<string[]> rows, int column)
    {
        var (kind, count) = rows.Select(r => KindOf(r[column])).Where(k => k != Kind.Blank).GroupBy(k => k)
            .Select(g => (g.Key, g.Count())).OrderByDescending(g => g.Item2).FirstOrDefault();
        return count * 10 >= rows.Count(r => KindOf(r[column]) != Kind.Blank) * 9 ? kind : Kind.Text;
    }

    // A code is what names records and files: letters, digits, no blank, such as REL00000001.
    private static Kind KindOf(string cell)
    {
        var text = cell.AsSpan().Trim();
        if (text.IsEmpty) return Kind.Blank;
        var digits = text.Length - CountOther(text);
        if (digits > 0 && !text.ContainsAnyExcept(OfNumbers)) return text.Count('-') == 2 || text.Count('.') == 2 ? Kind.Date : Kind.Number;
        if (digits >= 3 && text.IndexOfAny("/:") > 0 && !text.ContainsAnyExcept(OfDates)) return Kind.Date;
        if (text.IndexOfAny('\\', '/') >= 0 && text.LastIndexOf('.') > text.LastIndexOfAny('\\', '/')) return Kind.Path;
        return digits >= 3 && !text.Contains(' ') ? Kind.Code : Kind.Text;
    }

    private static int CountOther(ReadOnlySpan<char> text)
    {
        var other = 0;
        foreach (var c in text)
            if (!char.IsAsciiDigit(c)) other++;
        return other;
    }
}
