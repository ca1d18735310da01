using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip object-type</c>: create, list.</summary>
internal static class ObjectTypeCommands
{
    public static Command Create() => new("object-type", "Kinds of records.") { Make(), List() };

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the object type." };
        var workspace = Verbs.Workspace();
        var identifier = new Option<string>("--identifier") { Description = "The field that names a record.", HelpName = "name", Required = true };
        var length = new Option<int?>("--length") { Description = "The most characters of an identifier." };
        return Verbs.Verb("create", "Define an object type.", [name, workspace, identifier, length], async call =>
        {
            var body = new { name = call.Need(name), identifier = new { name = call.Need(identifier), length = call.Get(length) } };
            var type = await call.App.PostAsync<JsonElement>(AppClient.Route($"workspaces/{call.Need(workspace)}/object-types"), body, call.Cancel);
            call.Terminal.Show(type, $"Object type {call.Need(name)} is defined; {call.Need(identifier)} names its records.");
        });
    }

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        return Verbs.Verb("list", "List the object types of a workspace.", [workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(AppClient.Route($"workspaces/{call.Need(workspace)}/object-types"), call.Cancel), "There is no object type.",
            new Cell("Name", "name"), new Cell("Identifier", "identifierField"), new Cell("Document", "isDocument")));
    }
}
