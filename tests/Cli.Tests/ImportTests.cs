using System.Text.Json;
using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Cli.Tests;

/// <summary><c>ip import</c> and the commands that show what came of it, against the app (contract of the command line).</summary>
[Collection("app")]
public sealed class ImportTests(RunningApp app) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_import_accounts_for_every_row_and_its_commands_show_each()
    {
        var set = await LoadFileGenerator.WriteAsync(
            new() { Documents = 60, Natives = true, Text = TextPlace.File, BytesPerText = 200, BadRows = 10, Seed = 3 }, _folder.Path, Cancel);
        _folder.Write("NATIVES/0001/not-named.txt");
        var workspace = await app.WorkspaceAsync("Import");
        string[] options = ["--workspace", workspace, "--create-fields", "--fields", set.SchemaPath, .. set.ImportOptions];
        var run = await app.IpAsync(["import", set.LoadFilePath, .. options, "--output", "json"]);
        var summary = JsonSerializer.Deserialize<JsonElement>(run.Out);
        Assert.Equal((1, "Completed with errors", 60, 50, 10, 0, 60), (run.ExitCode, Text(summary, "status"), Number(summary, "read"),
            Number(summary, "transferred"), Number(summary, "withErrors"), Number(summary, "skipped"), Number(summary, "total")));
        var job = Text(summary, "jobId");

        var errors = await app.LinesAsync("job", "errors", job);
        Assert.Equal(set.BadRows.Select(row => (row.Line, row.Code)), errors.Select(error => ((long)Number(error, "line"), Text(error, "code"))));
        Assert.All(errors, error => Assert.Equal("item", Text(error, "type")));

        var records = await app.LinesAsync("records", "list", "--workspace", workspace);
        Assert.Equal(50, records.Count);
        Assert.Equal(records.Select(record => Text(record, "id")).Order(StringComparer.Ordinal), records.Select(record => Text(record, "id")));
        Assert.All(records, record =>
        {
            var native = record.GetProperty("native");
            var local = Directory.EnumerateFiles(_folder["NATIVES"], Text(native, "name"), SearchOption.AllDirectories).Single();
            Assert.Equal(new FileInfo(local).Length, native.GetProperty("bytes").GetInt64());
        });

        var staged = await app.StagedAsync(workspace);
        Assert.Contains("documents.dat", staged.Keys);
        Assert.DoesNotContain("files/NATIVES/0001/not-named.txt", staged.Keys);
        Assert.All(records, record => Assert.Contains($"files/NATIVES/0001/{Text(record.GetProperty("native"), "name")}", staged.Keys));

        var shown = await app.JsonAsync("job", "show", job);
        Assert.Equal(("Run", 60), (Text(shown, "type"), Number(shown, "read")));
        Assert.Contains(await app.LinesAsync("job", "list", "--workspace", workspace), listed => Text(listed, "jobId") == job);
        Assert.Empty(await app.LinesAsync("job", "warnings", job));
        await ErrorFileAsync(job, options, set);
    }

    private async Task ErrorFileAsync(string job, string[] options, GeneratedSet set)
    {
        var rejected = _folder["rejected.dat"];
        var saved = await app.IpAsync("job", "error-file", job, "--out", rejected);
        Assert.Equal((0, ""), (saved.ExitCode, saved.Out));
        await app.IpAsync("job", "error-report", job, "--out", _folder["rejected.csv"]);
        var report = await File.ReadAllTextAsync(_folder["rejected.csv"], Cancel);
        Assert.All(set.BadRows, row => Assert.Contains(row.Code, report, StringComparison.Ordinal));
        var again = await app.IpAsync(["import", rejected, .. options, "--output", "json"]);
        var summary = JsonSerializer.Deserialize<JsonElement>(again.Out);
        Assert.Equal((0, 10), (Number(summary, "transferred"), Number(summary, "withErrors")));
    }

    [Fact]
    public async Task People_see_what_is_worth_knowing_although_nothing_is_rejected()
    {
        var workspace = await app.WorkspaceAsync("Warnings");
        _folder.Write("setup.exe", "MZ");
        _folder.Write("docs.csv", "Control Number,File\n" + string.Concat(Enumerable.Range(1, 4).Select(n => $"D{n},setup.exe\n")));
        var run = await app.IpAsync("import", _folder["docs.csv"], "--workspace", workspace, "--column", "44", "--quote", "34", "--native-path", "File");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, run.Out.Split("(restricted-file-type)").Length - 1);
        Assert.Contains("ip job warnings ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_get_counts_the_first_errors_and_the_commands_that_go_on()
    {
        var set = await LoadFileGenerator.WriteAsync(new() { Documents = 9, BadRows = 3 }, _folder.Path, Cancel);
        var workspace = await app.WorkspaceAsync("People");
        var run = await app.IpAsync(["import", set.LoadFilePath, "--workspace", workspace, "--create-fields", "--fields", set.SchemaPath, .. set.ImportOptions]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Completed with errors.", run.Out, StringComparison.Ordinal);
        Assert.Contains("records/s", run.Out, StringComparison.Ordinal);
        Assert.Contains("(invalid-date)", run.Out, StringComparison.Ordinal);
        Assert.Contains("ip job error-file ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_bad_rows_the_import_is_done()
    {
        var set = await LoadFileGenerator.WriteAsync(new() { Documents = 5, Text = TextPlace.Cell }, _folder.Path, Cancel);
        var workspace = await app.WorkspaceAsync("Good");
        var run = await app.IpAsync(["import", set.LoadFilePath, "--workspace", workspace, "--create-fields", "--fields", set.SchemaPath, .. set.ImportOptions, "--output", "json"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var none = await app.IpAsync("job", "error-file", Text(JsonSerializer.Deserialize<JsonElement>(run.Out), "jobId"), "--out", _folder["none.dat"]);
        Assert.Equal((2, false), (none.ExitCode, File.Exists(_folder["none.dat"])));
        Assert.NotEmpty(none.Error);
    }

    [Fact]
    public async Task A_job_that_cannot_run_says_why_and_still_prints_its_document()
    {
        var file = _folder.Write("load.dat", "þIdþ\nþ1þ\n");
        var workspace = await app.WorkspaceAsync("Failed");
        var run = await app.IpAsync("import", file, "--workspace", workspace, "--identifier", "No Such Column", "--create-fields", "--output", "json");
        Assert.Equal(2, run.ExitCode);
        var summary = JsonSerializer.Deserialize<JsonElement>(run.Out);
        Assert.Contains("No Such Column", run.Error, StringComparison.Ordinal);
        var errors = await app.LinesAsync("job", "errors", Text(summary, "jobId"));
        Assert.Equal(("job", "identifier-column-missing"), (Text(errors[0], "type"), Text(errors[0], "code")));
        Assert.Empty(await app.LinesAsync("records", "list", "--workspace", workspace));
    }

    /// <summary>What is given as FILE and as --base; and what is staged for it.</summary>
    [Theory]
    [InlineData("volume.zip", null, "volume.zip")]
    [InlineData("volume.zip/set/documents.dat", null, "volume.zip")]
    [InlineData("volume.zip/set/documents.dat", "volume.zip/set", "volume.zip")]
    [InlineData("alone/documents.dat", "volume.zip/set", "documents.dat files/volume.zip")]
    [InlineData("beside/documents.dat", null, "documents.dat files/documents.zip")]
    public async Task A_package_is_sent_whole_and_read_where_it_lies(string file, string? folder, string staged)
    {
        var set = await LoadFileGenerator.WriteAsync(new() { Documents = 5, Natives = true, Text = TextPlace.File }, _folder["all/set"], Cancel);
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["all"], _folder["volume.zip"]);
        foreach (var place in (string[])["alone", "beside"])
        {
            Directory.CreateDirectory(_folder[place]);
            File.Copy(set.LoadFilePath, _folder[$"{place}/documents.dat"]);
        }
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["all/set"], _folder["beside/documents.zip"]);
        var workspace = await app.WorkspaceAsync("Package");

        var run = await app.IpAsync([
            "import", _folder[file], "--workspace", workspace, "--create-fields", "--fields", set.SchemaPath, .. set.ImportOptions,
            .. folder is null ? Array.Empty<string>() : ["--base", _folder[folder]], "--output", "json"]);

        var summary = JsonSerializer.Deserialize<JsonElement>(run.Out);
        Assert.Equal((0, "", 5, 5), (run.ExitCode, run.Error, Number(summary, "read"), Number(summary, "transferred")));
        Assert.Equal(staged, string.Join(' ', (await app.StagedAsync(workspace)).Keys.Order(StringComparer.Ordinal)));
        var records = await app.LinesAsync("records", "list", "--workspace", workspace);
        Assert.All(records, record => Assert.NotEqual("", Text(record.GetProperty("native"), "type")));
    }

    [Fact]
    public async Task People_are_imported_with_their_managers_by_name()
    {
        _folder.Write("people.csv", "First Name,Last Name,Unique ID,Boss\nAda,Lovelace,E1,\nBob,Stone,E2,E1\n");
        var workspace = await app.WorkspaceAsync("People");
        string[] options = ["--workspace", workspace, "--object-type", "Entity", "--column", "44", "--quote", "34"];
        var summary = await app.JsonAsync(["import", _folder["people.csv"], .. options, "--manager", "boss"]);
        Assert.Equal(("Completed", 2), (Text(summary, "status"), Number(summary, "transferred")));
        var people = await app.LinesAsync("records", "list", "--workspace", workspace, "--object-type", "Entity");
        var bob = Assert.Single(people, person => Text(person.GetProperty("fields"), "First Name") == "Bob").GetProperty("fields");
        Assert.Equal(("Stone", "E2", "Lovelace, Ada"), (Text(bob, "Last Name"), Text(bob, "Unique ID"), Text(bob, "Manager")));
    }

    [Fact]
    public async Task A_package_with_several_load_files_says_which_and_how_to_choose()
    {
        _folder.Write("all/one/a.dat", "þIdþ\nþ1þ\n");
        _folder.Write("all/two/b.dat", "þIdþ\nþ2þ\n");
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["all"], _folder["volume.zip"]);
        var workspace = await app.WorkspaceAsync("Several");
        string[] options = ["--workspace", workspace, "--create-fields", "--output", "json"];

        var refused = await app.IpAsync(["import", _folder["volume.zip"], .. options]);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("one/a.dat", refused.Error, StringComparison.Ordinal);
        Assert.Contains("volume.zip/one/a.dat", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await app.IpAsync(["import", _folder["volume.zip/two/b.dat"], .. options])).ExitCode);
    }

    private static string Text(JsonElement item, string property) => item.GetProperty(property).GetString()!;

    private static int Number(JsonElement item, string property) => item.GetProperty(property).GetInt32();
}
