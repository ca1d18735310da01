using System.Diagnostics;
using IntegrationPoints.App.Tests;
using IntegrationPoints.Cli.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.Safety.Tests;

/// <summary>What <c>ip audit</c> prints is one line for each entry, whatever names stand in it: nobody hides what they did from who reads it (CWE-117, CWE-150).</summary>
public sealed class AuditTableTests(OwnApp own) : IClassFixture<OwnApp>
{
    private const string Forged = "2026-01-01 00:00:00  root";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Names, and what would have come of them in a terminal.</summary>
    [Theory]
    [InlineData("two lines", "x\r\n" + Forged)]
    [InlineData("a line of its own", "x\n" + Forged)]
    [InlineData("back to the beginning", "x\r" + Forged)]
    [InlineData("line ends of Unicode", "x\u0085" + Forged + "\u2028" + Forged + "\u2029" + Forged)]
    [InlineData("a cleared screen", "x\u001b[2J\u001b[H" + Forged)]
    [InlineData("a colour that nobody sees", "x\u001b[8m")]
    [InlineData("a link", "x\u001b]8;;https://example.com\u001b\\y\u001b]8;;\u001b\\")]
    [InlineData("codes of eight bits", "x\u009b2J")]
    [InlineData("a backspace", "x\b\b\b\b\b\b\b\b" + Forged)]
    [InlineData("written backwards", "x\u202e\u2066" + Forged)]
    [InlineData("marks of the table", "[red]x[/] [[y]] │ ─")]
    [InlineData("a broken mark of the table", "[/][bold x")]
    [InlineData("a formula", "=cmd|' /C calc'!A0")]
    [InlineData("very long", "{long}")]
    public async Task An_entry_is_one_line(string what, string text)
    {
        Assert.NotEmpty(what);
        // An id of its own finds the entries of this row.
        var (mark, hostile) = ($"m{Guid.NewGuid():n}"[..12], text.Replace("{long}", new string('x', 3000), StringComparison.Ordinal));
        var stranger = own.Api.As(new LocalToken { Name = $"{mark}{hostile}", Roles = [] });
        await stranger.GetAsync("audit");
        await own.Api.As(new LocalToken { Name = "stranger", Roles = [] }).GetAsync($"workspaces/{mark}{Uri.EscapeDataString(hostile.Length > 200 ? hostile[..150] : hostile)}");
        await own.Api.PostAsync("workspaces", System.Text.Json.JsonSerializer.Serialize(new { name = $"{mark}{hostile}" }));

        var printed = await PrintedAsync();
        var lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Count(line => line.Contains(mark, StringComparison.Ordinal)) >= 2, printed);
        // Every line but the titles begins with when it was, or goes on within a column.
        Assert.All(lines.Skip(1), line => Assert.Matches(@"^(\s*20\d\d-\d\d-\d\d \d\d:\d\d:\d\d |\s{20,}\S)", line));
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith(Forged, StringComparison.Ordinal));
        Assert.DoesNotContain(printed, c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029' or '\u202e' or '\u2066');
    }

    private async Task<string> PrintedAsync()
    {
        using var inside = own.App.Services();
        var program = Path.Combine(Repository.Root, "tools", "Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name, "net10.0", "ip.dll");
        var start = new ProcessStartInfo("dotnet", [program, "audit"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in (string[])["IP_TOKEN_COMMAND", "IP_TOKEN", "IP_API_KEY"]) start.Environment.Remove(variable);
        start.Environment["IP_URL"] = new Uri(own.App.Http.BaseAddress!, "/").ToString();
        start.Environment["IP_SIGNING_KEY_FILE"] = inside.GetRequiredService<IConfiguration>()["Auth:LocalKeyFile"];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        var printed = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, await error);
        return printed;
    }
}
