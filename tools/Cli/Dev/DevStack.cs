using System.Diagnostics;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Dev;

/// <summary>Storage emulator and app, started and stopped together; what runs is written down in their folder.</summary>
internal sealed class DevStack(LocalFolders folders, DevFolder folder, Terminal terminal)
{
    private static readonly TimeSpan StorageStopLimit = TimeSpan.FromSeconds(15);

    // A busy machine may keep a healthy app from answering for a while; it is not stopped for that.
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(60);

    /// <summary>Where the app is to keep its records; null: in the SQLite file, unless it runs already.</summary>
    public RecordStore? Records { get; init; }

    /// <summary>The app that runs here and is well; null when there is none.</summary>
    public Task<DevState?> RunningAsync(CancellationToken cancellationToken) => RunningAsync(LookPatience, cancellationToken);

    private async Task<DevState?> RunningAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (DevState.Read(folder) is not { Url: { } url, App: { } app } state) return null;
        for (var waited = Stopwatch.StartNew(); app.IsAlive && waited.Elapsed < patience;)
        {
            if (await AppServer.IsHealthyAsync(url, state.Instance, cancellationToken)) return state;
            await Task.Delay(200, cancellationToken);
        }
        return null;
    }

    /// <summary>Starts both unless they run; what was left of an earlier start is stopped first.</summary>
    /// <param name="usualPorts">Take the usual ports when they are free.</param>
    /// <param name="owner">Who will stop them; null when they are meant to stay.</param>
    /// <param name="cancellationToken">Cancels; nothing that was started stays behind.</param>
    /// <returns>What runs, and whether it was started now.</returns>
    /// <exception cref="CommandException">It does not start, or runs with its records elsewhere.</exception>
    public async Task<(DevState State, bool Started)> UpAsync(bool usualPorts, OwnProcess? owner, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Path);
        await using var mine = await LockFile.TakeAsync(folder.Lock, cancellationToken);
        if (await RunningAsync(RestartPatience, cancellationToken) is { } running)
        {
            if (Records is { } asked && asked.Name != running.Records)
                throw new CommandException($"The app is running already, with its records in {running.Records}. Stop it first: ip dev down");
            return (running, false);
        }
        await StopAsync();
        try
        {
            return (await StartAsync(usualPorts, owner, cancellationToken), true);
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>Stops both.</summary>
    /// <returns>Whether anything ran.</returns>
    public async Task<bool> DownAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder.Path)) return false;
        await using var mine = await LockFile.TakeAsync(folder.Lock, cancellationToken);
        return await StopAsync();
    }

    private async Task<DevState> StartAsync(bool usualPorts, OwnProcess? owner, CancellationToken cancellationToken)
    {
        var emulator = new StorageEmulator(folders);
        var app = new AppServer(folders) { Records = Records };
        if (!emulator.IsInstalled) terminal.Progress("Installing the storage emulator (npm ci in tools/DevStorage)…");
        await emulator.InstallAsync(cancellationToken);
        if (!app.IsBuilt) terminal.Progress("Building the app (dotnet build functions/App)…");
        await app.BuildAsync(cancellationToken);

        var state = new DevState { Instance = Guid.NewGuid().ToString("n"), Owner = owner, Records = Records?.Name ?? RecordStore.Sqlite };
        // Written down at each step: whoever comes after a kill finds what is left.
        void Note(DevState now) => (state = now).Write(folder);
        terminal.Progress("Starting the storage emulator…");
        var storage = await emulator.StartAsync(folder, usualPorts, process => Note(state with { Storage = process }), cancellationToken);
        Note(state with { StorageConnection = storage });
        SigningKey.Ensure(folder.SigningKey);
        terminal.Progress("Starting the app…");
        var url = await app.StartAsync(
            folder, usualPorts, storage, state.Instance, process => Note(state with { App = process }), cancellationToken);
        Note(state with { Url = url });
        return state;
    }

    // The app first: it may still have something to store.
    private async Task<bool> StopAsync()
    {
        if (DevState.Read(folder) is not { } state) return false;
        var ran = state.App is { IsAlive: true } || state.Storage is { IsAlive: true };
        if (state.App is { } app && !await app.StopAsync(AppServer.StopLimit)) terminal.Remark("The app did not end by itself and was killed.");
        if (state.Storage is { } storage) await storage.StopAsync(StorageStopLimit);
        File.Delete(folder.State);
        return ran;
    }
}
