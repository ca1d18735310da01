namespace IntegrationPoints.Bench;

/// <summary>What the tick's question for due schedules costs, at two numbers of schedules.</summary>
internal static class ScheduleBench
{
    private const int Due = 100, AtOnce = 16;

    private const string How =
        "Schedules are entered in a fresh Azurite (in memory, tables by key) as the app enters them, then asked for as the tick asks: the median of 7 runs after one that is not counted. "
        + "What starting a job takes is not in it.";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Options: <c>--schedules</c>; the other size is a hundredth.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var schedules = options.Number("--schedules", 10_000, 2 * Due);
        var file = options.Text("--out");
        options.End();
        var report = new Report("Schedules that are due", How);
        report.Row("schedules", "due", "milliseconds", "slowest", "requests", "rows");
        foreach (var part in (int[])[Math.Max(schedules / 100, 2 * Due), schedules])
        {
            await Scratch.RunAsync(async folder =>
            {
                await using var azurite = await Azurite.StartAsync(folder, cancellationToken, inMemory: true);
                var meter = new TableMeter(azurite.ConnectionString);
                var table = meter.Tables.Schedules;
                await table.EnsureAsync(cancellationToken);
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, part), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                    async (n, token) => await table.SetAsync("workspace", $"point-{n}", Now.AddHours(n < Due ? 1 : 2), token));
                foreach (var (due, at) in new[] { (0, Now), (Due, Now.AddHours(1)) })
                {
                    if ((await table.DueAsync(at, cancellationToken)).Count != due) throw new InvalidOperationException($"Not {due} schedules are due.");
                    var cost = await meter.MeasureAsync(() => table.DueAsync(at, cancellationToken));
                    report.Row(
                        Report.Number(part), Report.Number(due), Report.Number(cost.Milliseconds, 1), Report.Number(cost.Slowest, 1),
                        Report.Number(cost.Requests), Report.Number(cost.Rows));
                }
                return true;
            });
        }
        await report.ShowAsync(file, cancellationToken);
        return 0;
    }
}
