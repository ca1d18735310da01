using Azure.Storage.Blobs.Models;

namespace IntegrationPoints.Storage.Tests.Files;

/// <summary>Copies inside the store (design, Rules of orchestration 7): whole, of the version that was asked for, once.</summary>
public sealed class CopyTests(AzuriteServer azurite) : IAsyncLifetime
{
    private readonly Blobs _blobs = Blobs.Connect(azurite.ConnectionString, null);
    private readonly string _folder = $"{Guid.NewGuid():n}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _blobs.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Names as load files have them; and the two ways of copying, of which the version's size decides.</summary>
    public static TheoryData<string, bool> Sources => new() { { "a.doc", false }, { "a.doc", true }, { "VOL 1/ä #%41?&+.doc", false }, { "VOL 1/ä #%41?&+.doc", true } };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_copy_is_whole_and_can_be_repeated(string name, bool large)
    {
        var source = await SourceAsync(name, "content", large);
        await _blobs.CopyAsync(_blobs.Staging, source, _blobs.Files, Name("copy"), Stop);
        var copy = await Blobs.FindAsync(_blobs.Files, Name("copy"), Stop);
        Assert.Equal("content", await TextAsync("copy"));
        await _blobs.CopyAsync(_blobs.Staging, source, _blobs.Files, Name("copy"), Stop);
        Assert.Equal(copy!.ETag, (await Blobs.FindAsync(_blobs.Files, Name("copy"), Stop))!.ETag);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_there_stays_as_it_is_because_it_is_an_earlier_attempts_copy(bool large)
    {
        var source = await SourceAsync("a.doc", "content", large);
        await Blobs.CreateAsync(_blobs.Files, Name("copy"), BinaryData.FromString("there"), Stop);
        await _blobs.CopyAsync(_blobs.Staging, source, _blobs.Files, Name("copy"), Stop);
        Assert.Equal("there", await TextAsync("copy"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_that_changed_or_is_missing_leaves_nothing_behind(bool large)
    {
        var source = await SourceAsync("a.doc", "first", large);
        await _blobs.Staging.GetBlobClient(Name("a.doc")).UploadAsync(BinaryData.FromString("second"), overwrite: true, Stop);
        var changed = await Assert.ThrowsAsync<BlobChangedException>(() => _blobs.CopyAsync(_blobs.Staging, source, _blobs.Files, Name("copy"), Stop));
        Assert.Null(await Blobs.FindAsync(_blobs.Files, Name("copy"), Stop));

        await _blobs.Staging.GetBlobClient(Name("a.doc")).DeleteAsync(DeleteSnapshotsOption.None, cancellationToken: Stop);
        var missing = await Assert.ThrowsAsync<BlobMissingException>(() => _blobs.CopyAsync(_blobs.Staging, source, _blobs.Files, Name("copy"), Stop));
        Assert.Null(await Blobs.FindAsync(_blobs.Files, Name("copy"), Stop));

        Assert.Equal($"staging/{Name("a.doc")} was changed by somebody else.", changed.Message);
        Assert.Equal($"staging/{Name("a.doc")} does not exist.", missing.Message);
        Assert.All((Exception[])[changed, missing], error => Assert.DoesNotContain("sig=", error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copies_of_one_file_at_the_same_time_all_succeed()
    {
        var source = await SourceAsync("a.doc", "content", large: false);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _blobs.CopyAsync(_blobs.Staging, source, _blobs.Files, Name("copy"), Stop)));
        Assert.Equal("content", await TextAsync("copy"));
    }

    private async Task<BlobVersion> SourceAsync(string name, string content, bool large)
    {
        await Blobs.CreateAsync(_blobs.Staging, Name(name), BinaryData.FromString(content), Stop);
        var version = (await Blobs.FindAsync(_blobs.Staging, Name(name), Stop))!;
        return large ? version with { Bytes = 1L << 30 } : version;
    }

    private async Task<string> TextAsync(string name) => (await _blobs.Files.GetBlobClient(Name(name)).DownloadContentAsync(Stop)).Value.Content.ToString();

    private string Name(string name) => $"{_folder}/{name}";
}
