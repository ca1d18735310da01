using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip key</c>: create, list, revoke.</summary>
internal static class KeyCommands
{
    private static readonly string[] Actions = ["view", "edit", "run", "administer"];

    public static Command Create() => new("key", "API keys, for systems that cannot sign in; administrators make them.") { Make(), List(), Revoke() };

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "What histories call it; never used before." };
        var workspaces = new Option<string[]>("--workspace", "-w") { Description = "Id of a workspace that it is for; may be repeated.", HelpName = "id" };
        var all = new Option<bool>("--all-workspaces") { Description = "It is for every workspace, those to come included." };
        var actions = new Option<string[]>("--action") { Description = "What it may do there; may be repeated.", Required = true };
        actions.AcceptOnlyFromAmong(Actions);
        var days = new Option<int>("--days") { Description = "For how many days, at most 366.", DefaultValueFactory = _ => 90 };
        return Verbs.Verb("create", "Make an API key and show it, this once.", [name, workspaces, all, actions, days], async call =>
        {
            string[] chosen = call.Get(workspaces) is { Length: > 0 } named ? named : call.Get(all) ? ["*"] : throw new UsageException("Name workspaces with --workspace, or say --all-workspaces.");
            if (call.Get(all) && chosen is not ["*"]) throw new UsageException("--workspace and --all-workspaces exclude each other.");
            var body = new { name = call.Need(name), workspaces = chosen, actions = call.Need(actions), expiresUtc = DateTimeOffset.UtcNow.AddDays(call.Get(days)) };
            var made = await call.App.PostAsync<JsonElement>("api-keys", body, call.Cancel);
            if (call.Terminal.Json)
            {
                Terminal.Line(made);
                return;
            }
            call.Terminal.Progress($"API key {body.name} ({made.GetProperty("id").GetString()}) is made. It is not shown again; set IP_API_KEY to it where it is to be used:");
            // As it is, in one line: it is meant for a variable.
            Console.Out.WriteLine(made.GetProperty("key").GetString());
        });
    }

    private static Command List() => Verbs.Verb("list", "List the API keys, without the keys.", [], call => call.Terminal.ListAsync(
        call.App.ListAsync("api-keys", call.Cancel), "There is no API key yet: `ip key create NAME`.",
        new Cell("Id", "id"), new Cell("Name", "name"), new Cell("Status", "status"), new Cell("Workspaces", "workspaces"), new Cell("Actions", "actions"),
        new Cell("Expires", "expiresUtc"), new Cell("Last used", "lastUsed"), new Cell("Made by", "createdBy")));

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "Its id; `ip key list` shows it." };
        return Verbs.Verb("revoke", "Let nobody in with an API key any more.", [id], async call =>
        {
            var revoked = await call.App.DeleteAsync<JsonElement>(AppClient.Route($"api-keys/{call.Need(id)}"), call.Cancel);
            call.Terminal.Show(revoked, $"API key {revoked.GetProperty("name").GetString()} is revoked.");
        });
    }
}
