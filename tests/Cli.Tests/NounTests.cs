using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using IntegrationPoints.Cli.Import;

namespace IntegrationPoints.Cli.Tests;

/// <summary>The commands about workspaces, fields, points and staging, against the app (README, The command line).</summary>
[Collection("app")]
public sealed class NounTests(RunningApp app) : IDisposable
{
    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_workspace_is_made_listed_shown_and_deleted()
    {
        var id = await app.WorkspaceAsync("Smith v. Jones");
        Assert.Contains(await app.LinesAsync("workspace", "list"), workspace => Text(workspace, "id") == id);
        Assert.Equal("Smith v. Jones", Text(await app.JsonAsync("workspace", "show", id), "name"));
        var people = await app.IpAsync("workspace", "list");
        Assert.Contains("Smith v. Jones", people.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await app.IpAsync("workspace", "delete", id)).ExitCode);
        var gone = await app.IpAsync("workspace", "show", id);
        Assert.Equal((2, ""), (gone.ExitCode, gone.Out));
        Assert.Contains(id, gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Object_types_and_fields_are_made_and_listed()
    {
        var workspace = await app.WorkspaceAsync("Fields");
        await app.JsonAsync("object-type", "create", "Witness", "--workspace", workspace, "--identifier", "Full Name", "--length", "100");
        await app.JsonAsync("field", "create", "Phones", "--workspace", workspace, "--object-type", "Witness", "--type", "multiple-choice", "--overlay", "merge");
        await app.JsonAsync("field", "create", "Born", "--workspace", workspace, "--object-type", "Witness", "--type", "date", "--filterable");
        Assert.Equal(["Document", "Entity", "Witness"], (await app.LinesAsync("object-type", "list", "--workspace", workspace)).Select(type => Text(type, "name")).Order());
        var fields = (await app.LinesAsync("field", "list", "--workspace", workspace, "--object-type", "Witness")).ToDictionary(field => Text(field, "name"));
        Assert.Equal(["Born", "Full Name", "Phones"], fields.Keys.Order());
        Assert.Equal(("merge", true, 100), (Text(fields["Phones"], "overlay"), fields["Born"].GetProperty("filterable").GetBoolean(), fields["Full Name"].GetProperty("length").GetInt32()));
        var twice = await app.IpAsync("field", "create", "born", "--workspace", workspace, "--object-type", "Witness", "--type", "date");
        Assert.Equal(2, twice.ExitCode);
        Assert.Contains("born", twice.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_point_over_staged_files_is_made_run_and_deleted()
    {
        var workspace = await app.WorkspaceAsync("Points");
        _folder.Write("volume/load.csv", "Control Number,Native\n1,natives\\a.txt\n2,natives\\B.TXT\n");
        _folder.Write("volume/natives/a.txt", "first");
        _folder.Write("volume/natives/b.txt", "second");
        var staged = await app.JsonAsync("stage", _folder["volume"], "--workspace", workspace, "--to", "Volume 1");
        Assert.Equal((3, $"StructuredData/{workspace}/Volume 1"), (staged.GetProperty("files").GetInt32(), Text(staged, "folder")));

        string[] csv = ["--column", "44", "--quote", "34", "--native-path", "Native", "--create-fields"];
        var point = Text(await app.JsonAsync(["point", "create", "Volume 1", "--workspace", workspace, "--file", "Volume 1/load.csv", .. csv]), "id");
        Assert.Contains(await app.LinesAsync("point", "list", "--workspace", workspace), listed => Text(listed, "id") == point);
        Assert.Equal("Volume 1", Text(await app.JsonAsync("point", "show", point, "--workspace", workspace), "name"));
        Assert.Contains("Not calculated yet", (await app.IpAsync("point", "statistics", point, "--workspace", workspace)).Out, StringComparison.Ordinal);
        var statistics = await app.JsonAsync("point", "statistics", point, "--workspace", workspace, "--wait");
        Assert.Equal(("Completed", 2, "2 (11 Bytes)"), (Text(statistics, "state"), statistics.GetProperty("documents").GetInt32(), Text(statistics.GetProperty("natives"), "text")));
        var shown = (await app.IpAsync("point", "statistics", point, "--workspace", workspace)).Out;
        Assert.Matches(@"Calculated on \d{4}-\d\d-\d\d \d\d:\d\d UTC\.", shown);
        Assert.Matches(@"Found +Missing +Cannot be read", shown);
        Assert.Matches(@"Natives +2 \(11 Bytes\) +0 +0", shown);
        var summary = await app.JsonAsync("point", "run", point, "--workspace", workspace, "--watch");
        Assert.Equal(("Completed", 2), (Text(summary, "status"), summary.GetProperty("transferred").GetInt32()));
        var watched = await app.IpAsync("job", "watch", Text(summary, "jobId"));
        Assert.Equal(0, watched.ExitCode);

        var record = await app.JsonAsync("records", "show", "2", "--workspace", workspace);
        Assert.Equal(6, record.GetProperty("native").GetProperty("bytes").GetInt32());
        var stop = await app.IpAsync("point", "stop", point, "--workspace", workspace);
        Assert.Equal(2, stop.ExitCode);
        Assert.Contains("not running", stop.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await app.IpAsync("point", "delete", point, "--workspace", workspace)).ExitCode);
        Assert.DoesNotContain(await app.LinesAsync("point", "list", "--workspace", workspace), listed => Text(listed, "id") == point);
    }

    [Fact]
    public async Task A_large_file_is_staged_in_blocks_whole()
    {
        var workspace = await app.WorkspaceAsync("Large");
        const long Bytes = 20L * 1024 * 1024 + 12345;
        await using (var file = File.Create(_folder["large.bin"])) file.SetLength(Bytes);
        await app.JsonAsync("stage", _folder["large.bin"], "--workspace", workspace, "--to", "a/b");
        Assert.Equal(new Dictionary<string, long> { ["large.bin"] = Bytes }, await app.StagedAsync(workspace));
    }

    /// <summary>Small ones in one request, large ones in blocks.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData((16 * 1024 * 1024) + 1)]
    public async Task A_file_that_is_staged_already_is_replaced_when_that_is_said(long bytes)
    {
        var workspace = await app.WorkspaceAsync("Again");
        await StageAsync(bytes);
        await using (var file = File.Create(_folder["a.bin"])) file.SetLength(bytes + 1);
        var refused = await app.IpAsync("stage", _folder["a.bin"], "--workspace", workspace, "--to", "a/b");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("a/b/a.bin", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--replace", refused.Error, StringComparison.Ordinal);
        Assert.Equal(bytes, (await app.StagedAsync(workspace))["a.bin"]);
        await StageAsync(bytes + 1, "--replace");
        Assert.Equal(bytes + 1, (await app.StagedAsync(workspace))["a.bin"]);

        async Task StageAsync(long length, params string[] more)
        {
            await using (var file = File.Create(_folder["a.bin"])) file.SetLength(length);
            await app.JsonAsync(["stage", _folder["a.bin"], "--workspace", workspace, "--to", "a/b", .. more]);
        }
    }

    /// <summary>Addresses are good for an hour, and a large file may take longer.</summary>
    [Fact]
    public async Task A_file_in_blocks_goes_on_with_another_address_when_the_first_is_over()
    {
        var workspace = await app.WorkspaceAsync("Slow");
        var contents = new byte[20 * 1024 * 1024];
        new Random(7).NextBytes(contents);
        await File.WriteAllBytesAsync(_folder["slow.bin"], contents, TestContext.Current.CancellationToken);
        var staging = new BlobServiceClient((await app.JsonAsync("dev", "status")).GetProperty("storage").GetString()).GetBlobContainerClient("staging");
        var blob = staging.GetBlobClient($"StructuredData/{workspace}/a/b/slow.bin");
        var asked = 0;
        using var upload = new BlockUpload(new StagedFile(_folder["slow.bin"], "a/b/slow.bin", contents.Length), _ =>
        {
            var hour = TimeSpan.FromHours(asked++ == 0 ? -1 : 1);
            return Task.FromResult(blob.GenerateSasUri(BlobSasPermissions.Create | BlobSasPermissions.Write, DateTimeOffset.UtcNow + hour));
        });
        var sent = 0L;
        await upload.SendAsync(replaces: false, bytes => Interlocked.Add(ref sent, bytes), TestContext.Current.CancellationToken);
        Assert.Equal((2, contents.Length), (asked, sent));
        Assert.Equal(contents, (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToArray());
    }

    [Fact]
    public async Task A_place_outside_the_workspaces_staging_folder_is_refused()
    {
        var workspace = await app.WorkspaceAsync("Outside");
        var run = await app.IpAsync("stage", _folder.Write("a.txt"), "--workspace", workspace, "--to", "../elsewhere");
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("..", run.Error, StringComparison.Ordinal);
    }

    private static string Text(JsonElement item, string property) => item.GetProperty(property).GetString()!;
}
