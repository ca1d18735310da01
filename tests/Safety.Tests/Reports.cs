using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Everything that is written for people and programs about a workspace whose every value is hostile (<see cref="HostileCells"/>); made once.</summary>
internal sealed class Reports
{
    /// <summary>The native of the one document that has a file.</summary>
    public const string Native = "=1+1.txt";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lock Turn = new();
    private static Task<Reports>? made;

    private readonly Dictionary<string, string> exports = [];

    private Reports(Api api) => Api = api;

    public Api Api { get; }

    /// <summary>The load file of which every row was rejected.</summary>
    public required byte[] LoadFile { get; init; }

    /// <summary>The job that rejected it.</summary>
    public required string Rejecting { get; init; }

    /// <summary>The check of rows whose identifiers are markup.</summary>
    public string Check { get; private set; } = "";

    /// <summary>The job that imported every value, and a native.</summary>
    public string Importing { get; private set; } = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An export of every value, by format.</summary>
    public string Export(string format) => exports[format];

    /// <summary>They, made when first asked for.</summary>
    public static Task<Reports> Async(Servers servers)
    {
        lock (Turn) return made ??= MakeAsync(servers);
    }

    /// <summary>What an address answers.</summary>
    public async Task<byte[]> BytesAsync(string address) => await Api.App.Http.GetByteArrayAsync(address, Stop);

    private static async Task<Reports> MakeAsync(Servers servers)
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync(), body => body["runOnUpload"] = false);
        var file = SampleImport.SmallFile([.. HostileCells.All.Values.Select(value => (value, "missing.txt"))]);
        await import.StageAsync("in/small.dat", file);
        var rejecting = await import.RunAsync();
        var ended = await import.EndOfAsync(rejecting);
        Assert.Equal(HostileCells.All.Count, ended.Number("withErrors"));
        var reports = new Reports(new Api(import.App, import.Workspace)) { LoadFile = file, Rejecting = rejecting };
        await reports.CheckAsync(import);
        await reports.ExportAsync(import);
        return reports;
    }

    private async Task CheckAsync(SampleImport import)
    {
        var point = await import.PointAsync("Check", "markup/small.dat", Small);
        await point.StageAsync("markup/small.dat", SampleImport.SmallFile([.. HostileCells.Markup.Select(name => (HostileCells.All[name], "missing.txt"))]));
        Check = (await Api.PostAsync($"{point.PointAddress}/check", "{}")).Json["checkId"]!.GetValue<string>();
        await Until.TrueAsync(async () => (await Api.GetAsync($"checks/{Check}")).Json["isFinal"]!.GetValue<bool>(), Patience, () => import.App.Failed("The check does not end.").Message);
    }

    private async Task ExportAsync(SampleImport import)
    {
        var point = await import.PointAsync("Values", "values/small.dat", Small);
        await point.StageAsync($"values/{Native}", "content"u8.ToArray());
        await point.StageAsync("values/small.dat", Values());
        Importing = await point.RunAsync();
        Assert.Equal("Completed", (await point.EndOfAsync(Importing)).Text("status"));
        await point.UntilFreeAsync();
        foreach (var format in (string[])["html", "csv", "dat"])
        {
            var export = await import.ExportAsync(body =>
            {
                body["destination"]!["settings"]!["dataFormat"] = format;
                body["destination"]!["settings"]!["textFiles"] = false;
            });
            var job = await export.RunAsync();
            var status = (await export.EndOfAsync(job)).Text("status");
            Assert.True(status == "Completed", (await Api.GetAsync($"jobs/{job}/errors")).Text);
            var output = await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/output", Stop);
            var blob = import.App.Blobs.Staging.GetBlobClient($"{output.Text("folder")}/{output.Text("dataFile")}");
            exports[format] = Encoding.UTF8.GetString((await blob.DownloadContentAsync(Stop)).Value.Content).TrimStart('\uFEFF');
        }
    }

    private static void Small(JsonObject body)
        => body["import"] = JsonSerializer.SerializeToNode(new { overwrite = "append-overlay", nativeColumn = "Native Path", createFields = new { identifier = "Control Number" } });

    // The title of a column is hostile too.
    private static byte[] Values()
    {
        var rows = HostileCells.All.Values.Select((value, i) => (string[])[$"C{i}", i == 0 ? Native : "", value, value]);
        return Encoding.UTF8.GetBytes(string.Concat(rows.Prepend(["Control Number", "Native Path", "Title", "<b onclick=alert(1)>"])
            .Select(row => string.Join('\u0014', row.Select(cell => $"\u00FE{cell}\u00FE")) + "\r\n")));
    }
}
