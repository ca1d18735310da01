using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Tests;

/// <summary>The manifest of a job: every file that it brought, with size and hash where the bytes pass through.</summary>
public sealed class ManifestTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly ImportSettings WithFiles = new() { NativeColumn = "Native", TextColumn = "Text", TextIsPath = true };
    private static readonly string Long = string.Concat(Enumerable.Repeat("Zeile ä\r\n", 6000));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_native_and_text_of_a_written_record_is_a_row_in_the_order_of_the_load_file()
    {
        var (import, job) = await JobAsync(WithFiles);
        foreach (var batch in new[] { 2, 0, 1, 3 }) await job.AttemptAsync(batch);
        var (head, rows) = await ManifestAsync(job);

        Assert.Equal(["2 A native", "2 A text", "3 B text", "5 =D native"], rows.Select(r => $"{r.Line} {r.Identifier} {Lower(r.File.Kind)}"));
        var (native, text, longText, linked) = (rows[0].File, rows[1].File, rows[2].File, rows[3].File);
        // Storage copied the native by itself: its size and what storage says of it are known, its hash is not.
        Assert.Equal((FilePlace.Repository, 11, null, Md5("native of A")), (native.Place, native.Bytes, native.Sha256, native.Md5));
        Assert.Equal(($"{import.Folder}/a.bin", (long?)null), (native.Source, native.SourceBytes));
        Assert.NotNull(await Blobs.FindAsync(stores.Blobs.Files, native.Path, Stop));
        // A text becomes UTF-8 with LF: kept and source have hashes of their own.
        Assert.Equal((FilePlace.Record, job.FieldId("Extracted Text"), 4, Sha("é\nx")), (text.Place, text.Path, text.Bytes, text.Sha256));
        Assert.Equal(($"{import.Folder}/a.txt", 5, Sha("é\r\nx")), (text.Source, text.SourceBytes, text.SourceSha256));
        var kept = Long.Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.Equal((FilePlace.Repository, Encoding.UTF8.GetByteCount(kept), Sha(kept)), (longText.Place, longText.Bytes, longText.Sha256));
        Assert.Equal((Encoding.UTF8.GetByteCount(Long), Sha(Long)), (longText.SourceBytes, longText.SourceSha256));
        Assert.Equal(kept, await FileAsync(longText.Path));
        Assert.Equal(FilePlace.Repository, linked.Place);

        Assert.Equal((new JobCounts { Read = 4, Written = 3, Rejected = 1 }, new FileCounts { Files = 4, Bytes = rows.Sum(r => r.File.Bytes), WithoutHash = 2 }), (head.Counts, head.Files));
        Assert.Equal(Sha(LoadFile), head.LoadFile!.Sha256);
        Assert.Equal((long)LoadFile.Length, head.LoadFile.Bytes);
        Assert.Equal("Native", head.Import?.NativeColumn);
        Assert.Equal(Sha(await CsvAsync(job)), head.Manifest.Sha256);
    }

    [Theory]
    [InlineData(NativeMode.Copy)]
    [InlineData(NativeMode.Link)]
    public async Task On_request_files_that_storage_copies_or_that_are_linked_are_read_for_their_hash(NativeMode natives)
    {
        var (_, job) = await JobAsync(WithFiles with { HashFiles = true, Natives = natives });
        for (var batch = 0; batch < 4; batch++) await job.AttemptAsync(batch);
        var (head, rows) = await ManifestAsync(job);
        Assert.Equal(0, head.Files.WithoutHash);
        Assert.Equal([Sha("native of A"), Sha("native of D")], rows.Where(r => r.File.Kind == FileKind.Native).Select(r => r.File.Sha256));
        Assert.All(rows.Where(r => r.File.Kind == FileKind.Native), r => Assert.Equal(natives == NativeMode.Link ? FilePlace.Staging : FilePlace.Repository, r.File.Place));
    }

    [Fact]
    public async Task A_native_that_is_replaced_before_its_hash_is_read_costs_its_record_only()
    {
        var (import, job) = await JobAsync(WithFiles with { HashFiles = true });
        await job.AttemptAsync(0, new FaultyRecords(stores.Records, _ => Task.CompletedTask, () => import.UploadAsync("a.bin", "another native")));
        Assert.Equal(["2 file-changed"], await job.ErrorsAsync());
    }

    /// <summary>An attempt that dies after its result leaves rows that the next attempt, or the end of the job, makes again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_that_was_not_handed_over_is_made_again(bool byTheNextAttempt)
    {
        var (_, quiet) = await JobAsync(WithFiles);
        for (var batch = 0; batch < 4; batch++) await quiet.AttemptAsync(batch);
        await ManifestAsync(quiet);

        var (_, job) = await JobAsync(WithFiles);
        var results = new List<BatchResult>();
        for (var batch = 0; batch < 4; batch++) results.Add(await job.AttemptAsync(batch));
        // As after attempts that died, or after a week: the results are there, their parts are not.
        var manifest = new JoinedBlob(stores.Blobs.Jobs, JobFiles.ManifestName(job.Job.Id));
        await manifest.JoinAsync([], "text/csv", Stop);
        Assert.Empty(await manifest.PartsAsync(Stop));
        foreach (var result in results.Where(_ => byTheNextAttempt)) await ManifestPart.StageAgainAsync(stores.Blobs, job.Job.Id, result, Stop);
        await ManifestAsync(job);
        await ManifestAsync(job);
        Assert.Equal(Neutral(await CsvAsync(quiet), quiet), Neutral(await CsvAsync(job), job));
    }

    [Fact]
    public async Task A_load_file_that_was_replaced_meanwhile_has_no_hash()
    {
        var (import, job) = await JobAsync(WithFiles);
        await job.AttemptAsync(0);
        await import.UploadAsync("docs.csv", "Id\nanother\n");
        Assert.Null((await ManifestAsync(job)).Head.LoadFile!.Sha256);
    }

    private const string LoadFile = "Id,Native,Text\nA,a.bin,a.txt\nB,,b.txt\nC,missing.bin,\n=D,d.bin,\n";

    private async Task<(Import Import, TestJob Job)> JobAsync(ImportSettings settings)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", LoadFile);
        await import.UploadAsync("a.bin", "native of A");
        await import.UploadAsync("d.bin", "native of D");
        await import.UploadAsync("a.txt", "é\r\nx");
        await import.UploadAsync("b.txt", Long);
        return (import, await import.JobAsync("docs.csv", settings, size: new BatchSize { Records = 1 }));
    }

    private async Task<(ManifestHead Head, List<ManifestRow> Rows)> ManifestAsync(TestJob job)
    {
        var files = new JobFiles(stores.Blobs);
        await files.DecideAsync(JobFiles.PreparedName(job.Job.Id), job.Prepared, Stop);
        var manifests = new Manifests(stores.Blobs, files, stores.Tables, TimeProvider.System);
        await manifests.WriteAsync(job.Job, job.Prepared, new FileCounts(), Stop);
        var csv = new MemoryStream(Encoding.UTF8.GetBytes(await CsvAsync(job)));
        return ((await manifests.HeadAsync(job.Job.Id, Stop))!, await ManifestRow.ReadAsync(csv, 0, Stop).ToListAsync(Stop));
    }

    private async Task<string> CsvAsync(TestJob job)
        => (await stores.Blobs.Jobs.GetBlobClient(JobFiles.ManifestName(job.Job.Id)).DownloadContentAsync(Stop)).Value.Content.ToString();

    private async Task<string> FileAsync(string name) => (await stores.Blobs.Files.GetBlobClient(name).DownloadContentAsync(Stop)).Value.Content.ToString();

    // The names of kept texts end with a hash of the version that was uploaded.
    private static string Neutral(string csv, TestJob job) => System.Text.RegularExpressions.Regex.Replace(
        csv.Replace(job.Job.Id, "JOB", StringComparison.Ordinal).Replace(job.Prepared.Workspace.Id, "WS", StringComparison.Ordinal), "-[0-9a-f]{16}[.]txt", ".txt");

    private static string Lower(FileKind kind) => kind.ToString().ToLowerInvariant();

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Md5(string text) => Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes(text)));
}
