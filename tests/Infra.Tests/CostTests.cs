using System.Globalization;
using System.Text.Json;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Bench;

namespace IntegrationPoints.Infra.Tests;

/// <summary>What infra/README.md says of costs is what a deployment has and what <c>tools/Bench cost</c> computes: neither can be changed alone.</summary>
public sealed class CostTests(Deployment deployment)
{
    private static readonly JsonElement Prices = JsonDocument.Parse(Repository.Text("tools/Bench/prices.json")).RootElement;
    private static readonly IdleMonth Idle = IdleMonth.Of(Prices);

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("prod-vnet")]
    public void A_month_in_which_nothing_happens_is_that_of_the_template(string variant)
    {
        var app = deployment[variant].Single(r => r.Type == "Microsoft.Web/sites");
        var scale = app.Json.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("scaleAndConcurrency");
        Assert.Equal(Idle.InstanceGigabytes, scale.GetProperty("instanceMemoryMB").GetInt32() / 1024.0);
        Assert.Equal(Idle.AlwaysReadyInstances, scale.GetProperty("alwaysReady").EnumerateArray().Sum(a => a.GetProperty("instanceCount").GetInt32()));
    }

    [Fact]
    public void And_that_of_the_app()
    {
        var storage = JsonDocument.Parse(Repository.Text("host.json")).RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("storageProvider");
        Assert.Equal(TimeSpan.FromSeconds(Idle.QueueSeconds), TimeSpan.Parse(storage.GetProperty("maxQueuePollingInterval").GetString()!, CultureInfo.InvariantCulture));
        // Four partitions, unless told otherwise, and the work items (durable-functions-azure-storage-provider).
        Assert.False(storage.TryGetProperty("partitionCount", out _));
        Assert.Equal(4 + 1, Idle.Queues);
        var timer = typeof(Tick).GetMethods().SelectMany(m => m.GetParameters()).SelectMany(p => p.GetCustomAttributesData()).Single(a => a.AttributeType.Name == "TimerTriggerAttribute");
        Assert.Equal("0 */1 * * * *", timer.ConstructorArguments[0].Value);
        Assert.Equal(60, Idle.TicksAnHour);
    }

    /// <summary>The table of the month, row by row.</summary>
    [Fact]
    public void The_page_shows_these_quantities()
    {
        string[] rows =
        [
            $"| Flex Consumption, always-ready baseline: {Number(Idle.AlwaysReadyInstances)} instance × {Number(Idle.InstanceGigabytes)} GB | {Number(Idle.AlwaysReadyGigabyteSeconds)} GB-s | {Dollars(AlwaysReady)} |",
            $"| Flex Consumption, on demand: the tick, {Number(Idle.Ticks)} runs of at least {Number(Idle.SecondsATick)} s × {Number(Idle.InstanceGigabytes)} GB | ≥ {Number(Idle.TickGigabyteSeconds)} GB-s | {Dollars(OnDemand)}, runs {Dollars(Runs)} |",
            $"| storage operations of idle queues: {Number(Idle.Queues)} queues, asked every {Number(Idle.QueueSeconds)} s at most | {Number(Idle.QueueOperations)} | {Dollars(Queues)} |",
            $"| tables: {Number(Idle.TableRequestsATick)} requests of a tick that finds nothing to do | {Number(Idle.TableRequests)} | {Dollars(Tables)} |",
            $"| sum of these; not in it: the rows below, a look an hour at the secrets that are kept, and what is stored | | {Dollars(AlwaysReady + OnDemand + Runs + Queues + Tables)} |",
            $"| with `APP_ZONE_REDUNDANT`: 2 instances for each of HTTP, blob events, orchestrations and {Timers} timers, in place of {Number(Idle.AlwaysReadyInstances)} | ≤ {Number(InZones)} GB-s | ≤ {Dollars(InZones * Price("functionsAlwaysReadyGigabyteSecond"))} | same |",
            $"| alerts: {Alerts("scheduledQueryRules")} log queries every 15 min, {Alerts("metricAlerts")} metric rules | {Alerts("scheduledQueryRules") + Alerts("metricAlerts")} |",
        ];
        var page = Repository.Text("infra/README.md");
        Assert.All(rows, row => Assert.Contains(row, page, StringComparison.Ordinal));
        var results = Repository.Text("tools/Bench/RESULTS.md");
        Assert.All(
            [
                $"| {Number(Idle.AlwaysReadyGigabyteSeconds)} GB-s | {Dollars(AlwaysReady)} |", $"| {Number(Idle.TickGigabyteSeconds)} GB-s | {Dollars(OnDemand)} |",
                $"| {Number(Idle.Ticks)} runs | {Dollars(Runs)} |", $"| {Number(Idle.QueueOperations)} operations | {Dollars(Queues)} |", $"| {Number(Idle.TableRequests)} requests | {Dollars(Tables)} |",
            ],
            row => Assert.Contains(row, results, StringComparison.Ordinal));
    }

    /// <summary>Per million documents: what the page shows is a row of the run that is written down.</summary>
    [Theory]
    [InlineData("metadata", "metadata")]
    [InlineData("1 KB of text in cells", "with 1 KB of text in cells")]
    [InlineData("natives, text in files", "with natives, text in files")]
    public void The_page_shows_what_was_measured(string shown, string measured)
    {
        var (page, run) = (Row("infra/README.md", shown), Row("tools/Bench/RESULTS.md", measured));
        // RU a document, app GB-s, Cosmos DB, blob operations, tables, app, sum.
        Assert.Equal(((int[])[2, 5, 6, 7, 8, 9, 10]).Select(i => run[i]), ((int[])[1, 3, 4, 5, 6, 7, 8]).Select(i => page[i]));
    }

    private static string[] Row(string file, string name) => [.. Repository.Text(file).Split('\n')
        .SkipWhile(line => !line.StartsWith("| import | ", StringComparison.Ordinal) || !line.Contains("RU a document", StringComparison.Ordinal))
        .First(line => line.StartsWith($"| {name} |", StringComparison.Ordinal)).Trim('|', ' ').Split('|').Select(cell => cell.Trim())];

    // learn.microsoft.com/azure/reliability/reliability-functions, Flex Consumption: two always-ready instances for each function that scales by itself, or group.
    private static double InZones => Idle.AlwaysReadyGigabyteSeconds / Idle.AlwaysReadyInstances * 2 * (3 + Timers);

    private static int Timers => typeof(Tick).Assembly.GetTypes().SelectMany(t => t.GetMethods()).SelectMany(m => m.GetParameters())
        .Count(p => p.GetCustomAttributesData().Any(a => a.AttributeType.Name == "TimerTriggerAttribute"));

    private int Alerts(string kind) => deployment["prod"].Count(r => r.Type == $"Microsoft.Insights/{kind}");

    private static double AlwaysReady => Idle.AlwaysReadyGigabyteSeconds * Price("functionsAlwaysReadyGigabyteSecond");

    private static double OnDemand => Idle.TickGigabyteSeconds * Price("functionsGigabyteSecond");

    private static double Runs => Idle.Ticks / 1e6 * Price("functionsMillionExecutions");

    private static double Queues => Idle.QueueOperations / 1e4 * Price("queueOperations10000");

    private static double Tables => Idle.TableRequests / 1e4 * Price("tableOperations10000");

    private static double Price(string unit) => Prices.GetProperty("prices").GetProperty(unit).GetProperty("price").GetDouble();

    private static string Dollars(double value) => value.ToString("$0.00", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
