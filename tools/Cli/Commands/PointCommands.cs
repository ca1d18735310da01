using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Cli.Jobs;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip point</c>: create, list, show, set, map, schedule, statistics, run, retry, stop, errors, delete.</summary>
internal static class PointCommands
{
    public static Command Create() => new("point", "Integration points: what to import, from where, to where, when.")
    {
        Make(), List(), Show(), PointSetCommand.Create(), MapCommands.OfPoint(), Schedule(), StatisticsCommand.Create(), Run(), Retry(), Stop(), Errors(), Delete(),
    };

    private static Argument<string> Id() => new("POINT") { Description = "Id of the integration point." };

    private static string Route(Call call, Option<string> workspace, Argument<string> id)
        => AppClient.Route($"workspaces/{call.Need(workspace)}/integration-points/{call.Need(id)}");

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "The name that people see; unique in the workspace." };
        var workspace = Verbs.Workspace();
        var file = new Option<string?>("--file") { Description = "The load file in the staging folder.", HelpName = "path" };
        var source = new Option<string?>("--source") { Description = "Another provider than load files, such as csv; its settings by --settings, --set, --secret and --secret-file.", HelpName = "provider" };
        var provided = new SettingsOptions();
        var baseFolder = new Option<string?>("--base-folder") { Description = "The folder of relative paths; default that of the load file.", HelpName = "path" };
        var onUpload = new Option<bool>("--run-on-upload") { Description = "Run when a load file lands in Import/NAME of the staging folder." };
        var notify = new Option<string?>("--notify") { Description = "Who gets a mail when a job has ended: addresses separated by semicolons.", HelpName = "addresses" };
        var schedule = new ScheduleOptions();
        var options = new ImportOptions();
        return Verbs.Verb("create", "Make an integration point.", [name, workspace, file, baseFolder, source, .. provided.All, onUpload, notify, .. schedule.All, .. options.All], async call =>
        {
            var settings = options.Read(call.Arguments);
            var staging = $"StructuredData/{call.Need(workspace)}/";
            var relative = call.Get(baseFolder) is { } folder ? Staged(staging, folder) : null;
            if (call.Get(file) is null == call.Get(source) is null) throw new UsageException("Name either the load file (--file) or another provider (--source).");
            if (call.Get(source) is null && provided.IsGiven(call)) throw new UsageException("--settings, --set, --secret and --secret-file are those of --source.");
            var body = settings.Body(call.Need(name), Staged(staging, call.Get(file) ?? ""), relative);
            if (call.Get(source) is { } provider)
            {
                var given = await provided.ReadAsync(call);
                await new SourceLook(call, call.Need(workspace), provider).TakeOverAsync(given);
                body["source"] = new { provider, settings = given };
            }
            body["runOnUpload"] = call.Get(onUpload);
            body["notificationRecipients"] = call.Get(notify);
            body["schedule"] = schedule.Read(call);
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/integration-points");
            var point = await call.App.PostAsync<JsonElement>(route, body, call.Cancel);
            call.Terminal.Show(point, $"Integration point {Cell.TextOf(point, "id")} is made.");
            MapCommands.Remark(call.Terminal, point);
        });
    }

    // Both forms are at hand: what `ip stage` printed, and the path below the workspace's own folder.
    private static string Staged(string staging, string path)
    {
        var plain = path.Replace('\\', '/').TrimStart('/');
        return plain.StartsWith("StructuredData/", StringComparison.OrdinalIgnoreCase) ? plain : staging + plain;
    }

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        return Verbs.Verb("list", "List the integration points of a workspace.", [workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(AppClient.Route($"workspaces/{call.Need(workspace)}/integration-points"), call.Cancel),
            "There is no integration point yet.",
            new Cell("Id", "id"), new Cell("Name", "name"), new Cell("Object type", "objectType"), new Cell("On upload", "runOnUpload")));
    }

    private static Command Show()
    {
        var (id, workspace) = (Id(), Verbs.Workspace());
        return Verbs.Verb("show", "Show an integration point.", [id, workspace], async call =>
            call.Terminal.ShowProperties(await call.App.GetAsync<JsonElement>(Route(call, workspace, id), call.Cancel)));
    }

    private static Command Schedule()
    {
        var (id, workspace, schedule) = (Id(), Verbs.Workspace(), new ScheduleOptions());
        var off = new Option<bool>("--off") { Description = "Run only when asked from now on." };
        return Verbs.Verb("schedule", "Show when an integration point runs by itself, or change it.", [id, workspace, off, .. schedule.All], async call =>
        {
            var wanted = schedule.Read(call);
            if (call.Get(off) && wanted is not null) throw new UsageException("--off and --schedule exclude each other.");
            if (call.Get(off) || wanted is not null) await call.App.ChangeAsync(Route(call, workspace, id), point => point["schedule"] = wanted, call.Cancel);
            call.Terminal.ShowProperties(await call.App.GetAsync<JsonElement>(Route(call, workspace, id) + "/schedule", call.Cancel));
        });
    }

    private static Command Errors()
    {
        var (id, workspace, lists) = (Id(), Verbs.Workspace(), new ErrorLists());
        return Verbs.Verb(
            "errors", "List the errors of an integration point, the newest job first: those of its jobs, and runs that were due and left out.", [id, workspace, lists.Where],
            call => lists.ShowOfPointAsync(call, Route(call, workspace, id) + "/errors"));
    }

    private static Command Run()
    {
        var (id, workspace, watch) = (Id(), Verbs.Workspace(), WatchOption());
        return Verbs.Verb("run", "Run an integration point.", [id, workspace, watch], call => StartAsync(call, Route(call, workspace, id) + "/run", null, call.Get(watch)));
    }

    private static Command Retry()
    {
        var (id, workspace, watch) = (Id(), Verbs.Workspace(), WatchOption());
        var yes = new Option<bool>("--yes") { Description = "Overlay records that are there, although the point is Append Only." };
        return Verbs.Verb("retry", "Retry the errors of an integration point's last job.", [id, workspace, yes, watch], call
            => StartAsync(call, Route(call, workspace, id) + "/retry", new { confirmOverlay = call.Get(yes) }, call.Get(watch)));
    }

    private static Option<bool> WatchOption() => new("--watch") { Description = "Watch the job until it ends." };

    private static async Task<int> StartAsync(Call call, string route, object? body, bool watch)
    {
        // The key makes a repeated request, after an answer that got lost, the same run.
        var started = await call.App.PostAsync<Started>(route, body, call.Cancel, Guid.NewGuid().ToString("n"));
        if (!watch)
        {
            call.Terminal.Show(started, $"Job {started.JobId} runs: `ip job watch {started.JobId}`.");
            return ExitCode.Done;
        }
        var job = await new JobWatch(call.App, call.Terminal).WatchAsync(started.JobId, call.Cancel);
        return await new JobReport(call.App, call.Terminal).ShowAsync(job, call.Cancel);
    }

    private static Command Stop()
    {
        var (id, workspace) = (Id(), Verbs.Workspace());
        return Verbs.Verb("stop", "Ask the running job of an integration point to stop.", [id, workspace], async call =>
        {
            await call.App.PostAsync(Route(call, workspace, id) + "/stop", call.Cancel);
            call.Terminal.Show(new { id = call.Need(id), stopping = true }, $"The job of {call.Need(id)} is asked to stop.");
        });
    }

    private static Command Delete()
    {
        var (id, workspace) = (Id(), Verbs.Workspace());
        return Verbs.Verb("delete", "Delete an integration point; its jobs stay in the history.", [id, workspace], async call =>
        {
            await call.App.DeleteAsync(Route(call, workspace, id), call.Cancel);
            call.Terminal.Show(new { id = call.Need(id), deleted = true }, $"Integration point {call.Need(id)} is deleted.");
        });
    }
}
