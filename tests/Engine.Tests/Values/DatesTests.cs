using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Values;

/// <summary>The forms of dates are the business of the load-file reader; here is what a field makes of them.</summary>
public sealed class DatesTests
{
    [Theory]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    public void The_example_of_an_error_is_a_date_that_the_import_reads(string culture)
    {
        var reason = Fixtures.Convert(FieldType.Date, "never", culture).Reason!;
        var example = reason.Split("Write dates like ")[1].Split(", or")[0];
        Assert.Equal("2023-06-30T09:15:00", Fixtures.Convert(FieldType.Date, example, culture).Value);
    }

    [Theory]
    // yyyy-MM-ddTHH:mm:ss on the wall clock (API, values)
    [InlineData("4/9/2019 1:05 PM", "en-US", "2019-04-09T13:05:00")]
    [InlineData("4/9/2019", "en-GB", "2019-09-04T00:00:00")]
    [InlineData("04.09.2019", "de-DE", "2019-09-04T00:00:00")]
    // Fractions of a second are dropped
    [InlineData("12/31/2023 23:59:59.999", "en-US", "2023-12-31T23:59:59")]
    [InlineData("1/1/1753", "en-US", "1753-01-01T00:00:00")]
    public void A_date_is_a_wall_clock(string cell, string culture, string expected)
        => Assert.Equal(expected, Fixtures.Convert(FieldType.Date, cell, culture).Value);

    [Theory]
    [InlineData("13/45/2019")]
    [InlineData("plugh")]
    [InlineData("12/31/1752")]
    [InlineData("00/00/0000")]
    [InlineData("2/30/2020")]
    public void What_is_no_date_is_an_error_with_an_example(string cell)
    {
        var result = Fixtures.Convert(FieldType.Date, cell);
        Assert.Equal(("invalid-date", null), (result.Code, result.Value));
        Assert.StartsWith($"{Words.Quote(cell)} ", result.Reason, StringComparison.Ordinal);
        Assert.Contains("6/30/2023", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    // Load-file specification, date formats: an error unless CreateErrorForInvalidDate is false
    [InlineData("00/00/0000", null)]
    [InlineData("0/0/00", null)]
    [InlineData("123/25/1985", "invalid-date")]
    public void A_zero_date_is_empty_when_the_import_says_so(string cell, string? code)
    {
        var converter = new ValueConverter(Fixtures.Field(FieldType.Date), Fixtures.Settings() with { CreateErrorForInvalidDate = false });
        Assert.Equal((null, code), (converter.Convert(cell).Value, converter.Convert(cell).Code));
    }

    [Fact]
    public void A_field_of_days_keeps_the_day()
        => Assert.Equal("2019-04-09T00:00:00",
            new ValueConverter(Fixtures.Field(FieldType.Date) with { DateOnly = true }, Fixtures.Settings()).Convert("4/9/2019 1:05 PM").Value);

    [Theory]
    [InlineData("yyyy-dd-MM", "2019-04-09", "2019-09-04T00:00:00")]
    [InlineData("yyyyMMddHHmm", "201904091305", "2019-04-09T13:05:00")]
    [InlineData("yyyy-MM-dd HH:mm zzz", "2019-04-09 13:05 -08:00", "2019-04-09T13:05:00")]
    [InlineData("yyyy-dd-MM", "4/9/2019", null)]
    [InlineData("dd.MM.yyyy", "01.01.1700", null)]
    public void An_exact_format_takes_nothing_else(string format, string cell, string? expected)
    {
        var settings = Fixtures.Settings() with { DateFormats = new Dictionary<string, string> { ["Sent"] = format } };
        var result = new ValueConverter(Fixtures.Field(FieldType.Date, "Sent"), settings).Convert(cell);
        Assert.Equal((expected, expected is null ? "invalid-date" : null), (result.Value, result.Code));
    }
}
