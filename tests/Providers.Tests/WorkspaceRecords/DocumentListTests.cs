using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Providers.WorkspaceRecords;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>A job's list is written once: attempts that die, or run at once and see other records, come to one complete list (design, Rules of orchestration 6).</summary>
public sealed class DocumentListTests(Stores stores) : IClassFixture<Stores>
{
    // A line of about 1 KB: a block holds some 4,000 of them.
    private static readonly string Filler = new('x', 1000);
    private static readonly int Lines = 10_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_attempts_at_once_one_wins_and_no_parts_are_mixed()
    {
        var list = new DocumentList(stores.Blobs, $"job-{Guid.NewGuid():N}");
        var (firstStaged, secondDone) = (new TaskCompletionSource(), new TaskCompletionSource());

        // The first has staged blocks when the second begins, and goes on when the second has come to its end.
        var first = list.WriteAsync(LinesAsync("first", Lines / 2, async () => { firstStaged.TrySetResult(); await secondDone.Task; }), Stop);
        await firstStaged.Task.WaitAsync(TimeSpan.FromMinutes(5), Stop);
        await list.WriteAsync(LinesAsync("second"), Stop);
        secondDone.SetResult();
        await first;

        Assert.Equal(("second", Lines), await ContentAsync(list));
    }

    [Fact]
    public async Task An_attempt_that_dies_leaves_nothing_that_is_taken_for_complete()
    {
        var list = new DocumentList(stores.Blobs, $"job-{Guid.NewGuid():N}");

        await Assert.ThrowsAsync<IOException>(() => list.WriteAsync(LinesAsync("first", Lines - 1, () => throw new IOException("The worker died.")), Stop));
        Assert.Null(await list.FindAsync(Stop));
        await list.WriteAsync(LinesAsync("second"), Stop);

        Assert.Equal(("second", Lines), await ContentAsync(list));
    }

    [Fact]
    public async Task A_list_that_is_there_stays()
    {
        var list = new DocumentList(stores.Blobs, $"job-{Guid.NewGuid():N}");
        await list.WriteAsync(LinesAsync("first"), Stop);
        await list.WriteAsync(LinesAsync("second"), Stop);

        Assert.Equal(("first", Lines), await ContentAsync(list));
    }

    [Fact]
    public async Task An_empty_list_is_a_list()
    {
        var list = new DocumentList(stores.Blobs, $"job-{Guid.NewGuid():N}");
        await list.WriteAsync(AsyncEnumerable.Empty<byte[]>(), Stop);
        await list.WriteAsync(LinesAsync("second"), Stop);

        Assert.Equal((null, 0), await ContentAsync(list));
    }

    [Fact]
    public async Task Any_name_comes_back_as_it_was_listed()
    {
        var list = new DocumentList(stores.Blobs, $"job-{Guid.NewGuid():N}");
        var documents = ((string[])["a\"b", "line\u2028break", "é\U0001F600", "back\\slash", " "]).Select((id, i) => new ListedDocument
        {
            Identifier = id,
            ETag = $"\"{i}\"",
            BeginNumber = i == 0 ? null : id,
            Native = new ListedFile(id, long.MaxValue),
        }).ToList();
        await list.WriteAsync(documents.Select(DocumentList.Line).ToAsyncEnumerable(), Stop);

        Assert.Equal(documents, await list.ReadAsync(0, null, 1, Stop).Select(l => l.Document).ToListAsync(Stop));
    }

    [Fact]
    public async Task Attempts_of_a_source_at_once_list_every_document_once()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync(Enumerable.Range(0, 3000).Select(i => DocumentWorkspace.Document($"D{i:d4}")));
        var job = workspace.NextJob();
        var layout = await workspace.Source(job: job).CheckAsync(Stop);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => workspace.Source(job: job).SpoolAsync(layout, Stop)));

        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"D{i:d4}"), (await workspace.ListAsync(job)).Select(d => d.Identifier));
    }

    private static async IAsyncEnumerable<byte[]> LinesAsync(string attempt, int at = -1, Func<Task>? pause = null)
    {
        for (var i = 0; i < Lines; i++)
        {
            if (i == at) await pause!();
            yield return DocumentList.Line(new ListedDocument { Identifier = $"{attempt} {i} {Filler}", ETag = "1" });
        }
    }

    // Whose lines they are, and how many; every line stands where it belongs.
    private static async Task<(string? Attempt, int Lines)> ContentAsync(DocumentList list)
    {
        var (attempt, count) = ((string?)null, 0);
        await foreach (var line in list.ReadAsync(0, null, 1, Stop))
        {
            var words = line.Document.Identifier.Split(' ');
            attempt ??= words[0];
            Assert.Equal((attempt, $"{count}"), (words[0], words[1]));
            Assert.Equal(++count, line.Number);
        }
        return (attempt, count);
    }
}
