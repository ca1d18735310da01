using System.Globalization;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Checks;

/// <summary>How else a date could be read: by the other order of day and month, and on another day.</summary>
public sealed class DateReading
{
    private readonly CultureInfo culture, other;
    private readonly DateTime start, otherStart;

    /// <summary>For dates of an import.</summary>
    /// <param name="culture">The import's culture.</param>
    /// <param name="start">The import's date, from which missing parts are taken.</param>
    public DateReading(CultureInfo culture, DateTime start)
    {
        this.culture = culture;
        this.start = start;
        // Another year, month and day, so that whichever part is taken from it shows.
        otherStart = new DateTime(start.Year == 2000 ? 2004 : 2000, start.Month == 1 ? 12 : 1, start.Day == 1 ? 31 : 1);
        var pattern = culture.DateTimeFormat.ShortDatePattern;
        var isMonthFirst = pattern.IndexOf('M', StringComparison.Ordinal) is >= 0 and var month && month < pattern.IndexOf('d', StringComparison.Ordinal)
            && !pattern.TrimStart().StartsWith('y');
        other = CultureInfo.GetCultureInfo(isMonthFirst ? "en-GB" : "en-US");
    }

    /// <summary>Reads a cell both ways and adds what shows to the counts of its column.</summary>
    /// <param name="cell">The cell; blank cells say nothing.</param>
    /// <param name="counts">The column's counts.</param>
    /// <param name="value">The date as the import reads it; default when it does not.</param>
    /// <param name="alternative">The date of the other order, when it is another.</param>
    public DateCounts Count(string cell, DateCounts counts, out DateTime value, out DateTime? alternative)
    {
        alternative = null;
        value = default;
        if (string.IsNullOrWhiteSpace(cell)) return counts;
        var isDate = LoadFileDate.TryParse(cell, culture, start, out value, out _);
        var isOther = LoadFileDate.TryParse(cell, other, start, out var turned, out _);
        if (!isDate) return isOther ? counts with { Contrary = counts.Contrary + 1 } : counts;
        var completed = LoadFileDate.TryParse(cell, culture, otherStart, out var elsewhere, out _) && elsewhere != value;
        if (isOther && turned != value) alternative = turned;
        return counts with
        {
            Dates = counts.Dates + 1,
            Ambiguous = counts.Ambiguous + (alternative is null ? 0 : 1),
            Proven = counts.Proven + (isOther ? 0 : 1),
            Completed = counts.Completed + (completed ? 1 : 0),
        };
    }
}
