using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip production</c>: create, list, show.</summary>
internal static class ProductionCommands
{
    public static Command Create() => new("production", "Productions: named sets of produced images.") { Make(), List(), Show() };

    private static string Route(Call call, Option<string> workspace) => AppClient.Route($"workspaces/{call.Need(workspace)}/productions");

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "The name that people see; unique in the workspace." };
        var workspace = Verbs.Workspace();
        var begin = Field("--bates-begin-field", "first", Production.DefaultBegin);
        var end = Field("--bates-end-field", "last", Production.DefaultEnd);
        return Verbs.Verb("create", "Make a production, into which images can be imported.", [name, workspace, begin, end], async call =>
        {
            var body = new { name = call.Need(name), batesBeginField = call.Need(begin), batesEndField = call.Need(end) };
            var production = await call.App.PostAsync<JsonElement>(Route(call, workspace), body, call.Cancel);
            call.Terminal.Show(production, $"Production {body.name} is made.");
        });
    }

    private static Option<string> Field(string name, string which, string usual) => new(name)
    {
        Description = $"Field of a document's {which} Bates number; made when it is missing.",
        HelpName = "name",
        DefaultValueFactory = _ => usual,
    };

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        return Verbs.Verb("list", "List the productions of a workspace.", [workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(Route(call, workspace), call.Cancel), "There is no production yet.",
            new Cell("Name", "name"), new Cell("Status", "status"), new Cell("First Bates number in", "batesBeginField"),
            new Cell("Last in", "batesEndField"), new Cell("Id", "id")));
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "Name or id of the production." };
        var workspace = Verbs.Workspace();
        return Verbs.Verb("show", "Show a production.", [name, workspace], async call => call.Terminal.ShowProperties(
            await call.App.GetAsync<JsonElement>($"{Route(call, workspace)}/{Uri.EscapeDataString(call.Need(name))}", call.Cancel)));
    }
}
