using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace IntegrationPoints.Bench;

/// <summary>People per second of an import with managers, and how much of the time goes into their links.</summary>
internal static class PeopleBench
{
    // One manager has so many people, and every so many names a manager who is not there.
    private const int TeamSize = 10, MissingEvery = 1000;

    // Primes.
    private const int Step = 7919, Givens = 977;

    // Results of batches of links are kept under numbers from here on, beside those of batches of records.
    private const long FirstOfLinks = 50_000_000;

    private const string How =
        "Each import runs through the app in a process of its own with its own Azurite (on disk) and SQLite file, all on this machine, from the job's start to its end; staging is not "
        + "counted. The load file is a .csv of unique identifiers, names, addresses and departments; each person's manager stands somewhere else in it, ten people to a manager, people who follow each other have different ones, and one in "
        + "a thousand names somebody who is not there. Managers are named by the unique identifier, under which people are stored, or by the full name, which is looked up as a distinguished name or an id is. Links are made when all records are there: their seconds are from the last result of a batch of records to the last of a batch of links, as the store's own times "
        + "have them. Operations are what Azurite saw of the app while the job ran, those of the job as a whole among them; batches are those of records and those of links. Peak memory is VmHWM of "
        + "/proc/PID/status after the job.";

    /// <summary>Options: <c>--people</c>, <c>--runs</c>. Each run is made twice: managers are named by what people are stored under, and by what is looked up.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var (people, runs, file) = (options.Number("--people", 100_000, 1), options.Number("--runs", 1, 1), options.Text("--out"));
        options.End();
        var report = new Report("Import of people with managers", How);
        report.Row("people", "managers by", "run", "seconds", "people/s", "of them seconds for links", "links/s", "processor seconds, app + Azurite", "batches", "operations a batch", "peak memory, MB");
        foreach (var byName in (bool[])[false, true])
        {
            for (var run = 1; run <= runs; run++)
                report.Row([Report.Number(people), byName ? "full name" : "unique identifier", $"{run}", .. await MeasureAsync(people, byName, cancellationToken)]);
        }
        await report.ShowAsync(file, cancellationToken);
        return 0;
    }

    private static Task<IReadOnlyList<string>> MeasureAsync(int people, bool byName, CancellationToken cancellationToken) => Scratch.RunAsync<IReadOnlyList<string>>(async folder =>
    {
        var set = Directory.CreateDirectory(Path.Combine(folder, "set"));
        await WriteAsync(Path.Combine(set.FullName, "people.csv"), people, byName, cancellationToken);
        await using var app = await LocalApp.StartAsync(folder, cancellationToken);
        var (workspace, point) = await MeasuredJob.StagePointAsync(app, set.FullName, Point, cancellationToken);
        var job = await MeasuredJob.RunAsync(app, workspace, point, people, cancellationToken);
        var links = await LinkSecondsAsync(app, job.Job, cancellationToken);
        var batches = job.Requests.GetValueOrDefault("POST BatchResults");
        return
        [
            Report.Number(job.Elapsed.TotalSeconds, 1), Report.Number(people / job.Elapsed.TotalSeconds), Report.Number(links, 1), Report.Number(people / links),
            $"{Report.Number(job.App.TotalSeconds, 1)} + {Report.Number(job.Storage.TotalSeconds, 1)}", Report.Number(batches), Report.Number((double)job.Requests.Values.Sum() / batches, 1),
            Report.Number(app.PeakMemory / 1e6),
        ];
    });

    // People who follow each other have different managers, so that nothing is asked once for many.
    private static async Task WriteAsync(string file, int people, bool byName, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false));
        await writer.WriteLineAsync("Unique ID,First Name,Last Name,Email,Department,Manager".AsMemory(), cancellationToken);
        for (var i = 0; i < people; i++)
        {
            var leader = (int)(i * (long)Step % Math.Max(1, people / TeamSize)) * TeamSize;
            var manager = i % MissingEvery == MissingEvery - 1 ? $"nobody-{i}" : leader == i ? "" : byName ? $"\"Family{leader}, Given{leader % Givens}\"" : $"E{leader}";
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"E{i},Given{i % Givens},Family{i},person{i}@example.com,Department {i % 40},{manager}").AsMemory(), cancellationToken);
        }
    }

    private static object Point(string folder) => new
    {
        name = "Bench",
        objectType = "Entity",
        source = new { provider = "load-file", settings = new { file = $"{folder}/people.csv", column = (int)',', quote = (int)'"' } },
        mapAllFields = true,
        // Objects are mapped by hand only.
        mapping = new[] { new { source = "Manager", destination = "Manager" } },
        import = new { overwrite = "append" },
    };

    private static async Task<double> LinkSecondsAsync(LocalApp app, string job, CancellationToken cancellationToken)
    {
        var (records, links) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        await foreach (var row in new TableClient(app.Storage.ConnectionString, "BatchResults").QueryAsync<TableEntity>(r => r.PartitionKey == job, cancellationToken: cancellationToken))
        {
            var isLinks = long.Parse(row.RowKey, CultureInfo.InvariantCulture) >= FirstOfLinks;
            if (isLinks && row.Timestamp > links) links = row.Timestamp.Value;
            if (!isLinks && row.Timestamp > records) records = row.Timestamp.Value;
        }
        return links > records && records > DateTimeOffset.MinValue ? (links - records).TotalSeconds : throw new InvalidOperationException($"The job {job} has no results of both records and links.");
    }
}
