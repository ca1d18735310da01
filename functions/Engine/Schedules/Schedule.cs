using System.Globalization;

namespace IntegrationPoints.Engine.Schedules;

/// <summary>When an integration point runs by itself (guide 4.2.1, "Scheduling"): daily, weekly or monthly, at a time of day.</summary>
public sealed record Schedule
{
    private const int MostEvery = 999;

    /// <summary>Daily, weekly or monthly.</summary>
    public Frequency Frequency { get; init; }

    /// <summary>Every so-manieth week or month from the start date's on, 1 to 999; days are always every day.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Weekly: the days on which it runs. Monthly with an <see cref="Occurrence"/>: the one day, a weekday or any day.</summary>
    public IReadOnlyList<ScheduleDay> Days { get; init; } = [];

    /// <summary>Monthly: the day, 1 to 31; in shorter months their last.</summary>
    public int? DayOfMonth { get; init; }

    /// <summary>Monthly: which of its kind the day in <see cref="Days"/> is, instead of <see cref="DayOfMonth"/>.</summary>
    public Occurrence? Occurrence { get; init; }

    /// <summary>The first day on which it may run.</summary>
    public required DateOnly StartDate { get; init; }

    /// <summary>The last day on which it may run; null: for ever.</summary>
    public DateOnly? EndDate { get; init; }

    /// <summary>Time of day on the wall clock of <see cref="TimeZone"/>.</summary>
    public required TimeOnly LocalTime { get; init; }

    /// <summary>IANA or Windows id of a time zone.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>
    /// The next run strictly after an instant, in UTC; null when there is none. One run on each of its days, from the first day to the last, both
    /// included, at the same time on the wall clock in summer and in winter. On a day on which the clock skips that time it runs at the first instant
    /// after the gap; on a day on which the clock shows it twice it runs the first time.
    /// </summary>
    /// <exception cref="ConfigurationException">The time zone is unknown.</exception>
    public DateTimeOffset? NextRun(DateTimeOffset after)
    {
        var zone = FindZone(TimeZone) ?? throw new ConfigurationException(UnknownZone());
        foreach (var day in ScheduleDays.From(this, DateOnly.FromDateTime(WallClock(zone, after.UtcDateTime))))
            if (InstantOf(zone, day.ToDateTime(LocalTime)) is { } run && run > after) return run;
        return null;
    }

    /// <summary>The first run at an instant or after it: what is due when the schedule is set.</summary>
    /// <exception cref="ConfigurationException">The time zone is unknown.</exception>
    public DateTimeOffset? FirstRun(DateTimeOffset from) => NextRun(from == DateTimeOffset.MinValue ? from : from.AddTicks(-1));

    /// <summary>Whether a schedule stops instead of running once more (guide 4.12): with at most 4, the run after four that failed is the first left out.</summary>
    /// <param name="failuresInARow">How many scheduled runs before this one failed, one after the other.</param>
    /// <param name="most">The instance setting MaxFailedScheduledJobsCount.</param>
    public static bool StopsAfter(int failuresInARow, int most) => failuresInARow >= most;

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
        if (Every is < 1 or > MostEvery)
            problems.Add(Wrong("every", string.Create(CultureInfo.InvariantCulture, $"A schedule comes round every 1 to {MostEvery} weeks or months, and {Every} was given. Choose a number in between.")));
        problems.AddRange(Frequency switch
        {
            Frequency.Daily => DailyProblems(),
            Frequency.Weekly => WeeklyProblems(),
            _ => MonthlyProblems(),
        });
        return problems;
    }

    /// <summary>Whether two schedules say the same.</summary>
    public bool Equals(Schedule? other)
        => other is not null && (Frequency, Every, DayOfMonth, Occurrence) == (other.Frequency, other.Every, other.DayOfMonth, other.Occurrence)
            && (StartDate, EndDate, LocalTime, TimeZone) == (other.StartDate, other.EndDate, other.LocalTime, other.TimeZone) && Days.SequenceEqual(other.Days);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Frequency, Every, DayOfMonth, Occurrence, StartDate, EndDate, LocalTime, TimeZone);

    private IEnumerable<Problem> DailyProblems()
    {
        if (Every != 1 || Days.Count > 0 || DayOfMonth is not null || Occurrence is not null)
            yield return Wrong("frequency", "A daily schedule runs every day. Leave out \"every\", \"days\", \"dayOfMonth\" and \"occurrence\", or choose weekly or monthly.");
    }

    private IEnumerable<Problem> WeeklyProblems()
    {
        if (Days.Count == 0 || Days.Contains(ScheduleDay.Day)) yield return Wrong("days", "A weekly schedule needs the days of the week on which it runs. Choose at least one, such as \"monday\".");
        else if (Days.Distinct().Count() < Days.Count) yield return Wrong("days", "A day of the week is named twice. Name it once.");
        if (DayOfMonth is not null || Occurrence is not null) yield return Wrong("frequency", "\"dayOfMonth\" and \"occurrence\" are for monthly schedules. Leave them out, or choose monthly.");
    }

    private IEnumerable<Problem> MonthlyProblems()
    {
        if (DayOfMonth is null == Occurrence is null)
            yield return Wrong("dayOfMonth", "A monthly schedule needs either the day of the month, 1 to 31, or an occurrence with its day, such as \"last\" and \"friday\". Give one of the two.");
        if (DayOfMonth is < 1 or > 31)
            yield return Wrong("dayOfMonth", string.Create(CultureInfo.InvariantCulture, $"{DayOfMonth} is no day of a month. Choose 1 to 31; shorter months run on their last day."));
        if (Days.Count != (Occurrence is null ? 0 : 1))
            yield return Wrong("days", Occurrence is null ? "Without an occurrence a monthly schedule has no days of the week. Leave them out." : "An occurrence needs exactly one day: a day of the week, or \"day\".");
    }

    private static Problem Wrong(string member, string message) => new("invalid-schedule", message) { Field = $"schedule.{member}" };

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
