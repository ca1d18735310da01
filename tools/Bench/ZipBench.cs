using System.IO.Compression;
using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Bench;

/// <summary>The most memory that the app's process takes while it imports a small and a large package, and how fast it does.</summary>
internal static class ZipBench
{
    private const string How =
        "Each import runs in an app process of its own (with Azurite and SQLite as above); the point reads the load file and its natives in the package, where it lies "
        + "in the staging area. Seconds are from the job's start to its end, staging is not counted; peak memory is VmHWM of /proc/PID/status after the job. Natives are "
        + "incompressible, every other one is stored and the rest are deflated. Operations are what Azurite saw of the app while the job ran.";

    /// <summary>Options: <c>--small</c> and <c>--large</c>, megabytes of package; <c>--native-kb</c>, the size of a native.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        int[] sizes = [options.Number("--small", 200, 1), options.Number("--large", 2000, 1)];
        var (native, file) = (options.Number("--native-kb", 1000, 1), options.Text("--out"));
        options.End();
        var report = new Report("Import of a package", How);
        report.Row("package", "natives", "seconds", "MB/s", "operations a native", "peak memory, MB", "of the first", "processor seconds, app + Azurite");
        double? first = null;
        foreach (var megabytes in sizes)
        {
            var natives = Math.Max(1, (int)(megabytes * 1000L / native));
            var (bytes, import, peak) = await MeasureAsync(natives, native * 1000, cancellationToken);
            first ??= peak;
            var seconds = import.Elapsed.TotalSeconds;
            report.Row(
                $"{Report.Number(bytes / 1e6)} MB", Report.Number(natives), Report.Number(seconds, 1), Report.Number(bytes / 1e6 / seconds, 1),
                Report.Number((double)import.Requests.Values.Sum() / natives, 2), Report.Number(peak / 1e6), $"{Report.Number(peak / first.Value, 2)} ×",
                $"{Report.Number(import.App.TotalSeconds, 1)} + {Report.Number(import.Storage.TotalSeconds, 1)}");
        }
        await report.ShowAsync(file, cancellationToken);
        return 0;
    }

    private static Task<(long Bytes, MeasuredJob Import, long Peak)> MeasureAsync(int natives, int nativeBytes, CancellationToken cancellationToken)
        => Scratch.RunAsync(async folder =>
        {
            var options = new GeneratorOptions { Documents = natives, Natives = true };
            var set = await LoadFileGenerator.WriteAsync(options, Path.Combine(folder, "set"), cancellationToken);
            var package = new FileInfo(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "packed")).FullName, "set.zip"));
            await PackAsync(set, package.FullName, nativeBytes, cancellationToken);
            await using var app = await LocalApp.StartAsync(folder, cancellationToken);
            var (workspace, point) = await MeasuredJob.StagePointAsync(app, package.DirectoryName!, Point, cancellationToken);
            var import = await MeasuredJob.RunAsync(app, workspace, point, natives, cancellationToken);
            return (package.Length, import, app.PeakMemory);

            object Point(string staged) => MeasuredJob.Point(options, set, $"{staged}/{package.Name}/{Path.GetFileName(set.LoadFilePath)}");
        });

    // The load file as it is; natives begin as they were generated, and go on with bytes that nothing makes smaller.
    private static async Task PackAsync(GeneratedSet set, string package, int nativeBytes, CancellationToken cancellationToken)
    {
        var root = Path.GetDirectoryName(set.LoadFilePath)!;
        var dice = new Random(1);
        await using var zip = new ZipArchive(new FileStream(package, FileMode.CreateNew), ZipArchiveMode.Create);
        zip.CreateEntryFromFile(set.LoadFilePath, Path.GetFileName(set.LoadFilePath), CompressionLevel.Fastest);
        var isStored = false;
        foreach (var native in Directory.EnumerateFiles(Path.Combine(root, "NATIVES"), "*", SearchOption.AllDirectories))
        {
            isStored = !isStored;
            var name = Path.GetRelativePath(root, native).Replace('\\', '/');
            var head = await File.ReadAllBytesAsync(native, cancellationToken);
            var content = new byte[Math.Max(nativeBytes, head.Length)];
            dice.NextBytes(content);
            head.CopyTo(content, 0);
            await using var entry = await zip.CreateEntry(name, isStored ? CompressionLevel.NoCompression : CompressionLevel.Fastest).OpenAsync(cancellationToken);
            await entry.WriteAsync(content, cancellationToken);
        }
    }
}
