using System.Diagnostics;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Checks;

/// <summary>What to check beyond the import itself.</summary>
internal sealed record CheckRequest
{
    /// <summary>The import.</summary>
    public required ImportRequest Import { get; init; }

    /// <summary>The image load file of the same production on this machine; null: none.</summary>
    public string? Images { get; init; }

    /// <summary>Columns by what they mean, as the API names meanings.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}

/// <summary>A check from the first byte sent to its report: stages like an import, and leaves nothing in the workspace.</summary>
internal sealed class CheckRun(AppClient app, Terminal terminal)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(1), BetweenLines = TimeSpan.FromSeconds(10);

    /// <summary>Does it.</summary>
    /// <returns>The check, ended.</returns>
    public async Task<CheckView> RunAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        var import = request.Import;
        var staged = await new Staging(app, terminal).SendAsync(import, cancellationToken);
        // A package is staged whole, and lists its files itself.
        var isFolder = import.BaseInPackage is null;
        if (isFolder) await SendInventoryAsync(request, $"{staged.Folder}/inventory", cancellationToken);
        var images = request.Images is { } file ? $"{staged.Folder}/{Path.GetFileName(file)}" : null;
        if (images is not null) await SendAsync(import.Workspace, request.Images!, images, cancellationToken);

        var body = import.Settings.Body(staged.Name, staged.File, staged.BaseFolder);
        body.Remove("name");
        var staging = $"StructuredData/{import.Workspace}";
        body["options"] = new
        {
            imageFile = images is null ? null : $"{staging}/{images}",
            inventory = isFolder ? $"{staging}/{staged.Folder}/inventory" : null,
            columns = request.Columns.Count == 0 ? null : request.Columns,
            proposal = isFolder ? LocalFiles.ProposeBase(import.Base, staged.MissingPaths) : null,
        };
        var started = await app.PostAsync<StartedCheck>(AppClient.Route($"workspaces/{import.Workspace}/checks"), body, cancellationToken, idempotencyKey: staged.Name);
        return await WatchAsync(started.CheckId, cancellationToken);
    }

    private async Task SendInventoryAsync(CheckRequest request, string path, CancellationToken cancellationToken)
    {
        var inventory = Path.GetTempFileName();
        try
        {
            LocalFiles.WriteInventory(request.Import.Base, [request.Import.File, request.Images ?? request.Import.File], inventory);
            await SendAsync(request.Import.Workspace, inventory, path, cancellationToken);
        }
        finally
        {
            File.Delete(inventory);
        }
    }

    private async Task SendAsync(string workspace, string local, string path, CancellationToken cancellationToken)
    {
        var file = new StagedFile(local, path, new FileInfo(local).Length);
        await new Uploader(app, workspace, StagedBefore.IsOurs).SendAsync(new[] { file }.ToAsyncEnumerable(), cancellationToken);
    }

    private async Task<CheckView> WatchAsync(string check, CancellationToken cancellationToken)
    {
        var (pause, said) = (FirstPause, Stopwatch.StartNew());
        while (true)
        {
            var now = await app.GetAsync<CheckView>(AppClient.Route($"checks/{check}"), cancellationToken);
            if (now.IsFinal) return now;
            if (said.Elapsed > BetweenLines && now.Progress is { } progress)
            {
                terminal.Progress($"Checking: {Terminal.Number(progress.Rows)} of {Terminal.Number(progress.PlannedRows)} rows");
                said.Restart();
            }
            await Task.Delay(pause, cancellationToken);
            pause = pause * 1.25 < LongestPause ? pause * 1.25 : LongestPause;
        }
    }
}
