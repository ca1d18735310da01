using System.CommandLine;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip point set</c>: settings of an integration point's source, changed one by one; the others stay.</summary>
internal static class PointSetCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("POINT") { Description = "Id of the integration point." };
        var (workspace, settings) = (Verbs.Workspace(), new SettingsOptions());
        return Verbs.Verb("set", "Change settings of an integration point's source, its secrets too; those that are not given stay.", [id, workspace, .. settings.All], async call =>
        {
            if (!settings.IsGiven(call)) throw new UsageException("Say what changes: --set NAME=VALUE, --secret NAME, --secret-file NAME=PATH or --settings FILE.");
            // Before the point is read: typing may take as long as somebody else's change.
            var given = await settings.ReadAsync(call);
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/integration-points/{call.Need(id)}");
            await TakeHostKeyAsync(call, call.Need(workspace), await call.App.GetAsync<JsonObject>(route, call.Cancel), given);
            var point = await call.App.ChangeAsync(route, point => point["source"]!["settings"] = SettingsOptions.Over(point["source"]!["settings"]!.AsObject(), given), call.Cancel);
            call.Terminal.Show(point, $"Integration point {call.Need(id)} is changed.");
            MapCommands.Remark(call.Terminal, point);
        });
    }

    // A key that is known stays, also when the server becomes another: that one is refused until somebody says which key it has.
    private static async Task TakeHostKeyAsync(Call call, string workspace, JsonObject point, JsonObject given)
    {
        var settings = SettingsOptions.Over(point["source"]!["settings"]!.AsObject(), given);
        if (await new SourceLook(call, workspace, (string)point["source"]!["provider"]!).TakeHostKeyAsync(settings)) given[SourceLook.HostKey] = settings[SourceLook.HostKey]!.DeepClone();
    }
}
