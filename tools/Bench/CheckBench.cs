using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Bench;

/// <summary>How long the check of a load file takes before its import, and how much memory.</summary>
internal static class CheckBench
{
    private const int SampleDocuments = 2000;

    private const string How =
        "Each check runs in an app process of its own (with Azurite and SQLite as above), from the request to the report; staging is not counted. Peak memory is "
        + "VmHWM of /proc/PID/status after the check. Documents have metadata, dates and choices, and about 1 KB of text in cells, no files.";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Options: <c>--small</c> and <c>--large</c>, megabytes of load file.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        int[] sizes = [options.Number("--small", 100, 1), options.Number("--large", 1000, 1)];
        var file = options.Text("--out");
        options.End();
        var report = new Report("Check before an import", How);
        report.Row("load file", "rows", "seconds", "MB/s", "rows/s", "peak memory, MB", "of the first", "processor seconds, app");
        double? first = null;
        foreach (var megabytes in sizes)
        {
            var (bytes, rows, elapsed, processor, peak) = await MeasureAsync(megabytes, cancellationToken);
            first ??= peak;
            report.Row(
                $"{Report.Number(bytes / 1e6)} MB", Report.Number(rows), Report.Number(elapsed.TotalSeconds, 1), Report.Number(bytes / 1e6 / elapsed.TotalSeconds, 1),
                Report.Number(rows / elapsed.TotalSeconds), Report.Number(peak / 1e6), $"{Report.Number(peak / first.Value, 2)} ×", Report.Number(processor.TotalSeconds, 1));
        }
        await report.ShowAsync(file, cancellationToken);
        return 0;
    }

    private static Task<(long Bytes, int Rows, TimeSpan Elapsed, TimeSpan Processor, double Peak)> MeasureAsync(int megabytes, CancellationToken cancellationToken)
        => Scratch.RunAsync<(long, int, TimeSpan, TimeSpan, double)>(async folder =>
        {
            var options = new GeneratorOptions { Documents = SampleDocuments, Text = TextPlace.Cell };
            var sample = await LoadFileGenerator.WriteAsync(options, Path.Combine(folder, "sample"), cancellationToken);
            options = options with { Documents = (int)(megabytes * 1_000_000L * SampleDocuments / new FileInfo(sample.LoadFilePath).Length) };
            var set = await LoadFileGenerator.WriteAsync(options, Path.Combine(folder, "set"), cancellationToken);
            await using var app = await LocalApp.StartAsync(folder, cancellationToken);
            var (_, point) = await MeasuredJob.StagePointAsync(app, options, set, cancellationToken);
            var before = app.Processor;
            var elapsed = await CheckAsync(app, point, set.Documents, cancellationToken);
            return (new FileInfo(set.LoadFilePath).Length, set.Documents, elapsed, app.Processor.App - before.App, app.PeakMemory);
        });

    private static async Task<TimeSpan> CheckAsync(LocalApp app, string point, int rows, CancellationToken cancellationToken)
    {
        var check = (await MeasuredJob.PostAsync(app, $"{point}/check", null, cancellationToken)).GetProperty("checkId").GetString()!;
        JsonElement view;
        do
        {
            await Task.Delay(Poll, cancellationToken);
            view = await app.Http.GetFromJsonAsync<JsonElement>($"checks/{check}", cancellationToken);
        }
        while (!view.GetProperty("isFinal").GetBoolean());
        if (!view.TryGetProperty("report", out var report) || report.GetProperty("rows").GetProperty("new").GetInt64() != rows)
            throw new InvalidOperationException($"The check went wrong: {view}");
        return report.GetProperty("endedUtc").GetDateTimeOffset() - report.GetProperty("startedUtc").GetDateTimeOffset();
    }
}
