using System.Text;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>Files of an export: put there once, whatever is repeated (design, Rules of orchestration 6); what was there before as the setting says (guide, 5.1, "Overwrite files").</summary>
public sealed class ExportedFilesTests(Stores stores) : IClassFixture<Stores>
{
    private readonly ExportPlace place = new(stores);

    private static CancellationToken Stop => ExportPlace.Stop;

    /// <summary>The two ways a file comes about.</summary>
    public static TheoryData<bool> Ways => [false, true];

    [Theory]
    [InlineData(false, "files")]
    [InlineData(true, "staging")]
    public async Task A_native_is_copied_as_it_is_from_the_repository_or_from_where_it_is_linked(bool linked, string container)
    {
        var blob = await place.StoreAsync("a ä#.msg", Bytes("native"), linked);
        var from = linked ? place.Blobs.Staging : place.Blobs.Files;
        Assert.Equal(container, from.Name);
        var file = await place.Files().CopyAsync(from, blob, place.At("VOL01/NATIVES/NATIVE001/a.msg"), Stop);
        Assert.Equal(new ExportedFile(place.At("VOL01/NATIVES/NATIVE001/a.msg"), 6, null, WasThere: false), file);
        Assert.Equal("native", Text(await place.ReadAsync("VOL01/NATIVES/NATIVE001/a.msg")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_same_file_may_be_put_there_again_and_at_once(bool copied)
    {
        var put = await PutterAsync(copied, "content");
        var first = await put(place.Files());
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => put(place.Files())));
        var etag = (await Blobs.FindAsync(place.Blobs.Staging, place.At("f"), Stop))!.ETag;
        var again = await put(place.Files(overwrite: true));
        Assert.All([.. all, again], file => Assert.Equal(first, file));
        Assert.False(first.WasThere);
        Assert.Equal(etag, (await Blobs.FindAsync(place.Blobs.Staging, place.At("f"), Stop))!.ETag);
        Assert.Equal("content", Text(await place.ReadAsync("f")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task At_once_from_the_start_all_attempts_give_the_same_file(bool copied)
    {
        var put = await PutterAsync(copied, "content");
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => put(place.Files(overwrite: i % 2 == 0))));
        Assert.All(all, file => Assert.Equal((7L, false), (file.Bytes, file.WasThere)));
        Assert.Equal("content", Text(await place.ReadAsync("f")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_was_there_before_the_job_is_left_and_referred_to(bool copied)
    {
        await place.Blobs.Staging.GetBlobClient(place.At("f")).UploadAsync(BinaryData.FromString("old"), Stop);
        var put = await PutterAsync(copied, "content");
        Assert.Equal(new ExportedFile(place.At("f"), 3, null, WasThere: true), await put(place.Files()));
        Assert.Equal(ExportPlace.Sha256(Bytes("old")), (await put(place.Files(hash: true))).Sha256);
        Assert.Equal("old", Text(await place.ReadAsync("f")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_was_there_before_the_job_is_replaced_when_files_are_overwritten(bool copied)
    {
        await (await PutterAsync(copied, "the file of another job"))(place.Files("job0"));
        var put = await PutterAsync(copied, "content");
        var file = await put(place.Files(overwrite: true));
        Assert.Equal((7L, false), (file.Bytes, file.WasThere));
        Assert.Equal("content", Text(await place.ReadAsync("f")));
    }

    [Fact]
    public async Task A_later_attempt_never_writes_over_what_its_job_wrote()
    {
        await place.Files(overwrite: true).WriteAsync(place.At("f"), new MemoryStream(Bytes("first")), Stop);
        var etag = (await Blobs.FindAsync(place.Blobs.Staging, place.At("f"), Stop))!.ETag;
        await place.Files(overwrite: true).WriteAsync(place.At("f"), new MemoryStream(Bytes("later")), Stop);
        Assert.Equal(etag, (await Blobs.FindAsync(place.Blobs.Staging, place.At("f"), Stop))!.ETag);
    }

    [Fact]
    public async Task Of_two_jobs_that_write_a_file_at_once_one_is_there_as_a_whole()
    {
        // Larger than one piece, so that pieces of both are on their way together.
        byte[] ours = [.. Enumerable.Repeat((byte)1, 9_000_000)], theirs = [.. Enumerable.Repeat((byte)2, 9_000_000)];
        await Task.WhenAll(
            place.Files("job1", overwrite: true).WriteAsync(place.At("f"), new MemoryStream(ours), Stop),
            place.Files("job2", overwrite: true).WriteAsync(place.At("f"), new MemoryStream(theirs), Stop));
        var content = await place.ReadAsync("f");
        Assert.Equal(9_000_000, content.Length);
        Assert.Single(content.Distinct());
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_not_there_and_the_next_attempt_writes_it()
    {
        await Assert.ThrowsAsync<IOException>(() => place.Files().WriteAsync(place.At("f"), async file =>
        {
            await file.WriteAsync(new byte[9_000_000], Stop);
            throw new IOException("cut off");
        }, Stop));
        Assert.Empty(await place.ListAsync());
        var content = Bytes(new string('x', 9_000_001));
        var file = await place.Files().WriteAsync(place.At("f"), new MemoryStream(content), Stop);
        Assert.Equal(new ExportedFile(place.At("f"), 9_000_001, ExportPlace.Sha256(content), WasThere: false), file);
        Assert.Equal(content, await place.ReadAsync("f"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData(4 * 1024 * 1024 + 1)]
    [InlineData(8 * 1024 * 1024)]
    public async Task Files_of_any_size_are_written_whole(int bytes)
    {
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        var file = await place.Files().WriteAsync(place.At("f"), new MemoryStream(content), Stop);
        Assert.Equal((bytes, ExportPlace.Sha256(content)), (file.Bytes, file.Sha256));
        Assert.Equal(content, await place.ReadAsync("f"));
    }

    [Theory]
    [InlineData(false, "repository")]
    [InlineData(true, "staging area")]
    public async Task A_source_that_is_gone_is_named(bool linked, string where)
    {
        var blob = await place.StoreAsync("gone.msg", Bytes("x"), linked);
        var from = linked ? place.Blobs.Staging : place.Blobs.Files;
        await from.GetBlobClient(blob).DeleteAsync(DeleteSnapshotsOption.None, cancellationToken: Stop);
        var error = await Assert.ThrowsAsync<UnusableFileException>(() => place.Files().CopyAsync(from, blob, place.At("f"), Stop));
        Assert.Equal(("missing-file", Engine.ProblemLevel.Item), (error.Problem.Code, error.Problem.Level));
        Assert.Contains("gone.msg", error.Problem.Message, StringComparison.Ordinal);
        Assert.Contains(where, error.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(await place.ListAsync());
    }

    [Fact]
    public async Task Copies_are_read_when_their_hashes_are_asked_for()
    {
        var blob = await place.StoreAsync("a.msg", Bytes("native"));
        var file = await place.Files(hash: true).CopyAsync(place.Blobs.Files, blob, place.At("f"), Stop);
        Assert.Equal(ExportPlace.Sha256(Bytes("native")), file.Sha256);
    }

    [Fact]
    public async Task Two_files_of_a_job_never_become_one()
    {
        await place.Files().CopyAsync(place.Blobs.Files, await place.StoreAsync("a", Bytes("a")), place.At("f"), Stop);
        var other = await place.StoreAsync("b", Bytes("b"));
        foreach (var overwrite in (bool[])[false, true])
        {
            var error = await Assert.ThrowsAsync<UnusableFileException>(() => place.Files(overwrite: overwrite).CopyAsync(place.Blobs.Files, other, place.At("f"), Stop));
            Assert.Equal("file-name-taken", error.Problem.Code);
        }
        Assert.Equal("a", Text(await place.ReadAsync("f")));
    }

    private async Task<Func<ExportedFiles, Task<ExportedFile>>> PutterAsync(bool copied, string content)
    {
        var blob = await place.StoreAsync(content, Bytes(content));
        return files => copied
            ? files.CopyAsync(place.Blobs.Files, blob, place.At("f"), Stop)
            : files.WriteAsync(place.At("f"), new MemoryStream(Bytes(content)), Stop);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
