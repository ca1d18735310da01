using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Export;
using IntegrationPoints.Cli.Jobs;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip job</c>: list, show, watch, stop, suspend, resume, undo, errors, warnings, error-file, error-report, manifest, differences, output.</summary>
internal static class JobCommands
{
    public static Command Create() => new("job", "Runs of integration points.")
    {
        List(), Show(), Watch(), Stop(),
        Pause("suspend", "Suspend a job: what runs of it comes to its end, the rest waits.", "is asked to pause: `ip job resume` lets it go on."),
        Pause("resume", "Let a suspended job go on where it was.", "goes on."),
        Undo(),
        Problems("errors", "List what was rejected, and why.", "The job has no errors."),
        Problems("warnings", "List what is worth knowing about records that were written.", "The job has no warnings."),
        Download("error-file", "Save the rejected rows as a load file that can be mended and imported again."),
        Download("error-report", "Save a CSV that says why, row by row."),
        Manifest(), Differences(), Output(),
    };

    private static Argument<string> Id() => new("JOB") { Description = "Id of the job." };

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        var point = new Option<string?>("--point") { Description = "Only the jobs of this integration point.", HelpName = "id" };
        return Verbs.Verb("list", "List the jobs of a workspace, the newest first.", [workspace, point], call =>
        {
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/jobs");
            if (call.Get(point) is { } only) route += AppClient.Route($"?point={only}");
            return call.Terminal.ListAsync(call.App.ListAsync(route, call.Cancel), "There is no job yet.",
                new Cell("Job", "jobId"), new Cell("Name", "name"), new Cell("Type", "type"), new Cell("Status", "status"),
                new Cell("Started (UTC)", "startedUtc"), new Cell("Read", "read"), new Cell("Written", "transferred"),
                new Cell("Rejected", "withErrors"), new Cell("Skipped", "skipped"), new Cell("Total", "total"));
        });
    }

    private static Command Show()
    {
        var id = Id();
        return Verbs.Verb("show", "Show a job.", [id], async call =>
            call.Terminal.ShowProperties(await call.App.GetAsync<JsonElement>(AppClient.Route($"jobs/{call.Need(id)}"), call.Cancel)));
    }

    private static Command Watch()
    {
        var id = Id();
        return Verbs.Verb("watch", "Watch a job until it ends; the exit code says how it ended.", [id], async call =>
        {
            var job = await new JobWatch(call.App, call.Terminal).WatchAsync(call.Need(id), call.Cancel);
            return await new JobReport(call.App, call.Terminal).ShowAsync(job, call.Cancel);
        });
    }

    private static Command Stop()
    {
        var id = Id();
        return Verbs.Verb("stop", "Ask a job to stop; what was written stays.", [id], async call =>
        {
            await call.App.PostAsync(AppClient.Route($"jobs/{call.Need(id)}/stop"), call.Cancel);
            call.Terminal.Show(new { jobId = call.Need(id), stopping = true }, $"Job {call.Need(id)} is asked to stop.");
        });
    }

    private static Command Pause(string name, string description, string words)
    {
        var id = Id();
        return Verbs.Verb(name, description, [id], async call =>
        {
            await call.App.PostAsync(AppClient.Route($"jobs/{call.Need(id)}/{name}"), call.Cancel);
            call.Terminal.Show(new { jobId = call.Need(id) }, $"Job {call.Need(id)} {words}");
        });
    }

    private static Command Undo()
    {
        var id = Id();
        return Verbs.Verb(
            "undo", "Undo a job: delete what it created, give back what it overlaid; exit code 1: something was changed since, and is left alone.", [id], async call =>
            {
                var undo = await call.App.PostAsync<Started>(AppClient.Route($"jobs/{call.Need(id)}/undo"), null, call.Cancel);
                var job = await new JobWatch(call.App, call.Terminal).WatchAsync(undo.JobId, call.Cancel);
                return await new JobReport(call.App, call.Terminal).ShowUndoAsync(job, call.Cancel);
            });
    }

    private static Command Manifest()
    {
        var id = Id();
        var path = new Option<FileInfo?>("--out") { Description = "Save the list of files, a CSV, to this file." };
        return Verbs.Verb("manifest", "Show what a job imported: load file, settings, counts; or save the list of its files with size and SHA-256.", [id, path], async call =>
        {
            var route = AppClient.Route($"jobs/{call.Need(id)}/manifest");
            if (call.Get(path) is not { FullName: var file })
            {
                call.Terminal.ShowProperties(await call.App.GetAsync<JsonElement>(route, call.Cancel));
                return;
            }
            var bytes = await call.App.DownloadAsync(route + "/files", file, call.Cancel);
            call.Terminal.Progress($"{file} ({Terminal.Bytes(bytes)})");
        });
    }

    private static Command Output()
    {
        var id = Id();
        var folder = new Option<DirectoryInfo?>("--out") { Description = "Save the files below this folder of this machine.", HelpName = "folder" };
        return Verbs.Verb("output", "List what an export wrote, or save it.", [id, folder], call => call.Get(folder) is { FullName: var path }
            ? new ExportDownload(call.App, call.Terminal).SaveAsync(call.Need(id), path, call.Cancel)
            : call.Terminal.ListAsync(
                call.App.ListAsync(AppClient.Route($"jobs/{call.Need(id)}/output/files"), call.Cancel), "The job exported no files.",
                new Cell("Path", "path"), new Cell("Bytes", "bytes"), new Cell("Kind", "kind"), new Cell("Document", "document")));
    }

    private static Command Differences()
    {
        var id = Id();
        var verification = new Argument<string>("VERIFICATION") { Description = "Id of the verification, as `ip verify JOB --output json` prints it." };
        return Verbs.Verb("differences", "List every file that a verification found to be another, or not there.", [id, verification], call => call.Terminal.ListAsync(
            call.App.ListAsync(AppClient.Route($"jobs/{call.Need(id)}/verifications/{call.Need(verification)}/differences"), call.Cancel), "There are no differences.",
            new Cell("Line", "line"), new Cell("Document", "identifier"), new Cell("Kind", "kind"), new Cell("File", "path"), new Cell("Code", "code"), new Cell("Why", "error")));
    }

    private static Command Problems(string name, string description, string none)
    {
        var (id, lists) = (Id(), new ErrorLists());
        return Verbs.Verb(name, description, [id, lists.Where], call => lists.ShowOfJobAsync(call, AppClient.Route($"jobs/{call.Need(id)}/{name}"), none));
    }

    private static Command Download(string name, string description)
    {
        var id = Id();
        var path = new Option<FileInfo>("--out") { Description = "The file to write.", Required = true };
        return Verbs.Verb(name, description, [id, path], async call =>
        {
            var file = call.Need(path).FullName;
            var bytes = await call.App.DownloadAsync(AppClient.Route($"jobs/{call.Need(id)}/{name}"), file, call.Cancel);
            // Not on standard output: the contract names nothing that would stand there.
            call.Terminal.Progress($"{file} ({Terminal.Bytes(bytes)})");
        });
    }
}
