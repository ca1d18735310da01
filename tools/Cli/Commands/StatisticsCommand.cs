using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip point statistics</c>: how much an integration point would transfer.</summary>
internal static class StatisticsCommand
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var id = new Argument<string>("POINT") { Description = "Id of the integration point." };
        var workspace = Verbs.Workspace();
        var calculate = new Option<bool>("--calculate") { Description = "Calculate anew, in the background." };
        var wait = new Option<bool>("--wait") { Description = "Calculate anew, and wait for the end." };
        return Verbs.Verb("statistics", "Show how many documents, natives and images an integration point would transfer.", [id, workspace, calculate, wait], async call =>
        {
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/integration-points/{call.Need(id)}/statistics");
            var now = call.Get(calculate) || call.Get(wait)
                ? await call.App.PostAsync<JsonElement>(route, null, call.Cancel)
                : await call.App.GetAsync<JsonElement>(route, call.Cancel);
            if (call.Get(wait)) now = await EndAsync(call, route);
            return Show(call.Terminal, now);
        });
    }

    private static async Task<JsonElement> EndAsync(Call call, string route)
    {
        for (var pause = FirstPause; ; pause = pause * 1.25 < LongestPause ? pause * 1.25 : LongestPause)
        {
            var now = await call.App.GetAsync<JsonElement>(route, call.Cancel);
            if (Cell.TextOf(now, "state") != "In progress") return now;
            await Task.Delay(pause, call.Cancel);
        }
    }

    private static int Show(Terminal terminal, JsonElement statistics)
    {
        var state = Cell.TextOf(statistics, "state");
        if (terminal.Json) Terminal.Line(statistics);
        else Words(terminal, statistics, state);
        if (state != "Error") return ExitCode.Done;
        terminal.Remark(Cell.TextOf(statistics.GetProperty("problem"), "message"));
        return ExitCode.Failed;
    }

    private static void Words(Terminal terminal, JsonElement statistics, string state)
    {
        var when = statistics.TryGetProperty("calculatedAt", out var at) ? at.GetDateTime().ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";
        terminal.Say(state switch
        {
            "New" => "Not calculated yet: --calculate, or --wait, does it.",
            "In progress" => "In progress; counted so far:",
            "Error" => "They could not be calculated.",
            _ => $"Calculated on {when} UTC.",
        });
        if (!statistics.TryGetProperty("documents", out _)) return;
        terminal.Table(["", "Found", "Missing", "Cannot be read"], Rows(statistics));
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(JsonElement statistics)
    {
        yield return ["Documents", Cell.TextOf(statistics, "documents"), "", Cell.TextOf(statistics, "unreadable")];
        foreach (var (title, name) in ((string, string)[])[("Natives", "natives"), ("Images", "images")])
        {
            if (statistics.TryGetProperty(name, out var files))
                yield return [title, Cell.TextOf(files, "text"), Cell.TextOf(files, "missing"), Cell.TextOf(files, "refused")];
        }
    }
}
