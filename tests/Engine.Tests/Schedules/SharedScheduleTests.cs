using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Engine.Schedules;
using static IntegrationPoints.Engine.Tests.SharedVectorsTests;

namespace IntegrationPoints.Engine.Tests.Schedules;

/// <summary>Cases of schedules gathered from another system, read where they lie beside the checkout.</summary>
public sealed class SharedScheduleTests
{
    [Fact]
    public void Schedules()
    {
        // Weeks are counted from the start date's week, those of the other system from now.
        var rows = Rows("scheduler_next_run.json").Where(r => Text(r.GetProperty("rule"), "interval") != "Weekly" || Reoccur(r.GetProperty("rule")) == 1).ToList();
        foreach (var row in rows)
        {
            var now = new DateTimeOffset(DateTime.Parse(Text(row, "nowLocal")!, CultureInfo.InvariantCulture), TimeSpan.Zero);
            var (next, format) = (ScheduleOf(row.GetProperty("rule")).FirstRun(now), row.GetProperty("dateOnly").GetBoolean() ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss");
            Assert.Equal((Text(row, "name"), Text(row, "expectedNext")), (Text(row, "name"), next?.ToString(format, CultureInfo.InvariantCulture)));
        }
        Assert.True(rows.Count >= 40, $"Only {rows.Count} rows were read.");
    }

    private static Schedule ScheduleOf(JsonElement rule) => new()
    {
        Frequency = Enum.Parse<Frequency>(Text(rule, "interval")!),
        Every = Reoccur(rule),
        StartDate = Date(Text(rule, "startDate"))!.Value,
        EndDate = Date(Text(rule, "endDate")),
        LocalTime = TimeOnly.Parse(Text(rule, "localTimeOfDay")!, CultureInfo.InvariantCulture),
        Days = rule.TryGetProperty("daysToRun", out var days) ? [.. days.EnumerateArray().Select(d => Enum.Parse<ScheduleDay>(d.GetString()!))] : [],
        DayOfMonth = rule.TryGetProperty("dayOfMonth", out var day) ? day.GetInt32() : null,
        Occurrence = Enum.TryParse<Occurrence>(Text(rule, "occurrenceInMonth"), out var occurrence) ? occurrence : null,
    };

    private static DateOnly? Date(string? text) => text is null ? null : DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static int Reoccur(JsonElement rule) => rule.TryGetProperty("reoccur", out var every) ? every.GetInt32() : 1;
}
