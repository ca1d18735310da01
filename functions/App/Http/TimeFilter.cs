using System.Globalization;
using System.Text.RegularExpressions;
using IntegrationPoints.Engine;

namespace IntegrationPoints.App.Http;

/// <summary>Filters of lists by time: a day, which means all of it, or an instant, as ISO 8601 writes them; UTC when no offset is given.</summary>
internal static partial class TimeFilter
{
    /// <summary>The first instant of what is named, and the first behind it.</summary>
    /// <exception cref="RefusedException"><c>invalid-filter</c>.</exception>
    public static (DateTimeOffset First, DateTimeOffset Behind) Read(string name, string value)
    {
        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            var first = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
            return (first, first.AddDays(1));
        }
        return Instant().IsMatch(value) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? (instant, instant == DateTimeOffset.MaxValue ? instant : instant.AddTicks(1))
            : throw Invalid(name, value, "a day or an instant as ISO 8601 writes it, such as 2026-03-31 or 2026-03-31T17:45:00Z (UTC when no offset is given)");
    }

    /// <summary>The refusal of a filter's value.</summary>
    public static RefusedException Invalid(string name, string value, string expected)
        => RefusedException.Bad("invalid-filter", $"The filter {name} is {Words.Quote(value)}. Expected {expected}.");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?$")]
    private static partial Regex Instant();
}
