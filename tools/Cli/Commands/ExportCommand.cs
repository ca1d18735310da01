using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Export;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Cli.Jobs;
using IntegrationPoints.Cli.Output;
using IntegrationPoints.Engine.Exports;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip export</c>: documents of a workspace as load files with their natives, texts and images.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var workspace = Verbs.Workspace();
        var name = new Option<string?>("--name") { Description = "The name of the integration point that is made; default one of its own." };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Save what was exported below this folder of this machine.", HelpName = "folder" };
        var source = new ExportSource();
        var options = new ExportOptions();
        return Verbs.Verb(
            "export", "Export documents as load files with natives, texts and images.", [workspace, .. source.All, .. options.All, name, output], async call =>
            {
                var point = await MakeAsync(call, call.Need(workspace), call.Get(name), source.Read(call.Arguments), options.Read(call.Arguments));
                var started = await call.App.PostAsync<Started>(point + "/run", null, call.Cancel, Guid.NewGuid().ToString("n"));
                var job = await new JobWatch(call.App, call.Terminal).WatchAsync(started.JobId, call.Cancel);
                var where = await WhereAsync(call, job);
                var code = await new JobReport(call.App, call.Terminal).ShowAsync(job, call.Cancel, extension: null, document: Document(job, where));
                if (where is not { } written) return code;
                if (call.Get(output) is { } folder) await new ExportDownload(call.App, call.Terminal).SaveAsync(job.JobId, folder.FullName, call.Cancel);
                else if (!call.Terminal.Json) SayWhere(call, job.JobId, written);
                return code;
            });
    }

    private static async Task<string> MakeAsync(Call call, string workspace, string? name, WorkspaceSettings source, ExportSettings destination)
    {
        var body = new
        {
            name = name ?? ImportRun.NewName("export"),
            source = new { provider = WorkspaceSettings.Provider, settings = source },
            destination = new { provider = ExportSettings.Provider, settings = destination },
        };
        var point = await call.App.PostAsync<Created>(AppClient.Route($"workspaces/{workspace}/integration-points"), body, call.Cancel);
        return AppClient.Route($"workspaces/{workspace}/integration-points/{point.Id}");
    }

    // A job that failed wrote no load file; one that was stopped before it was checked has none either.
    private static async Task<JsonElement?> WhereAsync(Call call, JobView job)
        => job.ExitCode == ExitCode.Failed || job.Total is null && job.Transferred == 0 ? null : await call.App.GetAsync<JsonElement>(AppClient.Route($"jobs/{job.JobId}/output"), call.Cancel);

    private static object Document(JobView job, JsonElement? where) => new
    {
        job.JobId,
        job.Status,
        job.Read,
        job.Transferred,
        job.WithErrors,
        job.Skipped,
        job.Total,
        Output = where,
    };

    private static void SayWhere(Call call, string job, JsonElement where)
    {
        call.Terminal.Say($"Written to {Cell.TextOf(where, "folder")} of the staging area.");
        call.Terminal.Say($"Save it here:  ip job output {job} --out FOLDER");
    }
}
