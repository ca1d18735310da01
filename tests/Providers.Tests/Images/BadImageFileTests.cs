using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Tests.Images;

/// <summary>Image load files that cannot be read, and the error file of those that can.</summary>
public sealed class BadImageFileTests(Stores stores) : IClassFixture<Stores>
{
    public static TheoryData<string, byte[], string, string> Files => new()
    {
        { "nothing", [], "empty-file", "0 bytes" },
        { "blank lines", "\r\n \r\n"u8.ToArray(), "empty-file", "no lines" },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("A,V,1.tif,Y")], "unicode-image-file", "save it with the encoding ANSI" },
        { "UTF-8", Encoding.UTF8.GetBytes("A,V,é.tif,Y"), "unicode-image-file", "utf-8" },
        { "a picture", TestImages.Tiff(), "not-a-load-file", "not text" },
        { "a document load file", Encoding.Latin1.GetBytes("þIdþ\u0014þTitleþ\r\nþAþ\u0014þxþ\r\n"), "not-a-load-file", "kind document" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_cannot_be_read_is_refused_with_what_to_do(string name, byte[] content, string code, string says)
    {
        var images = await ImageImport.NewAsync(stores);
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => images.JobAsync(Encoding.Latin1.GetString(content)));
        Assert.Equal((name, code), (name, refused.Problem.Code));
        Assert.Contains(says, refused.Problem.Message, StringComparison.Ordinal);
        Assert.Contains("images.opt", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_names_no_image_is_refused()
    {
        var images = await ImageImport.NewAsync(stores);
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => images.JobAsync("FT,A,1,1,text", file: "images.lfp"));
        Assert.Equal("no-records", refused.Problem.Code);
        var late = await Assert.ThrowsAsync<ConfigurationException>(() => images.JobAsync("A,V,1.tif,Y", new ImageFileSettings { StartLine = 2 }));
        Assert.Equal("no-records", late.Problem.Code);
    }

    [Fact]
    public async Task A_byte_order_mark_over_ASCII_is_a_warning()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("1.tif");
        var (job, counts) = await images.RunAsync("\u00EF\u00BB\u00BFA,V,1.tif,Y");
        Assert.Equal(1, counts.Written);
        Assert.Equal("encoding", Assert.Single(job.Prepared.Layout.Warnings).Code);
        Assert.Single(await images.PagesAsync("A"));
    }

    [Fact]
    public async Task Letters_beyond_ASCII_are_those_of_Windows_1252()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("Zoë.tif");
        var (_, counts) = await images.RunAsync("Zo\u00EB\u0096\u00801,V,Zo\u00EB.tif,Y");
        Assert.Equal(1, counts.Written);
        Assert.Single(await images.PagesAsync("Zoë–€1"));
    }

    [Fact]
    public async Task The_error_file_has_the_lines_of_rejected_documents_as_they_stand_and_is_rejected_for_the_same_reasons()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("1.tif", "2.tif");
        const string Bad1 = "A,V,1.tif,Y\r\n\r\nA2,V,gone.tif,\r\n", Good = "B,V,1.tif,Y,,,1\n", Bad2 = "C2,V,2.tif,Y,extra,,1\nC3,V,gone2.tif,";
        var (job, _) = await images.RunAsync(Good + Bad1 + "D,V,2.tif,Y\n" + Bad2);
        var files = new JobFiles(stores.Blobs);
        await files.DecideAsync(JobFiles.PreparedName(job.Job.Id), job.Prepared, TestContext.Current.CancellationToken);
        await new ErrorFiles(stores.Blobs, files, new Sources(stores.Workspaces, new JobStores(new JobFiles(stores.Blobs), stores.Tables), stores.Outside, new StagingPaths(), new BatchSize()))
            .WriteAsync(job.Job, [0], TestContext.Current.CancellationToken);

        Assert.Equal(Bad1 + Bad2 + "\r\n", await TextAsync(JobFiles.ErrorFileName(job.Job.Id)));
        var report = await TextAsync(JobFiles.ErrorReportName(job.Job.Id));
        Assert.Equal(["4,3,A,,missing-file", "7,5,C2,,missing-file"], report.Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => string.Join(',', l.Split(',').Take(5))));

        var (again, counts) = await images.RunAsync(Bad1 + Bad2 + "\r\n", file: "again.opt");
        Assert.Equal((2, 2), (counts.Read, counts.Rejected));
        Assert.Equal(["3 missing-file A", "5 missing-file C2"], await again.ErrorsWithIdAsync());
    }

    private async Task<string> TextAsync(string blob)
        => (await stores.Blobs.Jobs.GetBlobClient(blob).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString();
}
