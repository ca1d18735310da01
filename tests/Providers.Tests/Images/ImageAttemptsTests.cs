using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Providers.Tests.Images;

/// <summary>
/// Batches of images never split a document, come to the same in any order and division, and decide once: attempts that die, stall, run at once
/// or late come to one result.
/// </summary>
public sealed class ImageAttemptsTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly ImportSettings Both = new() { Overwrite = OverwriteMode.AppendOverlay };

    [Fact]
    public async Task Any_division_into_batches_in_any_order_comes_to_the_same()
    {
        var file = new StringBuilder();
        var random = new Random(7);
        var staged = new[] { "1.tif", "2.tif", "3.tif", "gone.tif", "bad.png" };
        for (var document = 0; document < 24; document++)
        {
            for (var page = 0; page <= document % 4; page++)
            {
                var id = random.Next(15) == 0 ? "D3-1" : $"D{document}-{page}";
                file.Append(CultureInfo.InvariantCulture, $"{id},V,{staged[random.Next(40) is var n && n < 3 ? n + 2 : n % 3]},{(page == 0 ? "Y" : "")}\r\n");
            }
        }

        var results = new List<string>();
        foreach (var size in new[] { new BatchSize(), new BatchSize { Records = 1, Page = 1 }, new BatchSize { Records = 7, Page = 3 } })
        {
            var images = await StagedAsync();
            var job = await images.JobAsync(file.ToString(), size: size);
            var counts = new JobCounts();
            foreach (var batch in Enumerable.Range(0, job.Batches.Count).Reverse()) counts += (await job.AttemptAsync(batch)).Counts;
            Assert.Equal(24, job.Batches.Sum(b => b.Records));
            results.Add($"{counts}\n{string.Join('\n', await job.ErrorsWithIdAsync())}\n{string.Join('\n', await images.ImagesAsync())}");
        }
        Assert.Single(results.Distinct());
        Assert.Contains("duplicate-page-id", results[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_ends_with_the_document_that_reaches_its_pages()
    {
        var images = await StagedAsync();
        // One document spans the images 76 to 80 (batch cut of another system's tests: "never cut").
        var file = string.Concat(Enumerable.Range(1, 100).Select(i => $"P{i},V,1.tif,{(i is >= 77 and <= 80 ? "" : "Y")}\n"));
        var job = await images.JobAsync(file, size: new BatchSize { Records = 78 });
        Assert.Equal([(1L, 76), (81L, 20)], job.Batches.Select(b => (b.FirstLine, b.Records)));
    }

    [Fact]
    public async Task A_kill_after_the_files_were_copied_leaves_one_copy_and_one_document()
    {
        var images = await StagedAsync();
        var job = await images.JobAsync("A,V,1.tif,Y\nA2,V,2.tif,\nB,V,3.tif,Y");
        await Assert.ThrowsAsync<IOException>(() => job.AttemptAsync(records: FaultyRecords.DiesBeforeWriting(stores.Records)));
        var files = await images.Import.FilesAsync();
        Assert.Empty(await images.ImagesAsync());
        var result = await job.AttemptAsync();
        Assert.Equal(new JobCounts { Read = 2, Written = 2 }, result.Counts);
        Assert.Equal(3, files.Count);
        Assert.Equal(files, await images.Import.FilesAsync());
        Assert.Equal(2, (await images.ImagesAsync()).Count);
    }

    [Fact]
    public async Task A_kill_between_the_images_and_their_record_of_an_overlay_leaves_the_images_before_it()
    {
        var images = await StagedAsync();
        await images.RunAsync("A,V,1.tif,Y\nA2,V,2.tif,");
        var before = await images.ImagesAsync();
        var job = await images.JobAsync("A,V,3.tif,Y", import: Both);
        await Assert.ThrowsAsync<IOException>(() => job.AttemptAsync(records: FaultyRecords.DiesBeforeWriting(stores.Records)));
        Assert.Equal(before, await images.ImagesAsync());
        await job.AttemptAsync();
        Assert.Contains("A 3.tif", Assert.Single(await images.ImagesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_arrives_between_two_attempts_changes_nothing()
    {
        var images = await StagedAsync();
        var job = await images.JobAsync("A,V,1.tif,Y\nB,V,late.tif,Y");
        await Assert.ThrowsAsync<IOException>(() => job.AttemptAsync(records: FaultyRecords.DiesBeforeWriting(stores.Records)));
        await images.StageAsync("late.tif");
        var result = await job.AttemptAsync();
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, result.Counts);
        Assert.Equal(["2 missing-file B"], await job.ErrorsWithIdAsync());
    }

    [Fact]
    public async Task An_image_that_is_replaced_between_decision_and_copy_rejects_its_document_only()
    {
        var images = await StagedAsync();
        var job = await images.JobAsync("A,V,1.tif,Y\nA2,V,2.tif,\nB,V,3.tif,Y");
        // Whether documents are there is asked when their images have been read.
        var records = new FaultyRecords(stores.Records, _ => Task.CompletedTask, () => images.StageAsync("2.tif", TestImages.Tiff(variant: 99)));
        var result = await job.AttemptAsync(records: records);
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, result.Counts);
        Assert.Equal(["1 file-changed A"], await job.ErrorsWithIdAsync());
    }

    [Fact]
    public async Task Attempts_at_once_write_each_image_once_and_agree()
    {
        var images = await StagedAsync();
        var job = await images.JobAsync(string.Concat(Enumerable.Range(0, 120).Select(i => $"P{i},V,{1 + i % 3}.tif,{(i % 3 == 0 ? "Y" : "")}\n")));
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => job.AttemptAsync())));
        Assert.All(results, r => Assert.Equal(new JobCounts { Read = 40, Written = 40 }, r.Counts));
        Assert.Empty(await job.ErrorsAsync());
        Assert.Equal(120, (await images.Import.FilesAsync()).Count);
        Assert.Equal(40, (await images.ImagesAsync()).Count);
    }

    [Fact]
    public async Task A_stalled_overlay_that_wakes_after_another_leaves_its_images_alone()
    {
        var images = await StagedAsync();
        await images.RunAsync("A,V,1.tif,Y");
        var first = await images.JobAsync("A,V,2.tif,Y", import: Both, file: "first.opt");
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var stalled = first.AttemptAsync(records: FaultyRecords.Stalls(stores.Records, reached, goOn.Task));
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await first.AttemptAsync();
        await images.RunAsync("A,V,3.tif,Y", import: Both, file: "second.opt");
        goOn.SetResult();
        Assert.Equal(1, (await stalled).Counts.Written);
        Assert.Contains("A 3.tif", Assert.Single(await images.ImagesAsync()), StringComparison.Ordinal);
        Assert.Empty(await first.ErrorsAsync());
    }

    [Fact]
    public async Task A_document_of_thousands_of_pages_keeps_them_all_in_order()
    {
        var images = await StagedAsync();
        var file = string.Concat(Enumerable.Range(0, 2500).Select(i => $"P{i:d4},V,1.tif,{(i == 0 ? "Y" : "")},,,{(i == 0 ? "2500" : "")}\n"));
        var (_, counts) = await images.RunAsync(file);
        Assert.Equal(new JobCounts { Read = 1, Written = 1 }, counts);
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => $"P{i:d4}"), (await images.PagesAsync("P0000")).Select(p => p.Id));
    }

    private async Task<ImageImport> StagedAsync()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("1.tif", "2.tif", "3.tif");
        await images.StageAsync("bad.png", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0]);
        return images;
    }
}
