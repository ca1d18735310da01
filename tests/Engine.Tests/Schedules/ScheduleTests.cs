using System.Globalization;
using CsCheck;
using IntegrationPoints.Engine.Schedules;

namespace IntegrationPoints.Engine.Tests.Schedules;

public sealed class ScheduleTests
{
    [Theory]
    // In UTC: the next run strictly after an instant
    [InlineData("2023-03-01", null, "09:00", "UTC", "2023-03-10T08:59:59Z", "2023-03-10T09:00:00Z")]
    [InlineData("2023-03-01", null, "09:00", "UTC", "2023-03-10T09:00:00Z", "2023-03-11T09:00:00Z")]
    // The first and the last day are included
    [InlineData("2023-03-01", null, "09:00", "UTC", "2020-01-01T00:00:00Z", "2023-03-01T09:00:00Z")]
    [InlineData("2023-03-01", "2023-03-03", "09:00", "UTC", "2023-03-02T09:00:00Z", "2023-03-03T09:00:00Z")]
    [InlineData("2023-03-01", "2023-03-03", "09:00", "UTC", "2023-03-03T09:00:00Z", null)]
    [InlineData("2016-09-15", "2016-09-17", "12:00", "UTC", "2016-10-15T12:00:00Z", null)]
    [InlineData("2023-03-03", "2023-03-03", "00:00", "UTC", "2023-03-02T23:59:59Z", "2023-03-03T00:00:00Z")]
    // Ends of month and year, leap days
    [InlineData("2023-01-01", null, "06:30", "UTC", "2023-12-31T06:30:00Z", "2024-01-01T06:30:00Z")]
    [InlineData("2023-01-01", null, "06:30", "UTC", "2024-02-28T06:30:00Z", "2024-02-29T06:30:00Z")]
    [InlineData("2023-01-01", null, "06:30", "UTC", "2023-02-28T06:30:00Z", "2023-03-01T06:30:00Z")]
    // The days are those of the zone, east and west
    [InlineData("2023-03-01", "2023-03-01", "23:30", "America/Los_Angeles", "2023-01-01T00:00:00Z", "2023-03-02T07:30:00Z")]
    [InlineData("2023-03-01", "2023-03-01", "00:30", "Asia/Tokyo", "2023-01-01T00:00:00Z", "2023-02-28T15:30:00Z")]
    [InlineData("2023-03-01", null, "12:00", "Pacific/Kiritimati", "2023-02-28T21:59:59Z", "2023-02-28T22:00:00Z")]
    [InlineData("2023-03-01", null, "12:00", "Asia/Kathmandu", "2023-03-01T00:00:00Z", "2023-03-01T06:15:00Z")]
    // A Windows id means the same
    [InlineData("2023-07-01", null, "09:00", "Central Standard Time", "2023-07-01T00:00:00Z", "2023-07-01T14:00:00Z")]
    // The wall clock holds through both changes: Chicago is at -6, from 12 March 2023 at -5, from 5 November at -6
    [InlineData("2023-01-01", null, "09:00", "America/Chicago", "2023-03-11T15:00:00Z", "2023-03-12T14:00:00Z")]
    [InlineData("2023-01-01", null, "09:00", "America/Chicago", "2023-11-04T14:00:00Z", "2023-11-05T15:00:00Z")]
    // A time that the clock skips: the first instant after the gap, 03:00 -5
    [InlineData("2023-01-01", null, "02:30", "America/Chicago", "2023-03-11T08:30:00Z", "2023-03-12T08:00:00Z")]
    [InlineData("2023-01-01", null, "02:00", "America/Chicago", "2023-03-11T08:00:00Z", "2023-03-12T08:00:00Z")]
    [InlineData("2023-01-01", null, "01:59", "America/Chicago", "2023-03-11T07:59:00Z", "2023-03-12T07:59:00Z")]
    [InlineData("2023-01-01", null, "02:30", "America/Chicago", "2023-03-12T08:00:00Z", "2023-03-13T07:30:00Z")]
    // A time that the clock shows twice: the first time, and not the second
    [InlineData("2023-01-01", null, "01:30", "America/Chicago", "2023-11-05T05:00:00Z", "2023-11-05T06:30:00Z")]
    [InlineData("2023-01-01", null, "01:30", "America/Chicago", "2023-11-05T06:30:00Z", "2023-11-06T07:30:00Z")]
    // Half an hour of summer time (Lord Howe), the southern half (Sydney), a gap at midnight (Santiago)
    [InlineData("2023-01-01", null, "02:15", "Australia/Lord_Howe", "2023-09-30T12:00:00Z", "2023-09-30T15:30:00Z")]
    [InlineData("2023-01-01", null, "02:30", "Australia/Sydney", "2023-09-30T12:00:00Z", "2023-09-30T16:00:00Z")]
    [InlineData("2023-01-01", null, "00:30", "America/Santiago", "2023-09-02T12:00:00Z", "2023-09-03T04:00:00Z")]
    // Morocco goes back to summer time after Ramadan, on 16 May in 2021
    [InlineData("2021-01-01", null, "02:07", "Africa/Casablanca", "2021-05-15T12:00:00Z", "2021-05-16T02:00:00Z")]
    // A day that a zone skipped whole (Samoa had no 30 December 2011): midnight after it, then as ever
    [InlineData("2011-12-01", null, "12:00", "Pacific/Apia", "2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z")]
    [InlineData("2011-12-01", null, "12:00", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z")]
    public void The_next_run_is_on_the_wall_clock(string start, string? end, string time, string zone, string after, string? expected)
        => Assert.Equal(expected is null ? null : Instant(expected), Of(start, end, time, zone).NextRun(Instant(after)));

    // Issue "Schedule": weekly every N weeks on chosen days, counted from the start date's week (which begins on Monday, ISO 8601).
    [Theory]
    // 1 March 2023 is a Wednesday
    [InlineData("2023-03-01", 1, "monday thursday", "2023-03-01T08:00", "2023-03-02")]
    [InlineData("2023-03-01", 1, "monday thursday", "2023-03-02T09:00", "2023-03-06")]
    [InlineData("2023-03-01", 1, "thursday monday", "2023-03-06T09:00", "2023-03-09")]
    [InlineData("2023-03-01", 1, "wednesday", "2023-01-01T00:00", "2023-03-01")]
    [InlineData("2023-03-01", 1, "tuesday", "2023-01-01T00:00", "2023-03-07")]
    [InlineData("2023-03-01", 1, "sunday", "2023-03-05T08:59", "2023-03-05")]
    [InlineData("2023-03-01", 1, "sunday", "2023-03-05T09:00", "2023-03-12")]
    // Every second week: 27 February, 13 March, 27 March
    [InlineData("2023-03-01", 2, "monday", "2023-03-01T00:00", "2023-03-13")]
    [InlineData("2023-03-01", 2, "sunday", "2023-03-01T00:00", "2023-03-05")]
    [InlineData("2023-03-01", 2, "sunday", "2023-03-05T09:00", "2023-03-19")]
    [InlineData("2023-03-01", 2, "monday thursday", "2023-03-09T09:30", "2023-03-13")]
    [InlineData("2023-03-01", 2, "monday thursday", "2023-03-16T09:00", "2023-03-27")]
    [InlineData("2023-03-01", 3, "sunday", "2023-03-05T09:00", "2023-03-26")]
    // Over the end of a year of 52 weeks and a bit
    [InlineData("2022-12-28", 2, "wednesday", "2022-12-28T09:00", "2023-01-11")]
    [InlineData("2023-03-01", 999, "wednesday", "2023-03-01T09:00", "2042-04-23")]
    public void Weekly_runs_on_chosen_days_of_every_nth_week(string start, int every, string days, string after, string expected)
        => Assert.Equal(expected, Day((Of(start, null, "09:00", "UTC") with
        {
            Frequency = Frequency.Weekly,
            Every = every,
            Days = [.. days.Split(' ').Select(day => Enum.Parse<ScheduleDay>(day, ignoreCase: true))],
        }).NextRun(Instant(after + "Z"))));

    // Issue "Schedule": day D, clamped anew each month; counted from the start date's month.
    [Theory]
    [InlineData("2023-01-01", 1, 1, "2023-01-31T10:00", "2023-02-01")]
    [InlineData("2023-01-01", 1, 31, "2023-01-31T09:00", "2023-02-28")]
    [InlineData("2023-01-01", 1, 31, "2023-02-28T09:00", "2023-03-31")]
    [InlineData("2023-01-01", 1, 31, "2023-03-31T09:00", "2023-04-30")]
    [InlineData("2023-01-01", 1, 30, "2024-02-01T00:00", "2024-02-29")]
    [InlineData("2023-01-01", 1, 29, "2100-02-01T00:00", "2100-02-28")]
    [InlineData("2023-01-01", 1, 28, "2023-12-31T10:00", "2024-01-28")]
    // The start date is a lower bound: the month's day may lie before it
    [InlineData("2023-01-20", 1, 15, "2022-01-01T00:00", "2023-02-15")]
    [InlineData("2023-01-20", 3, 15, "2022-01-01T00:00", "2023-04-15")]
    [InlineData("2023-01-20", 3, 20, "2022-01-01T00:00", "2023-01-20")]
    [InlineData("2023-01-01", 3, 31, "2023-01-31T10:00", "2023-04-30")]
    [InlineData("2023-01-01", 12, 31, "2023-01-31T10:00", "2024-01-31")]
    [InlineData("2024-02-29", 12, 29, "2024-02-29T09:00", "2025-02-28")]
    [InlineData("2024-02-29", 48, 29, "2024-02-29T09:00", "2028-02-29")]
    [InlineData("2023-01-01", 999, 1, "2023-01-01T09:00", "2106-04-01")]
    public void Monthly_runs_on_a_day_of_every_nth_month(string start, int every, int day, string after, string expected)
        => Assert.Equal(expected, Day((Of(start, null, "09:00", "UTC") with { Frequency = Frequency.Monthly, Every = every, DayOfMonth = day }).NextRun(Instant(after + "Z"))));

    [Theory]
    [InlineData(Occurrence.First, ScheduleDay.Monday, "2023-02-10T08:00", "2023-03-06")]
    [InlineData(Occurrence.First, ScheduleDay.Wednesday, "2023-02-10T08:00", "2023-03-01")]
    [InlineData(Occurrence.Second, ScheduleDay.Tuesday, "2023-02-10T08:00", "2023-02-14")]
    [InlineData(Occurrence.Third, ScheduleDay.Saturday, "2023-02-10T08:00", "2023-02-18")]
    [InlineData(Occurrence.Fourth, ScheduleDay.Sunday, "2023-02-10T08:00", "2023-02-26")]
    [InlineData(Occurrence.Last, ScheduleDay.Tuesday, "2023-02-10T08:00", "2023-02-28")]
    // The last is the fifth where there are five
    [InlineData(Occurrence.Last, ScheduleDay.Wednesday, "2023-03-01T09:00", "2023-03-29")]
    [InlineData(Occurrence.Last, ScheduleDay.Friday, "2023-03-01T09:00", "2023-03-31")]
    [InlineData(Occurrence.First, ScheduleDay.Day, "2023-02-10T08:00", "2023-03-01")]
    [InlineData(Occurrence.Third, ScheduleDay.Day, "2023-02-10T08:00", "2023-03-03")]
    [InlineData(Occurrence.Last, ScheduleDay.Day, "2024-02-10T08:00", "2024-02-29")]
    [InlineData(Occurrence.Last, ScheduleDay.Day, "2024-02-29T09:00", "2024-03-31")]
    public void Monthly_runs_on_the_nth_weekday_or_day(Occurrence occurrence, ScheduleDay day, string after, string expected)
        => Assert.Equal(expected, Day((Of("2023-01-01", null, "09:00", "UTC") with { Frequency = Frequency.Monthly, Occurrence = occurrence, Days = [day] }).NextRun(Instant(after + "Z"))));

    [Fact]
    public void Weeks_and_months_keep_the_wall_clock_and_end_with_the_last_day()
    {
        // Mondays 02:30 in Chicago: on 6 March at -6, on 13 March at -5; Sunday 12 March has no 02:30.
        var weekly = Of("2023-03-01", "2023-03-13", "02:30", "America/Chicago") with { Frequency = Frequency.Weekly, Days = [ScheduleDay.Monday, ScheduleDay.Sunday] };
        Assert.Equal(
            ["2023-03-05T08:30", "2023-03-06T08:30", "2023-03-12T08:00", "2023-03-13T07:30"],
            Runs(weekly).Select(run => run.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)));
        var monthly = Of("2023-01-31", "2023-04-30", "23:30", "America/Los_Angeles") with { Frequency = Frequency.Monthly, DayOfMonth = 31 };
        Assert.Equal(
            ["2023-02-01T07:30", "2023-03-01T07:30", "2023-04-01T06:30", "2023-05-01T06:30"],
            Runs(monthly).Select(run => run.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)));
    }

    // Every run of a rule of any kind lies on one of its days, no day is left out, and asking from run to run or from day to day says the same.
    [Fact]
    public void The_next_run_is_the_first_of_the_days_that_qualify()
        => Gen.Select(Gen.Enum<Frequency>(), Gen.Int[1, 5], Gen.Int[1, 127], Gen.Int[1, 31], Gen.Int[0, 5], Gen.Int[0, 800]).Sample((frequency, every, days, day, occurrence, from) =>
        {
            var start = new DateOnly(2023, 1, 1).AddDays(from / 3);
            var schedule = new Schedule { Frequency = frequency, StartDate = start, LocalTime = default };
            if (frequency == Frequency.Weekly) schedule = schedule with { Every = every, Days = [.. Enum.GetValues<ScheduleDay>().Where(d => d != ScheduleDay.Day && (days & (1 << (int)d)) != 0)] };
            if (frequency == Frequency.Monthly)
            {
                schedule = occurrence == 5
                    ? schedule with { Every = every, DayOfMonth = day }
                    : schedule with { Every = every, Occurrence = (Occurrence)occurrence, Days = [(ScheduleDay)(day % 8)] };
            }
            Assert.Empty(schedule.Problems());
            var after = new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(from).AddTicks(-1);
            var expected = DateOnly.FromDateTime(after.Date).AddDays(1);
            while (!Qualifies(schedule, expected)) expected = expected.AddDays(1);
            Assert.Equal(new DateTimeOffset(expected.ToDateTime(default), TimeSpan.Zero), schedule.NextRun(after));
        }, iter: 2000);

    // The rule in other words than the code's: a day at a time.
    private static bool Qualifies(Schedule schedule, DateOnly day)
    {
        if (day < schedule.StartDate) return false;
        var months = (day.Year - schedule.StartDate.Year) * 12 + day.Month - schedule.StartDate.Month;
        var last = day.AddDays(1).Month != day.Month;
        switch (schedule.Frequency)
        {
            case Frequency.Weekly:
                var weeks = ISOWeek.GetWeekOfYear(day.ToDateTime(default));
                var monday = DateOnly.FromDateTime(ISOWeek.ToDateTime(ISOWeek.GetYear(day.ToDateTime(default)), weeks, DayOfWeek.Monday));
                var first = schedule.StartDate;
                while (first.DayOfWeek != DayOfWeek.Monday) first = first.AddDays(-1);
                return schedule.Days.Any(d => d.ToString() == day.DayOfWeek.ToString()) && (monday.DayNumber - first.DayNumber) / 7 % schedule.Every == 0;
            case Frequency.Monthly when months % schedule.Every != 0:
                return false;
            case Frequency.Monthly when schedule.Occurrence is not { } occurrence:
                return day.Day == schedule.DayOfMonth || (last && day.Day < schedule.DayOfMonth);
            case Frequency.Monthly when schedule.Days[0] == ScheduleDay.Day:
                return schedule.Occurrence == Occurrence.Last ? last : day.Day == (int)schedule.Occurrence! + 1;
            case Frequency.Monthly:
                return schedule.Days[0].ToString() == day.DayOfWeek.ToString()
                    && (schedule.Occurrence == Occurrence.Last ? day.AddDays(7).Month != day.Month : (day.Day - 1) / 7 == (int)schedule.Occurrence!);
            default:
                return true;
        }
    }

    [Theory]
    [InlineData(Frequency.Daily, 1, "", null, null, "")]
    [InlineData(Frequency.Daily, 2, "", null, null, "frequency")]
    [InlineData(Frequency.Daily, 1, "Monday", null, null, "frequency")]
    [InlineData(Frequency.Weekly, 1, "Sunday", null, null, "")]
    [InlineData(Frequency.Weekly, 999, "Sunday Monday Tuesday Wednesday Thursday Friday Saturday", null, null, "")]
    [InlineData(Frequency.Weekly, 1000, "Sunday", null, null, "every")]
    [InlineData(Frequency.Weekly, 0, "Sunday", null, null, "every")]
    [InlineData(Frequency.Weekly, 1, "", null, null, "days")]
    [InlineData(Frequency.Weekly, 1, "Day", null, null, "days")]
    [InlineData(Frequency.Weekly, 1, "Monday Monday", null, null, "days")]
    [InlineData(Frequency.Weekly, 1, "Monday", 3, null, "frequency")]
    [InlineData(Frequency.Monthly, 1, "", 31, null, "")]
    [InlineData(Frequency.Monthly, 1, "", 32, null, "dayOfMonth")]
    [InlineData(Frequency.Monthly, 1, "", 0, null, "dayOfMonth")]
    [InlineData(Frequency.Monthly, 1, "", null, null, "dayOfMonth")]
    [InlineData(Frequency.Monthly, 1, "Friday", null, Occurrence.Last, "")]
    [InlineData(Frequency.Monthly, 1, "Day", null, Occurrence.Last, "")]
    [InlineData(Frequency.Monthly, 1, "Friday Monday", null, Occurrence.Last, "days")]
    [InlineData(Frequency.Monthly, 1, "", null, Occurrence.Last, "days")]
    [InlineData(Frequency.Monthly, 1, "Friday", 3, null, "days")]
    [InlineData(Frequency.Monthly, 1, "Friday", 3, Occurrence.First, "dayOfMonth")]
    public void A_rule_says_what_its_frequency_needs_and_nothing_else(Frequency frequency, int every, string days, int? day, Occurrence? occurrence, string wrong)
        => Assert.Equal(
            wrong.Length == 0 ? [] : [$"invalid-schedule schedule.{wrong}"],
            (Of("2023-01-01", null, "09:00", "UTC") with
            {
                Frequency = frequency,
                Every = every,
                Days = [.. days.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<ScheduleDay>)],
                DayOfMonth = day,
                Occurrence = occurrence,
            }).Problems().Select(p => $"{p.Code} {p.Field}"));

    private static List<DateTimeOffset> Runs(Schedule schedule)
    {
        var runs = new List<DateTimeOffset>();
        for (var run = schedule.NextRun(DateTimeOffset.MinValue); run is not null; run = schedule.NextRun(run.Value)) runs.Add(run.Value);
        return runs;
    }

    private static string? Day(DateTimeOffset? run) => run?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public void A_run_that_is_due_right_now_is_the_first()
    {
        // A run time equal to now is still due.
        var schedule = Of("2023-03-01", null, "09:00", "UTC");
        Assert.Equal(Instant("2023-03-10T09:00:00Z"), schedule.FirstRun(Instant("2023-03-10T09:00:00Z")));
        Assert.Equal(Instant("2023-03-11T09:00:00Z"), schedule.FirstRun(Instant("2023-03-10T09:00:01Z")));
        Assert.Equal(Instant("2023-03-01T09:00:00Z"), schedule.FirstRun(DateTimeOffset.MinValue));
    }

    [Fact]
    public void The_end_of_the_calendar_is_the_end()
    {
        Assert.Null(Of("2023-03-01", null, "09:00", "Pacific/Apia").NextRun(DateTimeOffset.MaxValue));
        Assert.NotNull(Of("0001-01-01", null, "00:00", "Pacific/Apia").NextRun(DateTimeOffset.MinValue));
    }

    [Theory]
    [InlineData("America/Chicago")]
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/Santiago")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Asia/Kolkata")]
    public void Every_day_runs_once_and_at_its_time(string zone)
        => Gen.Select(Gen.Int[0, 1439], Gen.Int[0, 3000]).Sample((minute, day) =>
        {
            var first = new DateOnly(2020, 1, 1).AddDays(day);
            var time = new TimeOnly(minute / 60, minute % 60);
            var schedule = new Schedule { StartDate = first, EndDate = first.AddDays(4), LocalTime = time, TimeZone = zone };
            var runs = new List<DateTimeOffset>();
            for (var run = schedule.NextRun(DateTimeOffset.MinValue); run is not null && runs.Count < 10; run = schedule.NextRun(run.Value)) runs.Add(run.Value);
            Assert.Equal(5, runs.Count);
            var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
            for (var i = 0; i < runs.Count; i++)
            {
                var local = TimeZoneInfo.ConvertTime(runs[i], clock).DateTime;
                var wanted = first.AddDays(i).ToDateTime(time);
                Assert.True(local == wanted || local > wanted && local - wanted <= TimeSpan.FromHours(1) && IsSkipped(clock, wanted), $"{wanted} ran at {local}");
            }
        }, iter: 200);

    // TimeZoneInfo.IsInvalidTime does not know gaps that are changes of the base offset, such as Morocco's after Ramadan: ask every minute.
    private static bool IsSkipped(TimeZoneInfo clock, DateTime wanted)
        => !Enumerable.Range(-15 * 60, 30 * 60).Any(minute =>
            TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(wanted, DateTimeKind.Utc).AddMinutes(minute), clock) == wanted);

    [Theory]
    [InlineData("2023-03-01", null, "UTC", "")]
    [InlineData("2023-03-01", "2023-03-01", "Europe/Berlin", "")]
    [InlineData("2023-03-01", "2023-02-28", "UTC", "schedule-ends-before-start:schedule.endDate")]
    [InlineData("2023-03-01", null, "Europe/Atlantis", "unknown-time-zone:schedule.timeZone")]
    [InlineData("2023-03-01", null, "", "unknown-time-zone:schedule.timeZone")]
    [InlineData("2023-03-01", null, "../etc/passwd", "unknown-time-zone:schedule.timeZone")]
    [InlineData("2023-03-01", "2022-03-01", "x", "unknown-time-zone:schedule.timeZone|schedule-ends-before-start:schedule.endDate")]
    public void What_is_wrong_with_a_schedule_is_said_at_once(string start, string? end, string zone, string expected)
        => Assert.Equal(expected, string.Join('|', Of(start, end, "09:00", zone).Problems().Select(p => $"{p.Code}:{p.Field}")));

    [Fact]
    public void A_zone_that_is_gone_is_the_users_to_mend()
        => Assert.Equal("unknown-time-zone",
            Assert.Throws<ConfigurationException>(() => Of("2023-03-01", null, "09:00", "Europe/Atlantis").NextRun(DateTimeOffset.UnixEpoch)).Problem.Code);

    private static Schedule Of(string start, string? end, string time, string zone) => new()
    {
        StartDate = DateOnly.Parse(start, CultureInfo.InvariantCulture),
        EndDate = end is null ? null : DateOnly.Parse(end, CultureInfo.InvariantCulture),
        LocalTime = TimeOnly.Parse(time, CultureInfo.InvariantCulture),
        TimeZone = zone,
    };

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
