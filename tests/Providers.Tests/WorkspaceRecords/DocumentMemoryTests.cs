using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>Walking and sorting documents holds a page and a run of them, however many there are.</summary>
[Collection(Alone.Name)]
public sealed class DocumentMemoryTests(Stores stores)
{
    [Fact, Trait("Speed", "Slow")]
    public async Task Lines_of_many_runs_are_merged_without_keeping_them_in_memory()
    {
        using var runs = new SortedRuns(most: 2_000);
        var line = new byte[1000];
        var (count, last) = (0, -1L);
        var most = await RetainedMemory.MostAsync(() =>
        {
            for (var i = 0; i < 100_000; i++) runs.Add(new KeyedLine(BitConverter.GetBytes(i * 7919L % 100_000).Reverse().ToArray(), [.. line]));
            foreach (var _ in runs.Merge())
            {
                count++;
                last++;
            }
            return Task.CompletedTask;
        });

        Assert.Equal((100_000, 99_999), (count, last));
        // 100 MB of lines; of the 50 runs one line each, and buffers.
        Assert.InRange(most, 0, 25L << 20);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Memory_does_not_grow_with_the_documents_that_are_walked()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var field = await workspace.FieldAsync("Text", FieldType.LongText);
        var text = new string('x', 30_000);
        for (var i = 0; i < 3; i++) await workspace.AddAsync(Enumerable.Range(i * 1000, 1000).Select(n => DocumentWorkspace.Document($"D{n}", null, (field, text))));
        var selection = SelectedDocuments.From(await workspace.Source().CheckAsync(TestContext.Current.CancellationToken));

        foreach (var order in (SelectedSort[][])[[], [new SelectedSort(selection.IdentifierField, FieldType.FixedLengthText, true)]])
        {
            var count = 0;
            var most = await RetainedMemory.MostAsync(async () =>
            {
                await foreach (var _ in new DocumentWalk(selection with { Sort = order }, null, stores.Workspaces) { RunLines = 500 }.LinesAsync(TestContext.Current.CancellationToken)) count++;
            });
            Assert.Equal(3000, count);
            // 90 MB of documents: a page of each of 16 buckets is in memory, and a run of lines.
            Assert.InRange(most, 0, 30L << 20);
        }
    }
}
