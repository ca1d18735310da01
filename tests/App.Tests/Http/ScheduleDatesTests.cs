using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Dates of schedules in the caller's culture (guide 4.11; issue "Schedule": an ambiguous or impossible date is refused, never guessed).</summary>
public sealed class ScheduleDatesTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points";

    [Theory]
    // Month first, day first, year first
    [InlineData("en-US", "01/13/2016", "2016-01-13")]
    [InlineData("en-US", "1/2/2016", "2016-01-02")]
    [InlineData("en-AU", "1/2/2016", "2016-02-01")]
    [InlineData("en-AU", "31/12/2016", "2016-12-31")]
    [InlineData("de-DE", "31.12.2016", "2016-12-31")]
    [InlineData("de-DE", "31-12-2016", "2016-12-31")]
    [InlineData("sv-SE", "2016/3/9", "2016-03-09")]
    [InlineData("en-US", " 1/2/2016 ", "2016-01-02")]
    // The first language with a region counts
    [InlineData("en;q=0.9, en-AU;q=0.8, en-US;q=0.5", "1/2/2016", "2016-02-01")]
    [InlineData("xx-XX, en-GB", "1/2/2016", "2016-02-01")]
    // ISO 8601 is what it is anywhere
    [InlineData("en-US", "2016-02-01", "2016-02-01")]
    [InlineData(null, "2016-02-01", "2016-02-01")]
    [InlineData("th-TH", "2016-02-01", "2016-02-01")]
    // Nothing is guessed
    [InlineData("en-US", "13/01/2016", null)]
    [InlineData("en-US", "02/31/2016", null)]
    [InlineData("en-AU", "01/13/2016", null)]
    [InlineData("en-US", "1/2/16", null)]
    [InlineData("en-US", "// 2016", null)]
    [InlineData("en-US", "2016/1/2", null)]
    [InlineData("en-US", "Jan 2 2016", null)]
    [InlineData("th-TH", "1/2/2559", null)]
    [InlineData("en", "1/2/2016", null)]
    [InlineData("*", "1/2/2016", null)]
    [InlineData(null, "1/2/2016", null)]
    public async Task A_date_is_read_in_the_callers_culture(string? language, string date, string? expected)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.PostAsync(Points, Body(date), language is null ? [] : [("Accept-Language", language)]);
        if (expected is null) Assert.Equal((400, "invalid-date schedule.startDate"), (reply.Status, Assert.Single(reply.Problems)));
        else Assert.Equal((201, expected), (reply.Status, reply.Json["schedule"]!["startDate"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_request_may_name_the_culture_itself()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await api.PostAsync($"{Points}?culture=en-AU", Body("1/2/2016"), ("Accept-Language", "en-US"));
        Assert.Equal("2016-02-01", made.Json["schedule"]!["startDate"]!.GetValue<string>());
        Assert.Equal(["unknown-culture culture", "invalid-date schedule.startDate"], (await api.PostAsync($"{Points}?culture=klingon", Body("1/2/2016"))).Problems);
    }

    [Theory]
    [InlineData("9:5", "09:05:00")]
    [InlineData("22:30", "22:30:00")]
    [InlineData("22:30:15", "22:30:15")]
    [InlineData("10:30 PM", "22:30:00")]
    [InlineData("25:00", null)]
    [InlineData("noon", null)]
    public async Task A_time_of_day_is_read_as_people_write_it(string time, string? expected)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.PostAsync(Points, Body("2016-01-01", time));
        if (expected is null) Assert.Equal((400, "invalid-value schedule.localTime"), (reply.Status, Assert.Single(reply.Problems)));
        else Assert.Equal((201, expected), (reply.Status, reply.Json["schedule"]!["localTime"]!.GetValue<string>()));
    }

    /// <summary>Cases gathered from another system, read where they lie beside the checkout; it takes dates month first.</summary>
    [Fact]
    public async Task The_shared_cases()
    {
        var path = new[] { "shared", "../shared" }.Select(folder => Path.Combine(Repository.Root, folder, "vectors", "schedule_validation.json")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "The shared cases do not lie beside the checkout.");
        var api = await Api.NewAsync(await servers.AppAsync());
        var seen = 0;
        foreach (var row in JsonNode.Parse(await File.ReadAllTextAsync(path!, TestContext.Current.CancellationToken))!["vectors"]!.AsArray().Where(r => r!["quirk"] is null))
        {
            var point = JsonNode.Parse(Body("2016-01-01"))!;
            point["schedule"] = Schedule(row!);
            var reply = await api.PostAsync(Points, point.ToJsonString(), ("Accept-Language", "en-US"));
            Assert.True(reply.Status == (row!["valid"]!.GetValue<bool>() ? 201 : 400), $"{row.ToJsonString()}: {reply.Text}");
            if (reply.Status == 400) Assert.All(reply.Problems, p => Assert.Contains(" schedule.", p, StringComparison.Ordinal));
            seen++;
        }
        Assert.True(seen >= 15, $"Only {seen} rows were read.");
    }

    // A choice of 1: so-manieth weekday, of 2: a day. Types and days are counted there: 4 is the fourth, and Thursday.
    private static JsonObject Schedule(JsonNode row)
    {
        var schedule = new JsonObject { ["startDate"] = row["startDate"]?.DeepClone() ?? "1/1/2016", ["localTime"] = row["time"]?.DeepClone() ?? "12:0" };
        if (row["endDate"] is { } end) schedule["endDate"] = end.DeepClone();
        if (row["weeklySendOn"] is { } weekly)
        {
            schedule["frequency"] = "weekly";
            schedule["days"] = new JsonArray([.. weekly["selectedDays"]!.AsArray().Select(d => (JsonNode)d!.GetValue<string>().ToLowerInvariant())]);
        }
        if (row["weeklyReoccur"] is { } every)
        {
            schedule["frequency"] = "weekly";
            schedule["days"] = new JsonArray("monday");
            schedule["every"] = every.DeepClone();
        }
        if (row["dayOfMonth"] is { } day) (schedule["frequency"], schedule["dayOfMonth"]) = ("monthly", day.DeepClone());
        if (row["monthlySendOn"] is { } monthly)
        {
            schedule["frequency"] = "monthly";
            if (monthly["monthChoice"]!.GetValue<string>() == "2") schedule["dayOfMonth"] = monthly["selectedDay"]!.DeepClone();
            else (schedule["occurrence"], schedule["days"]) = ("fourth", new JsonArray("thursday"));
        }
        return schedule;
    }

    private static string Body(string start, string time = "12:00") => $$$"""
        {"name":"{{{Guid.NewGuid():N}}}","mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}},
         "schedule":{"frequency":"weekly","days":["monday"],"startDate":"{{{start}}}","localTime":"{{{time}}}"}}
        """;
}
