using System.Globalization;
using System.Text.Json;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Bench;

namespace IntegrationPoints.Infra.Tests;

/// <summary>What infra/README.md says of costs is what a deployment has and what <c>tools/Bench cost</c> computes: neither can be changed alone.</summary>
public sealed class CostTests(Deployment deployment)
{
    private static readonly IdleMonth Idle = IdleMonth.Of(JsonDocument.Parse(Repository.Text("tools/Bench/prices.json")).RootElement);

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
            $"| Flex Consumption, always-ready baseline: {Number(Idle.AlwaysReadyInstances)} instance × {Number(Idle.InstanceGigabytes)} GB | {Number(Idle.AlwaysReadyGigabyteSeconds)} GB-s |",
            $"| Flex Consumption, on demand: the tick, {Number(Idle.Ticks)} runs of at least {Number(Idle.SecondsATick)} s × {Number(Idle.InstanceGigabytes)} GB | ≥ {Number(Idle.TickGigabyteSeconds)} GB-s |",
            $"| storage operations of idle queues: {Number(Idle.Queues)} queues, asked every {Number(Idle.QueueSeconds)} s at most | {Number(Idle.QueueOperations)} |",
            $"| Cosmos DB serverless: the tick's and the health check's reads | {Number(Idle.RequestUnits)} RU |",
        ];
        var page = Repository.Text("infra/README.md");
        Assert.All(rows, row => Assert.Contains(row, page, StringComparison.Ordinal));
        var results = Repository.Text("tools/Bench/RESULTS.md");
        Assert.All(
            (double[])[Idle.AlwaysReadyGigabyteSeconds, Idle.TickGigabyteSeconds, Idle.Ticks, Idle.QueueOperations, Idle.RequestUnits],
            quantity => Assert.Contains($"| {Number(quantity)} ", results, StringComparison.Ordinal));
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

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
