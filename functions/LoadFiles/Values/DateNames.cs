using System.Collections.Concurrent;
using System.Globalization;

namespace IntegrationPoints.LoadFiles;

/// <summary>What a culture contributes to reading dates: which part comes first, and names.</summary>
internal sealed class DateNames
{
    private static readonly ConcurrentDictionary<CultureInfo, DateNames> Known = new();
    private static readonly string[] Sept = ["", "", "", "", "", "", "", "", "Sept"];

    private readonly Dictionary<string, int> months = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> weekdays = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> monthLookup;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> weekdayLookup;
    private readonly string morning;
    private readonly string afternoon;

    private DateNames(CultureInfo culture)
    {
        var format = culture.DateTimeFormat;
        var pattern = format.ShortDatePattern;
        IsDayFirst = pattern.IndexOf('d') < pattern.IndexOf('M');
        IsYearFirst = pattern.IndexOf('y') < Math.Min(pattern.IndexOf('d'), pattern.IndexOf('M'));
        HasDottedTime = format.TimeSeparator == "." || format.ShortTimePattern.Contains("H.mm", StringComparison.Ordinal);
        (morning, afternoon) = (format.AMDesignator, format.PMDesignator);
        // English first: a name of the culture never takes an English name's meaning away.
        Add(CultureInfo.InvariantCulture.DateTimeFormat);
        AddMonths(Sept);
        if (format.Calendar is GregorianCalendar) Add(format);
        monthLookup = months.GetAlternateLookup<ReadOnlySpan<char>>();
        weekdayLookup = weekdays.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether the culture writes the day before the month.</summary>
    public bool IsDayFirst { get; }

    /// <summary>Whether the culture writes the year first.</summary>
    public bool IsYearFirst { get; }

    /// <summary>Whether the culture writes a time with a full stop, as Danish and Finnish do.</summary>
    public bool HasDottedTime { get; }

    public static DateNames Of(CultureInfo culture) => Known.GetOrAdd(culture, static c => new(c));

    /// <summary>The month of that name, 1–12; 0 when it is none.</summary>
    public int Month(ReadOnlySpan<char> name) => monthLookup.TryGetValue(name, out var month) ? month : 0;

    /// <summary>Whether it is the name of a weekday.</summary>
    public bool IsWeekday(ReadOnlySpan<char> name) => weekdayLookup.Contains(name);

    /// <summary>False for AM, true for PM, null for anything else. Dotted forms are an error by the specification's table.</summary>
    public bool? IsAfternoon(ReadOnlySpan<char> word) =>
        Is(word, "AM", morning) ? false : Is(word, "PM", afternoon) ? true : null;

    private static bool Is(ReadOnlySpan<char> word, string english, string own) => !word.IsEmpty
        && (word.Equals(english, StringComparison.OrdinalIgnoreCase) || word.Equals(own, StringComparison.OrdinalIgnoreCase));

    private void Add(DateTimeFormatInfo format)
    {
        AddMonths(format.MonthNames);
        AddMonths(format.AbbreviatedMonthNames);
        AddMonths(format.MonthGenitiveNames);
        AddMonths(format.AbbreviatedMonthGenitiveNames);
        foreach (var name in format.DayNames.Concat(format.AbbreviatedDayNames)) weekdays.Add(name.TrimEnd('.'));
    }

    private void AddMonths(string[] names)
    {
        for (var i = 0; i < Math.Min(12, names.Length); i++)
        {
            var name = names[i].TrimEnd('.');
            if (name.Length > 0 && name.All(char.IsLetter)) months.TryAdd(name, i + 1);
        }
    }
}
