using System.Globalization;
using System.Text;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Jobs;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Import;

/// <summary>An import from the first byte sent to the last record written: stages, makes a point, runs it, watches.</summary>
/// <param name="app">The app.</param>
/// <param name="terminal">Where progress goes.</param>
/// <param name="stays">Whether the app stays when the command is interrupted.</param>
internal sealed class ImportRun(AppClient app, Terminal terminal, bool stays = true)
{
    private const int LongestName = 60;

    /// <summary>Does it.</summary>
    /// <returns>The job, ended.</returns>
    public async Task<JobView> RunAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        var name = NewName(request.File);
        var folder = $"Imports/{name}";
        var loadFile = new StagedFile(request.File, $"{folder}/{Path.GetFileName(request.File)}", new FileInfo(request.File).Length);
        await StageAsync(request, loadFile, $"{folder}/files", cancellationToken);

        var staging = $"StructuredData/{request.Workspace}";
        var body = request.Settings.Body(name, $"{staging}/{loadFile.Path}", $"{staging}/{folder}/files");
        var point = await app.PostAsync<Created>(AppClient.Route($"workspaces/{request.Workspace}/integration-points"), body, cancellationToken);
        var run = AppClient.Route($"workspaces/{request.Workspace}/integration-points/{point.Id}/run");
        var job = await app.PostAsync<Started>(run, null, cancellationToken, idempotencyKey: name);
        return await new JobWatch(app, terminal, stays).WatchAsync(job.JobId, cancellationToken);
    }

    private async Task StageAsync(ImportRequest request, StagedFile loadFile, string folder, CancellationToken cancellationToken)
    {
        var files = new ReferencedFiles(request, folder);
        await using var progress = new StagingProgress(terminal, loadFile.Bytes, () => files.Position);
        var uploader = new Uploader(app, request.Workspace, progress.Sent);
        await uploader.SendAsync(files.FindAsync(cancellationToken).Prepend(loadFile), cancellationToken);
        await progress.DisposeAsync();
        if (files.Links > 0) terminal.Remark($"{files.Links} paths lead over symbolic links, which are not followed; those files were not staged.");
    }

    /// <summary>A name that no other import has, made of letters that every store takes.</summary>
    internal static string NewName(string file)
    {
        var name = new StringBuilder();
        foreach (var c in Path.GetFileNameWithoutExtension(file))
        {
            if (name.Length == LongestName) break;
            if (char.IsAsciiLetterOrDigit(c)) name.Append(c);
            else if (name.Length > 0 && name[^1] != '-') name.Append('-');
        }
        var plain = name.ToString().TrimEnd('-');
        var now = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return $"{(plain.Length == 0 ? "import" : plain)}-{now}-{Guid.NewGuid().ToString("n")[..8]}";
    }
}
