using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip field</c>: create, list.</summary>
internal static class FieldCommands
{
    private static readonly string[] Types =
    [
        "fixed-length-text", "long-text", "whole-number", "decimal", "currency", "date", "yes-no", "single-choice", "multiple-choice",
        "single-object", "multiple-object", "user",
    ];

    public static Command Create() => new("field", "Fields of an object type.") { Make(), List() };

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the field." };
        var (workspace, objectType) = (Verbs.Workspace(), Verbs.ObjectType());
        var type = new Option<string>("--type") { Description = "What it holds.", Required = true };
        type.AcceptOnlyFromAmong(Types);
        var length = new Option<int?>("--length") { Description = "The most characters of a fixed-length text." };
        var scale = new Option<int?>("--scale") { Description = "The most digits after the point of a decimal or an amount." };
        var dateOnly = new Option<bool>("--date-only") { Description = "Keep the day of a date only." };
        var associated = new Option<string?>("--associated-type") { Description = "The object type that an object field names.", HelpName = "name" };
        var required = new Option<bool>("--required") { Description = "Every record must have a value." };
        var filterable = new Option<bool>("--filterable") { Description = "Keep an index for conditions on it." };
        var lookup = new Option<bool>("--lookup") { Description = "Let overlays find records by it." };
        var overlay = new Option<string?>("--overlay") { Description = "What overlaying does to choices or objects that are there." };
        overlay.AcceptOnlyFromAmong("merge", "replace");
        IEnumerable<Symbol> symbols = [name, workspace, objectType, type, length, scale, dateOnly, associated, required, filterable, lookup, overlay];
        return Verbs.Verb("create", "Make a field.", symbols, async call =>
        {
            var body = new
            {
                name = call.Need(name),
                type = call.Need(type),
                length = call.Get(length),
                scale = call.Get(scale),
                dateOnly = call.Get(dateOnly),
                associatedType = call.Get(associated),
                required = call.Get(required),
                filterable = call.Get(filterable),
                lookup = call.Get(lookup),
                overlay = call.Get(overlay) ?? "replace",
            };
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/object-types/{call.Need(objectType)}/fields");
            call.Terminal.Show(await call.App.PostAsync<JsonElement>(route, body, call.Cancel), $"Field {body.name} ({body.type}) is made.");
        });
    }

    private static Command List()
    {
        var (workspace, objectType) = (Verbs.Workspace(), Verbs.ObjectType());
        return Verbs.Verb("list", "List the fields of an object type.", [workspace, objectType], call => call.Terminal.ListAsync(
            call.App.ListAsync(AppClient.Route($"workspaces/{call.Need(workspace)}/object-types/{call.Need(objectType)}/fields"), call.Cancel),
            "There is no field.",
            new Cell("Name", "name"), new Cell("Type", "type"), new Cell("Length", "length"), new Cell("Role", "role"),
            new Cell("Required", "required"), new Cell("Filterable", "filterable"), new Cell("Lookup", "lookup"), new Cell("Overlay", "overlay")));
    }
}
