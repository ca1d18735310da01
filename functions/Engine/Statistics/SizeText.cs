using System.Globalization;

namespace IntegrationPoints.Engine.Statistics;

/// <summary>Sizes as statistics show them (guide 6.5): base 1024, at most two decimals, no zeros at the end.</summary>
public static class SizeText
{
    private static readonly string[] Units = ["Bytes", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A size: <c>2.56 MB</c>.</summary>
    public static string Of(long bytes)
    {
        if (bytes == 1) return "1 Byte";
        var (size, unit) = ((decimal)bytes, 0);
        // What two decimals round up to 1024 is one of the next unit.
        while (Rounded(size) >= 1024 && unit < Units.Length - 1) (size, unit) = (size / 1024, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{Rounded(size):0.##} {Units[unit]}");
    }

    /// <summary>How many files, and their size together: <c>25 (2.56 MB)</c>.</summary>
    public static string Of(long files, long bytes) => string.Create(CultureInfo.InvariantCulture, $"{files} ({Of(bytes)})");

    private static decimal Rounded(decimal size) => decimal.Round(size, 2, MidpointRounding.AwayFromZero);
}
