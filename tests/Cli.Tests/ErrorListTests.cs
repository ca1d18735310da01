using System.Text.Json;

namespace IntegrationPoints.Cli.Tests;

/// <summary>The errors of a job, an integration point, a workspace, for people and for programs.</summary>
[Collection("app")]
public sealed class ErrorListTests(RunningApp app) : IDisposable
{
    private readonly Scratch _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Errors_are_listed_and_filtered_for_people_and_programs()
    {
        var workspace = await app.WorkspaceAsync("Errors");
        _folder.Write("volume/load.csv", "Control Number,Title\n1,a\n2\n1,b\n");
        await app.JsonAsync("stage", _folder["volume"], "--workspace", workspace, "--to", "Volume 1");
        var point = Text(await app.JsonAsync("point", "create", "Volume 1", "--workspace", workspace, "--file", "Volume 1/load.csv", "--column", "44", "--quote", "34", "--create-fields"), "id");
        var empty = await app.IpAsync("workspace", "errors", workspace);
        Assert.Equal((0, "The workspace has no errors."), (empty.ExitCode, empty.Out.Trim()));
        var run = await app.IpAsync("point", "run", point, "--workspace", workspace, "--watch", "--output", "json");
        var job = Text(JsonSerializer.Deserialize<JsonElement>(run.Out), "jobId");

        string[][] lists = [["job", "errors", job], ["point", "errors", point, "--workspace", workspace], ["workspace", "errors", workspace]];
        foreach (var list in lists)
        {
            Assert.Equal(["column-count", "duplicate-identifier"], (await app.LinesAsync(list)).Select(e => Text(e, "code")));
            var found = Assert.Single(await app.LinesAsync([.. list, "--where", "code=Column-Count", "--where", "status=new"]));
            Assert.Equal((3, "2", job), (found.GetProperty("line").GetInt32(), Text(found, "sourceId"), Text(found, "jobId")));
            var people = await app.IpAsync([.. list, "--where", "sourceId=1"]);
            Assert.Equal(0, people.ExitCode);
            Assert.Contains("duplicate-identifier", people.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("column-count", people.Out, StringComparison.Ordinal);
            Assert.Contains("2 were looked at", people.Error, StringComparison.Ordinal);
            var none = await app.IpAsync([.. list, "--where", "field=Nowhere & else"]);
            Assert.Equal((0, "None meets the conditions."), (none.ExitCode, none.Out.Trim()));
            var unknown = await app.IpAsync([.. list, "--where", "colour=red"]);
            Assert.Equal((2, ""), (unknown.ExitCode, unknown.Out));
            Assert.Contains("sourceId, field, errorCode", unknown.Error, StringComparison.Ordinal);
        }
        var table = (await app.IpAsync(lists[2])).Out;
        Assert.All((string[])["Volume 1", job, "New", "column-count", "When (UTC)"], words => Assert.Contains(words, table, StringComparison.Ordinal));
    }

    private static string Text(JsonElement item, string property) => item.GetProperty(property).GetString()!;
}
