using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Cli.Jobs;
using IntegrationPoints.Cli.Output;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Cli.Dev;

/// <summary>Imports the sample data set with an app and a storage emulator of its own, which are gone afterwards.</summary>
internal sealed class Demo(LocalFolders folders, Terminal terminal)
{
    /// <summary>Runs it.</summary>
    /// <returns>Done when every row came out as the sample says, bad rows rejected.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var sample = Sample.Read(folders.Sample);
        await StopLeftoversAsync(cancellationToken);
        var folder = folders.Demo(Guid.NewGuid().ToString("n")[..8]);
        var stack = new DevStack(folders, folder, terminal);
        var passed = false;
        try
        {
            var (state, _) = await stack.UpAsync(usualPorts: false, OwnProcess.Current, cancellationToken);
            using var app = new AppClient(AppAddress.Normal(state.Url!), Credentials.Of(folder));
            passed = await ImportAsync(app, sample, cancellationToken);
        }
        finally
        {
            terminal.Progress("Shutting down…");
            // Also after Ctrl-C: what was started must not stay.
            await stack.DownAsync(CancellationToken.None);
            if (passed || cancellationToken.IsCancellationRequested) Directory.Delete(folder.Path, recursive: true);
            else terminal.Remark($"Logs and data of this run stay in {folder.Path}.");
        }
        return passed ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task<bool> ImportAsync(AppClient app, Sample sample, CancellationToken cancellationToken)
    {
        terminal.Progress("Creating a workspace…");
        var workspace = await app.PostAsync<Created>("workspaces", new { name = "Demo" }, cancellationToken);
        var loadFile = Path.GetRelativePath(folders.Root, sample.LoadFile);
        terminal.Progress($"Importing {loadFile} with the natives and texts it names; fields are mapped automatically…");
        var job = await new ImportRun(app, terminal, stays: false).RunAsync(sample.Request(workspace.Id), cancellationToken);
        await new JobReport(app, terminal).ShowAsync(job, cancellationToken, hints: false);

        if (job.WithErrors > 0)
        {
            var rows = Path.Combine(folders.Local, "demo-errors" + Path.GetExtension(sample.LoadFile));
            var reasons = Path.ChangeExtension(rows, ".csv");
            await app.DownloadAsync(AppClient.Route($"jobs/{job.JobId}/error-file"), rows, cancellationToken);
            await app.DownloadAsync(AppClient.Route($"jobs/{job.JobId}/error-report"), reasons, cancellationToken);
            terminal.Say("");
            terminal.Say($"The rejected rows, to be mended and imported again:  {rows}");
            terminal.Say($"Why, row by row:                                     {reasons}");
        }
        var (good, bad) = (sample.Documents - sample.BadRows, sample.BadRows);
        if (job.Transferred == good && job.WithErrors == bad)
        {
            terminal.Say($"As it should be: the sample has {good} good rows and {bad} bad ones, put there on purpose.");
            return true;
        }
        terminal.Remark($"The sample has {good} good rows and {bad} bad ones; the import wrote {job.Transferred} and rejected {job.WithErrors}.");
        return false;
    }

    // A demo that was killed could not stop what it had started.
    private async Task StopLeftoversAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folders.Local)) return;
        foreach (var path in Directory.EnumerateDirectories(folders.Local, "demo-*"))
        {
            var folder = new DevFolder(path);
            if (DevState.Read(folder) is not { Owner: { IsAlive: false } }) continue;
            await new DevStack(folders, folder, terminal).DownAsync(cancellationToken);
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>The sample data set, as its generator left it.</summary>
    private sealed record Sample(string LoadFile, FieldSchema Schema, int Documents, int BadRows)
    {
        public static Sample Read(string folder)
        {
            var expected = ReadJson<Expected>(Path.Combine(folder, "expected.json"));
            var schema = ReadJson<FieldSchema>(Path.Combine(folder, "schema.json"));
            return new Sample(Path.Combine(folder, "documents.dat"), schema, expected.Documents, expected.BadRows.Count);
        }

        public ImportRequest Request(string workspace) => new()
        {
            File = LoadFile,
            Base = Path.GetDirectoryName(LoadFile)!,
            Workspace = workspace,
            Settings = new PointSettings
            {
                Import = new ImportSettings
                {
                    IdentifierColumn = Schema.Identifier,
                    NativeColumn = "Native Path",
                    TextColumn = "Text Path",
                    TextIsPath = true,
                    FolderColumn = "Folder Path",
                    CreateFields = Schema,
                },
            },
        };

        private static T ReadJson<T>(string path)
            => JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Terminal.JsonFormat) ?? throw new CommandException($"{path} is empty.");

        private sealed record Expected(int Documents, IReadOnlyList<JsonElement> BadRows);
    }
}
