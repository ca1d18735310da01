using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Tests;

/// <summary>A batch decides once and then applies: attempts that die, stall, run at once or late come to one result (design, Rules of orchestration 6).</summary>
public sealed class AttemptsTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly ImportSettings WithNatives = new() { NativeColumn = "Native" };

    [Fact]
    public async Task A_native_that_arrives_between_two_attempts_changes_nothing()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Native\nA,a.txt\nB,b.txt\n");
        await import.UploadAsync("a.txt", "native of A");
        var job = await import.JobAsync("docs.csv", WithNatives);

        await Assert.ThrowsAsync<IOException>(() => job.AttemptAsync(records: FaultyRecords.DiesBeforeWriting(stores.Records)));
        await import.UploadAsync("b.txt", "native of B, late");
        var result = await job.AttemptAsync();

        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, result.Counts);
        Assert.Equal(["3 missing-file"], await job.ErrorsAsync());
        Assert.Null(await import.RecordAsync("B"));
    }

    [Fact]
    public async Task A_kill_between_copying_a_native_and_writing_its_record_leaves_one_file_and_one_record()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Native\nA,a.txt\n");
        await import.UploadAsync("a.txt", "native of A");
        var job = await import.JobAsync("docs.csv", WithNatives);

        await Assert.ThrowsAsync<IOException>(() => job.AttemptAsync(records: FaultyRecords.DiesBeforeWriting(stores.Records)));
        var afterKill = await import.FilesAsync();
        var result = await job.AttemptAsync();

        Assert.Single(afterKill);
        Assert.Equal(afterKill, await import.FilesAsync());
        Assert.Equal(1, result.Counts.Written);
        Assert.Equal($"{(await import.RecordAsync("A"))!.Native!.Blob} 11", afterKill[0]);
    }

    [Fact]
    public async Task Two_attempts_at_once_write_each_record_once_and_agree()
    {
        var import = await Import.NewAsync(stores);
        var rows = new StringBuilder("Id,Title\n");
        for (var i = 0; i < 1200; i++) rows.Append('D').Append(i).Append(",Title\n");
        await import.UploadAsync("docs.csv", rows.ToString());
        var job = await import.JobAsync("docs.csv");

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => job.AttemptAsync())));

        Assert.All(results, r => Assert.Equal(new JobCounts { Read = 1200, Written = 1200 }, r.Counts));
        Assert.Empty(await job.ErrorsAsync());
    }

    [Fact]
    public async Task A_stalled_attempt_that_wakes_after_another_job_overlaid_the_record_leaves_it_alone()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("first.csv", "Id,Title\nA,first\nB,first\n");
        await import.UploadAsync("second.csv", "Id,Title\nA,second\n");
        var first = await import.JobAsync("first.csv");
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        var stalled = first.AttemptAsync(records: FaultyRecords.Stalls(stores.Records, reached, goOn.Task));
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        var result = await first.AttemptAsync();
        var second = await import.JobAsync("second.csv", new ImportSettings { Overwrite = OverwriteMode.AppendOverlay });
        await second.AttemptAsync();
        goOn.SetResult();
        var late = await stalled;

        Assert.Equal(result.Counts, late.Counts);
        Assert.Equal(new JobCounts { Read = 2, Written = 2 }, late.Counts);
        Assert.Equal("second", (await import.RecordAsync("A"))!.ValueOf(second.FieldId("Title")));
        Assert.Empty(await first.ErrorsAsync());
    }

    [Fact]
    public async Task A_stalled_overlay_that_wakes_after_another_job_overlaid_the_record_leaves_it_alone()
    {
        var import = await Import.NewAsync(stores);
        var overlay = new ImportSettings { Overwrite = OverwriteMode.AppendOverlay };
        await import.UploadAsync("base.csv", "Id,Title\nA,base\n");
        await import.UploadAsync("first.csv", "Id,Title\nA,first\n");
        await import.UploadAsync("second.csv", "Id,Title\nA,second\n");
        await (await import.JobAsync("base.csv")).AttemptAsync();
        var first = await import.JobAsync("first.csv", overlay);
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        var stalled = first.AttemptAsync(records: FaultyRecords.Stalls(stores.Records, reached, goOn.Task));
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await first.AttemptAsync();
        var second = await import.JobAsync("second.csv", overlay);
        await second.AttemptAsync();
        goOn.SetResult();

        Assert.Equal(1, (await stalled).Counts.Written);
        Assert.Equal("second", (await import.RecordAsync("A"))!.ValueOf(second.FieldId("Title")));
        Assert.Empty(await first.ErrorsAsync());
    }

    [Fact]
    public async Task A_record_that_somebody_else_made_meanwhile_is_left_as_it_is_and_reported()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("first.csv", "Id,Title\nA,first\nB,first\n");
        await import.UploadAsync("second.csv", "Id,Title\nA,second\n");
        var first = await import.JobAsync("first.csv");
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        var attempt = first.AttemptAsync(records: FaultyRecords.Stalls(stores.Records, reached, goOn.Task));
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        var second = await import.JobAsync("second.csv");
        await second.AttemptAsync();
        goOn.SetResult();
        var result = await attempt;

        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, result.Counts);
        Assert.Equal(["2 record-changed"], await first.ErrorsAsync());
        Assert.Equal("second", (await import.RecordAsync("A"))!.ValueOf(second.FieldId("Title")));
    }

    [Fact]
    public async Task Duplicate_identifiers_are_found_across_pages_of_batches()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id\nA\nB\nC\na\nD\nb\nE\nA\nC\n");
        var job = await import.JobAsync("docs.csv", size: new BatchSize { Records = 1, Page = 2 });

        var counts = new JobCounts();
        foreach (var batch in Enumerable.Range(0, job.Batches.Count).Reverse()) counts += (await job.AttemptAsync(batch)).Counts;

        Assert.Equal(9, job.Batches.Count);
        Assert.Equal(new JobCounts { Read = 9, Written = 5, Rejected = 4 }, counts);
        Assert.Equal(["5 duplicate-identifier", "7 duplicate-identifier", "9 duplicate-identifier", "10 duplicate-identifier"], await job.ErrorsAsync());
    }

    [Fact]
    public async Task Duplicate_identifiers_are_decided_by_the_file_whatever_the_order_of_batches()
    {
        var import = await Import.NewAsync(stores);
        var rows = new StringBuilder("Id,Title\n");
        for (var i = 0; i < 5000; i++) rows.Append('D').Append(i).Append(",first\n");
        rows.Append("d17,second\nE,only\nD4999 ,second\n");
        await import.UploadAsync("docs.csv", rows.ToString());
        var job = await import.JobAsync("docs.csv");

        var late = await job.AttemptAsync(batch: 1);
        var early = await job.AttemptAsync(batch: 0);

        Assert.Equal(2, job.Batches.Count);
        Assert.Equal(new JobCounts { Read = 3, Written = 1, Rejected = 2 }, late.Counts);
        Assert.Equal(new JobCounts { Read = 5000, Written = 5000 }, early.Counts);
        Assert.Equal("first", (await import.RecordAsync("D17"))!.ValueOf(job.FieldId("Title")));
        Assert.Equal(["5002 duplicate-identifier", "5004 duplicate-identifier"], await job.ErrorsAsync());
    }

    [Fact]
    public async Task Choices_and_folders_are_made_once_and_shown_alike_whatever_the_order_of_batches()
    {
        var shown = new List<string>();
        foreach (var order in new int[][] { [0, 1, 2], [2, 1, 0] })
        {
            var import = await Import.NewAsync(stores);
            await import.UploadAsync("docs.csv", "Id,Kind,Folder\nA,hot,In\\BOX\nB,HOT,in\\box\nC,Hot,In\\Box\n");
            var job = await import.JobAsync(
                "docs.csv",
                new ImportSettings { FolderColumn = "Folder", CreateFields = new FieldSchema { Fields = [new SchemaField("Kind", FieldType.SingleChoice)] } },
                size: new BatchSize { Records = 1 });

            foreach (var batch in order) await job.AttemptAsync(batch);

            shown.Add(string.Join(' ', await import.ConfigAsync("choice|")) + " " + string.Join(' ', await import.ConfigAsync("folder|")));
        }
        Assert.Equal(shown[0], shown[1]);
        Assert.Equal("HOT In In\\BOX", shown[0]);
    }

    [Fact]
    public async Task A_stop_between_two_attempts_leaves_what_was_decided_to_be_applied_and_counted()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Title\nA,x\nB,x\n");
        var job = await import.JobAsync("docs.csv");

        await Assert.ThrowsAsync<IOException>(() => job.AttemptAsync(records: FaultyRecords.DiesBeforeWriting(stores.Records)));
        await job.ChangeAsync(row => row with { StopRequested = true, Status = JobStatus.Stopping });
        var result = await job.AttemptAsync();

        Assert.Equal(new JobCounts { Read = 2, Written = 2 }, result.Counts);
        Assert.NotNull(await import.RecordAsync("B"));
    }

    [Fact]
    public async Task A_batch_that_begins_after_the_stop_reads_nothing()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Title\nA,x\n");
        var job = await import.JobAsync("docs.csv");

        await job.ChangeAsync(row => row with { StopRequested = true, Status = JobStatus.Stopping });
        var result = await job.AttemptAsync();

        Assert.Equal(new JobCounts(), result.Counts);
        Assert.Null(await import.RecordAsync("A"));
    }

    [Fact]
    public async Task An_attempt_that_comes_after_the_job_ended_touches_nothing()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Title\nA,x\n");
        var job = await import.JobAsync("docs.csv");

        await job.ChangeAsync(row => row with { Status = JobStatus.Failed });
        await job.AttemptAsync();

        Assert.Null(await import.RecordAsync("A"));
        Assert.Null(await stores.Tables.Batches.GetAsync(job.Job.Id, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lookup_that_was_cut_off_while_it_was_made_is_completed_by_the_next_attempt()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("base.csv", "Id,Bates\nA,B1\nC,B2\n");
        await import.UploadAsync("over.csv", "Bates,Title\nB1,found\nB2,found\nB3,none\n");
        await (await import.JobAsync("base.csv")).AttemptAsync();
        var overlay = new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "Bates" };

        await Assert.ThrowsAsync<IOException>(() => import.JobAsync(
            "over.csv", overlay, records: new FaultyRecords(stores.Records, writes => writes.Any(w => w.Key.Id.StartsWith("lookup|", StringComparison.Ordinal))
                ? throw new IOException("The worker died.")
                : Task.CompletedTask)));
        var result = await (await import.JobAsync("over.csv", overlay)).AttemptAsync();

        Assert.Equal(new JobCounts { Read = 3, Written = 2, Rejected = 1 }, result.Counts);
    }
}
