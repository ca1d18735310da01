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
        var staged = await new Staging(app, terminal).SendAsync(request, cancellationToken);
        var body = request.Settings.Body(staged.Name, staged.File, staged.BaseFolder);
        var point = await app.PostAsync<Created>(AppClient.Route($"workspaces/{request.Workspace}/integration-points"), body, cancellationToken);
        var run = AppClient.Route($"workspaces/{request.Workspace}/integration-points/{point.Id}/run");
        var job = await app.PostAsync<Started>(run, null, cancellationToken, idempotencyKey: staged.Name);
        return await new JobWatch(app, terminal, stays).WatchAsync(job.JobId, cancellationToken);
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
