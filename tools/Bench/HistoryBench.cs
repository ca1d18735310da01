using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Bench;

/// <summary>How long the first unfiltered page of the job history and of lists of errors takes, and how many requests, at two sizes.</summary>
internal static class HistoryBench
{
    private const string Workspace = "workspace";

    private const int Points = 100, PageSize = 100, RowsPerTransaction = 100, AtOnce = 4;

    private const string How =
        "Tables are filled in transactions in a fresh Azurite (in memory, tables by key), then read through the classes that the app reads them with: the first page of "
        + "100 items, the median of 7 runs after one that is not counted. Jobs belong to 100 integration points in turn, and each has its share of the errors.";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Options: <c>--jobs</c> and <c>--errors</c>; the other size is a hundredth of them.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var (jobs, errors) = (options.Number("--jobs", 100_000, 100), options.Number("--errors", 1_000_000, 100));
        var file = options.Text("--out");
        options.End();
        var report = new Report("Lists of jobs and errors", How);
        report.Row("jobs", "errors", "first page of", "milliseconds", "slowest", "requests", "rows");
        foreach (var part in (int[])[100, 1]) await MeasureAsync(report, jobs / part, errors / part, cancellationToken);
        await report.ShowAsync(file, cancellationToken);
        return 0;
    }

    private static Task<bool> MeasureAsync(Report report, int jobs, int errors, CancellationToken cancellationToken) => Scratch.RunAsync(async folder =>
    {
        // What a file of the emulator may hold ends at half a gigabyte, far from a million errors.
        await using var azurite = await Azurite.StartAsync(folder, cancellationToken, inMemory: true);
        var meter = new TableMeter(azurite.ConnectionString);
        var tables = meter.Tables;
        await tables.EnsureAsync(cancellationToken);
        var clock = Stopwatch.GetTimestamp();
        await FillAsync(meter.Service, jobs, errors / jobs, cancellationToken);
        await Console.Error.WriteLineAsync($"Filled in {Stopwatch.GetElapsedTime(clock)}.");
        var listing = new ErrorListing(tables);
        var job = (await tables.History.ListAsync(Workspace, null, 1, null, cancellationToken)).Items[0];
        var query = new ErrorQuery(PageSize, null);
        (string What, Func<Task<int>> Read)[] lists =
        [
            ("the jobs of a workspace", async () => (await tables.History.ListAsync(Workspace, null, PageSize, null, cancellationToken)).Items.Count),
            ("the jobs of a point", async () => (await tables.History.ListAsync(Workspace, job.PointId, PageSize, null, cancellationToken)).Items.Count),
            ("the errors of a job", async () => (await ErrorListing.OfJobAsync(tables.Errors, job, query, cancellationToken)).Items.Count),
            ("the errors of a point", async () => (await listing.OfPointsAsync(Workspace, job.PointId, query, cancellationToken)).Items.Count),
            ("the errors of a workspace", async () => (await listing.OfPointsAsync(Workspace, null, query, cancellationToken)).Items.Count),
        ];
        foreach (var (what, read) in lists)
        {
            if (await read() == 0) throw new InvalidOperationException($"The first page of {what} is empty.");
            var cost = await meter.MeasureAsync(read);
            report.Row(
                Report.Number(jobs), Report.Number(errors), what, Report.Number(cost.Milliseconds, 1), Report.Number(cost.Slowest, 1),
                Report.Number(cost.Requests), Report.Number(cost.Rows));
        }
        return true;
    });

    private static async Task FillAsync(TableServiceClient service, int jobs, int errorsPerJob, CancellationToken cancellationToken)
    {
        var (history, entries, errors) = (service.GetTableClient("JobHistory"), service.GetTableClient("ErrorEntries"), service.GetTableClient("JobErrors"));
        // A job's two rows are in one partition.
        await InTransactionsAsync(history, Enumerable.Range(0, jobs).SelectMany(n => new[] { History(n, ""), History(n, $"point|{PointOf(n)}|") }), cancellationToken);
        await InTransactionsAsync(entries, Enumerable.Range(0, jobs).Select(n => Entry(n, Workspace)), cancellationToken);
        foreach (var point in Enumerable.Range(0, Points))
            await InTransactionsAsync(entries, Enumerable.Range(0, jobs).Where(n => n % Points == point).Select(n => Entry(n, $"{Workspace}|{PointOf(n)}")), cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, jobs), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (n, token) => await SubmitAsync(errors, [.. Enumerable.Range(0, errorsPerJob).Select(line => Error(n, line))], token));
    }

    private static Task InTransactionsAsync(TableClient table, IEnumerable<TableEntity> rows, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        rows.Chunk(RowsPerTransaction), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (chunk, token) => await SubmitAsync(table, chunk, token));

    private static async Task SubmitAsync(TableClient table, TableEntity[] rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(RowsPerTransaction))
            await table.SubmitTransactionAsync(chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
    }

    // Rows as the app writes them.
    private static TableEntity History(int number, string list) => new(Workspace, list + Row(number))
    {
        ["JobId"] = IdOf(number),
        ["PointId"] = PointOf(number),
        ["Status"] = nameof(JobStatus.CompletedWithErrors),
        ["StartedUtc"] = Start.AddMinutes(number),
        ["Job"] = JsonSerializer.Serialize(new JobHistory
        {
            JobId = IdOf(number),
            Workspace = Workspace,
            WorkspaceName = Workspace,
            PointId = PointOf(number),
            Name = PointOf(number),
            Trigger = "user",
            StartedBy = "bench",
            Status = JobStatus.CompletedWithErrors,
            StartedUtc = Start.AddMinutes(number),
        }),
    };

    private static TableEntity Entry(int number, string partition) => new(partition, Row(number)) { ["JobId"] = IdOf(number), ["PointId"] = PointOf(number) };

    private static TableEntity Error(int number, int line) => new(IdOf(number), string.Create(CultureInfo.InvariantCulture, $"{1:d8}-{line:d12}-{0:d6}"))
    {
        ["Code"] = "invalid-date",
        ["Error"] = $"documents.dat, line {line}, field \"Date Sent\": \"31.02.2026\" is not a date. Expected a day of the calendar such as 2026-02-28.",
        ["Level"] = nameof(ProblemLevel.Item),
        ["Severity"] = nameof(ProblemSeverity.Error),
        ["Line"] = (long)line,
        ["SourceId"] = $"DOC{line:d8}",
        ["Field"] = "Date Sent",
        ["FoundUtc"] = Start.AddMinutes(number),
    };

    private static string Row(int number) => string.Create(CultureInfo.InvariantCulture, $"{DateTime.MaxValue.Ticks - Start.AddMinutes(number).UtcTicks:d19}-{IdOf(number)}");

    private static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"job{number:x29}");

    private static string PointOf(int number) => string.Create(CultureInfo.InvariantCulture, $"point-{number % Points:d3}");
}
