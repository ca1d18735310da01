using System.Globalization;
using IntegrationPoints.Providers.Csv;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>Dates in the names of files (guide 4.2.2, "CSV Filepath").</summary>
public sealed class DatedPathTests
{
    private static readonly TimeZoneInfo Utc = TimeZoneInfo.Utc, NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York"), Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    /// <summary>A path, a moment, and the name that is meant then.</summary>
    [Theory]
    // The guide's own example
    [InlineData("/export/nightlyexport/*yyyy*-*MM*-*dd*_HRIS_export.csv", "2026-03-04T05:06:07", "2026-03-04_HRIS_export.csv")]
    [InlineData("people.csv", "2026-03-04T05:06:07", "people.csv")]
    [InlineData("*yyyyMMdd*.csv", "2026-03-04T05:06:07", "20260304.csv")]
    [InlineData("*yyyy**MM**dd*.txt", "2026-03-04T05:06:07", "20260304.txt")]
    [InlineData("*yyyy*_end_*MMMM*.csv", "2026-03-04T05:06:07", "2026_end_March.csv")]
    [InlineData("*ddd*_*MMM*.csv", "2026-03-04T05:06:07", "Wed_Mar.csv")]
    // An ending is added where there is none; dots inside of patterns, and of folders, make none
    [InlineData("people", "2026-03-04T05:06:07", "people.csv")]
    [InlineData("people.", "2026-03-04T05:06:07", "people.csv")]
    [InlineData("v1.2/people", "2026-03-04T05:06:07", "people.csv")]
    [InlineData("*yyyy.MM.dd*_export", "2026-03-04T05:06:07", "2026.03.04_export.csv")]
    [InlineData("export_*yyyy*", "2026-03-04T05:06:07", "export_2026.csv")]
    [InlineData("*yyyy*.CSV", "2026-03-04T05:06:07", "2026.CSV")]
    // Custom patterns of .NET, also of one letter
    [InlineData("*d*.csv", "2026-03-04T05:06:07", "4.csv")]
    [InlineData("*M*-*d*.csv", "2026-11-24T05:06:07", "11-24.csv")]
    [InlineData("*yyyy'Q'dd*.csv", "2026-03-04T05:06:07", "2026Q04.csv")]
    [InlineData("*yyyy\\T*.csv", "2026-03-04T05:06:07", "2026T.csv")]
    // Cases of letters: mm is minutes, MM the month, but beside hours minutes too
    [InlineData("*mm*.csv", "2026-03-04T05:06:07", "06.csv")]
    [InlineData("*MM*.csv", "2026-03-04T05:06:07", "03.csv")]
    [InlineData("*hh:MM:ss*.csv", "2026-03-04T17:06:07", "05:06:07.csv")]
    [InlineData("*HHMMss*.csv", "2026-03-04T17:06:07", "170607.csv")]
    [InlineData("*yyyy*-*MM*-*dd*_*HH-MM*.csv", "2026-03-04T17:06:07", "2026-03-04_17-06.csv")]
    [InlineData("*MM:HH*.csv", "2026-03-04T17:06:07", "06:17.csv")]
    // The month where it can be nothing else
    [InlineData("*yyyyMMddHHmmss*.csv", "2026-03-04T17:06:07", "20260304170607.csv")]
    [InlineData("*yyyyMMddHHMMss*.csv", "2026-03-04T17:06:07", "20260304170607.csv")]
    [InlineData("*yyyyMMdd_HH*.csv", "2026-03-04T17:06:07", "20260304_17.csv")]
    [InlineData("*HH_MM_mm*.csv", "2026-03-04T17:06:07", "17_03_06.csv")]
    [InlineData("*HH'h'MM*.csv", "2026-03-04T17:06:07", "17h06.csv")]
    [InlineData("*tt*.csv", "2026-03-04T17:06:07", "PM.csv")]
    public void Names(string path, string moment, string name)
    {
        var read = DatedPath.Parse(path, out var problem);
        Assert.Null(problem);
        Assert.Equal(name, read!.NameAt(At(moment)));
        Assert.Equal(path[..(path.LastIndexOf('/') + 1)], read.Folder);
    }

    [Theory]
    [InlineData("/export/*yyyy-MM-dd.csv", "odd number")]
    [InlineData("*yyyy**MM.csv", "odd number")]
    [InlineData("/*yyyy*/people.csv", "before its last slash")]
    [InlineData("/export/*yyyy/MM*_x.csv", "before its last slash")]
    [InlineData("/export/", "names a folder")]
    [InlineData("a**b.csv", "stands nothing")]
    [InlineData("*yyyy'*.csv", "no date pattern")]
    [InlineData("*yyyy\\*.csv", "no date pattern")]
    [InlineData("*---*.csv", "no date pattern")]
    [InlineData("*%%*.csv", "no date pattern")]
    [InlineData("*HHmmssfff*.csv", "parts of a second")]
    [InlineData("peo\nple.csv", "control characters")]
    public void Paths_that_cannot_be_saved(string path, string words)
    {
        Assert.Null(DatedPath.Parse(path, out var problem));
        Assert.Equal("invalid-path", problem!.Code);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*yyyy-MM-dd*.csv", false)]
    [InlineData("*yyyy-MM-dd*_*HH*.csv", true)]
    [InlineData("*mm*.csv", true)]
    [InlineData("people.csv", false)]
    public void A_time_of_day_makes_it_the_newest_of_the_last_hour(string path, bool hasTime) => Assert.Equal(hasTime, DatedPath.Parse(path, out _)!.HasTime);

    /// <summary>A path, a moment in UTC, the zone, a name, and whether its time lies within the last hour.</summary>
    [Theory]
    [InlineData("*yyyy-MM-dd*_*HH-mm*.csv", "2026-03-04T17:06:30", "UTC", "2026-03-04_17-06.csv", true)]
    [InlineData("*yyyy-MM-dd*_*HH-mm*.csv", "2026-03-04T17:06:30", "UTC", "2026-03-04_16-06.csv", true)]
    [InlineData("*yyyy-MM-dd*_*HH-mm*.csv", "2026-03-04T17:06:30", "UTC", "2026-03-04_16-05.csv", false)]
    [InlineData("*yyyy-MM-dd*_*HH-mm*.csv", "2026-03-04T17:06:30", "UTC", "2026-03-04_17-07.csv", false)]
    [InlineData("*yyyy-MM-dd*_*HH-mm*.csv", "2026-03-04T17:06:30", "UTC", "2026-03-03_17-06.csv", false)]
    // Hours alone stand for the whole hour: some of it must lie within the last one
    [InlineData("*yyyyMMdd_HH*.csv", "2026-03-04T15:05:00", "UTC", "20260304_15.csv", true)]
    [InlineData("*yyyyMMdd_HH*.csv", "2026-03-04T15:05:00", "UTC", "20260304_14.csv", true)]
    [InlineData("*yyyyMMdd_HH*.csv", "2026-03-04T15:59:59", "UTC", "20260304_14.csv", true)]
    [InlineData("*yyyyMMdd_HH*.csv", "2026-03-04T16:00:00", "UTC", "20260304_14.csv", false)]
    // Around midnight, and without a date
    [InlineData("*yyyyMMddHHmm*.csv", "2026-03-04T00:10:00", "UTC", "202603032355.csv", true)]
    [InlineData("*HHmm*.csv", "2026-03-04T00:10:00", "UTC", "2355.csv", true)]
    // Of a 12-hour clock only the half of the day that it is
    [InlineData("*hhMM*.csv", "2026-03-04T17:06:30", "UTC", "0506.csv", true)]
    [InlineData("*hhMM*.csv", "2026-03-04T17:06:30", "UTC", "0507.csv", false)]
    // The wall clock of the zone
    [InlineData("*yyyyMMddHHmm*.csv", "2026-03-04T17:06:30", "America/New_York", "202603041200.csv", true)]
    [InlineData("*yyyyMMddHHmm*.csv", "2026-03-04T17:06:30", "America/New_York", "202603041700.csv", false)]
    // The clock goes back at 01:00 UTC on 25 October 2026: 02:30 comes twice, and forward at 01:00 UTC on 29 March: there is no 02:30
    [InlineData("*HHmm*.csv", "2026-10-25T00:45:00", "Europe/Berlin", "0230.csv", true)]
    [InlineData("*HHmm*.csv", "2026-10-25T01:45:00", "Europe/Berlin", "0230.csv", true)]
    [InlineData("*HHmm*.csv", "2026-03-29T01:15:00", "Europe/Berlin", "0159.csv", true)]
    [InlineData("*HHmm*.csv", "2026-03-29T01:15:00", "Europe/Berlin", "0230.csv", false)]
    // Exactly, also in the case of letters
    [InlineData("Export_*HHmm*.csv", "2026-03-04T17:06:30", "UTC", "export_1706.csv", false)]
    public void The_last_hour(string path, string moment, string zone, string name, bool holds)
        => Assert.Equal(holds, DatedPath.Parse(path, out _)!.NamesOfLastHour(At(moment), zone switch { "UTC" => Utc, "Europe/Berlin" => Berlin, _ => NewYork }).ContainsKey(name));

    [Fact]
    public void The_newest_of_two_is_the_later_one()
    {
        var names = DatedPath.Parse("*hh-mm-ss*.csv", out _)!.NamesOfLastHour(At("2026-03-04T13:10:00"), Utc);
        Assert.True(names["01-09-59.csv"] > names["12-59-59.csv"]);
    }

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
