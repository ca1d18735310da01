using System.Globalization;

namespace IntegrationPoints.Engine.Schedules;

/// <summary>When an integration point runs by itself: once a day.</summary>
public sealed record Schedule
{
    /// <summary>The first day on which it may run.</summary>
    public required DateOnly StartDate { get; init; }

    /// <summary>The last day on which it may run; null: for ever.</summary>
    public DateOnly? EndDate { get; init; }

    /// <summary>Time of day on the wall clock of <see cref="TimeZone"/>.</summary>
    public required TimeOnly LocalTime { get; init; }

    /// <summary>IANA or Windows id of a time zone.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>
    /// The next run strictly after an instant, in UTC; null when there is none. One run a day, from the first day to the last, both included,
    /// at the same time on the wall clock in summer and in winter. On a day on which the clock skips that time it runs at the first instant
    /// after the gap; on a day on which the clock shows it twice it runs the first time.
    /// </summary>
    /// <exception cref="ConfigurationException">The time zone is unknown.</exception>
    public DateTimeOffset? NextRun(DateTimeOffset after)
    {
        var zone = FindZone(TimeZone) ?? throw new ConfigurationException(UnknownZone());
        var day = DateOnly.FromDateTime(WallClock(zone, after.UtcDateTime)).DayNumber;
        for (day = Math.Max(day, StartDate.DayNumber); day <= (EndDate ?? DateOnly.MaxValue).DayNumber; day++)
        {
            if (InstantOf(zone, DateOnly.FromDayNumber(day).ToDateTime(LocalTime)) is { } run && run > after) return run;
        }
        return null;
    }

    /// <summary>The first run at an instant or after it: what is due when the schedule is set.</summary>
    /// <exception cref="ConfigurationException">The time zone is unknown.</exception>
    public DateTimeOffset? FirstRun(DateTimeOffset from) => NextRun(from == DateTimeOffset.MinValue ? from : from.AddTicks(-1));

    /// <summary>What is wrong with the schedule, all at once; empty when nothing is.</summary>
    public IReadOnlyList<Problem> Problems()
    {
        var problems = new List<Problem>();
        if (FindZone(TimeZone) is null) problems.Add(UnknownZone());
        if (EndDate < StartDate)
        {
            problems.Add(new Problem("schedule-ends-before-start", string.Create(CultureInfo.InvariantCulture,
                $"The schedule ends on {EndDate:yyyy-MM-dd}, before it starts on {StartDate:yyyy-MM-dd}. Choose a later end, or leave it empty."))
            {
                Field = "schedule.endDate",
            });
        }
        return problems;
    }

    private Problem UnknownZone() => new("unknown-time-zone",
        $"{Words.Quote(TimeZone)} is not a time zone. Use a name such as \"America/Chicago\", \"Central Standard Time\" or \"UTC\".")
    { Field = "schedule.timeZone" };

    private static TimeZoneInfo? FindZone(string id)
        => !string.IsNullOrWhiteSpace(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id.Trim(), out var zone) ? zone : null;

    /// <summary>The instant at which the zone's clock shows a time; the end of the gap when it skips it; null beyond the calendar.</summary>
    private static DateTimeOffset? InstantOf(TimeZoneInfo zone, DateTime local)
    {
        if (local.Year is 1 or 9999) return null;
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        // The clock was set at most once in these two days, so that one offset of the two is the right one, or neither.
        var before = zone.GetUtcOffset(wall.AddDays(-1));
        var after = zone.GetUtcOffset(wall.AddDays(1));
        var early = wall - (before > after ? before : after);
        var late = wall - (before > after ? after : before);
        if (WallClock(zone, early) == local) return new DateTimeOffset(early);
        if (WallClock(zone, late) == local) return new DateTimeOffset(late);
        while ((late - early).Ticks > 1)
        {
            var middle = early + (late - early) / 2;
            if (WallClock(zone, middle) < local) early = middle;
            else late = middle;
        }
        return new DateTimeOffset(late);
    }

    private static DateTime WallClock(TimeZoneInfo zone, DateTime utc)
    {
        var ticks = utc.Ticks + zone.GetUtcOffset(utc).Ticks;
        return new DateTime(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks));
    }
}
