using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Bench;

/// <summary>
/// How fast a .dat is read on one thread: every cell as a span, every cell as a string, and the plan pass (batches, and the hash of each
/// identifier), beside a raw read of the same file and CsvHelper reading every cell. Speeds are by processor time of the process, best of several
/// runs, so that other work on the machine does not count; the clock is shown beside. The file is in the page cache.
/// </summary>
internal static class ReaderBench
{
    private const int RangeBytes = 8 * 1024 * 1024;

    /// <summary>Options: <c>--mb N</c> (200), <c>--runs N</c> (5), <c>--encoding NAME</c> (utf-8).</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var megabytes = Option(args, "--mb", 200);
        var runs = Option(args, "--runs", 5);
        var at = Array.IndexOf(args, "--encoding");
        var encoding = at < 0 ? new UTF8Encoding(false) : EncodingDetector.Find(args[at + 1]) ?? throw new ArgumentException("unknown encoding");
        var path = Path.Combine(Path.GetTempPath(), $"reader-bench-{Environment.ProcessId}.dat");
        try
        {
            var rows = await GenerateAsync(path, megabytes * 1_000_000L, encoding);
            var format = new LoadFileFormat { Encoding = encoding };
            var bytes = new FileInfo(path).Length;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB, {rows:N0} rows of 24 cells, {encoding.WebName}, best of {runs}"));
            Console.WriteLine("| what | MB/s | rows/s | of raw read | times CsvHelper | MB/s by the clock |");
            Console.WriteLine("|---|---|---|---|---|---|");
            var csvHelper = await BestAsync(Math.Min(runs, 2), () => CsvHelperAsync(path, encoding));
            var raw = await BestAsync(runs, () => RawAsync(path));
            Print("raw read", raw);
            Print("spans: GetBytes of every cell", await BestAsync(runs, () => ReadAsync(path, format, Spans)));
            Print("plan pass: ranges and identifier hashes", await BestAsync(runs, () => PlanAsync(path, format)));
            Print("strings: GetString of every cell", await BestAsync(runs, () => ReadAsync(path, format, Strings)));
            Print("values: dates, choices, numbers converted", await BestAsync(runs, () => ReadAsync(path, format, Values())));
            Print("CsvHelper 33.0.1: every cell", csvHelper);
            return 0;

            void Print(string what, Times times)
            {
                var (seconds, clock) = (times.Processor.TotalSeconds, times.Clock.TotalSeconds);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {bytes / 1e6 / seconds:F0} | {rows / seconds:N0} "
                    + $"| {raw.Processor / times.Processor:P0} | {csvHelper.Processor / times.Processor:F1} | {bytes / 1e6 / clock:F0} |"));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static int Option(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }

    // Metadata as processing software exports it: identifiers, names, dates, paths, hashes, some empty cells, letters beyond ASCII here and there.
    private static async Task<int> GenerateAsync(string path, long bytes, Encoding encoding)
    {
        var random = new Random(1);
        var words = "lease Rent quarterly Ünal report Re: FW: contract Zoë meeting draft v2 invoice Q3 2019".Split(' ');
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20, useAsync: true);
        await using var writer = new LoadFileWriter(file, encoding, new Delimiters(), byteOrderMark: false);
        await writer.WriteRowAsync([.. Enumerable.Range(1, 24).Select(i => i == 1 ? "Control Number" : $"Field {i}")]);
        var rows = 1;
        for (; file.Position < bytes; rows++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"REL{rows:D8}");
            await writer.WriteRowAsync(
            [
                id, id, id, id, Text(2), Text(2), Text(3), Text(8), "",
                string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 13)}/{random.Next(1, 29)}/2019 1:05 PM"),
                "", $"{random.NextInt64():X16}", "email", $"{random.Next(1, 90)}",
                $@".\NATIVES\001\{id}.msg", $@".\TEXT\001\{id}.txt", $@"Landlord\Letters\{Text(1)}", "Rent\\Arrears; Parties", "Y", "", Text(4),
                "2019-04-09 13:05:00", Text(12), random.Next(10) == 0 ? Text(40) : "",
            ]);
        }

        return rows;

        string Text(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => words[random.Next(words.Length)]));
    }

    private static async Task<Times> BestAsync(int runs, Func<Task<long>> run)
    {
        var best = new Times(TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < runs; i++)
        {
            var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            if (await run() == 0) throw new InvalidOperationException("nothing was read");
            var times = new Times(Environment.CpuUsage.TotalTime - processor, clock.Elapsed);
            best = new(Min(best.Processor, times.Processor), Min(best.Clock, times.Clock));
        }

        return best;

        static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }

    private sealed record Times(TimeSpan Processor, TimeSpan Clock);

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);

    private static async Task<long> RawAsync(string path)
    {
        await using var file = Open(path);
        var buffer = new byte[1 << 20];
        long total = 0;
        int read;
        while ((read = await file.ReadAsync(buffer)) > 0) total += read;
        return total;
    }

    private static async Task<long> ReadAsync(string path, LoadFileFormat format, Func<LoadFileRow, long> take)
    {
        await using var reader = new LoadFileReader(Open(path), format);
        long total = 0;
        while (await reader.ReadAsync(CancellationToken.None)) total += take(reader.Row);
        return total;
    }

    private static long Spans(LoadFileRow row)
    {
        long total = 0;
        for (var cell = 0; cell < row.CellCount; cell++) total += row.GetBytes(cell).Length;
        return total;
    }

    private static long Strings(LoadFileRow row)
    {
        long total = 0;
        for (var cell = 0; cell < row.CellCount; cell++) total += row.GetString(cell).Length;
        return total;
    }

    // As an import of this file into typed fields: two dates, a nested choice, a number, yes/no, and text.
    private static Func<LoadFileRow, long> Values()
    {
        var settings = ConversionSettings.Of(new ImportSettings(), new DateTime(2026, 3, 4), new InstanceValues());
        var types = new Dictionary<int, FieldType>
        {
            [9] = FieldType.Date,
            [13] = FieldType.WholeNumber,
            [17] = FieldType.MultipleChoice,
            [18] = FieldType.YesNo,
            [21] = FieldType.Date,
        };
        var converters = Enumerable.Range(0, 24).Select(i => new ValueConverter(
            FieldPlan.NewField("Document", $"Field {i}", types.GetValueOrDefault(i, FieldType.LongText), null, []), settings)).ToArray();
        var header = true;
        return row =>
        {
            long total = 1;
            for (var cell = 0; cell < row.CellCount; cell++)
            {
                var converted = converters[cell].Convert(row.GetString(cell));
                if (converted.IsError && !header) throw new InvalidOperationException(converted.Reason);
                if (converted.Value is not null) total++;
            }

            header = false;
            return total;
        };
    }

    // What planning does with a row: where batches begin, and a hash of the folded identifier by which duplicates are found.
    private static async Task<long> PlanAsync(string path, LoadFileFormat format)
    {
        await using var reader = new LoadFileReader(Open(path), format);
        var folded = new char[512];
        long begin = 0, ranges = 0;
        UInt128 hashes = 0;
        while (await reader.ReadAsync(CancellationToken.None))
        {
            var row = reader.Row;
            if (row.Error is null) hashes ^= Hash(row.GetChars(0).Trim(), ref folded);
            if (reader.Offset - begin < RangeBytes) continue;
            begin = reader.Offset;
            ranges++;
        }

        return hashes == 0 ? 0 : ranges + 1;
    }

    private static UInt128 Hash(ReadOnlySpan<char> identifier, ref char[] folded)
    {
        if (folded.Length < identifier.Length) folded = new char[identifier.Length * 2];
        var length = identifier.ToUpperInvariant(folded);
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(folded.AsSpan(0, length)));
    }

    private static async Task<long> CsvHelperAsync(string path, Encoding encoding)
    {
        using var text = new StreamReader(Open(path), encoding, false, 1 << 20);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = "\u0014",
            Quote = 'þ',
            Escape = 'þ',
            BufferSize = 1 << 20,
            ProcessFieldBufferSize = 1 << 16,
            Mode = CsvMode.RFC4180,
        });
        long total = 0;
        while (await csv.ReadAsync())
        {
            for (var i = 0; i < csv.Count; i++) total += csv[i].Length;
        }

        return total;
    }
}
