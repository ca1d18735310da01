using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntegrationPoints.Engine;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>
/// The dates and the time of day of a schedule as people write them, put into the form of JSON before the body is read (guide 4.11, "Scheduler
/// date format considerations"): in the order of day, month and year of the caller's culture, or as 2026-03-31. Nothing is guessed.
/// </summary>
internal static partial class ScheduleText
{
    private static readonly string[] Times = ["H:m", "H:m:s", "h:m tt", "h:mtt"];

    /// <summary>Rewrites <c>schedule.startDate</c>, <c>endDate</c> and <c>localTime</c>; answers with what cannot be read.</summary>
    public static IReadOnlyList<Problem> Rewrite(HttpRequest request, JsonObject body)
    {
        var problems = new List<Problem>();
        if (Member(body, "schedule")?.Value is not JsonObject schedule) return problems;
        var culture = CultureOf(request, problems);
        foreach (var name in (string[])["startDate", "endDate"])
            if (Text(schedule, name) is var (member, text)) schedule[member] = Date(text, culture, member, problems);
        if (Text(schedule, "localTime") is var (time, clock) && TimeOnly.TryParseExact(clock.Trim(), Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            schedule[time] = at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return problems;
    }

    // A language without a region says nothing of the order: English has two of them.
    private static CultureInfo? CultureOf(HttpRequest request, List<Problem> problems)
    {
        if (request.Query["culture"] is [{ Length: > 0 } named])
        {
            if (Find(named) is { } culture) return culture;
            problems.Add(new Problem("unknown-culture", $"{Words.Quote(named)} is not a culture with a region. Use a name such as \"en-US\" or \"en-AU\".") { Field = "culture" });
            return null;
        }
        return request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => Find(l.Value.ToString())).FirstOrDefault(c => c is not null);
    }

    private static CultureInfo? Find(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true) is { IsNeutralCulture: false, Name.Length: > 0 } culture ? culture : null;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    private static string Date(string text, CultureInfo? culture, string member, List<Problem> problems)
    {
        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var iso)) return Json(iso);
        // Years of other calendars would be taken for those of ours.
        var order = culture?.Calendar is GregorianCalendar ? Order(culture) : null;
        if (order is not null && Parts().Match(text) is { Success: true } match)
        {
            var parts = $"{Part('y')}-{Part('M')}-{Part('d')}";
            if (DateOnly.TryParseExact(parts, "yyyy-M-d", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return Json(date);

            string Part(char what) => match.Groups[order.IndexOf(what, StringComparison.Ordinal) + 1].Value;
        }
        var expected = order is null
            ? "Expected year-month-day such as 2026-03-31, or send the header Accept-Language with a region, such as en-US, and write the date as is usual there"
            : $"Expected {string.Join('/', order.Select(c => c switch { 'd' => "day", 'M' => "month", _ => "year" }))} with a year of four digits, as is usual in {culture!.Name}, or year-month-day such as 2026-03-31";
        problems.Add(new Problem("invalid-date", $"{Words.Quote(text)} is not a date. {expected}.") { Field = $"schedule.{member}" });
        return text;
    }

    private static string Order(CultureInfo culture) => new([.. culture.DateTimeFormat.ShortDatePattern.Where("dMy".Contains).Distinct()]);

    private static string Json(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static (string Name, JsonNode? Value)? Member(JsonObject json, string name)
        => json.Where(m => m.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(m => ((string, JsonNode?)?)(m.Key, m.Value)).FirstOrDefault();

    private static (string Name, string Text)? Text(JsonObject json, string name)
        => Member(json, name) is (var key, JsonValue value) && value.GetValueKind() == JsonValueKind.String ? (key, value.GetValue<string>()) : null;

    [GeneratedRegex(@"^\s*([0-9]{1,4})\s*[./-]\s*([0-9]{1,4})\s*[./-]\s*([0-9]{1,4})\s*$")]
    private static partial Regex Parts();
}
