using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip provider</c>: list, schema, check, fields, map.</summary>
internal static class ProviderCommands
{
    private const string Trial = "Settings come from a JSON file, from --set NAME=VALUE, secrets from --secret and --secret-file, and what is not given from --point.";

    public static Command Create() => new("provider", "Source providers: what integration points can read from.") { List(), Schema(), Check(), Fields(), MapCommands.OfProvider() };

    /// <summary>The argument that names a provider.</summary>
    public static Argument<string> Provider() => new("PROVIDER") { Description = "Name of the provider, such as csv." };

    private static Command List() => Verbs.Verb("list", "List the source providers.", [], call
        => call.Terminal.ListAsync(call.App.ListAsync("providers", call.Cancel), "There is none.", new Cell("Name", "name")));

    private static Command Schema()
    {
        var provider = Provider();
        return Verbs.Verb("schema", "Show the settings that a provider takes; with --output json as a JSON Schema.", [provider], async call =>
        {
            var schema = await call.App.GetAsync<JsonElement>(AppClient.Route($"providers/{call.Need(provider)}/schema"), call.Cancel);
            if (call.Terminal.Json) Terminal.Line(schema);
            else ShowSettings(call.Terminal, schema);
        });
    }

    private static void ShowSettings(Terminal terminal, JsonElement schema)
    {
        var needed = schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        terminal.Table(["Setting", "Type", "Default", "What it is"], schema.GetProperty("properties").EnumerateObject().Select(setting => (string[])
            [setting.Name, TypeOf(setting.Value), needed.Contains(setting.Name) ? "(needed)" : Cell.TextOf(setting.Value, "default"), Cell.TextOf(setting.Value, "description")]));
    }

    private static string TypeOf(JsonElement setting)
    {
        if (setting.TryGetProperty("writeOnly", out var hidden) && hidden.GetBoolean()) return "secret";
        if (setting.TryGetProperty("enum", out var choices)) return string.Join(", ", choices.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString()));
        if (!setting.TryGetProperty("type", out var type)) return "";
        var name = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).First(t => t != "null") : type.GetString();
        return name switch { "string" => "text", "boolean" => "true, false", "array" => "list", _ => name! };
    }

    private static Command Check()
    {
        var (provider, workspace, settings, point) = (Provider(), Verbs.Workspace(), new SettingsOptions(), SettingsOptions.Point());
        return Verbs.Verb("check", $"Try settings of a provider: connect, sign in, find what is to be read. {Trial}", [provider, workspace, point, .. settings.All], async call =>
        {
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/providers/{call.Need(provider)}/check");
            var found = await call.App.PostAsync<JsonElement>(route, await settings.TrialAsync(call, call.Need(workspace), call.Need(provider), point), call.Cancel);
            call.Terminal.Show(found, $"{Cell.TextOf(found, "name")} can be read; it has {Cell.TextOf(found, "fields")} fields.");
            if (call.Terminal.Json) return;
            foreach (var member in found.GetProperty("found").EnumerateObject()) call.Terminal.Say($"{member.Name}: {member.Value.GetString()}");
            foreach (var warning in found.GetProperty("warnings").EnumerateArray()) call.Terminal.Remark(Cell.TextOf(warning, "message"));
        });
    }

    private static Command Fields()
    {
        var (provider, workspace, settings, point) = (Provider(), Verbs.Workspace(), new SettingsOptions(), SettingsOptions.Point());
        return Verbs.Verb("fields", $"List the fields that a source has with settings. {Trial}", [provider, workspace, point, .. settings.All], async call =>
        {
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/providers/{call.Need(provider)}/fields");
            var found = await call.App.PostAsync<JsonElement>(route, await settings.TrialAsync(call, call.Need(workspace), call.Need(provider), point), call.Cancel);
            await call.Terminal.ListAsync(
                found.GetProperty("items").EnumerateArray().ToAsyncEnumerable(), "It has none.", new Cell("Name", "name"), new Cell("Identifier", "isIdentifier"), new Cell("Type", "type"));
        });
    }
}
