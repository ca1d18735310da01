using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Checks;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip check</c>: what importing a load file of this machine would come to; nothing is written into the workspace.</summary>
internal static class CheckCommand
{
    private static readonly string[] Meanings = ["begin-bates", "end-bates", "begin-attachment", "end-attachment", "group", "parent", "pages", "hash"];

    public static Command Create()
    {
        var images = new Option<string?>("--images") { Description = "The image load file (.opt) of the same production, compared both ways.", HelpName = "file" };
        var report = new Option<string?>("--report") { Description = "Write the report as one page of HTML.", HelpName = "file" };
        var columns = new Option<string[]>("--column-for")
        {
            Description = $"A column whose name does not tell what it means, as MEANING=COLUMN; blank: none. Meanings: {string.Join(", ", Meanings)}.",
            HelpName = "meaning=column",
        };
        var source = new ImportSource();
        return Verbs.Verb("check", "Check a load file before its import: reads everything, writes nothing.", [.. source.All, images, report, columns], async call =>
        {
            var request = new CheckRequest
            {
                Import = source.Read(call),
                Images = call.Get(images) is { } file ? Existing(file) : null,
                Columns = Columns(call.Get(columns) ?? []),
            };
            if (request.Import.Settings.Images is not null)
                throw new UsageException("A check begins with the document load file: give that one, and the image load file with --images.");
            var check = await new CheckRun(call.App, call.Terminal).RunAsync(request, call.Cancel);
            if (call.Terminal.Json) Terminal.Line(check);
            if (check.Report is not { } found)
            {
                call.Terminal.Remark($"{check.Problem?.Message} ({check.Problem?.Code})");
                return ExitCode.Failed;
            }
            if (!call.Terminal.Json) Show(call.Terminal, found);
            if (call.Get(report) is { } page)
            {
                var bytes = await call.App.DownloadAsync(AppClient.Route($"checks/{check.CheckId}/report"), page, call.Cancel);
                call.Terminal.Progress($"{page} ({Terminal.Bytes(bytes)})");
            }
            return check.HasErrors ? ExitCode.DoneWithErrors : ExitCode.Done;
        });
    }

    private static void Show(Terminal terminal, JsonElement report)
    {
        terminal.Say(Cell.TextOf(report, "verdict"));
        var findings = report.GetProperty("findings").EnumerateArray().ToList();
        if (findings.Count == 0) terminal.Say("Nothing to mend: the load file and its files are whole.");
        var rows = findings.Select(f => (string[])[
            Cell.TextOf(f, "severity"), Terminal.Number(f.GetProperty("count").GetInt64()), Cell.TextOf(f, "title"), Cell.TextOf(f, "remedy")]);
        if (findings.Count > 0) terminal.Table(["", "How many", "What", "What to do"], rows);
        if (report.TryGetProperty("proposal", out var proposal) && proposal.ValueKind == JsonValueKind.Object)
            terminal.Say($"{Cell.TextOf(proposal, "folder")} has {Cell.TextOf(proposal, "found")} of {Cell.TextOf(proposal, "tried")} missing files that were looked for there: use it as --base.");
    }

    private static string Existing(string file)
    {
        var path = Path.GetFullPath(file);
        return File.Exists(path) ? path : throw new UsageException($"There is no file {path}.");
    }

    private static Dictionary<string, string> Columns(string[] pairs)
    {
        var columns = new Dictionary<string, string>();
        foreach (var pair in pairs)
        {
            var sign = pair.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0 || !Meanings.Contains(pair[..sign]))
                throw new UsageException($"--column-for takes MEANING=COLUMN, and not \"{pair}\". Meanings: {string.Join(", ", Meanings)}.");
            var words = pair[..sign].Split('-');
            columns[words[0] + string.Concat(words.Skip(1).Select(w => char.ToUpperInvariant(w[0]) + w[1..]))] = pair[(sign + 1)..];
        }
        return columns;
    }
}
