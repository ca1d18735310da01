using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Bench;

/// <summary>
/// Documents per second of an export through the app, beside a bare loop that puts the same bytes into the same store, in the same run; the app's
/// peak memory; and how many storage operations a batch takes beside those of its documents' files.
/// </summary>
internal static class ExportBench
{
    private const int SampleDocuments = 2000, SampleNatives = 200;

    private const string How =
        "Each export runs through the app in a process of its own with its own Azurite (on disk) and SQLite file, all on this machine, from the job's start to its end. The "
        + "workspace is filled beforehand: a generated sample is imported by another process, and its records are stored again and again under other identifiers. Data files "
        + "are .dat in UTF-8 with all fields; natives and texts (UTF-16) are a file each. The bare loop then writes the very same bytes into an Azurite that is as the app's was "
        + "before: load file and lists in blocks that are put together, texts, and server-side copies of the natives, as many at once as the app, in the bench's own process. "
        + "\"Reading records\": it also lists each record once. Processor seconds do not depend on what else the machine does. Peak memory is VmHWM of /proc/PID/status after the "
        + "run. Operations are what Azurite saw of the app while the job ran, those of the job as a whole among them; own ones are those of the documents' files.";

    /// <summary>
    /// Options: <c>--documents</c> and <c>--large</c> (metadata only), <c>--natives</c> (with natives and text files), 0 leaves one out;
    /// <c>--text-bytes</c>, <c>--runs</c>.
    /// </summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        int[] sizes = [options.Number("--documents", 100_000), options.Number("--large", 1_000_000)];
        var (natives, bytes) = (options.Number("--natives", 5000), options.Number("--text-bytes", 1000, 1));
        var (runs, file) = (options.Number("--runs", 1, 1), options.Text("--out"));
        options.End();
        var report = new Report("Export, end to end", How);
        report.Row(
            "export", "run", "load file and lists, MB", "seconds", "documents/s", "bare loop, documents/s", "ratio", "bare, reading records", "ratio",
            "processor seconds, app + Azurite", "bare + Azurite", "peak memory, MB", "operations beside", "batches", "own operations a document");
        var requests = new Report("What the app asked of its storage account", "Requests of the last run, by kind.");
        requests.Row("export", "request", "times");
        foreach (var size in sizes.Where(s => s > 0))
        {
            var sample = new GeneratorOptions { Documents = Math.Min(SampleDocuments, size) };
            await MeasureAsync(new Case("metadata", size, sample, runs), report, requests, cancellationToken);
        }
        if (natives > 0)
        {
            var sample = new GeneratorOptions { Documents = Math.Min(SampleNatives, natives), Natives = true, Text = TextPlace.File, BytesPerText = bytes };
            await MeasureAsync(new Case("natives, text as files", natives, sample, runs), report, requests, cancellationToken);
        }
        await report.ShowAsync(file, cancellationToken);
        await requests.ShowAsync(null, cancellationToken);
        return 0;
    }

    private static Task<int> MeasureAsync(Case of, Report report, Report requests, CancellationToken cancellationToken)
        => Scratch.RunAsync(async folder =>
        {
            var workspace = await FilledWorkspace.MakeAsync(folder, of.Sample, of.Documents, cancellationToken);
            string[] stores = [Path.Combine(folder, "bare"), Path.Combine(folder, "bare-reading")];
            foreach (var store in stores) Copy(Path.Combine(folder, LocalApp.StorageFolder), store);
            var exports = new List<(MeasuredJob Export, long Peak)>();
            BareExporter bare;
            await using (var app = await LocalApp.StartAsync(folder, cancellationToken))
            {
                var points = $"workspaces/{workspace}/integration-points";
                var point = $"{points}/{(await MeasuredJob.PostAsync(app, points, Point(of.Sample.Natives), cancellationToken)).GetProperty("id").GetString()}";
                while (exports.Count < of.Runs) exports.Add((await MeasuredJob.RunAsync(app, workspace, point, of.Documents, cancellationToken), app.PeakMemory));
                bare = new BareExporter(app.Records, workspace, folder);
                await bare.LoadAsync(app, exports[^1].Export.Job, cancellationToken);
            }
            var (written, read) = (await BareAsync(bare, stores[0], false, cancellationToken), await BareAsync(bare, stores[1], true, cancellationToken));
            var name = $"{Report.Number(of.Documents)} documents, {of.Name}";
            foreach (var (i, (export, peak)) in exports.Index())
                report.Row([name, $"{i + 1}", Report.Number(bare.ListBytes / 1e6), .. Cells(of.Documents, export, written, read, peak)]);
            foreach (var (kind, times) in exports[^1].Export.Requests.OrderByDescending(p => p.Value)) requests.Row(name, kind, Report.Number(times));
            return of.Runs;
        });

    // The emulator takes the longer for a request the more blobs it keeps: the bare loop finds as many as the app did.
    private static async Task<BareTimes> BareAsync(BareExporter bare, string store, bool readRecords, CancellationToken cancellationToken)
    {
        await using var storage = await Azurite.StartAsync(store, cancellationToken);
        return await bare.RunAsync(storage, readRecords, cancellationToken);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static object Point(bool files) => new
    {
        name = "Bench export",
        source = new { provider = "workspace", settings = new { part = "folder-and-subfolders" } },
        destination = new { provider = "load-file", settings = new { encoding = "utf-8", natives = files, textFiles = files } },
    };

    private static IReadOnlyList<string> Cells(int documents, MeasuredJob export, BareTimes written, BareTimes read, long peak)
    {
        var own = export.FileOperations;
        return
        [
            Report.Number(export.Elapsed.TotalSeconds, 1), Report.Number(documents / export.Elapsed.TotalSeconds),
            Report.Number(documents / written.Elapsed.TotalSeconds), Report.Number(written.Elapsed / export.Elapsed, 2),
            Report.Number(documents / read.Elapsed.TotalSeconds), Report.Number(read.Elapsed / export.Elapsed, 2),
            $"{Report.Number(export.App.TotalSeconds, 1)} + {Report.Number(export.Storage.TotalSeconds, 1)}",
            $"{Report.Number(written.Own.TotalSeconds, 1)} + {Report.Number(written.Storage.TotalSeconds, 1)}",
            Report.Number(peak / 1e6), Report.Number(export.Requests.Sum(r => r.Value) - own), Report.Number(export.Requests.GetValueOrDefault("POST BatchResults")),
            Report.Number((double)own / documents, 2),
        ];
    }

    private sealed record Case(string Name, int Documents, GeneratorOptions Sample, int Runs);
}
