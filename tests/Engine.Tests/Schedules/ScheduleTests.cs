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
