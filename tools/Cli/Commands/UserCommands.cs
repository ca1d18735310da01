using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip user</c>: create, list, delete.</summary>
internal static class UserCommands
{
    public static Command Create() => new("user", "Users whom user fields of a workspace can name.") { Make(), List(), Delete() };

    private static Argument<string> Email() => new("EMAIL") { Description = "E-mail address of the user." };

    private static string Route(Call call, Option<string> workspace) => AppClient.Route($"workspaces/{call.Need(workspace)}/users");

    private static Command Make()
    {
        var (email, workspace) = (Email(), Verbs.Workspace());
        var name = new Option<string?>("--name") { Description = "The name that people see." };
        return Verbs.Verb("create", "Add a user to a workspace.", [email, workspace, name], async call =>
        {
            var body = new { email = call.Need(email), name = call.Get(name) ?? "" };
            call.Terminal.Show(await call.App.PostAsync<JsonElement>(Route(call, workspace), body, call.Cancel), $"User {body.email} is added.");
        });
    }

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        return Verbs.Verb("list", "List the users of a workspace.", [workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(Route(call, workspace), call.Cancel), "There is no user yet: `ip user create EMAIL`.",
            new Cell("E-mail", "email"), new Cell("Name", "name")));
    }

    private static Command Delete()
    {
        var (email, workspace) = (Email(), Verbs.Workspace());
        return Verbs.Verb("delete", "Take a user out of a workspace.", [email, workspace], async call =>
        {
            await call.App.DeleteAsync(AppClient.Route($"workspaces/{call.Need(workspace)}/users/{call.Need(email)}"), call.Cancel);
            call.Terminal.Show(new { email = call.Need(email), deleted = true }, $"User {call.Need(email)} is taken out.");
        });
    }
}
