using System.Text.Json;
using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Cli.Tests;

/// <summary><c>ip check</c>, against the app.</summary>
[Collection("app")]
public sealed class CheckTests(RunningApp app) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_check_says_what_the_import_then_does_and_leaves_the_workspace_empty()
    {
        var set = await LoadFileGenerator.WriteAsync(
            new() { Documents = 60, Natives = true, Text = TextPlace.File, BytesPerText = 200, BadRows = 10, Seed = 3 }, _folder.Path, Cancel);
        _folder.Write("NATIVES/0001/not-named.txt");
        var workspace = await app.WorkspaceAsync("Check");
        string[] options = ["--workspace", workspace, "--create-fields", "--fields", set.SchemaPath, .. set.ImportOptions];
        var run = await app.IpAsync(["check", set.LoadFilePath, .. options, "--report", _folder["report.html"], "--output", "json"]);
        Assert.True(run.ExitCode == 1, run.Error);
        var report = JsonSerializer.Deserialize<JsonElement>(run.Out).GetProperty("report");
        Assert.Equal("60 rows: 50 would be new, 10 would be rejected.", report.GetProperty("verdict").GetString());
        // What is wrong with families follows from rows that cannot be read, and is not of the rows themselves.
        var examples = report.GetProperty("findings").EnumerateArray()
            .Where(f => f.GetProperty("severity").GetString() == "error" && f.GetProperty("section").GetString() != "families")
            .SelectMany(f => f.GetProperty("examples").EnumerateArray(), (f, e) => (e.GetProperty("line").GetInt64(), f.GetProperty("code").GetString()));
        Assert.Equal(set.BadRows.Select(row => (row.Line, (string?)row.Code)).Order(), examples.Order());
        var orphans = Finding(report, "orphan-file").GetProperty("examples").EnumerateArray().Select(e => e.GetProperty("value").GetString());
        Assert.Contains("NATIVES/0001/not-named.txt", orphans);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(_folder["report.html"], Cancel), StringComparison.Ordinal);

        Assert.Empty(await app.LinesAsync("records", "list", "--workspace", workspace));
        Assert.Empty(await app.LinesAsync("job", "list", "--workspace", workspace));
        Assert.Empty(await app.LinesAsync("point", "list", "--workspace", workspace));
        var import = await app.IpAsync(["import", set.LoadFilePath, .. options, "--output", "json"]);
        Assert.Equal(50, JsonSerializer.Deserialize<JsonElement>(import.Out).GetProperty("transferred").GetInt32());
    }

    [Fact]
    public async Task Files_that_are_not_below_the_base_folder_are_missing_and_the_folder_above_is_proposed()
    {
        _folder.Write("N/1.msg", "mail");
        var file = _folder.Write("DATA/load.dat", "þIdþ\u0014þPathþ\nþ1þ\u0014þN\\1.msgþ\n");
        var workspace = await app.WorkspaceAsync("Base");
        string[] options = ["--workspace", workspace, "--create-fields", "--native-path", "Path"];
        var run = await app.IpAsync(["check", file, .. options]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 row: 1 would be rejected.", run.Out, StringComparison.Ordinal);
        Assert.Contains($"{_folder.Path} has 1 of 1 missing files", run.Out, StringComparison.Ordinal);
        Assert.Contains("use it as --base", run.Out, StringComparison.Ordinal);

        var again = await app.IpAsync(["check", file, .. options, "--base", _folder.Path]);
        Assert.True(again.ExitCode == 0, again.Out + again.Error);
        Assert.Contains("1 row: 1 would be new.", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_load_file_is_compared_although_no_image_is_sent()
    {
        _folder.Write("I/A1.tif", "x");
        var images = _folder.Write("load.opt", "A1,V,I\\A1.tif,Y,,,\nA2,V,I\\A2.tif,,,,\n");
        var file = _folder.Write("load.dat", "þBEGBATESþ\u0014þENDBATESþ\nþA1þ\u0014þA2þ\nþA3þ\u0014þA3þ\n");
        var workspace = await app.WorkspaceAsync("Pair");
        var run = await app.IpAsync("check", file, "--workspace", workspace, "--create-fields", "--images", images, "--output", "json");
        var report = JsonSerializer.Deserialize<JsonElement>(run.Out).GetProperty("report");
        Assert.Equal((1, 2L, 1L), (run.ExitCode, report.GetProperty("images").GetProperty("pages").GetInt64(), report.GetProperty("images").GetProperty("both").GetInt64()));
        Assert.Equal("I/A2.tif", Finding(report, "missing-file").GetProperty("examples")[0].GetProperty("value").GetString());
        Assert.Equal("A3", Finding(report, "document-without-images").GetProperty("examples")[0].GetProperty("id").GetString());
        Assert.DoesNotContain((await app.StagedAsync(workspace)).Keys, name => name.EndsWith(".tif", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_load_file_that_cannot_be_read_is_a_failure_and_says_why()
    {
        var file = _folder.Write("load.dat", "þIdþ\nþ1þ\n");
        var run = await app.IpAsync("check", file, "--workspace", await app.WorkspaceAsync("Bad"), "--identifier", "None", "--create-fields", "--output", "json");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("identifier-column-missing", run.Error, StringComparison.Ordinal);
        Assert.Equal("Failed", JsonSerializer.Deserialize<JsonElement>(run.Out).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("--column-for", "bates=X")]
    [InlineData("--column-for", "hash")]
    [InlineData("--images", "none.opt")]
    [InlineData("--kind", "image")]
    public async Task What_cannot_be_is_refused(string option, string value)
    {
        var file = _folder.Write("load.dat", "þIdþ\nþ1þ\n");
        Assert.Equal(64, (await app.IpAsync("check", file, "--workspace", "w", option, value)).ExitCode);
    }

    private static JsonElement Finding(JsonElement report, string code)
        => report.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("code").GetString() == code);
}
