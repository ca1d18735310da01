using System.Globalization;

namespace IntegrationPoints.Engine.Values;

internal static class FileDate
{
    private static readonly DateTime Earliest = new(1753, 1, 1);

    public static bool TryParse(ReadOnlySpan<char> text, CultureInfo culture, DateTime jobStart, out DateTime value, out string reason)
    {
        reason = $"is not a date such as {jobStart.ToString("g", culture)}. Correct the value, or the regional setting of the import.";
        return DateTime.TryParse(text, culture, DateTimeStyles.AllowWhiteSpaces, out value) && value >= Earliest;
    }
}
