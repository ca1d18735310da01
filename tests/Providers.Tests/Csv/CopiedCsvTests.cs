using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>What is done with a CSV file once a job has its copy: as with load files.</summary>
public sealed class CopiedCsvTests(Stores stores, Vsftpd vsftpd) : IClassFixture<Stores>, IClassFixture<Vsftpd>, IAsyncLifetime
{
    private CsvPlace place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FilesServer Server => vsftpd.Plain;

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        place = await CsvPlace.NewAsync(stores, Server);
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Rejected_rows_are_in_the_error_file_and_retried_without_the_server()
    {
        await Server.WriteAsync("export/retry.csv", "Id,Amount\n1,10\n2,ten\n3,30\n");
        var amount = new ImportSettings { CreateFields = new FieldSchema { Fields = [new SchemaField("Amount", Engine.Workspaces.FieldType.WholeNumber)] } };
        var settings = CsvPlace.Settings(Server) with { Path = "/export/retry.csv" };
        var job = await place.Import.JobAsync(Sources.Write(CsvSettings.Provider, settings), amount);
        Assert.Equal(1, (await job.AttemptAsync()).Counts.Rejected);
        File.Delete(Path.Combine(Server.Folder, "export/retry.csv"));

        var files = new JobFiles(stores.Blobs);
        await files.DecideAsync(JobFiles.PreparedName(job.Job.Id), job.Prepared, Stop);
        await files.DecideAsync(JobFiles.PageName(job.Job.Id, 0), new BatchPage(job.Batches, null, 3), Stop);
        await new ErrorFiles(stores.Blobs, files, place.Opened()).WriteAsync(job.Job, [0], Stop);
        var rejected = (await stores.Blobs.Jobs.GetBlobClient(JobFiles.ErrorFileName(job.Job.Id)).DownloadContentAsync(Stop)).Value.Content.ToString();
        Assert.Equal("Id,Amount\n2,ten\n", rejected);

        var retry = place.Opened().Open(job.Job with { Id = job.Job.Id + "-again", Retry = new RetryOf(job.Job.Id, Whole: false) { Errors = job.Job.Id } });
        var layout = await retry.CheckAsync(Stop);
        var page = await retry.PlanAsync(layout, 0, new PlanCursor(), Stop);
        var records = await retry.ReadAsync(layout, Assert.Single(page.Batches), [], Stop).ToListAsync(Stop);
        Assert.Equal(["2", "ten"], Assert.Single(records).Cells);
    }

    /// <summary>Natives lie in the workspace's own folder of the staging area, and nowhere else.</summary>
    [Fact]
    public async Task Files_that_rows_name_are_those_of_the_workspace()
    {
        var other = await Import.NewAsync(stores);
        await other.UploadAsync("a.txt", "theirs");
        await place.Import.UploadAsync("a.txt", "ours");
        await Server.WriteAsync("export/natives.csv", $"Id,Native\n1,in\\a.txt\n2,..\\{other.Workspace.Id}\\in\\a.txt\n3,\\{other.Workspace.Id}\\in\\a.txt\n");
        var import = new ImportSettings { CreateFields = new FieldSchema(), NativeColumn = "Native" };
        var job = await place.Import.JobAsync(Sources.Write(CsvSettings.Provider, CsvPlace.Settings(Server) with { Path = "/export/natives.csv" }), import);
        Assert.Equal((1, 2), ((await job.AttemptAsync()).Counts is var counts ? ((int)counts.Written, (int)counts.Rejected) : default));
        Assert.Equal(["3 path-outside-root", "4 missing-file"], await job.ErrorsAsync());
        Assert.Equal(4, (await place.Import.RecordAsync("1"))!.Native!.Bytes);
    }

    /// <summary>Issue: a missing mapped column fails validation by name.</summary>
    [Fact]
    public async Task A_column_that_is_mapped_by_hand_and_missing_is_named()
    {
        await Server.WriteAsync("export/mapped.csv", "Id,Name\n1,Jane\n");
        var source = Sources.Write(CsvSettings.Provider, CsvPlace.Settings(Server) with { Path = "/export/mapped.csv" });
        var import = new ImportSettings { CreateFields = new FieldSchema(), IdentifierColumn = "Employee" };
        var refusal = await Assert.ThrowsAsync<Engine.ConfigurationException>(() => place.Import.JobAsync(source, import));
        Assert.Contains("\"Employee\"", refusal.Message, StringComparison.Ordinal);
    }
}
