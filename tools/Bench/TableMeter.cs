using System.Diagnostics;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Bench;

/// <summary>What it takes to read something from the tables.</summary>
/// <param name="Milliseconds">The median of several runs.</param>
/// <param name="Slowest">The slowest of them.</param>
/// <param name="Requests">The requests of one run.</param>
/// <param name="Rows">The rows that the store answered in one run.</param>
internal sealed record TableCost(double Milliseconds, double Slowest, int Requests, int Rows);

/// <summary>Tables whose requests, and the rows in the answers, are counted.</summary>
internal sealed class TableMeter : HttpPipelineSynchronousPolicy
{
    private const int Runs = 7;

    private int requests, rows;

    public TableMeter(string connectionString)
    {
        var options = new TableClientOptions();
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        Service = new TableServiceClient(connectionString, options);
        Tables = new JobTables(Service);
    }

    /// <summary>To fill tables with.</summary>
    public TableServiceClient Service { get; }

    /// <summary>The tables as the app has them.</summary>
    public JobTables Tables { get; }

    /// <summary>Reads several times, the first of which does not count.</summary>
    public async Task<TableCost> MeasureAsync(Func<Task> read)
    {
        await read();
        (requests, rows) = (0, 0);
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var clock = Stopwatch.GetTimestamp();
            await read();
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
        }
        times.Sort();
        return new TableCost(times[Runs / 2], times[^1], requests / Runs, rows / Runs);
    }

    /// <inheritdoc/>
    public override void OnReceivedResponse(HttpMessage message)
    {
        Interlocked.Increment(ref requests);
        if (message.Request.Method != RequestMethod.Get || message.Response.Status != 200) return;
        // A list of rows, or one row. The client holds the whole answer in memory by now.
        using var answer = JsonDocument.Parse(message.Response.Content);
        var count = answer.RootElement.TryGetProperty("value", out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 1;
        Interlocked.Add(ref rows, count);
    }
}
