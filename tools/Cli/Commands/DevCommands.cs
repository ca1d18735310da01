using System.CommandLine;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Dev;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip dev</c>: storage emulator and app of the developer's machine.</summary>
internal static class DevCommands
{
    public static Command Create() => new("dev", "The app and its storage on this machine.")
    {
        Up(), Down(), Status(),
        TokenCommand.Create(),
    };

    private static Command Up()
    {
        var records = new Option<string?>("--records")
        {
            Description = $"Where records are kept: {RecordStore.Sqlite} (unless said otherwise), or {RecordStore.Cosmos}: the Cosmos DB of COSMOS_TEST_ENDPOINT, for an emulator with its key in COSMOS_TEST_KEY.",
            HelpName = "store",
        };
        records.AcceptOnlyFromAmong(RecordStore.Sqlite, RecordStore.Cosmos);
        var command = new Command("up", "Start them in the background, with all set-up.") { records };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var store = arguments.GetValue(records) is { } name ? RecordStore.Of(name, Environment.GetEnvironmentVariable) : null;
            await UpAsync(LocalFolders.Find(), Terminal.Of(arguments), store, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task UpAsync(LocalFolders folders, Terminal terminal, RecordStore? records, CancellationToken cancellationToken)
    {
        var (state, started) = await new DevStack(folders, folders.Dev, terminal) { Records = records }.UpAsync(usualPorts: true, owner: null, cancellationToken);
        var url = Plain(state.Url!);
        terminal.Show(new { url, started }, started ? $"The app runs at {url}." : $"The app was running already at {url}.");
        if (!started && !new AppServer(folders).IsBuilt)
            terminal.Progress("Its sources have changed since it was built: `ip dev down` and `ip dev up` bring it up to date.");
    }

    private static Command Down()
    {
        var drain = new Option<bool>("--drain") { Description = "Suspend the jobs that run first; after `ip dev up`, `ip job resume` lets them go on." };
        var command = new Command("down", "Stop them.") { drain };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await DownAsync(LocalFolders.Find(), Terminal.Of(arguments), arguments.GetValue(drain), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task DownAsync(LocalFolders folders, Terminal terminal, bool drain, CancellationToken cancellationToken)
    {
        if (drain && await new DevStack(folders, folders.Dev, terminal).RunningAsync(cancellationToken) is { Url: { } url })
        {
            using var app = new AppClient(AppAddress.Normal(url), Credentials.Of(folders.Dev));
            await new Drain(app, terminal).RunAsync(cancellationToken);
        }
        var ran = await new DevStack(folders, folders.Dev, terminal).DownAsync(cancellationToken);
        if (terminal.Json) terminal.Show(new { stopped = ran }, "");
        else terminal.Progress(ran ? "The app and its storage are stopped." : "Nothing was running.");
    }

    private static Command Status()
    {
        var command = new Command("status", "Say whether they run.");
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await StatusAsync(LocalFolders.Find(), Terminal.Of(arguments), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task StatusAsync(LocalFolders folders, Terminal terminal, CancellationToken cancellationToken)
    {
        var state = await new DevStack(folders, folders.Dev, terminal).RunningAsync(cancellationToken);
        terminal.Show(
            new { running = state is not null, url = state is null ? null : Plain(state.Url!), storage = state?.StorageConnection },
            state is null ? "The app is not running." : $"The app runs at {Plain(state.Url!)}.");
    }

    private static string Plain(Uri url) => url.ToString().TrimEnd('/');
}
