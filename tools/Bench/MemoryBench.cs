using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Bench;

/// <summary>The most memory that the app's process takes while it imports a small and a large load file.</summary>
internal static class MemoryBench
{
    private const int SampleDocuments = 2000;

    private const string How =
        "Each import runs in an app process of its own (with Azurite and SQLite as above); peak memory is VmHWM of /proc/PID/status after the job. "
        + "Documents have metadata and about 1 KB of text in cells, no files.";

    /// <summary>Options: <c>--small</c> and <c>--large</c>, megabytes of load file.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        int[] sizes = [options.Number("--small", 100, 1), options.Number("--large", 1000, 1)];
        var file = options.Text("--out");
        options.End();
        var report = new Report("Peak memory of the app", How);
        report.Row("load file", "documents", "peak memory, MB", "of the first", "seconds", "MB/s");
        double? first = null;
        foreach (var megabytes in sizes)
        {
            var (bytes, documents, peak, elapsed) = await MeasureAsync(megabytes, cancellationToken);
            first ??= peak;
            report.Row(
                $"{Report.Number(bytes / 1e6)} MB", Report.Number(documents), Report.Number(peak / 1e6), $"{Report.Number(peak / first.Value, 2)} ×",
                Report.Number(elapsed.TotalSeconds, 1), Report.Number(bytes / 1e6 / elapsed.TotalSeconds, 1));
        }
        await report.ShowAsync(file, cancellationToken);
        return 0;
    }

    private static Task<(long Bytes, int Documents, double Peak, TimeSpan Elapsed)> MeasureAsync(int megabytes, CancellationToken cancellationToken)
        => Scratch.RunAsync<(long, int, double, TimeSpan)>(async folder =>
        {
            var options = new GeneratorOptions { Documents = SampleDocuments, Text = TextPlace.Cell };
            var sample = await LoadFileGenerator.WriteAsync(options, Path.Combine(folder, "sample"), cancellationToken);
            options = options with { Documents = (int)(megabytes * 1_000_000L * SampleDocuments / new FileInfo(sample.LoadFilePath).Length) };
            var set = await LoadFileGenerator.WriteAsync(options, Path.Combine(folder, "set"), cancellationToken);
            await using var app = await LocalApp.StartAsync(folder, cancellationToken);
            var import = await MeasuredJob.RunAsync(app, options, set, cancellationToken);
            return (new FileInfo(set.LoadFilePath).Length, set.Documents, app.PeakMemory, import.Elapsed);
        });
}
