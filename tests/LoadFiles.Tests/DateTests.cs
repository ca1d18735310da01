using System.Globalization;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>The job of the specification's table ran on 30 June 2023; expected values are written as sortable dates.</summary>
public class DateTests
{
    private static readonly DateTime JobStart = new(2023, 6, 30, 9, 41, 7);

    [Theory]
    // The table "Accepted date formats" of the load-file specification; times behind yyyyMMdd and ISO dates are kept.
    [InlineData("Monday January 4 2023", "2023-01-04T00:00:00")]
    [InlineData("05/28/2023 7:11 AM", "2023-05-28T07:11:00")]
    [InlineData("5.08:40 PM", "2023-06-30T17:08:40")]
    [InlineData("17:08:33", "2023-06-30T17:08:33")]
    [InlineData("17:08", "2023-06-30T17:08:00")]
    [InlineData("5:08 PM", "2023-06-30T17:08:00")]
    [InlineData("14-Apr", "2023-04-14T00:00:00")]
    [InlineData("9-Apr", "2023-04-09T00:00:00")]
    [InlineData("1-Mar", "2023-03-01T00:00:00")]
    [InlineData("22-Feb", "2023-02-22T00:00:00")]
    [InlineData("20230420", "2023-04-20T00:00:00")]
    [InlineData("20230420 2:22:00 AM", "2023-04-20T02:22:00")]
    [InlineData("4/9/2023 16:13", "2023-04-09T16:13:00")]
    [InlineData("4/9/2023 8:49", "2023-04-09T08:49:00")]
    [InlineData("9-Apr-23", "2023-04-09T00:00:00")]
    [InlineData("Apr. 9, 23", "2023-04-09T00:00:00")]
    [InlineData("4.9.2023", "2023-04-09T00:00:00")]
    [InlineData("4.9.23", "2023-04-09T00:00:00")]
    [InlineData("4/9/2023", "2023-04-09T00:00:00")]
    [InlineData("4;9;2023", "2023-04-09T00:00:00")]
    [InlineData("Wednesday, 09 April 2023", "2023-04-09T00:00:00")]
    [InlineData("12-31-2023", "2023-12-31T00:00:00")]
    [InlineData("2023-11-28T17:45:39.744-08:00", "2023-11-28T17:45:39.744")]
    [InlineData("6/30/2023 1:23 PM", "2023-06-30T13:23:00")]
    [InlineData("6/30/2023 13:23", "2023-06-30T13:23:00")]
    // The same rules elsewhere.
    [InlineData("  4/9/2023  ", "2023-04-09T00:00:00")]
    [InlineData("April 9, 2023 5 PM", "2023-04-09T17:00:00")]
    [InlineData("9 april 2023, 5:08:09 pm", "2023-04-09T17:08:09")]
    [InlineData("April 9", "2023-04-09T00:00:00")]
    [InlineData("2023 Apr 09", "2023-04-09T00:00:00")]
    [InlineData("2023/4/9", "2023-04-09T00:00:00")]
    [InlineData("4/9", "2023-04-09T00:00:00")]
    [InlineData("Sept 9 2023", "2023-09-09T00:00:00")]
    [InlineData("Tue, 21 May 2001 07:38:00 -0700 (PDT)", "2001-05-21T07:38:00")]
    [InlineData("2023-04-09T10:00:00Z", "2023-04-09T10:00:00")]
    [InlineData("2023-04-09 10:00:00 UTC", "2023-04-09T10:00:00")]
    [InlineData("2023-04-09 10:00:00,5+0530", "2023-04-09T10:00:00.5")]
    [InlineData("2023-04-09T10:00:00.123456789+02", "2023-04-09T10:00:00.123")]
    [InlineData("May 2023", "2023-05-01T00:00:00")]
    [InlineData("2023 May", "2023-05-01T00:00:00")]
    [InlineData("3/2023", "2023-03-01T00:00:00")]
    [InlineData("2023-03", "2023-03-01T00:00:00")]
    [InlineData("May 23", "2023-05-23T00:00:00")]
    [InlineData("12:00 AM", "2023-06-30T00:00:00")]
    [InlineData("0:00", "2023-06-30T00:00:00")]
    [InlineData("12:30 PM", "2023-06-30T12:30:00")]
    // Two digits of year: 1950–2049.
    [InlineData("1/1/49", "2049-01-01T00:00:00")]
    [InlineData("1/1/50", "1950-01-01T00:00:00")]
    [InlineData("1/1/00", "2000-01-01T00:00:00")]
    // The first and last dates there are.
    [InlineData("1/1/1753", "1753-01-01T00:00:00")]
    [InlineData("12/31/9999 23:59:59", "9999-12-31T23:59:59")]
    [InlineData("2/29/2024", "2024-02-29T00:00:00")]
    public void Dates_of_the_United_States(string text, string expected) => Assert.Equal(expected, Read(text, "en-US"));

    [Theory]
    [InlineData("4/9/2023 16:13", "en-AU", "2023-09-04T16:13:00")]
    [InlineData("31-12-2023", "en-GB", "2023-12-31T00:00:00")]
    [InlineData("30.6.2023 13.23", "fi-FI", "2023-06-30T13:23:00")]
    [InlineData("30.06.23", "de-DE", "2023-06-30T00:00:00")]
    [InlineData("Freitag, 30. Juni 2023", "de-DE", "2023-06-30T00:00:00")]
    [InlineData("9 avr. 2023", "fr-FR", "2023-04-09T00:00:00")]
    [InlineData("mar. 04/04/2023", "fr-FR", "2023-04-04T00:00:00")]
    [InlineData("23-04-09", "sv-SE", "2023-04-09T00:00:00")]
    [InlineData("2023. 06. 30.", "hu-HU", "2023-06-30T00:00:00")]
    [InlineData("9-Apr-23", "ja-JP", "2023-04-09T00:00:00")]
    [InlineData("28/05/2023", "th-TH", "2023-05-28T00:00:00")]
    [InlineData("2023-04-09", "en-AU", "2023-04-09T00:00:00")]
    public void Dates_of_other_cultures(string text, string culture, string expected) => Assert.Equal(expected, Read(text, culture));

    [Theory]
    // The table's errors.
    [InlineData("4/9/23 13:30 PM", "en-US", "has a time that no clock shows")]
    [InlineData("2023-044-09", "en-US", "is not a date")]
    [InlineData("4/9/2023 10:22:00 a.m.", "en-US", "is not a date")]
    [InlineData("00/00/0000", "en-US", "is a zero date")]
    // Zero, impossible and too early dates.
    [InlineData("0", "en-US", "is a zero date")]
    [InlineData("00000000", "en-US", "is a zero date")]
    [InlineData("0/0/00", "en-US", "is a zero date")]
    [InlineData("0000-00-00 00:00:00", "en-US", "is a zero date")]
    [InlineData("0000-00-00T00:00:00Z", "en-US", "is a zero date")]
    [InlineData("4/0/2023", "en-US", "is impossible: month 4 of 2023 has no day 0")]
    [InlineData("0/4/2023", "en-US", "has no valid month: 0 (read month first)")]
    [InlineData("4/9/0000", "en-US", "has the year 0")]
    [InlineData("2/29/2023", "en-US", "is impossible: month 2 of 2023 has no day 29")]
    [InlineData("29-Feb", "en-US", "is impossible: month 2 of 2023 has no day 29")]
    [InlineData("20231301", "en-US", "has no valid month: 13 (read month first)")]
    [InlineData("12/31/1752", "en-US", "is before 1753-01-01, the first date that can be kept")]
    [InlineData("0002-11-30T08:00:00Z", "en-US", "is before 1753-01-01, the first date that can be kept")]
    // Day and month never change places.
    [InlineData("05/28/2023", "en-AU", "has no valid month: 28 (read day first)")]
    [InlineData("28/05/2023", "en-US", "has no valid month: 28 (read month first)")]
    // Nothing is guessed.
    [InlineData("", "en-US", "is blank")]
    [InlineData("yesterday", "en-US", "is not a date")]
    [InlineData("13/2023", "en-US", "has no valid month: 13 (read month first)")]
    [InlineData("April", "en-US", "is not a date")]
    [InlineData("2023 April 2023", "en-US", "is not a date")]
    [InlineData("2023", "en-US", "is not a date")]
    [InlineData("4/9-2023", "en-US", "is not a date")]
    [InlineData("4/9/2", "en-US", "has a year of neither two nor four digits")]
    [InlineData("4/9/20233", "en-US", "has a year of neither two nor four digits")]
    [InlineData("4.9", "en-US", "is not a date")]
    [InlineData("4/9/2023 25:00", "en-US", "has a time that no clock shows")]
    [InlineData("4/9/2023 24:00", "en-US", "has a time that no clock shows")]
    [InlineData("4/9/2023 10:60", "en-US", "has a time that no clock shows")]
    [InlineData("4/9/2023 0:30 PM", "en-US", "has a time that no clock shows")]
    [InlineData("4/9/2023 10:5", "en-US", "has a time that is none")]
    [InlineData("4/9/2023x", "en-US", "is not a date")]
    [InlineData("4/9/2023 noon", "en-US", "is not a date")]
    [InlineData("4/9/2023 10:00 EST", "en-US", "is not a date")]
    [InlineData("٤/٩/٢٠٢٣", "en-US", "is not a date")]
    public void What_is_no_date(string text, string culture, string reason)
    {
        Assert.False(LoadFileDate.TryParse(text, CultureInfo.GetCultureInfo(culture), JobStart, out var value, out var actual));
        Assert.Equal((reason, default), (actual, value));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("0.0.0", true)]
    [InlineData("00:00", false)]
    [InlineData("1/0/00", false)]
    [InlineData("", false)]
    public void Zero_dates(string text, bool expected) => Assert.Equal(expected, LoadFileDate.IsZero(text));

    [Fact]
    public void No_text_whatever_breaks_it()
    {
        var random = new Random(7);
        string[] parts = ["4", "09", "2023", "/", "-", ".", ";", ":", " ", ",", "Apr", "Mon", "PM", "AM", "T", "Z", "+", "0", "(", ")", "\u00E9", "\uD83D", "99999999"];
        for (var i = 0; i < 50_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            var isDate = LoadFileDate.TryParse(text, CultureInfo.GetCultureInfo("en-US"), JobStart, out var value, out var reason);
            Assert.Equal(isDate, reason.Length == 0);
            Assert.True(!isDate || value >= LoadFileDate.Earliest);
        }
    }

    [Fact]
    public void The_shared_table_of_dates()
    {
        var wrong = new List<string>();
        foreach (var row in SharedFiles.Cases("dates.json", "vectors"))
        {
            var (text, culture) = (row.GetProperty("input").GetString()!, row.GetProperty("culture").GetString()!);
            string?[] accepted = [row.GetProperty("expected").GetString(), .. row.GetProperty("alsoAcceptable").EnumerateArray().Select(a => a.GetString())];
            var actual = Read(text, culture);
            var isEmpty = row.GetProperty("outcome").GetString() == "null";
            var isRight = isEmpty ? LoadFileDate.IsZero(text) : accepted.Contains(actual) || accepted.Contains(actual?[..19]);
            if (!isRight) wrong.Add($"{text} ({culture}): {actual ?? "error"}, not {string.Join(" or ", accepted)}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_shared_table_of_values()
    {
        var wrong = new List<string>();
        foreach (var row in SharedFiles.Cases("import_values.json", "vectors").Where(r => r.GetProperty("kind").GetString() == "date"))
        {
            // Rows that the load-file specification contradicts say so.
            if (row.TryGetProperty("quirk", out _) || row.TryGetProperty("conflictsWithDocumentation", out _)) continue;
            var (text, culture) = (row.GetProperty("input").GetString()!, row.GetProperty("culture").GetString()!);
            var isRight = row.GetProperty("outcome").GetString() switch
            {
                "null" => text.Length == 0 || LoadFileDate.IsZero(text),
                "error" => Read(text, culture) is null,
                _ => DateTime.Parse(row.GetProperty("expected").GetString()!, CultureInfo.InvariantCulture)
                    == DateTime.Parse(Read(text, culture) ?? "0001-01-01", CultureInfo.InvariantCulture),
            };
            if (!isRight) wrong.Add($"{text} ({culture}): {Read(text, culture) ?? "error"}");
        }

        Assert.Empty(wrong);
    }

    private static string? Read(string text, string culture) =>
        LoadFileDate.TryParse(text, CultureInfo.GetCultureInfo(culture), JobStart, out var value, out _)
            ? value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)
            : null;
}
