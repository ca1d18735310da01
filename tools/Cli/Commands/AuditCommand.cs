using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip audit</c>: who did what.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var workspace = new Option<string?>("--workspace", "-w") { Description = "Only what was done in this workspace.", HelpName = "id" };
        var deleted = new Option<string?>("--deleted-workspace") { Description = "Only what was done in this workspace, which is not there any more.", HelpName = "id" };
        (string Name, Option<string?> Option)[] filters =
        [
            ("who", Filter("--by", "Only what this user, application or key did.", "name")),
            ("action", Filter("--action", "Only this action, such as run, export, change-integration-point.", "action")),
            ("outcome", Filter("--outcome", "Only what was done, refused, failed, or is unknown.", "outcome")),
            ("from", Filter("--from", "Only from this day or instant on (UTC), such as 2026-03-31.", "time")),
            ("to", Filter("--to", "Only up to this day or instant (UTC); a day with all of it.", "time")),
        ];
        return Verbs.Verb("audit", "List who did what, newest first; with --output json with what it was before and is after.", [workspace, deleted, .. filters.Select(f => f.Option)], async call =>
        {
            if (call.Get(workspace) is not null && call.Get(deleted) is not null) throw new UsageException("Name --workspace or --deleted-workspace, not both.");
            var route = call.Get(workspace) is { } id ? AppClient.Route($"workspaces/{id}/audit?") : call.Get(deleted) is { } gone ? AppClient.Route($"audit?workspace={gone}") : "audit?";
            foreach (var (name, option) in filters)
                if (call.Get(option) is { } value) route += AppClient.Route($"&{name}={value}");
            await ShowAsync(call, route.Replace("?&", "?", StringComparison.Ordinal).TrimEnd('?'));
        });
    }

    private static Option<string?> Filter(string name, string description, string value) => new(name) { Description = description, HelpName = value };

    private static Task ShowAsync(Call call, string route) => call.Terminal.ListAsync(
        call.App.ListAsync(route, call.Cancel), "There is no entry.",
        new Cell("When (UTC)", e => e.GetProperty("timeUtc").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        new Cell("Who", e => Cell.TextOf(e, "by") is { Length: > 0 } by ? $"{Who(e)} by {by}" : Who(e)),
        new Cell("Action", "action"), new Cell("Outcome", "outcome"), new Cell("On", Subject), new Cell("Workspace", "workspace"), new Cell("Job", "jobId"));

    private static string Who(JsonElement entry) => Engine.Words.Shorten(Cell.TextOf(entry, "who"));

    // A name may hold line breaks; a row of the list has one line.
    private static string Subject(JsonElement entry)
    {
        if (!entry.TryGetProperty("on", out var on) || on.ValueKind != JsonValueKind.Object) return "";
        var name = Cell.TextOf(on, "name") is { Length: > 0 } named ? named : Cell.TextOf(on, "id");
        return $"{Cell.TextOf(on, "kind")} {Engine.Words.Quote(name)}";
    }
}
