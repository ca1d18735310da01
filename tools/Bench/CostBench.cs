using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadGen;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Bench;

/// <summary>What an import of a million documents costs on Azure, and what a month costs in which nothing happens: counted operations, a model of charges, a file of prices.</summary>
internal static class CostBench
{
    private const double Million = 1_000_000, Gigabyte = 1024.0 * 1024 * 1024;

    private const string How =
        "A smaller import of each kind runs through the app on this machine; what its Azurite was asked while the job ran is counted, scaled to a million documents, by kind: "
        + "blobs written, read and listed, and tables. Request units come from a model of Microsoft's documented charges (RequestUnitModel.cs): each stored item is created "
        + "once by its size, its keys and the properties that Cosmos DB adds included, and each document is looked for once by its identifier, as a point read that finds nothing. Values in the index have no documented charge and are not in it; a job that ran shows what it was charged. "
        + "Seconds of the app are by the clock of this machine, which other work shares, times 2 GB of an instance. The orchestration's own queue and table operations are not counted (about ten a batch of 5,000). Overlaying costs twice as many request units for each item, and reads what is there.";

    /// <summary>Options: <c>--documents</c> (metadata, with text), <c>--natives</c>, <c>--prices</c>, <c>--out</c>.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var (documents, natives, file) = (options.Number("--documents", 10_000, 1), options.Number("--natives", 1000, 1), options.Text("--out"));
        var prices = await Prices.ReadAsync(options.Text("--prices"), cancellationToken);
        options.End();
        var report = new Report("Cost of a million documents", $"{How}\n\nPrices: {prices.Region}, {prices.Date}. {prices.Remark}");
        report.Row("import", "documents measured", "RU a document", "blob writes, reads, lists, millions", "table operations, millions", "GB-s", "request units", "blob operations", "tables", "app, on demand", "sum of what has a price", "kept a month");
        (string Name, GeneratorOptions Options)[] kinds =
        [
            ("metadata", new GeneratorOptions { Documents = documents }),
            ("with 1 KB of text in cells", new GeneratorOptions { Documents = documents, Text = TextPlace.Cell }),
            ("with natives, text in files", new GeneratorOptions { Documents = natives, Natives = true, Text = TextPlace.File }),
        ];
        foreach (var (name, generated) in kinds) report.Row(await MeasureAsync(name, generated, prices, cancellationToken));
        await report.ShowAsync(file, cancellationToken);
        await IdleAsync(prices, file, cancellationToken);
        return 0;
    }

    private static Task<IReadOnlyList<string>> MeasureAsync(string name, GeneratorOptions options, Prices prices, CancellationToken cancellationToken)
        => Scratch.RunAsync(async folder =>
        {
            var set = await LoadFileGenerator.WriteAsync(options, Path.Combine(folder, "set"), cancellationToken);
            await using var app = await LocalApp.StartAsync(folder, cancellationToken);
            var import = await MeasuredJob.RunAsync(app, options, set, cancellationToken);
            var (units, bytes) = await ChargeAsync(app, import.Workspace, set.Documents, cancellationToken);
            return Cells(name, set.Documents, import, units, bytes, prices);
        });

    private static IReadOnlyList<string> Cells(string name, int documents, MeasuredJob import, double units, long bytes, Prices prices)
    {
        var scale = Million / documents;
        double Times(Func<string, bool> kind) => scale * import.Requests.Where(r => kind(r.Key)).Sum(r => r.Value);
        var tables = Times(IsTable);
        var lists = Times(k => !IsTable(k) && k.EndsWith("(list)", StringComparison.Ordinal));
        var reads = Times(k => !IsTable(k) && !k.EndsWith("(list)", StringComparison.Ordinal) && (k.StartsWith("GET ", StringComparison.Ordinal) || k.StartsWith("HEAD ", StringComparison.Ordinal)));
        var writes = Times(k => !IsTable(k)) - lists - reads;
        var seconds = scale * import.Elapsed.TotalSeconds * prices.Idle.InstanceGigabytes;
        double?[] known =
        [
            prices.Sum("cosmosMillionRequestUnits", units * scale / Million), prices.Sum("blobWrites10000", writes / 10_000), prices.Sum("blobReads10000", reads / 10_000),
            prices.Sum("blobLists10000", lists / 10_000), prices.Sum("tableOperations10000", tables / 10_000), prices.Sum("functionsGigabyteSecond", seconds),
        ];
        return
        [
            name, Report.Number(documents), Report.Number(units / documents, 2), $"{Report.Number(writes / Million, 2)}, {Report.Number(reads / Million, 2)}, {Report.Number(lists / Million, 2)}",
            Report.Number(tables / Million, 2), Report.Number(seconds), prices.Of("cosmosMillionRequestUnits", units * scale / Million),
            $"${Report.Number(known[1..4].Sum() ?? 0, 2)}", prices.Of("tableOperations10000", tables / 10_000), prices.Of("functionsGigabyteSecond", seconds),
            $"${Report.Number(known.Sum() ?? 0, 2)}", $"{Report.Number(bytes * scale / Gigabyte, 1)} GB of records: {prices.Of("cosmosGigabyteMonth", bytes * scale / Gigabyte)}",
        ];
    }

    // Every item of the workspace was created once; every document was looked for before.
    private static async Task<(double Units, long Bytes)> ChargeAsync(LocalApp app, string workspace, int documents, CancellationToken cancellationToken)
    {
        await using var store = new SqliteRecords(app.Records);
        var (units, bytes) = (documents * RequestUnitModel.Read(0), 0L);
        var of = new Workspace { Id = workspace, Name = "" };
        foreach (var partition in Enumerable.Range(0, of.Buckets).Select(b => Identifier.Partition(workspace, b)).Append($"{workspace}|config"))
        {
            var query = new ItemQuery(partition, "") { Take = int.MaxValue };
            foreach (var item in await store.ListAsync(query, cancellationToken))
            {
                var size = RequestUnitModel.Stored(item.Key.Id, item.Key.Partition, item.Sort, item.Body.Length);
                units += RequestUnitModel.Create(size);
                bytes += size;
            }
        }
        return (units, bytes);
    }

    private static async Task IdleAsync(Prices prices, string? file, CancellationToken cancellationToken)
    {
        var (idle, sum) = (prices.Idle, 0.0);
        var report = new Report("Cost of a month in which nothing happens", $"{Report.Number(idle.Hours)} hours, quantities from prices.json, which a test holds against the deployment's template. Prices: {prices.Region}, {prices.Date}, as above; free grants are not taken off.");
        report.Row("meter", "quantity", "cost");
        Row($"Flex Consumption, always-ready baseline: {idle.AlwaysReadyInstances} × {idle.InstanceGigabytes} GB", idle.AlwaysReadyGigabyteSeconds, "GB-s", "functionsAlwaysReadyGigabyteSecond", 1);
        Row("Flex Consumption, on demand: the tick", idle.TickGigabyteSeconds, "GB-s", "functionsGigabyteSecond", 1);
        Row("the tick's runs", idle.Ticks, "runs", "functionsMillionExecutions", Million);
        Row("queues that are asked while they are empty", idle.QueueOperations, "operations", "queueOperations10000", 10_000);
        Row("tables: what the tick asks when there is nothing to do", idle.TableRequests, "requests", "tableOperations10000", 10_000);
        report.Row("sum of what has a price", "", $"${Report.Number(sum, 2)}");
        await report.ShowAsync(file, cancellationToken);

        void Row(string meter, double quantity, string unit, string price, double units)
        {
            report.Row(meter, $"{Report.Number(quantity)} {unit}", prices.Of(price, quantity / units));
            sum += prices.Sum(price, quantity / units) ?? 0;
        }
    }

    // Tables have names that begin with a capital letter; containers have none.
    private static bool IsTable(string kind) => kind.Split(' ', 2) is [_, var name] && char.IsAsciiLetterUpper(name[0]);
}
