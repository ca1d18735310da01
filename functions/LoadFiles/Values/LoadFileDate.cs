using System.Globalization;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Reads dates as load files write them: the table "Accepted date formats" of the load-file specification, in a culture's order of day and
/// month. Nothing is guessed: what could be meant in two ways and what no calendar has is not a date.
/// </summary>
public static class LoadFileDate
{
    /// <summary>The first date that review platforms can hold.</summary>
    public static readonly DateTime Earliest = new(1753, 1, 1);

    /// <summary>
    /// Reads a date, a time (then the date is that of the job), or both. A missing year is the job's, a missing day the first of the month; two
    /// digits of year mean 1950–2049; a weekday is passed over, right or wrong; an offset or Z is passed over, so that the clock reads as
    /// written. Month and weekday names are the culture's and the English ones.
    /// </summary>
    /// <param name="text">The cell.</param>
    /// <param name="culture">Day or month first, names, AM and PM. Its calendar is not used: dates are Gregorian.</param>
    /// <param name="jobStart">When the job started, as the wall clock that missing parts are taken from.</param>
    /// <param name="value">The date, of kind Unspecified; default when there is none.</param>
    /// <param name="reason">Why it is not a date, to follow the value in a sentence ("is not a date"); empty when it is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, CultureInfo culture, DateTime jobStart, out DateTime value, out string reason)
    {
        value = default;
        text = text.Trim();
        reason = text.IsEmpty ? "is blank" : IsZero(text) ? "is a zero date" : text.Length > 80 ? "is too long for a date" : "";
        if (reason.Length > 0) return false;
        var date = new DateScanner(text, DateNames.Of(culture), jobStart);
        if (!date.TryRead(out value)) reason = date.Reason;
        else if (value < Earliest) reason = "is before 1753-01-01, the first date that can be kept";
        if (reason.Length == 0) return true;
        value = default;
        return false;
    }

    /// <summary>Whether a culture writes the day before the month: 31/12 and not 12/31.</summary>
    public static bool IsDayFirst(CultureInfo culture) => DateNames.Of(culture).IsDayFirst;

    /// <summary>
    /// Whether a cell is a zero date, such as <c>0</c>, <c>00/00/0000</c> or <c>0000-00-00 00:00:00</c>: never a date, and by the setting
    /// CreateErrorForInvalidDate either an error or an empty value.
    /// </summary>
    public static bool IsZero(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var end = text.IndexOfAny(' ', 'T');
        var date = end < 0 ? text : text[..end];
        if (date.IndexOf('0') < 0 || date.IndexOfAnyExcept("0/-.;") >= 0) return false;
        return end < 0 || text[end..].IndexOfAnyInRange('1', '9') < 0 || date.IndexOfAny("/-.;") >= 0;
    }
}
