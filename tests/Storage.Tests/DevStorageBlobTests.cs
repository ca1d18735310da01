using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage.Tests;

/// <summary>The blobs of the storage emulator are found by name as looking at every one would find them (tools/DevStorage/blobs-by-name.cjs).</summary>
public sealed class DevStorageBlobTests(AzuriteServer azurite)
{
    private static readonly string[] Names =
        ["a", "a/-", "a/b", "a/b/c", "a/b.txt", "a/b/d", "a.b", "A", "b", "b c", "ab", "a-", "10", "9", "é", "中/文", "~", "a/b/c/d/e"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a/")]
    [InlineData("a/b")]
    [InlineData("a/b/c/d/e")]
    [InlineData("a.b")]
    [InlineData("中")]
    [InlineData("none")]
    [InlineData("~~")]
    public async Task A_list_holds_the_names_that_begin_with_a_prefix_in_their_order_page_by_page(string prefix)
    {
        var container = await NewContainerAsync();
        foreach (var name in Names.Reverse()) await PutAsync(container, name);
        // Beside it, under the same names.
        await PutAsync(await NewContainerAsync(), "a/b/beside");
        var found = Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var below = found.Select(name => name.IndexOf('/', prefix.Length) is >= 0 and var slash ? name[..(slash + 1)] + '*' : name)
            .Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var pageSize in (int?[])[null, 1, 2, 5])
        {
            Assert.Equal(found, await ListAsync(container, prefix, pageSize));
            var items = container.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Prefix = prefix, Delimiter = "/" }, Stop);
            var parts = await items.AsPages(pageSizeHint: pageSize).SelectMany(page => page.Values.ToAsyncEnumerable())
                .Select(item => item.IsPrefix ? item.Prefix + '*' : item.Blob.Name).ToListAsync(Stop);
            Assert.Equal(below, parts.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_blob_is_what_it_was_made_last_and_gone_when_it_was_removed()
    {
        var (container, other) = (await NewContainerAsync(), await NewContainerAsync());
        foreach (var name in Names) await PutAsync(container, name);
        await PutAsync(other, "b");
        await container.GetBlobClient("a").UploadAsync(new BinaryData("changed"), overwrite: true, Stop);
        await container.GetBlobClient("10").SetMetadataAsync(new Dictionary<string, string> { ["word"] = "said" }, cancellationToken: Stop);
        await container.GetBlobClient("9").SyncCopyFromUriAsync(container.GetBlobClient("b c").Uri, cancellationToken: Stop);
        await container.DeleteBlobAsync("b", cancellationToken: Stop);
        Assert.Equal(409, await StatusAsync(() => container.GetBlobClient("ab").UploadAsync(new BinaryData("second"), Stop)));

        Assert.Equal("changed", await TextAsync(container, "a"));
        Assert.Equal("said", (await container.GetBlobClient("10").GetPropertiesAsync(cancellationToken: Stop)).Value.Metadata["word"]);
        Assert.Equal("b c", await TextAsync(container, "9"));
        Assert.Equal("ab", await TextAsync(container, "ab"));
        Assert.Equal(404, await StatusAsync(() => TextAsync(container, "b")));
        Assert.Equal("b", await TextAsync(other, "b"));
        Assert.Equal(Names.Where(name => name != "b").Order(StringComparer.Ordinal), await ListAsync(container));
        await foreach (var listed in container.GetBlobsAsync(cancellationToken: Stop))
            Assert.Equal((await container.GetBlobClient(listed.Name).GetPropertiesAsync(cancellationToken: Stop)).Value.ETag.ToString("H"), listed.Properties.ETag!.Value.ToString("H"));
    }

    [Fact]
    public async Task A_blob_is_not_listed_before_its_blocks_are_and_not_removed_while_it_has_snapshots()
    {
        var container = await NewContainerAsync();
        var blocks = container.GetBlockBlobClient("blocks");
        var block = Convert.ToBase64String("1"u8);
        await blocks.StageBlockAsync(block, new MemoryStream("in blocks"u8.ToArray()), cancellationToken: Stop);
        Assert.Empty(await ListAsync(container));
        await blocks.CommitBlockListAsync([block], cancellationToken: Stop);
        Assert.Equal(["blocks"], await ListAsync(container));
        Assert.Equal("in blocks", await TextAsync(container, "blocks"));

        await blocks.CreateSnapshotAsync(cancellationToken: Stop);
        await PutAsync(container, "blocks/below");
        Assert.Equal(["blocks", "blocks/below"], await ListAsync(container));
        Assert.Equal(3, await container.GetBlobsAsync(new GetBlobsOptions { States = BlobStates.Snapshots }, Stop).CountAsync(Stop));
        Assert.Equal(409, await StatusAsync(() => blocks.DeleteAsync(cancellationToken: Stop)));
        await blocks.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: Stop);
        Assert.Equal(["blocks/below"], await ListAsync(container));
    }

    [Fact]
    public async Task A_container_that_is_made_again_is_empty_and_the_one_beside_it_is_not()
    {
        var (container, other) = (await NewContainerAsync(), await NewContainerAsync());
        foreach (var name in Names) await PutAsync(container, name);
        await PutAsync(other, "a");
        await container.DeleteAsync(cancellationToken: Stop);
        await container.CreateAsync(cancellationToken: Stop);
        Assert.Empty(await ListAsync(container));
        Assert.Equal(404, await StatusAsync(() => TextAsync(container, "a")));
        Assert.Equal("a", await TextAsync(other, "a"));
    }

    [Fact]
    public async Task Blobs_are_found_again_after_the_emulator_started_anew()
    {
        var folder = Directory.CreateTempSubdirectory("dev-storage-");
        try
        {
            var numbers = Enumerable.Range(0, 60).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
            await using (var first = await AzuriteServer.StartAsync(folder.FullName))
            {
                var before = await NewContainerAsync(first.ConnectionString, "kept");
                foreach (var number in numbers) await PutAsync(before, number);
                await before.DeleteBlobAsync("7", cancellationToken: Stop);
            }
            await using var second = await AzuriteServer.StartAsync(folder.FullName);
            var kept = new BlobServiceClient(second.ConnectionString).GetBlobContainerClient("kept");
            await kept.DeleteBlobAsync("8", cancellationToken: Stop);
            await PutAsync(kept, "new");
            Assert.Equal(numbers.Except(["7", "8"]).Append("new").Order(StringComparer.Ordinal), await ListAsync(kept, pageSize: 50));
            Assert.Equal("59", await TextAsync(kept, "59"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<BlobContainerClient> NewContainerAsync() => NewContainerAsync(azurite.ConnectionString, $"c{Guid.NewGuid():n}");

    private static async Task<BlobContainerClient> NewContainerAsync(string connectionString, string name)
    {
        var container = new BlobServiceClient(connectionString).GetBlobContainerClient(name);
        await container.CreateAsync(cancellationToken: Stop);
        return container;
    }

    private static Task PutAsync(BlobContainerClient container, string name) => container.GetBlobClient(name).UploadAsync(new BinaryData(name), overwrite: true, Stop);

    private static async Task<string> TextAsync(BlobContainerClient container, string name)
        => (await container.GetBlobClient(name).DownloadContentAsync(Stop)).Value.Content.ToString();

    private static Task<List<string>> ListAsync(BlobContainerClient container, string prefix = "", int? pageSize = null)
        => container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, Stop).AsPages(pageSizeHint: pageSize)
            .SelectMany(page => page.Values.ToAsyncEnumerable()).Select(blob => blob.Name).ToListAsync(Stop).AsTask();

    private static async Task<int> StatusAsync(Func<Task> request) => (await Assert.ThrowsAsync<RequestFailedException>(request)).Status;
}
