using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace IntegrationPoints.Storage.Tests.Files;

public sealed class BlobsTests(AzuriteServer azurite) : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private readonly Blobs _blobs = Blobs.Connect(azurite.ConnectionString, null);
    private readonly string _folder = $"{Guid.NewGuid():n}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _blobs.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_containers_are_private_and_making_them_again_changes_nothing()
    {
        await Blobs.CreateAsync(_blobs.Jobs, $"{_folder}/kept", BinaryData.FromString("x"), Stop);
        await _blobs.EnsureAsync(Stop);
        Assert.NotNull(await Blobs.FindAsync(_blobs.Jobs, $"{_folder}/kept", Stop));
        foreach (var container in (BlobContainerClient[])[_blobs.Staging, _blobs.Files, _blobs.Jobs])
            Assert.Equal(PublicAccessType.None, (await container.GetAccessPolicyAsync(cancellationToken: Stop)).Value.BlobPublicAccess);
        Assert.Equal(["staging", "files", "jobs"], new[] { _blobs.Staging, _blobs.Files, _blobs.Jobs }.Select(container => container.Name));
    }

    [Fact]
    public void Connecting_needs_a_connection_string_or_an_address()
    {
        Assert.Throws<ArgumentException>(() => Blobs.Connect(null, null));
        Assert.Throws<ArgumentException>(() => Blobs.Connect("", null));
        Assert.Equal("https", Blobs.Connect(null, new Uri("https://account.blob.core.windows.net")).Service.Uri.Scheme);
    }

    // The second and third size do not fit in one request.
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(4 * MiB + 1)]
    [InlineData(9 * MiB)]
    public async Task A_blob_is_created_once(int bytes)
    {
        var content = Content(bytes);
        Assert.True(await Blobs.CreateAsync(_blobs.Jobs, Name("a"), new MemoryStream(content), Stop));
        Assert.False(await Blobs.CreateAsync(_blobs.Jobs, Name("a"), new MemoryStream(Content(bytes + 1)), Stop));
        Assert.Equal(content, await ReadAsync(_blobs.Jobs, (await Blobs.FindAsync(_blobs.Jobs, Name("a"), Stop))!));
    }

    [Fact]
    public async Task Of_many_that_create_one_blob_at_the_same_time_exactly_one_wins()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => Blobs.CreateAsync(_blobs.Jobs, Name("a"), BinaryData.FromString($"{i}"), Stop)));
        var winner = Assert.Single(Enumerable.Range(0, 16), i => won[i]);
        Assert.Equal($"{winner}", (await _blobs.Jobs.GetBlobClient(Name("a")).DownloadContentAsync(Stop)).Value.Content.ToString());
    }

    [Fact]
    public async Task Finding_tells_size_version_and_hash_or_null()
    {
        Assert.Null(await Blobs.FindAsync(_blobs.Staging, Name("none"), Stop));
        var content = Content(1000);
        await Blobs.CreateAsync(_blobs.Staging, Name("a"), new BinaryData(content), Stop);
        var found = await Blobs.FindAsync(_blobs.Staging, Name("a"), Stop);
        Assert.NotNull(found);
        Assert.Equal((Name("a"), 1000L), (found.Name, found.Bytes));
#pragma warning disable CA5351 // The store's own check sum.
        Assert.Equal(MD5.HashData(content), found.ContentHash);
#pragma warning restore CA5351
        Assert.DoesNotContain('"', found.ETag);
        Assert.True(found.LastModifiedUtc > DateTimeOffset.UnixEpoch);
        var listed = await Blobs.ListAsync(_blobs.Staging, Name("a"), Stop).SingleAsync(Stop);
        Assert.Equal(found with { ContentHash = null }, listed with { ContentHash = null });
        Assert.Equal(found.ContentHash, listed.ContentHash);
    }

    public static TheoryData<int, long, long?> Ranges => new()
    {
        // size of the blob, offset, length (null: to the end)
        { 0, 0, null }, { 0, 0, 0 }, { 0, 0, 10 }, { 100, 0, null }, { 100, 0, 100 }, { 100, 10, 20 }, { 100, 99, null }, { 100, 100, null },
        { 100, 100, 5 }, { 100, 1000, null }, { 100, 90, 100 }, { 100, 50, 0 },
        { 4 * MiB, 0, null }, { 4 * MiB, 0, 4 * MiB }, { 4 * MiB + 1, 0, null }, { 9 * MiB, 1, null }, { 9 * MiB, MiB, 4 * MiB }, { 9 * MiB, 3, (8 * MiB) + 1 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task A_range_is_read_from_front_to_back(int size, long offset, long? length)
    {
        var content = Content(size);
        await Blobs.CreateAsync(_blobs.Staging, Name("a"), new BinaryData(content), Stop);
        var version = (await Blobs.FindAsync(_blobs.Staging, Name("a"), Stop))!;
        await using var range = await Blobs.OpenRangeAsync(_blobs.Staging, Name("a"), offset, length, version.ETag, Stop);
        using var read = new MemoryStream();
        await range.CopyToAsync(read, 30_011, Stop);
        var from = (int)Math.Min(offset, size);
        var expected = content.AsSpan(from, (int)Math.Min(length ?? size, size - from));
        Assert.True(expected.SequenceEqual(read.GetBuffer().AsSpan(0, (int)read.Length)));
        Assert.Equal(read.Length, range.Position);
        Assert.Equal(0, await range.ReadAsync(new byte[1], Stop));
    }

    [Fact]
    public async Task A_range_of_no_blob_or_of_another_version_does_not_open()
    {
        await Assert.ThrowsAsync<BlobMissingException>(() => OpenAsync("none", 0, "0x1"));
        await Blobs.CreateAsync(_blobs.Staging, Name("a"), BinaryData.FromString("first"), Stop);
        var first = (await Blobs.FindAsync(_blobs.Staging, Name("a"), Stop))!;
        await _blobs.Staging.GetBlobClient(Name("a")).UploadAsync(BinaryData.FromString("second"), overwrite: true, Stop);
        var changed = await Assert.ThrowsAsync<BlobChangedException>(() => OpenAsync("a", 0, first.ETag));
        Assert.Equal(Name("a"), changed.Name);
        Assert.Contains($"staging/{Name("a")}", changed.Message, StringComparison.Ordinal);
        // Behind the end too, where there is nothing to read.
        await Assert.ThrowsAsync<BlobChangedException>(() => OpenAsync("a", 100, first.ETag));
    }

    [Fact]
    public async Task A_blob_that_changes_while_it_is_read_is_noticed()
    {
        await Blobs.CreateAsync(_blobs.Staging, Name("a"), new BinaryData(Content(13 * MiB)), Stop);
        var version = (await Blobs.FindAsync(_blobs.Staging, Name("a"), Stop))!;
        await using var range = await OpenAsync("a", 0, version.ETag);
        await range.ReadExactlyAsync(new byte[MiB], Stop);
        await _blobs.Staging.GetBlobClient(Name("a")).UploadAsync(new BinaryData(Content(13 * MiB)), overwrite: true, Stop);
        await Assert.ThrowsAsync<BlobChangedException>(() => range.CopyToAsync(Stream.Null, Stop));
    }

    [Fact]
    public async Task Folders_are_listed_level_by_level_and_prefixes_flat()
    {
        string[] names = ["f/a.dat", "f/b/1.txt", "f/b/2.txt", "f/b/c/3.txt", "f/ö ü%20#?.txt", "fz/4.txt"];
        foreach (var name in names) await Blobs.CreateAsync(_blobs.Staging, Name(name), BinaryData.FromString(name), Stop);

        var items = await Blobs.ListFolderAsync(_blobs.Staging, Name("f"), Stop).ToListAsync(Stop);
        Assert.Equal([("a.dat", true), ("b", false), ("ö ü%20#?.txt", true)], items.Select(item => (item.Name, item.File is not null)).Order());
        Assert.Equal(Name("f/a.dat"), items.Single(item => item.Name == "a.dat").File!.Name);
        Assert.Equal(["3.txt"], await Blobs.ListFolderAsync(_blobs.Staging, Name("f/b/c/"), Stop).Select(item => item.Name).ToListAsync(Stop));
        Assert.Empty(await Blobs.ListFolderAsync(_blobs.Staging, Name("none"), Stop).ToListAsync(Stop));
        Assert.Equal(
            names[..5].Select(Name).Order(StringComparer.Ordinal),
            await Blobs.ListAsync(_blobs.Staging, Name("f/"), Stop).Select(blob => blob.Name).ToListAsync(Stop));
    }

    [Fact]
    public async Task An_upload_address_takes_one_blob_and_gives_no_other_right()
    {
        var address = await _blobs.UploadAddressAsync(Name("StructuredData/up ö#.dat"), mayWrite: false, TimeSpan.FromHours(1), Stop);
        var upload = new BlockBlobClient(address);
        using (var http = new HttpClient())
        {
            using var content = new ByteArrayContent([1, 2, 3]) { Headers = { { "x-ms-blob-type", "BlockBlob" } } };
            Assert.True((await http.PutAsync(address, content, Stop)).IsSuccessStatusCode);
        }
        Assert.Equal(3, (await Blobs.FindAsync(_blobs.Staging, Name("StructuredData/up ö#.dat"), Stop))!.Bytes);
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => upload.DownloadContentAsync(Stop))).Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => upload.DeleteAsync(cancellationToken: Stop))).Status);
        var other = new UriBuilder(address) { Path = address.AbsolutePath + "2" }.Uri;
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(
            () => new BlockBlobClient(other).UploadAsync(new MemoryStream([1]), cancellationToken: Stop))).Status);
    }

    /// <summary>A file that is there stays: whoever may create it may not write it. Blocks are for those who may write.</summary>
    [Theory]
    [InlineData(false, 403, 403, 403)]
    [InlineData(true, 201, 201, 201)]
    public async Task An_upload_address_replaces_a_blob_only_where_it_may_write(bool mayWrite, int again, int block, int commit)
    {
        var name = Name($"StructuredData/replaced {mayWrite}.dat");
        var upload = new BlockBlobClient(await _blobs.UploadAddressAsync(name, mayWrite, TimeSpan.FromHours(1), Stop));
        Assert.Equal(201, await StatusAsync(async () => await upload.UploadAsync(new MemoryStream([1, 2, 3]), cancellationToken: Stop)));
        Assert.Equal(again, await StatusAsync(async () => await upload.UploadAsync(new MemoryStream([4]), cancellationToken: Stop)));
        Assert.Equal(block, await StatusAsync(async () => await upload.StageBlockAsync("AAAA", new MemoryStream([5, 6]), cancellationToken: Stop)));
        Assert.Equal(commit, await StatusAsync(async () => await upload.CommitBlockListAsync(mayWrite ? ["AAAA"] : [], cancellationToken: Stop)));
        Assert.Equal(mayWrite ? 2 : 3, (await Blobs.FindAsync(_blobs.Staging, name, Stop))!.Bytes);

        static async Task<int> StatusAsync<T>(Func<Task<Response<T>>> send)
        {
            try
            {
                return (await send()).GetRawResponse().Status;
            }
            catch (RequestFailedException e)
            {
                return e.Status;
            }
        }
    }

    [Theory]
    [InlineData(false, "c")]
    [InlineData(true, "cw")]
    public async Task An_upload_address_outside_of_this_machine_works_over_https_only(bool mayWrite, string rights)
    {
        var key = Convert.ToBase64String(new byte[32]);
        var blobs = Blobs.Connect($"DefaultEndpointsProtocol=https;AccountName=account;AccountKey={key};EndpointSuffix=core.windows.net", null);
        var address = await blobs.UploadAddressAsync("StructuredData/w/a.dat", mayWrite, TimeSpan.FromHours(1), Stop);
        Assert.Contains("spr=https&", address.Query, StringComparison.Ordinal);
        Assert.Contains($"sp={rights}&", address.Query, StringComparison.Ordinal);
        Assert.Contains("sr=b&", address.Query, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => blobs.UploadAddressAsync("a", mayWrite, TimeSpan.FromDays(8), Stop).AsTask());
    }

    private string Name(string name) => $"{_folder}/{name}";

    private Task<Stream> OpenAsync(string name, long offset, string etag)
        => Blobs.OpenRangeAsync(_blobs.Staging, Name(name), offset, null, etag, Stop);

    private static async Task<byte[]> ReadAsync(BlobContainerClient container, BlobVersion version)
    {
        await using var stream = await Blobs.OpenRangeAsync(container, version.Name, 0, null, version.ETag, Stop);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Stop);
        return read.ToArray();
    }

    private static byte[] Content(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }
}
