using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>Documents of a workspace as a source: which ones, in which order, in which version.</summary>
public sealed class WorkspaceSourceTests(Stores stores) : IClassFixture<Stores>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WorkspacePart.Folder, null, "ROOT")] // a blank folder is the root
    [InlineData(WorkspacePart.Folder, @"Mail", "M1 M2")]
    [InlineData(WorkspacePart.Folder, @"MAIL\ in ", "I1")] // letters and blanks as in folder columns
    [InlineData(WorkspacePart.FolderAndSubfolders, @"Mail", "D1 I1 M1 M2")]
    [InlineData(WorkspacePart.FolderAndSubfolders, @"Mail\In", "D1 I1")]
    [InlineData(WorkspacePart.FolderAndSubfolders, null, "D1 I1 M1 M2 ROOT X1")]
    public async Task A_folder_is_read_with_or_without_those_below_it(WorkspacePart part, string? folder, string expected)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.FolderAsync("Mail", @"Mail\In", @"Mail\In\Deep", "Mailing");
        await workspace.AddAsync(
            [
                DocumentWorkspace.Document("ROOT"), DocumentWorkspace.Document("M2", "Mail"), DocumentWorkspace.Document("M1", "Mail"), DocumentWorkspace.Document("I1", @"Mail\In"),
                DocumentWorkspace.Document("D1", @"Mail\In\Deep"), DocumentWorkspace.Document("X1", "Mailing"),
            ]);

        Assert.Equal(expected.Split(' '), await workspace.RunAsync(new WorkspaceSettings { Part = part, Folder = folder }));
    }

    // Issue D: "then the identifier (ordinal, so Test2_10 precedes Test2_2)"; identifiers are compared without regard to case.
    [Fact]
    public async Task Without_a_sort_documents_come_in_the_order_of_their_identifiers()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync("Test2_2", "Test2_10", "b", "A", "é", "\U0001F600", "\uFF21", "C");

        Assert.Equal(["A", "b", "C", "Test2_10", "Test2_2", "é", "\uFF21", "\U0001F600"], await workspace.RunAsync());
    }

    // Issue D: total = max(0, count - (n - 1)).
    [Theory]
    [InlineData(1, "A B C")]
    [InlineData(2, "B C")]
    [InlineData(3, "C")]
    [InlineData(4, "")]
    [InlineData(1_000_000_000_000, "")]
    public async Task The_export_starts_at_a_record(long start, string expected)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync("A", "B", "C");
        var all = new WorkspaceSettings { Part = WorkspacePart.FolderAndSubfolders, StartAtRecord = start };
        string[] documents = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(documents, await workspace.RunAsync(all));
        Assert.Equal(documents, await workspace.RunAsync(all, change: s => s with { Sort = [new SelectedSort("none", FieldType.FixedLengthText, true)] }));
    }

    [Fact]
    public async Task Nothing_to_export_is_no_error_and_is_said()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync("A");
        var source = workspace.Source(new WorkspaceSettings { Part = WorkspacePart.FolderAndSubfolders, StartAtRecord = 2 });
        var layout = await source.CheckAsync(Stop);
        await source.SpoolAsync(layout, Stop);

        var page = await source.PlanAsync(layout, 0, new PlanCursor(), Stop);

        Assert.Empty(page.Batches);
        Assert.Null(page.Next);
        Assert.Equal(0, page.Records);
        Assert.Equal("\"Case Baker\" has no record 2: nothing was exported. Start at an earlier record.", Assert.Single(page.Warnings).Message);
    }

    [Fact]
    public async Task Batches_are_cut_by_documents_and_by_the_bytes_of_their_files_and_cover_the_list()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync(Enumerable.Range(0, 40).Select(i => DocumentWorkspace.Document($"D{i:d2}") with { Native = new NativeFile("a.msg", i < 20 ? 400 : 0, "x") }));
        var size = new BatchSize { Records = 6, Bytes = 100, Page = 4 };

        foreach (var (export, expected) in new (ExportSettings?, int[])[]
        {
            (null, [6, 6, 6, 6, 6, 6, 4]), // without files only the number counts
            (new ExportSettings { Natives = true }, [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 6, 6, 6, 2]), // a batch ends with the document that reaches 8 times as many bytes
        })
        {
            var source = workspace.Source(export: export, size: size);
            var layout = await source.CheckAsync(Stop);
            await source.SpoolAsync(layout, Stop);
            var batches = await DocumentWorkspace.PlanAllAsync(source, layout);

            Assert.Equal(expected, batches.Select(b => b.Records));
            Assert.Equal(Enumerable.Range(0, expected.Length), batches.Select(b => b.Index));
            Assert.All(batches.Zip(batches.Skip(1)), pair => Assert.Equal((pair.First.Offset + pair.First.Length, pair.First.FirstLine + pair.First.Records), (pair.Second.Offset, pair.Second.FirstLine)));
            var records = await DocumentWorkspace.ReadAllAsync(source, layout);
            Assert.Equal(Enumerable.Range(0, 40).Select(i => (i + 1L, $"D{i:d2}")), records.Select(r => (r.Line, r.Stored!.Record.Identifier)));
        }
    }

    [Fact]
    public async Task What_is_changed_deleted_or_added_after_the_list_was_made_is_rejected_or_left_out()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync("A", "B", "C", "D");
        var source = workspace.Source();
        var layout = await source.CheckAsync(Stop);
        await source.SpoolAsync(layout, Stop);

        await workspace.ChangeAsync("B");
        await workspace.DeleteAsync("C");
        await workspace.AddAsync("B2");
        await source.SpoolAsync(layout, Stop);
        var records = await DocumentWorkspace.ReadAllAsync(source, layout);

        Assert.Equal(["1 A ", "2 B record-changed", "3 C record-not-found", "4 D "], records.Select(r => $"{r.Line} {r.Stored?.Record.Identifier ?? r.Problem!.SourceId} {r.Problem?.Code}"));
        Assert.All(records.Where(r => r.Problem is not null), r => Assert.Equal(ProblemLevel.Item, r.Problem!.Level));
        Assert.All(records.Where(r => r.Stored is not null), r => Assert.StartsWith(workspace.Workspace.Id + "|", r.Stored!.Partition, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_document_that_was_made_again_is_another_version()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync("A");
        var source = workspace.Source();
        var layout = await source.CheckAsync(Stop);
        await source.SpoolAsync(layout, Stop);

        await workspace.DeleteAsync("A");
        await workspace.AddAsync("a");

        Assert.Equal("record-changed", Assert.Single(await DocumentWorkspace.ReadAllAsync(source, layout)).Problem!.Code);
    }

    // Guide 7.2: a retry takes up the records with errors; it exports them as they are now.
    [Fact]
    public async Task A_retry_reads_what_the_job_rejected_as_it_is_now()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync(Enumerable.Range(0, 9).Select(i => DocumentWorkspace.Document($"D{i}") with { Native = new NativeFile("a.msg", i, "x") }));
        var job = workspace.NextJob();
        var (source, files) = (workspace.Source(size: new BatchSize { Records = 4 }, job: job), new JobFiles(stores.Blobs));
        var layout = await source.CheckAsync(Stop);
        await source.SpoolAsync(layout, Stop);
        foreach (var id in (string[])["D1", "D3", "D8"]) await workspace.ChangeAsync(id);
        foreach (var batch in await DocumentWorkspace.PlanAllAsync(source, layout))
        {
            var rejected = new List<LoadFile.RejectedRow>();
            await foreach (var record in source.ReadAsync(layout, batch, [], Stop))
                if (record.Problem is { } problem) rejected.Add(new LoadFile.RejectedRow(record.Position.Offset, record.Position.Length, [problem]));
            await files.DecideAsync(JobFiles.RejectedName(job, batch.Index), rejected, Stop);
            await stores.Tables.Batches.TryCreateAsync(job, new BatchResult { Batch = batch.Index, Counts = new JobCounts { Read = batch.Records, Rejected = rejected.Count, Written = batch.Records - rejected.Count } }, Stop);
        }
        await workspace.DeleteAsync("D3");

        var retry = workspace.Source(export: new ExportSettings { Natives = true }, job: workspace.NextJob()).Retrying(new(job, files, stores.Tables.Batches));
        await retry.SpoolAsync(await retry.CheckAsync(Stop), Stop);
        var records = await DocumentWorkspace.ReadAllAsync(retry, await retry.CheckAsync(Stop));

        Assert.Equal(["1 D1 ", "2 D3 record-not-found", "3 D8 "], records.Select(r => $"{r.Line} {r.Stored?.Record.Identifier ?? r.Problem!.SourceId} {r.Problem?.Code}"));
    }
}
