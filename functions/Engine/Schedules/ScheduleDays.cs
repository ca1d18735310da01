using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Schedules;

/// <summary>How often a schedule comes round (guide 4.2.1, "Frequency").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Frequency>))]
public enum Frequency
{
    /// <summary>Every day.</summary>
    [JsonStringEnumMemberName("daily")] Daily,

    /// <summary>On chosen days of every so-manieth week.</summary>
    [JsonStringEnumMemberName("weekly")] Weekly,

    /// <summary>On one day of every so-manieth month.</summary>
    [JsonStringEnumMemberName("monthly")] Monthly,
}

/// <summary>Which of its kind in a month.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Occurrence>))]
public enum Occurrence
{
    /// <summary>The first.</summary>
    [JsonStringEnumMemberName("first")] First,

    /// <summary>The second.</summary>
    [JsonStringEnumMemberName("second")] Second,

    /// <summary>The third.</summary>
    [JsonStringEnumMemberName("third")] Third,

    /// <summary>The fourth.</summary>
    [JsonStringEnumMemberName("fourth")] Fourth,

    /// <summary>The last: the fourth or the fifth.</summary>
    [JsonStringEnumMemberName("last")] Last,
}

/// <summary>A day of the week, or any day.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduleDay>))]
public enum ScheduleDay
{
    /// <summary>Sunday.</summary>
    [JsonStringEnumMemberName("sunday")] Sunday,

    /// <summary>Monday.</summary>
    [JsonStringEnumMemberName("monday")] Monday,

    /// <summary>Tuesday.</summary>
    [JsonStringEnumMemberName("tuesday")] Tuesday,

    /// <summary>Wednesday.</summary>
    [JsonStringEnumMemberName("wednesday")] Wednesday,

    /// <summary>Thursday.</summary>
    [JsonStringEnumMemberName("thursday")] Thursday,

    /// <summary>Friday.</summary>
    [JsonStringEnumMemberName("friday")] Friday,

    /// <summary>Saturday.</summary>
    [JsonStringEnumMemberName("saturday")] Saturday,

    /// <summary>Any day: "the last day" of a month.</summary>
    [JsonStringEnumMemberName("day")] Day,
}

/// <summary>The days of a schedule, without its time of day.</summary>
internal static class ScheduleDays
{
    /// <summary>The days from <paramref name="from"/> on, in order, to the schedule's end or the calendar's.</summary>
    public static IEnumerable<DateOnly> From(Schedule schedule, DateOnly from)
    {
        var first = from < schedule.StartDate ? schedule.StartDate : from;
        var days = schedule.Frequency switch
        {
            Frequency.Daily => Daily(first),
            Frequency.Weekly => Weekly(schedule, first),
            _ => Monthly(schedule, first),
        };
        return days.SkipWhile(day => day < first).TakeWhile(day => day <= (schedule.EndDate ?? DateOnly.MaxValue));
    }

    private static IEnumerable<DateOnly> Daily(DateOnly first)
    {
        for (var day = first.DayNumber; day <= DateOnly.MaxValue.DayNumber; day++) yield return DateOnly.FromDayNumber(day);
    }

    // Weeks begin on Monday (ISO 8601), and are counted from the start date's week.
    private static IEnumerable<DateOnly> Weekly(Schedule schedule, DateOnly first)
    {
        var start = Monday(schedule.StartDate);
        var step = 7 * schedule.Every;
        var chosen = schedule.Days.Select(day => ((int)day + 6) % 7).Order().ToList();
        for (var week = start + (Monday(first) - start) / step * step; week <= DateOnly.MaxValue.DayNumber; week += step)
        {
            foreach (var day in chosen)
                if (week + day >= 0 && week + day <= DateOnly.MaxValue.DayNumber) yield return DateOnly.FromDayNumber(week + day);
        }
    }

    private static int Monday(DateOnly day) => day.DayNumber - ((int)day.DayOfWeek + 6) % 7;

    // Months are counted from the start date's month.
    private static IEnumerable<DateOnly> Monthly(Schedule schedule, DateOnly first)
    {
        var start = Month(schedule.StartDate);
        for (var month = start + (Month(first) - start) / schedule.Every * schedule.Every; month <= Month(DateOnly.MaxValue); month += schedule.Every)
            yield return DayOf(schedule, month / 12, month % 12 + 1);
    }

    private static int Month(DateOnly day) => day.Year * 12 + day.Month - 1;

    private static DateOnly DayOf(Schedule schedule, int year, int month)
    {
        var last = DateTime.DaysInMonth(year, month);
        // Clamped anew each month, so that 31 does not become 28 for good.
        if (schedule.Occurrence is not { } occurrence) return new DateOnly(year, month, Math.Min(schedule.DayOfMonth ?? 1, last));
        if (schedule.Days[0] == ScheduleDay.Day) return new DateOnly(year, month, occurrence == Occurrence.Last ? last : (int)occurrence + 1);
        var wanted = (int)schedule.Days[0];
        if (occurrence == Occurrence.Last)
        {
            var end = new DateOnly(year, month, last);
            return end.AddDays(-(((int)end.DayOfWeek - wanted + 7) % 7));
        }
        var begin = new DateOnly(year, month, 1);
        return begin.AddDays((wanted - (int)begin.DayOfWeek + 7) % 7 + 7 * (int)occurrence);
    }
}
