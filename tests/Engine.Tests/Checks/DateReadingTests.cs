using System.Globalization;
using IntegrationPoints.Engine.Checks;

namespace IntegrationPoints.Engine.Tests.Checks;

/// <summary>Dates that depend on the regional settings, and dates completed from the job's (load-file specification, date formats).</summary>
public sealed class DateReadingTests
{
    [Theory]
    [InlineData("en-US", "03/04/2021", "ambiguous")]
    [InlineData("en-GB", "03/04/2021", "ambiguous")]
    [InlineData("de-DE", "03.04.2021", "ambiguous")]
    [InlineData("en-US", "03/03/2021", "")]
    [InlineData("en-US", "12/25/2021", "proven")]
    [InlineData("en-GB", "25/12/2021", "proven")]
    [InlineData("en-US", "25/12/2021", "contrary")]
    [InlineData("en-US", "2021-03-04", "")]
    [InlineData("en-US", "4 March 2021", "")]
    [InlineData("en-US", "9-Apr", "completed")]
    [InlineData("en-US", "08:40 PM", "completed")]
    [InlineData("en-US", "April 9, 2021", "")]
    [InlineData("en-US", "4/9", "ambiguous completed")]
    [InlineData("en-US", "never", "")]
    [InlineData("en-US", " ", "")]
    public void A_cell_counts_as(string culture, string cell, string expected)
    {
        var reading = new DateReading(CultureInfo.GetCultureInfo(culture), new DateTime(2026, 3, 4, 5, 6, 7));
        var counts = reading.Count(cell, new DateCounts { Column = "Sent" }, out _, out _);
        (string Name, long Count)[] all = [("ambiguous", counts.Ambiguous), ("proven", counts.Proven), ("contrary", counts.Contrary), ("completed", counts.Completed)];
        Assert.Equal(expected, string.Join(' ', all.Where(c => c.Count > 0).Select(c => c.Name)));
    }
}
