using System.Text;
using System.Text.Json;

namespace IntegrationPoints.Cli.Tests;

/// <summary><c>ip export</c> and what it leaves, against the app.</summary>
[Collection("app")]
public sealed class ExportTests(RunningApp app) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_export_comes_to_this_machine_with_its_files_and_imports_again()
    {
        var workspace = await ImportedAsync("Export", ("A1", @"Case\Hot", "first"), ("A2", @"Case", "second"), ("B/3", "", "third"));
        var run = await app.IpAsync(
            "export", "--workspace", workspace, "--folder", "", "--subfolders", "--natives", "--format", "csv", "--encoding", "utf-8",
            "--field", "Control Number", "--field", "Title=Name", "--field", "Folder Path", "--out", _folder["out"], "--output", "json");

        Assert.Equal(0, run.ExitCode);
        var summary = JsonSerializer.Deserialize<JsonElement>(run.Out);
        Assert.Equal(("Completed", 3, 3), (summary.GetProperty("status").GetString(), summary.GetProperty("transferred").GetInt32(), summary.GetProperty("total").GetInt32()));
        var output = summary.GetProperty("output");
        var data = await File.ReadAllTextAsync(Path.Combine(_folder["out"], output.GetProperty("dataFile").GetString()!), Cancel);
        Assert.Equal(
            """
            "Control Number","Name","Folder Path","FILE_PATH"
            "A1","first","Case\Hot",".\VOL01\NATIVES\NATIVE001\A1.txt"
            "A2","second","Case",".\VOL01\NATIVES\NATIVE001\A2.txt"
            "B/3","third","",".\VOL01\NATIVES\NATIVE001\B_3.txt"

            """.ReplaceLineEndings("\r\n"), data);
        Assert.Equal("native of B/3", await File.ReadAllTextAsync(Path.Combine(_folder["out"], "VOL01", "NATIVES", "NATIVE001", "B_3.txt"), Cancel));
        Assert.True(File.Exists(Path.Combine(_folder["out"], "manifest.csv")) && File.Exists(Path.Combine(_folder["out"], "summary.txt")));

        var back = await app.WorkspaceAsync("Back");
        var again = await app.IpAsync(
            "import", Path.Combine(_folder["out"], output.GetProperty("dataFile").GetString()!), "--workspace", back, "--create-fields", "--native-path", "FILE_PATH",
            "--folder", "Folder Path", "--column", "44", "--quote", "34", "--newline", "10", "--output", "json");
        Assert.Equal(0, again.ExitCode);
        var (before, after) = (await app.LinesAsync("records", "list", "--workspace", workspace), await app.LinesAsync("records", "list", "--workspace", back));
        Assert.Equal(before.Select(r => (Id(r), r.GetProperty("folder").ToString())), after.Select(r => (Id(r), r.GetProperty("folder").ToString())));
    }

    [Theory]
    [InlineData("Say what to export with one of --folder, --search and --production.")]
    [InlineData("Say what to export with one of --folder, --search and --production.", "--folder", "", "--production", "P")]
    [InlineData("--subfolders and --view go with --folder.", "--search", "Hot", "--subfolders")]
    [InlineData("--column, --quote, --newline, --multi-value and --nested are for --format txt; other formats have characters of their own.", "--folder", "", "--column", "9")]
    [InlineData("--field takes NAME or NAME=COLUMN, and not \"=x\".", "--folder", "", "--field", "=x")]
    public async Task What_contradicts_itself_is_refused_in_words(string words, params string[] options)
    {
        var run = await app.IpAsync(["export", "--workspace", "any", .. options]);
        Assert.Equal(64, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_named_by_the_job_that_fails_for_it()
    {
        var workspace = await ImportedAsync("Missing", ("A1", "", "first"));
        var run = await app.IpAsync("export", "--workspace", workspace, "--production", "November", "--field", "Colour", "--output", "json");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("November", run.Error, StringComparison.Ordinal);
        Assert.Contains("Colour", run.Error, StringComparison.Ordinal);
    }

    private async Task<string> ImportedAsync(string name, params (string Id, string Folder, string Title)[] rows)
    {
        var text = new StringBuilder("\"Control Number\",\"Title\",\"Folder\",\"Native\"\r\n");
        foreach (var (id, folder, title) in rows)
        {
            var native = $"N/{id.Replace('/', '-')}.txt";
            _folder.Write(native, $"native of {id}");
            text.Append(null, $"\"{id}\",\"{title}\",\"{folder}\",\"{native}\"\r\n");
        }
        var workspace = await app.WorkspaceAsync(name);
        var run = await app.IpAsync(
            "import", _folder.Write($"{name}.csv", text.ToString()), "--workspace", workspace, "--create-fields", "--native-path", "Native", "--folder", "Folder",
            "--column", "44", "--quote", "34", "--output", "json");
        Assert.Equal(0, run.ExitCode);
        return workspace;
    }

    private static string Id(JsonElement record) => record.GetProperty("id").GetString()!;
}
