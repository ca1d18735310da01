using IntegrationPoints.App.Tests.Running;

[assembly: AssemblyFixture(typeof(Servers))]

namespace IntegrationPoints.App.Tests.Running;

/// <summary>What tests share: the storage emulator, an app that nothing disturbs, and what an undisturbed import comes to. Made when first asked for.</summary>
public sealed class Servers : IAsyncDisposable
{
    /// <summary>The tests that hold requests of the app behind the gate, one after the other.</summary>
    internal const string Gated = "gated";

    /// <summary>Batches so small that the sample takes a dozen, and pages so small that the orchestration has several generations.</summary>
    internal static readonly (string Name, object Value)[] SmallBatches = [("Jobs:BatchRecords", 20), ("Jobs:PageBatches", 3)];

    /// <summary>For an app that is to find uploads soon.</summary>
    internal static readonly (string Name, object Value) Uploads = ("LocalHost:BlobPollSeconds", 1);

    private readonly Lazy<Task<AzuriteServer>> azurite;
    private readonly Lazy<Task<AppProcess>> app, uploads;
    private readonly Lazy<Task<(StoreGate Gate, AppProcess App)>> gated;
    private readonly Lazy<Task<QuietRun>> quiet;

    public Servers()
    {
        azurite = new(StartAzuriteAsync);
        app = new(() => NewAppAsync());
        uploads = new(() => NewAppAsync(Uploads));
        gated = new(StartGatedAsync);
        quiet = new(RunAsync);
    }

    /// <summary>A started app of the test's own, with small batches.</summary>
    internal async Task<AppProcess> NewAppAsync(params (string Name, object Value)[] settings)
        => await AppProcess.StartAsync((await azurite.Value).NewAccount(), [.. SmallBatches, .. settings]);

    /// <summary>An account of the test's own, and a gate in front of it.</summary>
    internal async Task<StoreGate> NewGateAsync() => await StoreGate.OpenAsync((await azurite.Value).NewAccount());

    /// <summary>The app that nobody disturbs; tests have workspaces of their own in it. It finds uploads late.</summary>
    internal Task<AppProcess> AppAsync() => app.Value;

    /// <summary>Another such app, which finds uploads soon.</summary>
    internal Task<AppProcess> UploadsAppAsync() => uploads.Value;

    /// <summary>An app behind a gate, for the tests of the collection <see cref="Gated"/>.</summary>
    internal Task<(StoreGate Gate, AppProcess App)> GatedAsync() => gated.Value;

    /// <summary>The sample, imported without any disturbance.</summary>
    internal Task<QuietRun> QuietAsync() => quiet.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (app.IsValueCreated) await (await app.Value).DisposeAsync();
        if (uploads.IsValueCreated) await (await uploads.Value).DisposeAsync();
        if (gated.IsValueCreated)
        {
            await (await gated.Value).App.DisposeAsync();
            await (await gated.Value).Gate.DisposeAsync();
        }
        if (azurite.IsValueCreated) await (await azurite.Value).DisposeAsync();
    }

    private static async Task<AzuriteServer> StartAzuriteAsync()
    {
        var server = new AzuriteServer();
        await server.InitializeAsync();
        return server;
    }

    private async Task<(StoreGate Gate, AppProcess App)> StartGatedAsync()
    {
        var gate = await NewGateAsync();
        return (gate, await AppProcess.StartAsync(gate.Account, [.. SmallBatches, Uploads]));
    }

    private async Task<QuietRun> RunAsync()
    {
        var import = await SampleImport.NewAsync(await AppAsync());
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        var appended = await Snapshot.OfAsync(import, job);

        // In a workspace of its own: other tests go on from the first one.
        var second = await SampleImport.NewAsync(await AppAsync());
        await second.EndOfAsync(await second.RunAsync());
        var overlay = await second.OverlayAsync();
        var overlaid = await overlay.RunAsync();
        await overlay.EndOfAsync(overlaid);
        return new QuietRun(import, job, appended, await Snapshot.OfAsync(overlay, overlaid));
    }
}

/// <summary>An undisturbed import of the sample, its job, what it came to, and what overlaying it with itself came to.</summary>
internal sealed record QuietRun(SampleImport Import, string Job, Snapshot Appended, Snapshot Overlaid);
