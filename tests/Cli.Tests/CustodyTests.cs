using System.Text.Json;
using IntegrationPoints.LoadGen;

namespace IntegrationPoints.Cli.Tests;

/// <summary><c>ip job manifest</c>, <c>ip verify</c> and <c>ip job undo</c>, against the app.</summary>
[Collection("app")]
public sealed class CustodyTests(RunningApp app) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_imported_is_listed_verified_undone_and_missed_afterwards()
    {
        var set = await LoadFileGenerator.WriteAsync(new() { Documents = 12, Natives = true }, _folder.Path, Cancel);
        var workspace = await app.WorkspaceAsync("Custody");
        var summary = await app.JsonAsync(
            ["import", set.LoadFilePath, "--workspace", workspace, "--create-fields", "--fields", set.SchemaPath, "--hash-files", .. set.ImportOptions]);
        var job = Text(summary, "jobId");

        var head = await app.JsonAsync("job", "manifest", job);
        Assert.Equal(12, head.GetProperty("files").GetProperty("files").GetInt32());
        Assert.Equal(0, head.GetProperty("files").GetProperty("withoutHash").GetInt32());
        var saved = await app.IpAsync("job", "manifest", job, "--out", _folder["files.csv"]);
        Assert.Equal((0, ""), (saved.ExitCode, saved.Out));
        Assert.Equal(13, (await File.ReadAllLinesAsync(_folder["files.csv"], Cancel)).Length);

        var verified = await app.JsonAsync("verify", job);
        Assert.Equal(("Equal", 14), (Text(verified, "status"), verified.GetProperty("counts").GetProperty("equal").GetInt32()));

        var undone = await app.JsonAsync("job", "undo", job);
        Assert.Equal(("Completed", 12, 12), (Text(undone, "status"), undone.GetProperty("read").GetInt32(), undone.GetProperty("transferred").GetInt32()));
        Assert.Empty(await app.LinesAsync("records", "list", "--workspace", workspace));
        var again = await app.IpAsync("job", "undo", job);
        Assert.Equal((2, ""), (again.ExitCode, again.Out));
        Assert.Contains(Text(undone, "jobId"), again.Error, StringComparison.Ordinal);

        // The files went with the records; people are told which.
        var missed = await app.IpAsync("verify", job);
        Assert.Equal(1, missed.ExitCode);
        Assert.Contains("file-missing", missed.Out, StringComparison.Ordinal);
        var document = JsonSerializer.Deserialize<JsonElement>((await app.IpAsync("verify", job, "--output", "json")).Out);
        Assert.Equal(12, document.GetProperty("counts").GetProperty("missing").GetInt32());
        Assert.Equal(12, (await app.LinesAsync("job", "differences", job, Text(document, "id"))).Count);
    }

    private static string Text(JsonElement item, string property) => item.GetProperty(property).GetString()!;
}
