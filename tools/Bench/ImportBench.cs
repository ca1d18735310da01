using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Bench;

/// <summary>
/// Documents per second of an import through the app, beside a bare writer that puts the same records and files into the same stores, in the
/// same run; and how many storage operations a batch takes beside those of its records and files.
/// </summary>
internal static class ImportBench
{
    private const string How =
        "Each import runs through the app in a process of its own with its own Azurite (on disk) and SQLite file, all on this machine, from the job's "
        + "start to its end; staging is not counted. The bare writer then writes the very same record bodies into a fresh SQLite file and copies "
        + "the same natives on the same Azurite, as many at once as the app, in the bench's own process. \"Reading texts\": it also fetches each text file once. "
        + "Processor seconds do not depend on what else the machine does. Operations are what Azurite saw of the app while the job ran, those of the job as a "
        + "whole among them; own ones are those of the documents' files (copy of a native, read of a text).";

    /// <summary>Options: <c>--documents</c> (with text in cells), <c>--natives</c> (with natives and text files), 0 leaves one out; <c>--text-bytes</c>, <c>--runs</c>.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var (documents, natives, bytes) = (options.Number("--documents", 100_000), options.Number("--natives", 20_000), options.Number("--text-bytes", 1000, 1));
        var (runs, file) = (options.Number("--runs", 1, 1), options.Text("--out"));
        options.End();
        var report = new Report("Import, end to end", How);
        report.Row(
            "import", "run", "seconds", "documents/s", "bare writer, documents/s", "ratio", "bare, reading texts", "ratio",
            "processor seconds, app + Azurite", "bare + Azurite", "operations beside", "batches", "own operations a document");
        var requests = new Report("What the app asked of its storage account", "Requests of the last run, by kind.");
        requests.Row("import", "request", "times");
        if (documents > 0)
        {
            var generated = new GeneratorOptions { Documents = documents, Text = TextPlace.Cell, BytesPerText = bytes };
            await MeasureAsync("metadata, text in cells", generated, runs, report, requests, cancellationToken);
        }
        if (natives > 0)
        {
            var generated = new GeneratorOptions { Documents = natives, Natives = true, Text = TextPlace.File, BytesPerText = bytes };
            await MeasureAsync("natives, text in files", generated, runs, report, requests, cancellationToken);
        }
        await report.ShowAsync(file, cancellationToken);
        await requests.ShowAsync(null, cancellationToken);
        return 0;
    }

    private static Task<int> MeasureAsync(
        string name, GeneratorOptions options, int runs, Report report, Report requests, CancellationToken cancellationToken)
        => Scratch.RunAsync(async folder =>
        {
            var set = await LoadFileGenerator.WriteAsync(options, Path.Combine(folder, "set"), cancellationToken);
            await using var app = await LocalApp.StartAsync(folder, cancellationToken);
            for (var run = 1; run <= runs; run++)
            {
                var import = await MeasuredJob.RunAsync(app, options, set, cancellationToken);
                var bare = new BareWriter(app, import.Workspace);
                await bare.LoadAsync(cancellationToken);
                var written = await bare.RunAsync(Path.Combine(folder, $"bare-{run}.db"), readTexts: false, cancellationToken);
                var read = options.Text == TextPlace.File
                    ? await bare.RunAsync(Path.Combine(folder, $"bare-texts-{run}.db"), readTexts: true, cancellationToken)
                    : null;
                report.Row([$"{Report.Number(set.Documents)} documents, {name}", $"{run}", .. Cells(set.Documents, import, written, read)]);
                if (run < runs) continue;
                foreach (var (kind, times) in import.Requests.OrderByDescending(p => p.Value)) requests.Row(name, kind, Report.Number(times));
            }
            return runs;
        });

    private static IReadOnlyList<string> Cells(int documents, MeasuredJob import, BareTimes written, BareTimes? read)
    {
        var own = import.FileOperations;
        return
        [
            Report.Number(import.Elapsed.TotalSeconds, 1), Report.Number(documents / import.Elapsed.TotalSeconds),
            Report.Number(documents / written.Elapsed.TotalSeconds), Report.Number(written.Elapsed / import.Elapsed, 2),
            read is null ? "" : Report.Number(documents / read.Elapsed.TotalSeconds), read is null ? "" : Report.Number(read.Elapsed / import.Elapsed, 2),
            $"{Report.Number(import.App.TotalSeconds, 1)} + {Report.Number(import.Storage.TotalSeconds, 1)}",
            $"{Report.Number(written.Own.TotalSeconds, 1)} + {Report.Number(written.Storage.TotalSeconds, 1)}",
            Report.Number(import.Requests.Sum(r => r.Value) - own), Report.Number(import.Requests.GetValueOrDefault("POST BatchResults")),
            Report.Number((double)own / documents, 2),
        ];
    }
}
