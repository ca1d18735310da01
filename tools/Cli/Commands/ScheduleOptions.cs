using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace IntegrationPoints.Cli.Commands;

/// <summary>The options that say when an integration point runs by itself.</summary>
internal sealed class ScheduleOptions
{
    private readonly Option<string?> _schedule = new("--schedule") { Description = "Run by itself: daily, weekly or monthly.", HelpName = "frequency" };
    private readonly Option<string?> _time = new("--time") { Description = "Its time of day, such as 02:30.", HelpName = "HH:mm" };
    private readonly Option<string> _zone = new("--time-zone") { Description = "The time zone of --time.", HelpName = "name", DefaultValueFactory = _ => "UTC" };
    private readonly Option<string?> _start = new("--start") { Description = "The first day, as 2026-03-31 or as --culture writes it; today when left out.", HelpName = "date" };
    private readonly Option<string?> _end = new("--end") { Description = "The last day; for ever when left out.", HelpName = "date" };
    private readonly Option<int?> _every = new("--every") { Description = "Every so-manieth week or month.", HelpName = "n" };
    private readonly Option<string?> _days = new("--days") { Description = "Weekly: the days, such as monday,thursday. Monthly with --occurrence: the day of the week, or day.", HelpName = "days" };
    private readonly Option<int?> _dayOfMonth = new("--day-of-month") { Description = "Monthly: the day, 1 to 31.", HelpName = "n" };
    private readonly Option<string?> _occurrence = new("--occurrence") { Description = "Monthly: first, second, third, fourth or last of --days.", HelpName = "which" };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_schedule, _time, _zone, _start, _end, _every, _days, _dayOfMonth, _occurrence];

    /// <summary>The schedule as the API takes it; null when none is asked for. What is wrong in it the API says.</summary>
    /// <exception cref="UsageException">An option is missing, or stands without --schedule.</exception>
    public JsonObject? Read(Call call)
    {
        if (call.Get(_schedule) is not { } frequency)
        {
            Option? stray = new Option[] { _time, _start, _end, _every, _days, _dayOfMonth, _occurrence }.FirstOrDefault(o => call.Arguments.GetResult(o) is not null);
            return stray is null ? null : throw new UsageException($"{stray.Name} says when --schedule runs, and there is no --schedule.");
        }
        var zone = call.Need(_zone);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) throw new UsageException($"--time-zone: there is no time zone named \"{zone}\".");
        var schedule = new JsonObject
        {
            ["frequency"] = frequency,
            ["localTime"] = call.Get(_time) ?? throw new UsageException("--schedule needs --time, the time of day at which the integration point runs."),
            ["timeZone"] = zone,
            ["startDate"] = call.Get(_start) ?? TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, found).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["endDate"] = call.Get(_end),
            ["dayOfMonth"] = call.Get(_dayOfMonth),
            ["occurrence"] = call.Get(_occurrence),
        };
        if (call.Get(_every) is { } every) schedule["every"] = every;
        if (call.Get(_days) is { } days) schedule["days"] = new JsonArray([.. days.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(day => JsonValue.Create(day))]);
        return schedule;
    }
}
