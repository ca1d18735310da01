using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary>Lists of errors: of a job, an integration point, a workspace; all of them, or those that meet conditions.</summary>
internal sealed class ErrorLists
{
    /// <summary>The conditions; all of them must hold.</summary>
    public Option<string[]> Where { get; } = new("--where")
    {
        Description = "Only those where a column has a value, such as status=New, code=invalid-date, field=\"Date Sent\", error=text that it contains, "
            + "timestampFrom=2026-03-31; may be repeated. A blank value finds what is blank; an unknown column is answered with the list of columns.",
        HelpName = "column=value",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Shows the errors, or warnings, of one job.</summary>
    public Task ShowOfJobAsync(Call call, string route, string none) => ShowAsync(
        call, route, none,
        new Cell("Line", "line"), new Cell("Record", "sourceId"), new Cell("Field", "field"), new Cell("Code", "code"), new Cell("Why", "error"));

    /// <summary>Shows the errors of an integration point.</summary>
    public Task ShowOfPointAsync(Call call, string route) => ShowAsync(
        call, route, "The integration point has no errors.",
        new Cell("When (UTC)", When), new Cell("Job", "jobId"), new Cell("Record", "sourceId"), new Cell("Status", "status"), new Cell("Code", "code"), new Cell("Why", "error"));

    /// <summary>Shows the errors of a workspace.</summary>
    public Task ShowOfWorkspaceAsync(Call call, string route) => ShowAsync(
        call, route, "The workspace has no errors.",
        new Cell("When (UTC)", When), new Cell("Integration point", PointName), new Cell("Job", "jobId"), new Cell("Record", "sourceId"),
        new Cell("Status", "status"), new Cell("Code", "code"), new Cell("Why", "error"));

    private async Task ShowAsync(Call call, string route, string none, params Cell[] columns)
    {
        var conditions = (call.Get(Where) ?? []).Select(Condition).ToList();
        var (scanned, isFiltered) = (0L, conditions.Count > 0);
        if (isFiltered) route += "?" + string.Join('&', conditions);
        var items = call.App.ListAsync(route, call.Cancel, page => scanned += page.GetProperty("scanned").GetInt64());
        await call.Terminal.ListAsync(items, isFiltered ? "None meets the conditions." : none, columns);
        if (isFiltered) call.Terminal.Progress($"{Terminal.Number(scanned)} were looked at.");
    }

    // The host of the app takes its key as "code".
    private static string Condition(string text)
    {
        if (text.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at)) throw new UsageException($"--where takes a column and a value, such as status=New, not {text}.");
        var column = text[..at].Trim();
        return AppClient.Route($"{(column.Equals("code", StringComparison.OrdinalIgnoreCase) ? "errorCode" : column)}={text[(at + 1)..].Trim()}");
    }

    private static string When(JsonElement error)
        => error.GetProperty("timestamp").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    // An error that no job carries knows the point by its id alone.
    private static string PointName(JsonElement error) => Cell.TextOf(error, "jobName") is { Length: > 0 } name ? name : Cell.TextOf(error, "integrationPoint");
}
