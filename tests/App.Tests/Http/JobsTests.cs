using System.Text;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Running, watching and what a job leaves, over HTTP.</summary>
public sealed class JobsTests(Servers servers)
{
    private static readonly string[] Statuses = ["Pending", "Validation", "Processing", "Completed with errors"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_load_file_is_uploaded_imported_and_accounted_for()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await UploadAsync(api, "in/my docs.dat", "Control Number,Pages,More\nD1,1,x\nd1,2,y\nD2,3\nD3,4,z\n");
        var point = await PointAsync(api);

        var (first, again) = (await RunAsync(api, point, "key-1"), await RunAsync(api, point, "key-1"));
        Assert.Equal(first, again);
        var job = await EndAsync(api, first);
        Assert.Equal("Completed with errors", Text(job, "status"));
        Assert.Equal(["4", "2", "2", "0", "4"], ((string[])["read", "transferred", "withErrors", "skipped", "total"]).Select(name => job[name]!.ToString()));
        Assert.Equal("""{"read":4,"transferred":2,"withErrors":2,"skipped":0,"plannedRecords":4,"planned":true}""", job["progress"]!.ToJsonString());
        Assert.Equal(("Run", "user", "Case", "This instance", "Sample"), (Text(job, "type"), Text(job, "trigger"), Text(job, "workspaceName"), Text(job, "destinationInstance"), Text(job, "name")));
        Assert.Equal((api.Workspace, point), (Text(job, "workspace"), Text(job, "integrationPoint")));
        Assert.Equal(Environment.UserName, Text(job, "startedBy"));
        Assert.True(job["endedUtc"]!.GetValue<DateTimeOffset>() >= job["startedUtc"]!.GetValue<DateTimeOffset>());

        var errors = await api.AllAsync($"jobs/{first}/errors", 1);
        Assert.Equal(["3 duplicate-identifier d1", "4 column-count D2"], errors.Select(e => $"{e["line"]} {e["code"]} {e["sourceId"]}"));
        Assert.All(errors, e => Assert.Equal(("item", "error", "New"), (Text(e, "type"), Text(e, "severity"), Text(e, "status"))));
        Assert.All(errors, e => Assert.Contains($"line {e["line"]}", Text(e, "fullError"), StringComparison.OrdinalIgnoreCase));
        Assert.Empty(await api.AllAsync($"jobs/{first}/warnings", 10));

        var file = await api.GetAsync($"jobs/{first}/error-file");
        Assert.Equal("Control Number,Pages,More\nd1,2,y\nD2,3\n", file.Text);
        Assert.Equal("application/octet-stream", file.ContentHeaders.ContentType!.MediaType);
        Assert.Equal(("attachment", "my docs-errors.dat"), (file.ContentHeaders.ContentDisposition!.DispositionType, file.ContentHeaders.ContentDisposition.FileNameStar));
        var report = await api.GetAsync($"jobs/{first}/error-report");
        Assert.Equal(("text/csv", "my docs-errors.csv"), (report.ContentHeaders.ContentType!.MediaType, report.ContentHeaders.ContentDisposition!.FileNameStar));
        Assert.Contains("duplicate-identifier", report.Text, StringComparison.Ordinal);

        var stop = await api.PostAsync($"jobs/{first}/stop");
        Assert.Equal((409, "job-ended"), (stop.Status, stop.Code));
    }

    [Fact]
    public async Task A_job_without_errors_has_no_error_file()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await UploadAsync(api, "in/my docs.dat", "Control Number,Pages,More\nD1,1,x\n");
        var job = await RunAsync(api, await PointAsync(api), null);
        Assert.Equal("Completed", Text(await EndAsync(api, job), "status"));
        foreach (var route in (string[])["error-file", "error-report"])
        {
            var file = await api.GetAsync($"jobs/{job}/{route}");
            Assert.Equal((404, "no-error-file"), (file.Status, file.Code));
        }
    }

    /// <summary>Storage removes what jobs kept after some days; the row of the history stays.</summary>
    [Fact]
    public async Task Of_a_job_whose_files_were_removed_that_is_said_to_those_who_may_have_them()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await using var services = api.App.Services();
        var (existing, access, caller) = (services.GetRequiredService<Existing>(), services.GetRequiredService<AccessCheck>(), services.GetRequiredService<Caller>());
        var row = new JobHistory
        {
            JobId = JobIds.New(),
            Workspace = api.Workspace,
            WorkspaceName = "Case",
            PointId = await PointAsync(api),
            Name = "Sample",
            Trigger = "user",
            StartedBy = "jane",
            Status = JobStatus.Completed,
        };
        await services.GetRequiredService<JobTables>().History.CreateAsync(row, Stop);
        foreach (var (administers, code) in ((bool, string)[])[(false, "not-found"), (true, "job-files-removed")])
        {
            caller.Identity = new Identity("jane") { IsAdministrator = administers };
            access.Begin(Operation.UndoJob);
            var refused = await Assert.ThrowsAsync<RefusedException>(() => existing.JobOfPointAsync(row.JobId, Stop));
            Assert.Equal((404, code), (refused.Status, refused.Code));
        }
        foreach (var route in (string[])["error-file", "error-report", "manifest", "manifest/files", "verifications/x"])
            Assert.Equal((route, "job-files-removed"), (route, (await api.GetAsync($"jobs/{row.JobId}/{route}")).Code));
        foreach (var route in (string[])["verify", "undo"])
            Assert.Equal((route, "job-files-removed"), (route, (await api.PostAsync($"jobs/{row.JobId}/{route}")).Code));
        Assert.Equal(200, (await api.GetAsync($"jobs/{row.JobId}")).Status);
    }

    [Fact]
    public async Task A_job_that_cannot_start_says_why_as_an_error_of_its_own()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var job = await RunAsync(api, await PointAsync(api), null);
        Assert.Equal("Validation failed", Text(await EndAsync(api, job), "status"));
        var error = Assert.Single(await api.AllAsync($"jobs/{job}/errors", 10));
        Assert.Equal(("job", "file-not-found"), (Text(error, "type"), Text(error, "code")));
        Assert.Null(error["line"]);
    }

    [Fact]
    public async Task The_history_lists_the_newest_first_and_by_point()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var (one, two) = (await PointAsync(api, "One"), await PointAsync(api, "Two"));
        var jobs = new List<string>();
        foreach (var point in (string[])[one, two, one])
        {
            jobs.Add(await RunAsync(api, point, null));
            await EndAsync(api, jobs[^1]);
        }
        Assert.Equal(Enumerable.Reverse(jobs), (await api.AllAsync("workspaces/{ws}/jobs", 2)).Select(j => Text(j, "jobId")));
        var ofOne = await api.GetAsync($"workspaces/{{ws}}/jobs?point={one}&pageSize=1");
        Assert.Equal([jobs[2]], ofOne.Json["items"]!.AsArray().Select(j => Text(j!, "jobId")));
        var rest = await api.GetAsync($"workspaces/{{ws}}/jobs?point={one}&continuationToken={ofOne.Json["continuationToken"]}");
        Assert.Equal([jobs[0]], rest.Json["items"]!.AsArray().Select(j => Text(j!, "jobId")));
        Assert.Null(rest.Json["continuationToken"]);
    }

    /// <summary>The addresses carry the right to write one blob and no other.</summary>
    [Fact]
    public async Task Upload_addresses_open_one_blob_each()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.PostAsync("workspaces/{ws}/uploads/batch", """{"paths":["in/a ü#%.dat","in/b.dat"]}""");
        var uploads = reply.Json["uploads"]!.AsArray();
        Assert.Equal([$"StructuredData/{api.Workspace}/in/a ü#%.dat", $"StructuredData/{api.Workspace}/in/b.dat"], uploads.Select(u => Text(u!, "blob")));
        Assert.Equal(["in/a ü#%.dat", "in/b.dat"], uploads.Select(u => Text(u!, "path")));
        var (first, second) = (new Uri(Text(uploads[0]!, "url")), new Uri(Text(uploads[1]!, "url")));
        Assert.Equal(201, await PutAsync(first, "bytes"));
        Assert.NotNull(await Storage.Blobs.FindAsync(api.App.Blobs.Staging, $"StructuredData/{api.Workspace}/in/a ü#%.dat", Stop));
        Assert.Equal(403, await PutAsync(new UriBuilder(second) { Query = first.Query }.Uri, "bytes"));
        using var http = new HttpClient();
        Assert.Equal(403, (int)(await http.GetAsync(first, Stop)).StatusCode);
    }

    /// <summary>What is staged stays what it is, for as long as a point may read it, unless somebody says that it is to be replaced.</summary>
    [Fact]
    public async Task A_staged_file_is_replaced_only_where_that_is_asked_for()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string One = "workspaces/{ws}/uploads", Many = "workspaces/{ws}/uploads/batch";
        var first = await AddressAsync(One, """{"path":"in/a.dat","bytes":5}""");
        Assert.Equal(201, await PutAsync(first, "first"));
        Assert.Equal(403, await PutAsync(first, "later"));
        Assert.Equal(403, await PutAsync(await AddressAsync(Many, """{"paths":["in/a.dat"]}"""), "later"));
        var refused = await api.PostAsync(One, """{"path":"in/a.dat","bytes":5,"inBlocks":true}""");
        Assert.Equal((409, "file-exists"), (refused.Status, refused.Code));
        Assert.Equal(5, (await Storage.Blobs.FindAsync(api.App.Blobs.Staging, $"StructuredData/{api.Workspace}/in/a.dat", Stop))!.Bytes);

        Assert.Equal(201, await PutAsync(await AddressAsync(One, """{"path":"in/a.dat","bytes":6,"replace":true}"""), "second"));
        Assert.Equal(201, await PutAsync(await AddressAsync(Many, """{"paths":["in/a.dat"],"replace":true}"""), "third"));
        Assert.Equal(201, await PutAsync(await AddressAsync(One, """{"path":"in/b.dat","bytes":5,"inBlocks":true}"""), "block"));
        // The hour, and five minutes for clocks that differ.
        var query = first.Query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        Assert.Equal(65, (DateTimeOffset.Parse(query["se"], null) - DateTimeOffset.Parse(query["st"], null)).TotalMinutes);
        Assert.Equal(
            ["False True", "True ", "True False", "False ", "False False"],
            (await api.GetAsync("workspaces/{ws}/audit?action=upload")).Json["items"]!.AsArray().Select(e => $"{e!["after"]!["replace"]!.GetValue<bool>()} {e["after"]!["inBlocks"]?.GetValue<bool>()}"));

        async Task<Uri> AddressAsync(string route, string body)
        {
            var reply = await api.PostAsync(route, body);
            Assert.True(reply.Status == 200, reply.Text);
            return new Uri(Text(reply.Json["uploads"]?[0] ?? reply.Json, "url"));
        }
    }

    private static async Task UploadAsync(Api api, string path, string text)
    {
        var reply = await api.PostAsync("workspaces/{ws}/uploads", $$"""{"path":"{{path}}","bytes":{{text.Length}}}""");
        Assert.Equal(200, reply.Status);
        Assert.Equal(201, await PutAsync(new Uri(Text(reply.Json, "url")), text));
    }

    private static async Task<int> PutAsync(Uri address, string text)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var response = await http.SendAsync(request, Stop);
        return (int)response.StatusCode;
    }

    private static async Task<string> PointAsync(Api api, string name = "Sample")
    {
        var made = await api.PostAsync("workspaces/{ws}/integration-points", $$$"""
            {
                "name": "{{{name}}}", "mapAllFields": true, "import": {"createFields": {}},
                "source": {"provider": "load-file", "settings": {"file": "StructuredData/{ws}/in/my docs.dat", "column": 44, "quote": 34}}
            }
            """);
        Assert.True(made.Status == 201, made.Text);
        return Text(made.Json, "id");
    }

    private static async Task<string> RunAsync(Api api, string point, string? key)
    {
        var reply = await api.PostAsync($"workspaces/{{ws}}/integration-points/{point}/run", null, key is null ? [] : [("Idempotency-Key", key)]);
        Assert.True(reply.Status == 202, reply.Text);
        var job = Text(reply.Json, "jobId");
        Assert.Equal($"/api/jobs/{job}", reply.Headers.Location!.OriginalString);
        return job;
    }

    private static async Task<JsonNode> EndAsync(Api api, string job)
    {
        while (true)
        {
            var reply = await api.GetAsync($"jobs/{job}");
            Assert.Equal(200, reply.Status);
            if (reply.Json["isFinal"]!.GetValue<bool>()) return reply.Json;
            Assert.Contains(Text(reply.Json, "status"), Statuses);
            Assert.Null(reply.Json["endedUtc"]);
            await Task.Delay(100, Stop);
        }
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
