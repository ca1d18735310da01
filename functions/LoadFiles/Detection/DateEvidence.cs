using System.Globalization;
using System.Text.RegularExpressions;

namespace IntegrationPoints.LoadFiles;

/// <summary>Which part of dates comes first: the one that is over 12 is the day.</summary>
internal static partial class DateEvidence
{
    private const int MostLength = 40;

    public static Evidence<bool>? Of(IEnumerable<string[]?> rows)
    {
        int dates = 0, firstOver = 0, secondOver = 0;
        string example = "";
        foreach (var cell in rows.OfType<string[]>().SelectMany(r => r))
        {
            if (cell.Length is < 6 or > MostLength || Numeric().Match(cell) is not { Success: true } match) continue;
            var (first, second) = (Number(match.Groups[1]), Number(match.Groups[3]));
            if (first > 31 || second > 31 || (first > 12 && second > 12)) continue;
            dates++;
            if (first > 12) firstOver++;
            if (second > 12) secondOver++;
            if (example.Length == 0 && Math.Max(first, second) > 12) example = match.Value.Trim();
        }

        if (firstOver == secondOver || Math.Min(firstOver, secondOver) * 20 > Math.Max(firstOver, secondOver)) return null;
        var (isDayFirst, over, against) = firstOver > secondOver ? (true, firstOver, secondOver) : (false, secondOver, firstOver);
        var words = string.Create(CultureInfo.InvariantCulture,
            $"in {over:N0} of {dates:N0} dates, such as {example}, the {(isDayFirst ? "first" : "second")} number is over 12, in {against:N0} the other");
        return new(isDayFirst, words, over >= 3 && against == 0);
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*([0-9]{1,2})([/.\-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9/.\-])", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();
}
