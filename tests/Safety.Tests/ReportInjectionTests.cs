using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>
/// No value of a load file is computed or run by what people open reports and lists with (issue "Safety tests", formula and script injection). Load
/// files, error files and manifests are exact data: no letter of them is changed.
/// </summary>
public sealed partial class ReportInjectionTests(Servers servers)
{
    public static TheoryData<string> Cells => [.. HostileCells.All.Keys];

    public static TheoryData<string> Markup => [.. HostileCells.Markup];

    [Theory, MemberData(nameof(Cells))]
    public async Task A_spreadsheet_computes_nothing_of_the_error_report(string what)
    {
        var reports = await Reports.Async(servers);
        var text = Encoding.UTF8.GetString(await reports.BytesAsync($"jobs/{reports.Rejecting}/error-report")).TrimStart('\uFEFF');
        var rows = Csv.Rows(text);
        Assert.All(rows, row => Assert.Equal(6, row.Count));
        // The value is there, whole, in the column of identifiers, and every row that holds it holds it as a text.
        var own = rows.Where(row => Letters(row[2]) == Letters(HostileCells.All[what])).ToList();
        Assert.NotEmpty(own);
        foreach (var cell in own.SelectMany(row => row))
        {
            Assert.True(cell.TrimStart().Length == 0 || !HostileCells.Begins.Contains(cell.TrimStart()[0]), cell);
            Assert.DoesNotMatch(Computed(), cell);
        }
    }

    [Theory, MemberData(nameof(Markup))]
    public async Task A_browser_runs_nothing_of_the_report_of_a_check(string what)
    {
        var reports = await Reports.Async(servers);
        var page = Encoding.UTF8.GetString(await reports.BytesAsync($"checks/{reports.Check}/report"));
        Assert.Contains(Shown(page), cell => Letters(cell).Contains(Letters(HostileCells.All[what]), StringComparison.Ordinal));
        AssertInert(page);
    }

    [Theory, MemberData(nameof(Cells))]
    public async Task A_browser_runs_nothing_of_an_export_as_a_page_and_a_spreadsheet_computes_nothing_of_it(string what)
    {
        var page = (await Reports.Async(servers)).Export("html");
        Assert.Contains(Shown(page), cell => Lines(cell) == Lines(HostileCells.All[what]));
        AssertInert(page);
        Assert.Contains("&lt;b onclick=alert(1)&gt;", page, StringComparison.Ordinal);
        // A spreadsheet takes such cells for texts, whatever they begin with.
        Assert.Contains("th, td { border: 1px solid #bbb; padding: 3px 6px; text-align: left; vertical-align: top; white-space: pre-wrap; mso-number-format: \"\\@\"; }", page, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Cells))]
    public async Task A_load_file_is_exact_data(string what)
    {
        var reports = await Reports.Async(servers);
        var value = Lines(HostileCells.All[what]);
        Assert.Contains(Csv.Rows(reports.Export("csv")), row => row.Count(cell => Lines(cell) == value) == 2);
        Assert.Contains($"\u00FE{value.Replace('\n', '\u00AE')}\u00FE", reports.Export("dat"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_file_is_exact_data()
    {
        var reports = await Reports.Async(servers);
        Assert.Equal(reports.LoadFile, await reports.BytesAsync($"jobs/{reports.Rejecting}/error-file"));
    }

    [Fact]
    public async Task A_manifest_is_exact_data()
    {
        var reports = await Reports.Async(servers);
        var rows = Csv.Rows(Encoding.UTF8.GetString(await reports.BytesAsync($"jobs/{reports.Importing}/manifest/files")));
        Assert.Contains(rows, row => row.Any(cell => cell == Reports.Native || cell.EndsWith("/" + Reports.Native, StringComparison.Ordinal)));
        Assert.DoesNotContain(rows, row => row.Any(cell => cell.StartsWith('\'')));
    }

    /// <summary>What is answered, and as what a browser must take it.</summary>
    [Theory]
    [InlineData("jobs/{rejecting}/errors", "application/json")]
    [InlineData("jobs/{rejecting}/warnings", "application/json")]
    [InlineData("jobs/{rejecting}/error-report", "text/csv")]
    [InlineData("jobs/{rejecting}/error-file", "application/octet-stream")]
    [InlineData("jobs/{importing}/manifest/files", "text/csv")]
    [InlineData("workspaces/{ws}/object-types/Document/records", "application/json")]
    [InlineData("workspaces/{ws}/object-types/Document/fields", "application/json")]
    [InlineData("workspaces/{ws}/audit", "application/json")]
    [InlineData("checks/{check}", "application/json")]
    [InlineData("checks/{check}/report", "text/html")]
    public async Task Nothing_is_taken_for_a_page_but_the_one_that_can_run_nothing(string address, string type)
    {
        var reports = await Reports.Async(servers);
        var reply = await reports.Api.GetAsync(address.Replace("{rejecting}", reports.Rejecting, StringComparison.Ordinal)
            .Replace("{importing}", reports.Importing, StringComparison.Ordinal).Replace("{check}", reports.Check, StringComparison.Ordinal));
        Assert.Equal((200, type), (reply.Status, reply.ContentHeaders.ContentType!.MediaType));
        Assert.Equal("nosniff", Assert.Single(reply.Headers.GetValues("X-Content-Type-Options")));
        if (type == "text/html") Assert.Matches("^default-src 'none'; .*sandbox$", Assert.Single(reply.Headers.GetValues("Content-Security-Policy")));
        else if (type != "application/json") Assert.Equal("attachment", reply.ContentHeaders.ContentDisposition!.DispositionType);
    }

    // What makes a value what it is: without blanks, marks of control characters, and the mark of a text.
    private static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('\'' or (>= '\u2400' and <= '\u243f'))));

    private static string Lines(string text) => text.ReplaceLineEndings("\n").Trim();

    private static IEnumerable<string> Shown(string page)
        => Cell().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value.Replace("<br/>", "\n", StringComparison.Ordinal)));

    // Only the page's own markup is in it, and that can run nothing.
    private static void AssertInert(string page)
    {
        Assert.Contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<", Own().Replace(page, ""), StringComparison.Ordinal);
    }

    // Tags of the page with the attributes that they have; whatever else begins with < is none of its own.
    [GeneratedRegex("""<!doctype html>|<html( lang="en")?>|<meta [^<>]*>|<style>[^<]*</style>|</?(html|head|title|body|table|thead|tbody|section|div|tr|th|td|p|h1|h2|h3|span|a|br)( (class|id|scope)="[\w -]*"| href="(#f\d+|\./[^"<>:]*)")*/?>""", RegexOptions.IgnoreCase)]
    private static partial Regex Own();

    [GeneratedRegex("<t[dh][^<>]*>((?:[^<]|<br/>)*)</t[dh]>")]
    private static partial Regex Cell();

    // Where lists are separated by semicolons, what follows one is a cell.
    [GeneratedRegex("[;\\t]\\s*[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20]")]
    private static partial Regex Computed();
}
