using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Tests;

/// <summary>
/// Undoing a job: records it created are deleted, overlaid records get their earlier values, files and folders back, unless
/// something changed them since: those are listed and left alone. Attempts that die or run at once come to one result.
/// </summary>
public sealed class UndoTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly ImportSettings WithFiles = new()
    {
        Overwrite = OverwriteMode.AppendOverlay,
        NativeColumn = "Native",
        FolderColumn = "Folder",
        MoveExisting = true,
    };

    private static readonly ImportSettings Overlay = new() { Overwrite = OverwriteMode.AppendOverlay };

    private int undos;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Created_records_go_and_overlaid_ones_get_values_native_and_folder_back()
    {
        var import = await Import.NewAsync(stores);
        foreach (var name in (string[])["a1.bin", "a2.bin", "b2.bin"]) await import.UploadAsync(name, name);
        await import.UploadAsync("first.csv", "Id,Title,Native,Folder\nA,one,a1.bin,X\\Y\nC,one,,\n");
        await import.UploadAsync("second.csv", "Id,Title,Native,Folder\na,two,a2.bin,Z\nB,two,b2.bin,Z\nC,,,\n");
        await (await import.JobAsync("first.csv", WithFiles)).AttemptAsync();
        var (before, files) = (await ItemsAsync(import), await import.FilesAsync());
        var second = await import.JobAsync("second.csv", WithFiles);
        await second.AttemptAsync();
        Assert.NotEqual(before, await ItemsAsync(import));
        Assert.Equal(3, (await import.FilesAsync()).Count);

        var (result, left, _) = await UndoAsync(import, second);
        Assert.Equal(new JobCounts { Read = 3, Written = 3 }, result.Counts);
        Assert.Empty(left);
        // As it is stored, stamps of the earlier job included: that one can be undone as well.
        Assert.Equal(before, await ItemsAsync(import));
        Assert.Equal(files, await import.FilesAsync());
    }

    [Fact]
    public async Task What_was_edited_overlaid_or_deleted_since_is_left_alone_and_listed()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Title,Native\nA,one,n.bin\nEdited,one,n.bin\nTouched,one,\nOver,one,n.bin\nDeleted,one,n.bin\nZ,one,\n");
        await import.UploadAsync("n.bin", "native");
        await import.UploadAsync("over.csv", "Id,Title\nOver,two\n");
        var job = await import.JobAsync("docs.csv", WithFiles with { FolderColumn = null });
        await job.AttemptAsync();
        await ChangeAsync(import, "Edited", r => r with { Edited = true, Values = new() { [job.FieldId("Title")] = "by hand" } });
        await ChangeAsync(import, "Touched", r => r with { Values = new() { [job.FieldId("Title")] = "without a mark" } });
        var over = await import.JobAsync("over.csv", Overlay);
        await over.AttemptAsync();
        await stores.Records.WriteAsync([new ItemWrite(WriteKind.Delete, Key(import, "Deleted"), "", default)], Stop);

        var (result, left, undo) = await UndoAsync(import, job);
        Assert.Equal(new JobCounts { Read = 6, Written = 2, Skipped = 4, Warnings = 4 }, result.Counts);
        Assert.Equal(["3 record-changed Edited", "4 record-changed Touched", "5 record-changed Over", "6 record-changed Deleted"], left.Select(l => $"{l.Line} {l.Code} {l.SourceId}"));
        Assert.Contains(over.Job.Id, left[2].Message, StringComparison.Ordinal);
        Assert.Equal(("by hand", "without a mark", "two"), (await TitleAsync(import, job, "Edited"), await TitleAsync(import, job, "Touched"), await TitleAsync(import, job, "Over")));
        Assert.Null(await import.RecordAsync("A"));
        // Their natives stay; those of the others are removed.
        Assert.Equal(["3", "5"], (await import.FilesAsync()).Select(f => f.Split('-')[^1].Split('.')[0]));

        // When the later job is undone the record is as this job left it, and a further undo takes it up; nothing else is touched or counted twice.
        Assert.Equal(1, (await UndoAsync(import, over)).Result.Counts.Written);
        var (again, leftAgain, _) = await UndoAsync(import, job, undo);
        Assert.Equal(new JobCounts { Read = 4, Written = 1, Skipped = 3, Warnings = 3 }, again.Counts);
        Assert.Equal(["Edited", "Touched", "Deleted"], leftAgain.Select(l => l.SourceId));
        Assert.Null(await import.RecordAsync("Over"));
    }

    [Fact]
    public async Task A_further_undo_of_what_was_undone_finds_nothing_and_changes_nothing()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Title\nA,one\nB,one\n");
        var job = await import.JobAsync("docs.csv");
        await job.AttemptAsync();
        var undo = (await UndoAsync(import, job)).Undo;
        var again = await import.JobAsync("docs.csv");
        Assert.Equal(2, (await again.AttemptAsync()).Counts.Written);
        var items = await ItemsAsync(import);
        Assert.Equal(new JobCounts(), (await UndoAsync(import, job, undo)).Result.Counts);
        Assert.Equal(items, await ItemsAsync(import));
    }

    /// <summary>A lookup field that became one after the values were overlaid must find the restored ones.</summary>
    [Fact]
    public async Task Restored_values_are_found_by_lookup_again()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("base.csv", "Id,Bates\nA,B1\n");
        await import.UploadAsync("over.csv", "Id,Bates\nA,B2\n");
        await import.UploadAsync("by-bates.csv", "Bates,Title\nB2,x\n");
        await import.UploadAsync("by-old.csv", "Bates,Title\nB1,found\n");
        await (await import.JobAsync("base.csv")).AttemptAsync();
        var over = await import.JobAsync("over.csv", Overlay);
        await over.AttemptAsync();
        var byBates = new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "Bates" };
        var lookup = await import.JobAsync("by-bates.csv", byBates);
        await lookup.AttemptAsync();
        await UndoAsync(import, lookup);
        Assert.Equal(1, (await UndoAsync(import, over)).Result.Counts.Written);
        Assert.Equal(1, (await (await import.JobAsync("by-old.csv", byBates)).AttemptAsync()).Counts.Written);
    }

    [Fact]
    public async Task An_undo_that_dies_in_the_middle_is_completed_by_the_next_attempt()
    {
        var (import, job, before) = await OverlaidAsync("Id,Title\nA,two\nB,two\nC,two\n");
        var undo = await NewUndoAsync(import, job, null);
        // It writes the records, and dies before it hears of it.
        var dies = new FaultyRecords(stores.Records, async writes =>
        {
            if (!writes.Any(w => w.Key.Id.StartsWith("DOCUMENT|", StringComparison.Ordinal))) return;
            await stores.Records.WriteAsync([.. writes.Take(2)], Stop);
            throw new IOException("The worker died.");
        });
        await Assert.ThrowsAsync<IOException>(() => Undoing(dies).UndoAsync(undo, 0, Stop));
        Assert.Equal(new JobCounts { Read = 3, Written = 3 }, (await Undoing().UndoAsync(undo, 0, Stop)).Counts);
        Assert.Equal(before, await ItemsAsync(import));
        // Delivered once more it answers the same.
        Assert.Equal(3, (await Undoing().UndoAsync(undo, 0, Stop)).Counts.Written);
    }

    [Fact]
    public async Task An_undo_that_was_given_up_in_the_middle_is_completed_by_the_next_undo()
    {
        var (import, job, before) = await OverlaidAsync("Id,Title\nA,two\nB,two\nC,two\n");
        var given = await NewUndoAsync(import, job, null);
        var dies = new FaultyRecords(stores.Records, async writes =>
        {
            if (!writes.Any(w => w.Key.Id.StartsWith("DOCUMENT|", StringComparison.Ordinal))) return;
            await stores.Records.WriteAsync([.. writes.Take(2)], Stop);
            throw new IOException("The worker died.");
        });
        await Assert.ThrowsAsync<IOException>(() => Undoing(dies).UndoAsync(given, 0, Stop));
        var (result, left, _) = await UndoAsync(import, job, given);
        Assert.Equal(new JobCounts { Read = 3, Written = 3 }, result.Counts);
        Assert.Empty(left);
        Assert.Equal(before, await ItemsAsync(import));
    }

    [Fact]
    public async Task Two_attempts_at_once_agree()
    {
        var (import, job, before) = await OverlaidAsync("Id,Title\n" + string.Concat(Enumerable.Range(0, 600).Select(i => $"D{i},two\n")));
        var undo = await NewUndoAsync(import, job, null);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Undoing().UndoAsync(undo, 0, Stop))));
        Assert.All(results, r => Assert.Equal(new JobCounts { Read = 600, Written = 600 }, r.Counts));
        Assert.Equal(before, await ItemsAsync(import));
    }

    [Fact]
    public async Task What_changes_between_deciding_and_applying_is_left_alone()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Title,Native\nA,one,n.bin\nB,one,n.bin\n");
        await import.UploadAsync("n.bin", "native");
        var job = await import.JobAsync("docs.csv", WithFiles with { FolderColumn = null });
        await job.AttemptAsync();
        var undo = await NewUndoAsync(import, job, null);
        var edits = new FaultyRecords(stores.Records, async writes =>
        {
            if (writes.Any(w => w.Kind == WriteKind.Delete)) await ChangeAsync(import, "A", r => r with { Edited = true });
        });
        var result = await Undoing(edits).UndoAsync(undo, 0, Stop);
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Skipped = 1, Warnings = 1 }, result.Counts);
        Assert.Equal(["A"], (await LeftAsync(undo)).Select(l => l.SourceId));
        Assert.NotNull(await import.RecordAsync("A"));
        Assert.Single(await import.FilesAsync());
    }

    /// <summary>A batch that was given up has no result; what it wrote all the same is undone, what it did not write is not missed.</summary>
    [Fact]
    public async Task What_a_batch_wrote_that_was_given_up_is_undone_too()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Title\nA,one\nB,one\nC,one\n");
        var job = await import.JobAsync("docs.csv");
        await Assert.ThrowsAsync<IOException>(() => job.AttemptAsync(records: new FaultyRecords(stores.Records, async writes =>
        {
            if (!writes.Any(w => w.Key.Id.StartsWith("DOCUMENT|", StringComparison.Ordinal))) return;
            await stores.Records.WriteAsync([.. writes.Take(2)], Stop);
            throw new IOException("The worker died.");
        })));
        Assert.Equal(new JobCounts { Read = 2, Written = 2 }, (await UndoAsync(import, job)).Result.Counts);
        Assert.Null(await import.RecordAsync("A"));
    }

    [Fact]
    public async Task An_undo_that_was_asked_to_stop_undoes_nothing_more_and_the_next_one_the_rest()
    {
        var (import, job, before) = await OverlaidAsync("Id,Title\nA,two\n");
        var undo = await NewUndoAsync(import, job, null);
        var row = (await stores.Tables.History.GetAsync(undo.Id, Stop))!;
        Assert.True(await stores.Tables.History.TryUpdateAsync(row with { StopRequested = true, Status = JobStatus.Stopping }, Stop));
        Assert.Equal(new JobCounts(), (await Undoing().UndoAsync(undo, 0, Stop)).Counts);
        Assert.NotEqual(before, await ItemsAsync(import));
        Assert.Equal(1, (await UndoAsync(import, job, undo)).Result.Counts.Written);
        Assert.Equal(before, await ItemsAsync(import));
    }

    // Rows of a first job's records, overlaid by a second with the same identifiers.
    private async Task<(Import Import, TestJob Job, List<string> Before)> OverlaidAsync(string rows)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("first.csv", rows.Replace("two", "one", StringComparison.Ordinal));
        await import.UploadAsync("second.csv", rows);
        await (await import.JobAsync("first.csv")).AttemptAsync();
        var before = await ItemsAsync(import);
        var job = await import.JobAsync("second.csv", Overlay);
        await job.AttemptAsync();
        return (import, job, before);
    }

    private async Task<(BatchResult Result, List<Engine.Problem> Left, Job Undo)> UndoAsync(Import import, TestJob job, Job? before = null)
    {
        var undo = await NewUndoAsync(import, job, before);
        var result = await Undoing().UndoAsync(undo, 0, Stop);
        return (result, await LeftAsync(undo), undo);
    }

    private RecordUndo Undoing(IRecords? records = null)
        => new(stores.Blobs, new JobFiles(stores.Blobs), stores.Tables, records ?? stores.Records, Import.Catalog(stores));

    private async Task<Job> NewUndoAsync(Import import, TestJob job, Job? before)
    {
        var files = new JobFiles(stores.Blobs);
        await files.DecideAsync(JobFiles.PreparedName(job.Job.Id), job.Prepared, Stop);
        var undo = job.Job with { Id = $"{job.Job.Id}-undo{++undos}", Type = JobType.Undo, Undo = new UndoneJob(job.Job.Id, before?.Id) };
        await files.DecideAsync(JobFiles.JobName(undo.Id), undo, Stop);
        await stores.Tables.History.CreateAsync(
            new JobHistory
            {
                JobId = undo.Id,
                Workspace = import.Workspace.Id,
                WorkspaceName = "",
                PointId = "p",
                Name = "",
                Trigger = "user",
                StartedBy = "tester",
                StartedUtc = undo.StartedUtc,
                Status = JobStatus.Processing,
            },
            Stop);
        return undo;
    }

    private async Task<List<Engine.Problem>> LeftAsync(Job undo)
        => [.. (await stores.Tables.Warnings.ListAsync(undo.Id, 1000, null, Stop)).Items.Select(w => w.Problem)];

    // Records as they are stored; lookups of values that no record has any more do no harm and stay.
    private async Task<List<string>> ItemsAsync(Import import)
    {
        var items = new List<string>();
        for (var bucket = 0; bucket < import.Workspace.Buckets; bucket++)
        {
            foreach (var item in await stores.Records.ListAsync(new ItemQuery(Identifier.Partition(import.Workspace.Id, bucket), Identifier.SortPrefix(ObjectType.Document)), Stop))
                items.Add($"{item.Key.Id} {item.Sort} {System.Text.Encoding.UTF8.GetString(item.Body.Span)}");
        }
        return items;
    }

    private async Task ChangeAsync(Import import, string identifier, Func<Engine.Records.Record, Engine.Records.Record> change)
    {
        var item = (await stores.Records.ReadAsync(Key(import, identifier), Stop))!;
        var body = RecordJson.Write(change(RecordJson.Read(item.Body.Span)));
        await stores.Records.WriteAsync([new ItemWrite(WriteKind.Replace, item.Key, item.Sort, body, item.ETag)], Stop);
    }

    private static ItemKey Key(Import import, string identifier) => Identifier.Key(import.Workspace.Id, import.Workspace.Buckets, ObjectType.Document, identifier);

    private static async Task<object?> TitleAsync(Import import, TestJob job, string identifier) => (await import.RecordAsync(identifier))!.ValueOf(job.FieldId("Title"));
}
