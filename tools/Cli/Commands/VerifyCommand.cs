using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;
using Spectre.Console;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip verify</c>: reads the files of a job again and compares them with its manifest.</summary>
internal static class VerifyCommand
{
    private static readonly string[] Counted = ["files", "equal", "differing", "missing", "withoutHash"];
    private static readonly string[] Shown = ["line", "identifier", "kind", "path", "code", "error"];
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var id = new Argument<string>("JOB") { Description = "Id of the job." };
        return Verbs.Verb(
            "verify", "Read every file that a job imported or exported again, and compare it with the job's manifest; exit code 0: all equal, 1: differences.", [id], async call =>
            {
                var begun = await call.App.PostAsync<JsonElement>(AppClient.Route($"jobs/{call.Need(id)}/verify"), null, call.Cancel);
                var route = AppClient.Route($"jobs/{Text(begun, "jobId")}/verifications/{Text(begun, "id")}");
                return Show(call.Terminal, await WatchAsync(call, route));
            });
    }

    private static async Task<JsonElement> WatchAsync(Call call, string route)
    {
        if (!call.Terminal.IsWatched) return await PollAsync(call, route, _ => { });
        ProgressColumn[] columns = [new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()];
        return await call.Terminal.Error.Progress().AutoClear(true).Columns(columns).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Verifying", maxValue: 1);
            return await PollAsync(call, route, now =>
            {
                var counts = now.GetProperty("counts");
                (bar.MaxValue, bar.Value) = (Math.Max(1, Number(now, "total")), Number(counts, "files"));
                bar.Description = Markup.Escape($"Verifying: {Terminal.Files(Number(counts, "files"))}, {Terminal.Bytes(Number(counts, "bytes"))} read");
            });
        });
    }

    private static async Task<JsonElement> PollAsync(Call call, string route, Action<JsonElement> show)
    {
        for (var pause = FirstPause; ; pause = pause * 1.25 < LongestPause ? pause * 1.25 : LongestPause)
        {
            var now = await call.App.GetAsync<JsonElement>(route, call.Cancel);
            show(now);
            if (Text(now, "status") != "Running") return now;
            await Task.Delay(pause, call.Cancel);
        }
    }

    private static int Show(Terminal terminal, JsonElement result)
    {
        var status = Text(result, "status");
        if (terminal.Json) Terminal.Line(result);
        else Words(terminal, result, status);
        if (status == "Failed") terminal.Remark(Text(result.GetProperty("problem"), "message"));
        return status switch { "Equal" => ExitCode.Done, "Different" => ExitCode.DoneWithErrors, _ => ExitCode.Failed };
    }

    private static void Words(Terminal terminal, JsonElement result, string status)
    {
        var counts = result.GetProperty("counts");
        terminal.Say(status == "Equal" ? "Every file is what it was when the job ran." : status == "Different" ? "Some files are not what they were." : "Failed.");
        terminal.Table(
            ["Files", "Equal", "Differing", "Missing", "Without hash", "Read"],
            [[.. Counted.Select(name => Terminal.Number(Number(counts, name))), Terminal.Bytes(Number(counts, "bytes"))]]);
        if (result.TryGetProperty("remark", out var remark)) terminal.Say(remark.GetString()!);
        var differences = result.GetProperty("differences").EnumerateArray().ToList();
        if (differences.Count > 0)
        {
            terminal.Table(
                ["Line", "Document", "Kind", "File", "Code", "Why"],
                differences.Select(d => (string[])[.. Shown.Select(name => Cell.TextOf(d, name))]));
        }
        if (Number(counts, "differing") + Number(counts, "missing") > differences.Count)
            terminal.Say($"All of them: ip job differences {Text(result, "jobId")} {Text(result, "id")} --output json");
    }

    private static string Text(JsonElement item, string property) => item.GetProperty(property).GetString()!;

    private static long Number(JsonElement item, string property) => item.GetProperty(property).GetInt64();
}
