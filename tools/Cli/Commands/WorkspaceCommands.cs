using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;
using Spectre.Console;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip workspace</c>: create, list, show, errors, delete.</summary>
internal static class WorkspaceCommands
{
    public static Command Create() => new("workspace", "Case databases.") { Make(), List(), Show(), Errors(), Delete() };

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "The name that people see." };
        return Verbs.Verb("create", "Make a workspace.", [name], async call =>
        {
            var workspace = await call.App.PostAsync<JsonElement>("workspaces", new { name = call.Need(name) }, call.Cancel);
            call.Terminal.Show(workspace, $"Workspace {Cell.TextOf(workspace, "id")} is made.");
        });
    }

    private static Command List() => Verbs.Verb("list", "List the workspaces.", [], call =>
        call.Terminal.ListAsync(call.App.ListAsync("workspaces", call.Cancel), "There is no workspace yet: `ip workspace create NAME`.",
            new Cell("Id", "id"), new Cell("Name", "name"), new Cell("Created (UTC)", "createdUtc")));

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "Id of the workspace." };
        return Verbs.Verb("show", "Show a workspace.", [id], async call =>
        {
            var workspace = await call.App.GetAsync<JsonElement>(AppClient.Route($"workspaces/{call.Need(id)}"), call.Cancel);
            call.Terminal.ShowProperties(workspace);
        });
    }

    private static Command Errors()
    {
        var (id, lists) = (new Argument<string>("ID") { Description = "Id of the workspace." }, new ErrorLists());
        return Verbs.Verb(
            "errors", "List the errors of all jobs and integration points of a workspace, the newest job first.", [id, lists.Where],
            call => lists.ShowOfWorkspaceAsync(call, AppClient.Route($"workspaces/{call.Need(id)}/errors")));
    }

    private static Command Delete()
    {
        var id = new Argument<string>("ID") { Description = "Id of the workspace." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        return Verbs.Verb("delete", "Delete a workspace with everything in it.", [id, yes], async call =>
        {
            var asked = call.Terminal is { Json: false, IsWatched: true } && !Console.IsInputRedirected && !call.Get(yes);
            var question = $"Delete workspace {Markup.Escape(call.Need(id))} and all its records?";
            if (asked && !await call.Terminal.Error.ConfirmAsync(question, false, call.Cancel)) throw new CommandException("Nothing was deleted.");
            await call.App.DeleteAsync(AppClient.Route($"workspaces/{call.Need(id)}"), call.Cancel);
            call.Terminal.Show(new { id = call.Need(id), deleted = true }, $"Workspace {call.Need(id)} is deleted.");
        });
    }
}
