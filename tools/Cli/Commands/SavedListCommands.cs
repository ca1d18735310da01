using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip search</c> and <c>ip view</c>: save, list, show, delete, run, count.</summary>
internal sealed class SavedListCommands
{
    private readonly string what;
    private readonly string route;

    private SavedListCommands(string what, string route) => (this.what, this.route) = (what, route);

    public static Command Searches() => new SavedListCommands("saved search", "saved-searches").Create(
        "search", "Saved searches: conditions with columns and an order.");

    public static Command Views() => new SavedListCommands("view", "views").Create("view", "Views: columns and an order for the records of folders.");

    private Command Create(string name, string description) => new(name, description) { Save(), List(), Show(), Delete(), Run(), Count() };

    private Argument<string> Name() => new("NAME") { Description = $"Name or id of the {what}." };

    private string All(Call call, Option<string> workspace) => AppClient.Route($"workspaces/{call.Need(workspace)}/") + route;

    private string One(Call call, Option<string> workspace, Argument<string> name) => $"{All(call, workspace)}/{Uri.EscapeDataString(call.Need(name))}";

    private Command Save()
    {
        var (name, workspace, objectType) = (Name(), Verbs.Workspace(), Verbs.ObjectType());
        var condition = new Option<string?>("--condition")
        {
            Description = "Which records, as JSON: {\"and\"|\"or\":[…]}, {\"not\":…}, {\"field\":…,\"op\":…,\"value\":…}. Operators: is, is-not, contains, starts-with, is-set, "
                + "is-not-set, greater, less, at-least, at-most, between, any-of, in-folder, in-production.",
            HelpName = "json",
        };
        var file = new Option<string?>("--condition-file") { Description = "The same from a file.", HelpName = "path" };
        var columns = new Option<string[]>("--column") { Description = "A field to show; repeat it for more, in order. None: all.", HelpName = "field" };
        var sort = new Option<string[]>("--sort") { Description = "A field to order by, \"FIELD desc\" for descending; repeat it for more.", HelpName = "field" };
        var isPrivate = new Option<bool>("--private") { Description = "Only you see it." };
        return Verbs.Verb("save", $"Save a {what}, or change the one of that name.", [name, workspace, objectType, condition, file, columns, sort, isPrivate], async call =>
        {
            var body = new
            {
                name = call.Need(name),
                @private = call.Get(isPrivate),
                objectType = call.Need(objectType),
                condition = await ConditionAsync(call, condition, file),
                columns = call.Get(columns) ?? [],
                sort = (call.Get(sort) ?? []).Select(Sort).ToList(),
            };
            var saved = await SaveAsync(call, All(call, workspace), body.name, body);
            call.Terminal.Show(saved, $"The {what} {body.name} is saved.");
        });
    }

    // A name that is taken is one to change.
    private static async Task<JsonElement> SaveAsync(Call call, string all, string name, object body)
    {
        try
        {
            return await call.App.PostAsync<JsonElement>(all, body, call.Cancel);
        }
        catch (AppException refused) when (refused.Code == "name-taken")
        {
            return await call.App.PutAsync<JsonElement>($"{all}/{Uri.EscapeDataString(name)}", body, call.Cancel, EntityTagHeaderValue.Any);
        }
    }

    private static object Sort(string column)
    {
        var text = column.Trim();
        var (isDown, isUp) = (text.EndsWith(" desc", StringComparison.OrdinalIgnoreCase), text.EndsWith(" asc", StringComparison.OrdinalIgnoreCase));
        return new { field = isDown ? text[..^5] : isUp ? text[..^4] : text, descending = isDown };
    }

    private static async Task<JsonNode?> ConditionAsync(Call call, Option<string?> condition, Option<string?> file)
    {
        if (call.Get(condition) is not null && call.Get(file) is not null) throw new UsageException("Give --condition or --condition-file, not both.");
        var json = call.Get(file) is { } path ? await File.ReadAllTextAsync(path, call.Cancel) : call.Get(condition);
        try
        {
            return json is null ? null : JsonNode.Parse(json);
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"The condition is not JSON: {wrong.Message}");
        }
    }

    private Command List()
    {
        var workspace = Verbs.Workspace();
        return Verbs.Verb("list", $"List what is saved: every public {what}, and your own.", [workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(All(call, workspace), call.Cancel), $"There is no {what} yet.",
            new Cell("Name", "name"), new Cell("Owner", list => Cell.TextOf(list, "owner") is { Length: > 0 } owner ? owner : "Public"),
            new Cell("Object type", "objectType"), new Cell("Id", "id")));
    }

    private Command Show()
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        return Verbs.Verb("show", $"Show a {what}.", [name, workspace], async call =>
            call.Terminal.ShowProperties(await call.App.GetAsync<JsonElement>(One(call, workspace, name), call.Cancel)));
    }

    private Command Delete()
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        return Verbs.Verb("delete", $"Delete a {what}; the records stay.", [name, workspace], async call =>
        {
            await call.App.DeleteAsync(One(call, workspace, name), call.Cancel);
            call.Terminal.Show(new { name = call.Need(name), deleted = true }, $"The {what} {call.Need(name)} is deleted.");
        });
    }

    private Command Run()
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        return Verbs.Verb("run", $"List the records that a {what} finds, in the order of their identifiers.", [name, workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(One(call, workspace, name) + "/records", call.Cancel), "It finds nothing.",
            new Cell("Id", "id"), new Cell("Folder", "folder"), new Cell("Fields", record => record.GetProperty("fields").GetRawText())));
    }

    private Command Count()
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        return Verbs.Verb("count", $"Count the records that a {what} finds.", [name, workspace], async call =>
        {
            var counted = await call.App.GetAsync<JsonElement>(One(call, workspace, name) + "/count", call.Cancel);
            call.Terminal.Show(counted, $"{Cell.TextOf(counted, "count")} records.");
            if (counted.GetProperty("scanned").GetArrayLength() > 0)
                call.Terminal.Remark($"Every record was looked at, because no index serves: {string.Join(", ", counted.GetProperty("scanned").EnumerateArray().Select(f => f.GetString()))}.");
        });
    }
}
