using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip profile</c>: save, list, show, apply, delete.</summary>
internal static class ProfileCommands
{
    public static Command Create() => new("profile", "Saved integration points, from which new ones are made.") { Save(), List(), Show(), Apply(), Delete() };

    private static Argument<string> Id() => new("PROFILE") { Description = "Id of the profile." };

    private static string All(Call call, Option<string> workspace) => AppClient.Route($"workspaces/{call.Need(workspace)}/profiles");

    private static string Route(Call call, Option<string> workspace, Argument<string> id)
        => AppClient.Route($"workspaces/{call.Need(workspace)}/profiles/{call.Need(id)}");

    private static Command Save()
    {
        var (point, workspace) = (new Argument<string>("POINT") { Description = "Id of the integration point." }, Verbs.Workspace());
        var name = new Option<string?>("--name") { Description = "Name of the profile; the point's own when left out." };
        return Verbs.Verb("save", "Save an integration point as a profile.", [point, workspace, name], async call =>
        {
            var body = new { integrationPoint = call.Need(point), name = call.Get(name) };
            var saved = await call.App.PostAsync<JsonElement>(All(call, workspace) + "-of-points", body, call.Cancel);
            call.Terminal.Show(saved, $"Profile {Cell.TextOf(saved, "id")} is saved.");
        });
    }

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        return Verbs.Verb("list", "List the profiles of a workspace.", [workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(All(call, workspace), call.Cancel), "There is no profile yet.",
            new Cell("Id", "id"), new Cell("Name", "name"), new Cell("Object type", "objectType")));
    }

    private static Command Show()
    {
        var (id, workspace) = (Id(), Verbs.Workspace());
        return Verbs.Verb("show", "Show a profile.", [id, workspace], async call =>
            call.Terminal.ShowProperties(await call.App.GetAsync<JsonElement>(Route(call, workspace, id), call.Cancel)));
    }

    private static Command Apply()
    {
        var (id, workspace) = (Id(), Verbs.Workspace());
        var name = new Option<string?>("--name") { Description = "Name of the integration point; the profile's own when left out." };
        var to = new Option<string?>("--to") { Description = "Workspace that gets it; the profile's own when left out.", HelpName = "id" };
        var secrets = new SecretOptions();
        return Verbs.Verb("apply", "Make an integration point from a profile; secrets do not leave their workspace and are given again for another.", [id, workspace, name, to, .. secrets.All], async call =>
        {
            var body = new { name = call.Get(name), workspace = call.Get(to), secrets = secrets.IsGiven(call) ? await secrets.ReadAsync(call) : null };
            var point = await call.App.PostAsync<JsonElement>(Route(call, workspace, id) + "/integration-points", body, call.Cancel);
            call.Terminal.Show(point, $"Integration point {Cell.TextOf(point, "id")} is made.");
            if (point.TryGetProperty("notes", out var notes))
                foreach (var note in notes.EnumerateArray()) call.Terminal.Remark(note.GetString()!);
        });
    }

    private static Command Delete()
    {
        var (id, workspace) = (Id(), Verbs.Workspace());
        return Verbs.Verb("delete", "Delete a profile; points that were made from it stay.", [id, workspace], async call =>
        {
            await call.App.DeleteAsync(Route(call, workspace, id), call.Cancel);
            call.Terminal.Show(new { id = call.Need(id), deleted = true }, $"Profile {call.Need(id)} is deleted.");
        });
    }
}
