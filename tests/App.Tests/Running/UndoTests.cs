using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Undoing jobs over HTTP, disturbed and killed.</summary>
public sealed class UndoTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_is_undone_leaves_nothing_and_can_be_imported_again()
    {
        var import = await SampleImport.NewAsync(await servers.AppAsync());
        var job = await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        var first = await Snapshot.OfAsync(import, job.Text("jobId"));

        var undo = await import.EndOfAsync(await UndoAsync(import, job.Text("jobId")));
        Assert.Equal(("Completed", "Undo", job.Text("jobId")), (undo.Text("status"), undo.Text("type"), undo.Text("undoes")));
        undo.AssertReconciles();
        Assert.Equal((job.Number("transferred"), 0, undo.Number("read")), (undo.Number("transferred"), undo.Number("skipped"), undo.Number("total")));
        Assert.Equal(0, await import.CountAsync());
        Assert.Empty((await Snapshot.OfAsync(import, undo.Text("jobId"))).Files);
        Assert.Equal(undo.Text("jobId"), (await import.JobAsync(job.Text("jobId"))).Text("undoneBy"));

        await import.UntilFreeAsync();
        var again = await Snapshot.OfAsync(import, (await import.EndOfAsync(await import.RunAsync())).Text("jobId"));
        Assert.Equal(first.Records, again.Records);
        Assert.Equal(first.Errors, again.Errors);
        Assert.Equal(first.Files.Count, again.Files.Count);
    }

    [Fact]
    public async Task An_undone_overlay_gives_every_record_and_file_back()
    {
        var import = await SampleImport.NewAsync(await servers.AppAsync());
        var first = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        var before = await Snapshot.OfAsync(import, first);
        var overlay = await import.OverlayAsync();
        var job = await overlay.EndOfAsync(await overlay.RunAsync());
        await overlay.UntilFreeAsync();
        var undo = await overlay.EndOfAsync(await UndoAsync(overlay, job.Text("jobId")));
        Assert.Equal((job.Number("transferred"), 0), (undo.Number("transferred"), undo.Number("skipped")));
        var after = await Snapshot.OfAsync(import, first);
        Assert.Equal(before.Items, after.Items);
        Assert.Equal(before.Files, after.Files);
    }

    // A frame of one pixel and a scan (ITU-T T.81, annex B).
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0x3F, 0, 0, 0xFF, 0xD9];

    [Fact]
    public async Task An_undone_production_is_new_again_its_images_and_numbers_are_gone_and_it_can_be_filled_again()
    {
        var documents = await SampleImport.NewSmallAsync(await servers.AppAsync(), body => body["runOnUpload"] = false);
        await documents.StageAsync("in/small.dat", SampleImport.SmallFile(("A", ""), ("B", "")));
        await documents.EndOfAsync(await documents.RunAsync());
        var before = await Snapshot.OfAsync(documents, (await documents.JobsAsync())[0].Text("jobId"));
        await documents.StageAsync("in/a.jpg", Jpeg);
        await documents.StageAsync("in/small.opt", "A,,a.jpg,Y,,,2\nA_2,,a.jpg,,,,\nB,,a.jpg,Y,,,1\n"u8.ToArray());
        var import = await documents.PointAsync("Production", "in/small.opt", body =>
        {
            body["source"] = JsonSerializer.SerializeToNode(new { provider = "image-load-file", settings = new { file = $"{documents.Folder}/in/small.opt", production = "First" } });
            body["import"] = JsonSerializer.SerializeToNode(new { overwrite = "overlay" });
        });
        var job = await import.EndOfAsync(await import.RunAsync());
        Assert.Equal(("Completed", 2), (job.Text("status"), job.Number("transferred")));
        Assert.Equal("Produced", await StatusAsync());
        var verified = (await Snapshot.OfAsync(import, job.Text("jobId"))).Manifest;
        Assert.Equal(2, verified.Count(row => row.Contains("\"image\",\"repository\"", StringComparison.Ordinal)));
        await import.UntilFreeAsync();

        var undo = await import.EndOfAsync(await UndoAsync(import, job.Text("jobId")));
        Assert.Equal((2, 0), (undo.Number("transferred"), undo.Number("skipped")));
        Assert.Equal("New", await StatusAsync());
        var after = await Snapshot.OfAsync(import, job.Text("jobId"));
        Assert.Equal(before.Records, after.Records);
        Assert.Empty(after.Files);
        Assert.DoesNotContain(after.Items, item => item.Contains(" images|", StringComparison.Ordinal));

        await import.UntilFreeAsync();
        Assert.Equal(2, (await import.EndOfAsync(await import.RunAsync())).Number("transferred"));
        Assert.Equal("Produced", await StatusAsync());

        async Task<string> StatusAsync()
            => (await import.App.Http.GetFromJsonAsync<JsonElement>($"workspaces/{import.Workspace}/productions/First", Stop)).Text("status");
    }

    [Fact]
    public async Task What_cannot_be_undone_says_why()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync(), body => body["runOnUpload"] = false);
        Assert.Equal("nothing-to-undo", await RefusalAsync(import, (await import.EndOfAsync(await import.RunAsync())).Text("jobId")));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A", ""), ("B", "")));
        await import.UntilFreeAsync();
        var job = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        await import.UntilFreeAsync();

        await import.HoldAsync("another");
        Assert.Equal("point-busy", await RefusalAsync(import, job));
        await import.ReleaseAsync("another");

        var undo = await UndoAsync(import, job);
        await import.EndOfAsync(undo);
        Assert.Equal("not-undoable", await RefusalAsync(import, undo));
        await import.UntilFreeAsync();
        Assert.Equal("already-undone", await RefusalAsync(import, job, undo));
        Assert.Equal(3, (await import.JobsAsync()).Count);
    }

    [Fact]
    public async Task What_was_left_alone_is_listed_and_can_be_undone_later()
    {
        var import = await SampleImport.NewSmallAsync(await servers.AppAsync(), body => body["runOnUpload"] = false);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A", ""), ("B", "")));
        var first = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        await import.UntilFreeAsync();
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("b", "")));
        var second = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        await import.UntilFreeAsync();

        var undo = await import.EndOfAsync(await UndoAsync(import, first));
        Assert.Equal(("Completed", 2, 1, 1, 1), (undo.Text("status"), undo.Number("read"), undo.Number("transferred"), undo.Number("skipped"), undo.Number("warnings")));
        var warning = Assert.Single(await Snapshot.ProblemsAsync(import.App.Http, undo.Text("jobId"), "warnings"));
        Assert.StartsWith("3 | B | record-changed", warning, StringComparison.Ordinal);
        Assert.Contains(second, warning, StringComparison.Ordinal);

        await import.UntilFreeAsync();
        await import.EndOfAsync(await UndoAsync(import, second));
        await import.UntilFreeAsync();
        var rest = await import.EndOfAsync(await UndoAsync(import, first));
        Assert.Equal((1, 1, 0), (rest.Number("read"), rest.Number("transferred"), rest.Number("skipped")));
        Assert.Equal(0, await import.CountAsync());
        Assert.Equal(5, (await import.JobsAsync()).Count);
    }

    public static TheoryData<string, (string, object)[]> Disturbances => new()
    {
        { "activities come twice", [("Chaos:DuplicateActivities", 0.5), ("Chaos:LateMs", 500)] },
        { "activities die", [("Chaos:FailActivities", 0.1)] },
        { "the process dies", [("Chaos:DelayMs", 400)] },
    };

    [Theory]
    [MemberData(nameof(Disturbances))]
    [Trait("Speed", "Slow")]
    public async Task An_undo_comes_to_the_same_when(string what, (string, object)[] settings)
    {
        await using var app = await servers.NewAppAsync([.. settings, ("Chaos:Seed", 11)]);
        var import = await SampleImport.NewAsync(app);
        var job = await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        var undo = await UndoAsync(import, job.Text("jobId"));
        if (what == "the process dies")
        {
            for (var kill = 0; kill < 3; kill++)
            {
                await import.UntilAsync(undo, j => j.Number("read") > kill * 60 || j.GetProperty("isFinal").GetBoolean());
                await app.KillAsync();
                await app.StartAsync();
            }
        }
        var ended = await import.EndOfAsync(undo);
        Assert.Equal(("Completed", job.Number("transferred"), 0), (ended.Text("status"), ended.Number("transferred"), ended.Number("skipped")));
        await import.UntilFreeAsync();
        Assert.Equal(0, await import.CountAsync());
        Assert.Empty((await Snapshot.OfAsync(import, undo)).Files);
        Assert.Equal(2, (await import.JobsAsync()).Count);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task An_undo_that_is_stopped_counts_what_it_undid_and_the_next_one_undoes_the_rest()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DelayMs", 600), ("Chaos:Seed", 5));
        var import = await SampleImport.NewAsync(app);
        var job = await import.EndOfAsync(await import.RunAsync());
        await import.UntilFreeAsync();
        var undo = await UndoAsync(import, job.Text("jobId"));
        await import.UntilAsync(undo, j => j.Number("read") > 0);
        using (var stop = await app.Http.PostAsync($"jobs/{undo}/stop", null, Stop)) Assert.Equal(HttpStatusCode.Accepted, stop.StatusCode);
        var stopped = await import.EndOfAsync(undo);
        Assert.Equal("Stopped", stopped.Text("status"));
        stopped.AssertReconciles();
        await import.UntilFreeAsync();
        Assert.Equal(job.Number("transferred") - stopped.Number("transferred"), await import.CountAsync());
        var rest = await import.EndOfAsync(await UndoAsync(import, job.Text("jobId")));
        Assert.Equal(job.Number("transferred"), stopped.Number("transferred") + rest.Number("transferred"));
        Assert.Equal(0, await import.CountAsync());
        Assert.Empty((await Snapshot.OfAsync(import, undo)).Files);
    }

    private static async Task<string> UndoAsync(SampleImport import, string job)
    {
        using var answer = await import.App.Http.PostAsync($"jobs/{job}/undo", null, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        return JsonDocument.Parse(text).RootElement.Text("jobId");
    }

    private static async Task<string> RefusalAsync(SampleImport import, string job, string? names = null)
    {
        using var answer = await import.App.Http.PostAsync($"jobs/{job}/undo", null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        if (names is not null) Assert.Contains(names, problem.Text("detail"), StringComparison.Ordinal);
        return problem.Text("code");
    }
}
