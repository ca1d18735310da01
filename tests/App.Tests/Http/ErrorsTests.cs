using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>The errors of jobs, integration points and workspaces over HTTP.</summary>
public sealed class ErrorsTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Errors_are_listed_by_job_point_and_workspace_with_all_their_columns()
    {
        var app = await servers.AppAsync();
        var one = await SampleImport.NewSmallAsync(app);
        await one.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", ""), ("A2", "natives/none.txt"), ("a1", "")));
        var two = await one.PointAsync("Other", "in/none.dat");
        var (first, second) = (await RunAsync(one), await RunAsync(two));
        var third = await RunAsync(one);
        var left = new Problem("scheduled-run-left-out", "The run did not start.");
        await app.Tables.Errors.AddForPointAsync(two.Workspace, two.Point, left, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow, Stop);

        string[] ofOne = [$"{third} 3 missing-file New", $"{third} 4 duplicate-identifier New", $"{first} 3 missing-file Expired", $"{first} 4 duplicate-identifier Expired"];
        string[] ofTwo = [$"{second}  file-not-found New", "  scheduled-run-left-out New"];
        var api = new Api(app, one.Workspace);
        foreach (var size in (int[])[1, 3, 1000])
        {
            Assert.Equal(ofOne, (await api.AllAsync($"{one.PointAddress}/errors", size)).Select(Words));
            Assert.Equal(ofTwo, (await api.AllAsync($"{two.PointAddress}/errors", size)).Select(Words));
            Assert.Equal([.. ofOne[..2], ofTwo[0], .. ofOne[2..], ofTwo[1]], (await api.AllAsync("workspaces/{ws}/errors", size)).Select(Words));
            Assert.Equal(ofOne[2..], (await api.AllAsync($"jobs/{first}/errors", size)).Select(Words));
        }

        var error = (await api.AllAsync($"jobs/{first}/errors", 1))[0];
        Assert.Equal(("A2", "Native Path", "item", "error"), (Text(error, "sourceId"), Text(error, "field"), Text(error, "type"), Text(error, "severity")));
        Assert.Equal(("Sample", one.Point, 0), (Text(error, "jobName"), Text(error, "integrationPoint"), error["batch"]!.GetValue<int>()));
        Assert.Matches("^ERR-[0-9A-F]{16}$", Text(error, "name"));
        Assert.Equal((Environment.UserName, Environment.UserName), (Text(error, "createdBy"), Text(error, "modifiedBy")));
        // The third job let it expire.
        var (created, modified) = (error["createdUtc"]!.GetValue<DateTimeOffset>(), error["modifiedUtc"]!.GetValue<DateTimeOffset>());
        Assert.True(created < modified && created.Offset == TimeSpan.Zero, error.ToString());
        string[] parts = [Text(error, "error"), "Record: \"A2\"", "Line of the load file: 3", "Field: \"Native Path\"", "Code: missing-file", "not transferred", first, "Batch: 0", "Status: Expired"];
        Assert.All(parts, part => Assert.Contains(part, Text(error, "fullError"), StringComparison.Ordinal));
        var gap = (await api.AllAsync($"{two.PointAddress}/errors", 10))[1];
        Assert.Equal(("system", two.Point, null), (Text(gap, "createdBy"), Text(gap, "integrationPoint"), gap["jobId"]));
    }

    // Guide 7.2: statuses are of errors. A record with a warning was written, and there is nothing to retry.
    [Theory]
    [InlineData(ProblemSeverity.Error, ErrorStatus.Expired, "Ada")]
    [InlineData(ProblemSeverity.Warning, null, "Grace")]
    public void A_warning_has_no_status(ProblemSeverity severity, ErrorStatus? status, string modifiedBy)
    {
        var job = new JobHistory
        {
            JobId = "j",
            Workspace = "w",
            WorkspaceName = "W",
            PointId = "p",
            Name = "P",
            Trigger = "user",
            StartedBy = "Grace",
            ItemErrors = ErrorStatus.Expired,
            ItemErrorsChange = new ErrorChange(DateTimeOffset.UtcNow, "Ada"),
        };
        var problem = new Problem("text-cut", "It was cut.") { Level = ProblemLevel.Item, Severity = severity };
        var view = JobErrorView.Of(new ListedError(new JobErrorRow("N", problem, default), "p", job));
        Assert.Equal((status, modifiedBy), (view.Status, view.ModifiedBy));
        Assert.Equal(status is not null, view.FullError.Contains("Status: ", StringComparison.Ordinal));
        Assert.Equal(status is not null, JsonSerializer.SerializeToNode(view, ApiJson.Options)!.AsObject().ContainsKey("status"));
    }

    [Fact]
    public async Task Lists_are_filtered_and_say_how_much_they_looked_at()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync());
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", ""), ("A2", "natives/none.txt"), ("a1", "")));
        var (first, second) = (await RunAsync(import), await RunAsync(import));
        var api = new Api(import.App, import.Workspace);
        foreach (var (filter, found, scanned) in new[]
        {
            ("status=new", (string[])[$"{second} 3 missing-file New", $"{second} 4 duplicate-identifier New"], 4),
            ("sourceId=a1&status=Expired", [$"{first} 4 duplicate-identifier Expired"], 4),
            ("errorCode=MISSING-FILE&timestampTo=2000-01-01", [], 4),
            ($"jobId={first.ToUpperInvariant()}&line=3", [$"{first} 3 missing-file Expired"], 2),
            ("jobId=none", [], 0),
        })
        {
            foreach (var list in (string[])["workspaces/{ws}/errors", $"{import.PointAddress}/errors"])
            {
                var page = await api.GetAsync($"{list}?{filter}");
                Assert.True(page.Status == 200, page.Text);
                Assert.Equal(found, page.Json["items"]!.AsArray().Select(e => Words(e!)));
                Assert.Equal((scanned, null), (page.Json["scanned"]!.GetValue<int>(), page.Json["continuationToken"]));
            }
        }
        var ofJob = await api.GetAsync($"jobs/{first}/errors?error=NONE.TXT&pageSize=1");
        Assert.Equal(["missing-file"], ofJob.Json["items"]!.AsArray().Select(e => Text(e!, "code")));
        var rest = await api.GetAsync($"jobs/{first}/errors?error=NONE.TXT&pageSize=1&continuationToken={ofJob.Json["continuationToken"]}");
        Assert.Empty(rest.Json["items"]!.AsArray());
    }

    [Theory]
    [InlineData("colour=red", "unknown-filter", "sourceId, field, errorCode, type")]
    [InlineData("code=invalid-date", "unknown-filter", "errorCode")]
    [InlineData("status=Gone", "invalid-filter", "New, Expired, In Progress, Retried")]
    [InlineData("field=a&field=b", "invalid-filter", "more than once")]
    [InlineData("continuationToken=x", "invalid-continuation-token", "Begin again")]
    public async Task Filters_that_are_none_are_refused(string query, string code, string words)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.GetAsync($"workspaces/{{ws}}/errors?{query}");
        Assert.Equal((400, code), (reply.Status, reply.Code));
        Assert.Contains(words, reply.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await api.GetAsync("workspaces/none/errors")).Status);
    }

    private static async Task<string> RunAsync(SampleImport import)
    {
        await import.UntilFreeAsync();
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        return job;
    }

    private static string Words(JsonNode error) => $"{error["jobId"]} {error["line"]} {error["code"]} {error["status"]}";

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
