using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip setting</c>: list, set.</summary>
internal static class SettingCommands
{
    public static Command Create() => new("setting", "Settings of the whole instance.") { List(), Set() };

    private static Command List() => Verbs.Verb("list", "List the settings and the values that hold.", [], call => call.Terminal.ListAsync(
        call.App.ListAsync("settings", call.Cancel), "There is none.",
        new Cell("Name", "name"), new Cell("Section", "section"), new Cell("Type", "type"), new Cell("Value", "value"), new Cell("What it does", "description")));

    private static Command Set()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the setting." };
        var value = new Argument<string>("VALUE") { Description = "Its new value." };
        return Verbs.Verb("set", "Set a setting of the instance.", [name, value], async call =>
        {
            var set = await call.App.PutAsync<JsonElement>(AppClient.Route($"settings/{call.Need(name)}"), new JsonObject { ["value"] = call.Need(value) }, call.Cancel);
            call.Terminal.Show(set, $"{Cell.TextOf(set, "name")} is {Cell.TextOf(set, "value")}.{(Cell.TextOf(set, "note") is { Length: > 0 } note ? $" {note}" : "")}");
        });
    }
}
