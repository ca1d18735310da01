using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip folder</c>: list, create.</summary>
internal static class FolderCommands
{
    public static Command Create() => new("folder", "Folders of a workspace. Imports make those that they need.") { List(), Make() };

    private static string Route(Call call, Option<string> workspace) => AppClient.Route($"workspaces/{call.Need(workspace)}/folders");

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        var parent = new Option<string?>("--parent") { Description = "Path of the folder whose folders are listed; default the root.", HelpName = "path" };
        var all = new Option<bool>("--all") { Description = "The folders below those, too." };
        return Verbs.Verb("list", "List folders.", [workspace, parent, all], call => call.Terminal.ListAsync(
            call.App.ListAsync($"{Route(call, workspace)}?levels={(call.Get(all) ? "all" : "one")}&parent={Uri.EscapeDataString(call.Get(parent) ?? "")}", call.Cancel),
            "There is no folder.", new Cell("Path", "path"), new Cell("Id", "id")));
    }

    private static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = @"Its path, levels separated by \; those above it are made, too." };
        var workspace = Verbs.Workspace();
        return Verbs.Verb("create", "Make a folder.", [path, workspace], async call =>
        {
            var made = await call.App.PostAsync<JsonElement>(Route(call, workspace), new { path = call.Need(path) }, call.Cancel);
            call.Terminal.Show(made, $"The folder {Cell.TextOf(made, "path")} is made.");
        });
    }
}
