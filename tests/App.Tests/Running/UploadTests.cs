using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// Load files that land in the import folder of a point: one job for each version, when its files are there or nothing lands any more, in order
/// of arrival.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class UploadTests(Servers servers)
{
    private const string Folder = "Import/Sample", File = $"{Folder}/small.dat";
    private const int LateMs = 300;

    [Fact]
    public async Task A_load_file_whose_natives_come_later_starts_one_job_when_the_last_of_them_is_there()
    {
        await using var app = await NewAppAsync();
        var import = await SampleImport.NewSmallAsync(app);
        await import.StageAsync(File, SampleImport.SmallFile(("A1", @"NATIVES\a1.txt"), ("A2", @"NATIVES\a2.txt"), ("A3", @"NATIVES\sub\a3.txt")));
        await WaitingAsync(import, 1);
        await import.StageAsync($"{Folder}/NATIVES/a1.txt", [1]);
        await import.StageAsync($"{Folder}/NATIVES/a2.txt", [2, 2]);
        await SettleAsync();
        Assert.Empty(await import.JobsAsync());
        await import.StageAsync($"{Folder}/NATIVES/sub/a3.txt", [3, 3, 3]);

        var job = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal("Completed", job.Text("status"));
        Assert.Equal(3, job.Number("transferred"));
        Assert.Equal("Run", job.Text("type"));
        Assert.Equal("upload", job.Text("trigger"));
        await SettleAsync();
        Assert.Single(await import.JobsAsync());
        await WaitingAsync(import, 0);
    }

    [Fact]
    public async Task A_load_file_whose_natives_do_not_come_starts_when_nothing_has_landed_for_a_while()
    {
        await using var app = await NewAppAsync();
        var import = await SampleImport.NewSmallAsync(app);
        await import.StageAsync($"{Folder}/NATIVES/a1.txt", [1]);
        await import.StageAsync(File, SampleImport.SmallFile(("A1", @"NATIVES\a1.txt"), ("A2", @"NATIVES\lost.txt")));
        await WaitingAsync(import, 1);
        await SettleAsync();
        Assert.Empty(await import.JobsAsync());
        // By now nothing has landed for more than a second.
        app.Set(("Jobs:UploadQuietSeconds", 1));
        await TickAsync(app);

        var job = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal(1, job.Number("transferred"));
        Assert.Contains(" | missing-file | ", Assert.Single(await Snapshot.ProblemsAsync(app.Http, job.Text("jobId"), "errors")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_version_of_a_load_file_starts_one_job()
    {
        await using var app = await NewAppAsync();
        var import = await SampleImport.NewSmallAsync(app);
        for (var version = 1; version <= 3; version++)
        {
            await import.StageAsync(File, SampleImport.SmallFile([.. Enumerable.Range(1, version).Select(i => ($"A{i}", ""))]));
            var jobs = await import.EndedJobsAsync(version);
            Assert.Equal(version, jobs[^1].Number("transferred"));
            await import.UntilFreeAsync();
        }
        await SettleAsync();
        Assert.Equal(3, (await import.JobsAsync()).Count);
    }

    [Fact]
    public async Task Load_files_that_land_while_the_point_runs_wait_and_run_after_it_in_the_order_in_which_they_landed()
    {
        await using var app = await NewAppAsync();
        var import = await SampleImport.NewSmallAsync(app);
        await import.HoldAsync("running");
        await import.StageAsync($"{Folder}/z.dat", SampleImport.SmallFile(("A1", "")));
        await WaitingAsync(import, 1);
        // Blobs know the second in which they landed.
        await Task.Delay(1100, TestContext.Current.CancellationToken);
        await import.StageAsync($"{Folder}/a.DAT", SampleImport.SmallFile(("A1", ""), ("A2", "")));
        await WaitingAsync(import, 2);
        Assert.Empty(await import.JobsAsync());
        await import.ReleaseAsync("running");

        await TickAsync(app);
        await import.EndedJobsAsync(1);
        await import.UntilFreeAsync();
        await TickAsync(app);
        var jobs = await import.EndedJobsAsync(2);
        Assert.Equal([1, 2], jobs.Select(j => j.Number("read")));
        Assert.True(jobs[0].GetProperty("endedUtc").GetDateTimeOffset() <= jobs[1].GetProperty("startedUtc").GetDateTimeOffset(), string.Join('\n', jobs));
        await WaitingAsync(import, 0);
    }

    [Fact]
    public async Task A_load_file_that_is_replaced_while_it_waits_runs_in_its_last_version_only()
    {
        await using var app = await NewAppAsync();
        var import = await SampleImport.NewSmallAsync(app);
        await import.HoldAsync("running");
        await import.StageAsync(File, SampleImport.SmallFile(("A1", "")));
        await WaitingAsync(import, 1);
        var first = (await QueueAsync(import))[0].ETag;
        await import.StageAsync(File, SampleImport.SmallFile(("A1", ""), ("A2", "")));
        await Until.TrueAsync(
            async () => await QueueAsync(import) is [var waiting] && waiting.ETag != first, TimeSpan.FromMinutes(5), () => app.Failed("The old version still waits.").Message);
        await import.ReleaseAsync("running");
        await TickAsync(app);
        Assert.Equal(2, Assert.Single(await import.EndedJobsAsync(1)).Number("read"));
    }

    [Fact]
    public async Task Only_load_files_directly_in_the_import_folder_of_a_point_that_runs_on_upload_start_it()
    {
        await using var app = await NewAppAsync();
        var import = await SampleImport.NewSmallAsync(app);
        var silent = await import.PointAsync("Silent", "in/other.dat");
        var file = SampleImport.SmallFile(("A1", ""));
        foreach (var path in (string[])["small.dat", "Import/small.dat", "Import/Other/small.dat", "Import/Silent/small.dat", $"{Folder}/deeper/small.dat", $"{Folder}/small.csv"])
            await import.StageAsync(path, file);
        await SettleAsync();
        Assert.Empty(await silent.JobsAsync());
        await import.StageAsync("Import/SAMPLE/small.DAT", SampleImport.SmallFile(("A1", ""), ("A2", "")));
        Assert.Equal(2, Assert.Single(await import.EndedJobsAsync(1)).Number("read"));
    }

    // Every delivery comes twice: that must never show.
    private Task<AppProcess> NewAppAsync(params (string, object)[] settings) => servers.NewAppAsync(
        [Servers.Uploads, ("Jobs:UploadQuietSeconds", 3600), ("Jobs:PatienceSeconds", 0), ("Chaos:DuplicateTriggers", 1), ("Chaos:LateMs", LateMs), .. settings]);

    private static async Task TickAsync(AppProcess app)
    {
        await app.KillAsync();
        app.MissTimers();
        await app.StartAsync();
    }

    // Long enough for a look at the container, one at the queue a second later, and late deliveries; shorter would only let a mistake pass.
    private static Task SettleAsync() => Task.Delay(LateMs + 1500, TestContext.Current.CancellationToken);

    private static Task<IReadOnlyList<Upload>> QueueAsync(SampleImport import)
        => import.App.Tables.Uploads.ListAsync(import.Workspace, import.Point, TestContext.Current.CancellationToken);

    private static Task WaitingAsync(SampleImport import, int count) => Until.TrueAsync(
        async () => (await QueueAsync(import)).Count == count, TimeSpan.FromMinutes(5), () => import.App.Failed($"There are not {count} uploads waiting.").Message);
}
