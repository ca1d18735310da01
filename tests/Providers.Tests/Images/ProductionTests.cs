using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.ImageFile;

namespace IntegrationPoints.Providers.Tests.Images;

/// <summary>Production load files fill productions.</summary>
public sealed class ProductionTests(Stores stores) : IClassFixture<Stores>
{
    private const string File = "B1,V,1.tif,Y\nB2,V,2.tif,\nB3,V,3.tif,Y\n";
    private static readonly ImageFileSettings Into = new() { Production = "Vol 1" };
    private static readonly ImportSettings Both = new() { Overwrite = OverwriteMode.AppendOverlay };

    [Fact]
    public async Task Images_become_the_productions_and_documents_get_their_Bates_numbers()
    {
        var images = await StagedAsync();
        var job = await images.JobAsync(File, Into);
        var result = await job.AttemptAsync();
        Assert.Equal(new JobCounts { Read = 2, Written = 2 }, result.Counts);
        var id = Production.IdFor("Vol 1");
        var size = TestImages.Tiff().Length;
        Assert.Equal([$"B1: {id}/B1 1.tif {size}, {id}/B2 2.tif {size}", $"B3: {id}/B3 3.tif {size}"], await images.ImagesAsync());
        Assert.Equal(["B1 B2", "B3 B3"], [await BatesAsync(images, job, "B1"), await BatesAsync(images, job, "B3")]);
        Assert.All(job.Prepared.Fields.Where(f => f.Name is Production.DefaultBegin or Production.DefaultEnd), f => Assert.Equal((FieldType.FixedLengthText, true), (f.Type, f.Lookup)));
    }

    /// <summary>They are made with the rights of whoever started the job, and not at all when anything would be missing.</summary>
    [Fact]
    public async Task The_fields_of_Bates_numbers_are_made_by_those_who_may()
    {
        var images = await StagedAsync();
        images.Import.Withheld = new Withheld(Fields: true, []);
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => images.JobAsync(File, Into));
        Assert.Equal("missing-permissions", refused.Problem.Code);
        Assert.Contains("\"Bates Beg\", \"Bates End\", and whoever started the job may not make them. Missing: Manage Object Types.", refused.Problem.Message, StringComparison.Ordinal);
        images.Import.Withheld = null;
        await (await images.JobAsync(File, Into)).AttemptAsync();
        // Once they are there, nothing is made.
        images.Import.Withheld = new Withheld(Fields: true, []);
        await images.JobAsync(File, Into, Both);
    }

    [Fact]
    public async Task Documents_can_be_found_by_their_first_Bates_number()
    {
        var images = await StagedAsync();
        await images.Import.UploadAsync("docs.csv", "Id,Bates Beg\nA,B1\n");
        var schema = new FieldSchema { Fields = [new SchemaField("Bates Beg", FieldType.FixedLengthText)] };
        await (await images.Import.JobAsync("docs.csv", new ImportSettings { CreateFields = schema })).AttemptAsync();
        var job = await images.JobAsync(File, Into, new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "Bates Beg" });
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, (await job.AttemptAsync()).Counts);
        Assert.Equal("B1 B2", await BatesAsync(images, job, "A"));
        Assert.Equal(["3 record-not-found B3"], await job.ErrorsWithIdAsync());
    }

    [Fact]
    public async Task Original_images_stay_beside_those_of_a_production()
    {
        var images = await StagedAsync();
        await images.RunAsync("B1,V,3.tif,Y");
        await images.RunAsync("B1,V,1.tif,Y", Into, Both);
        Assert.Equal([ImageSet.Original, Production.IdFor("Vol 1")], (await images.Import.RecordAsync("B1"))!.Images!.Keys);
    }

    [Fact]
    public async Task A_production_names_its_own_fields()
    {
        var images = await StagedAsync();
        await MakeAsync(images, new Production { Id = Production.IdFor("Vol 1"), Name = "Vol 1", BatesBeginField = "First", BatesEndField = "Last" });
        var job = await images.JobAsync(File, Into);
        await job.AttemptAsync();
        Assert.Equal(("B1", "B2"), ((await images.Import.RecordAsync("B1"))!.ValueOf(job.FieldId("First")), (await images.Import.RecordAsync("B1"))!.ValueOf(job.FieldId("Last"))));
    }

    public static TheoryData<JobStatus, int, ProductionStatus, bool> Ends => new()
    {
        { JobStatus.Completed, 2, ProductionStatus.Produced, true },
        { JobStatus.CompletedWithErrors, 1, ProductionStatus.Produced, true },
        { JobStatus.CompletedWithErrors, 0, ProductionStatus.Produced, true },
        { JobStatus.Failed, 1, ProductionStatus.New, true },
        { JobStatus.Stopped, 1, ProductionStatus.New, true },
        { JobStatus.Stopped, 0, ProductionStatus.New, false },
        { JobStatus.Failed, 0, ProductionStatus.New, false },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task The_end_of_the_job_decides_what_becomes_of_the_production(JobStatus end, int written, ProductionStatus status, bool hasSource)
    {
        var images = await StagedAsync();
        var job = await images.JobAsync(File, Into);
        for (var time = 0; time < 2; time++)
        {
            await job.SettleAsync(end, new JobCounts { Read = 2, Written = written, Rejected = 2 - written });
            var production = (await images.Productions.FindAsync(images.Import.Workspace.Id, "VOL 1", TestContext.Current.CancellationToken))!.Value;
            Assert.Equal((status, hasSource), (production.Status, production.Source is not null));
        }
    }

    [Fact]
    public async Task Another_import_into_it_is_refused_and_leaves_no_trace()
    {
        var images = await StagedAsync();
        var job = await images.JobAsync(File, Into);
        await RefusedAsync(() => images.JobAsync(File, Into, file: "other.opt", point: "q"), "is being filled by another import");
        await job.SettleAsync(JobStatus.Completed, new JobCounts { Read = 2, Written = 2 });
        await RefusedAsync(() => images.JobAsync(File, Into, file: "other.opt", point: "q"), "has the status Produced");
        await RefusedAsync(() => images.JobAsync(File, Into), "has the status Produced");
        Assert.Empty(await images.ImagesAsync());
    }

    [Fact]
    public async Task The_same_job_and_another_run_of_a_point_that_did_not_complete_are_not_refused()
    {
        var images = await StagedAsync();
        var job = await images.JobAsync(File, Into);
        await images.Import.PrepareAgainAsync(job);
        await job.SettleAsync(JobStatus.Failed, new JobCounts { Read = 1, Written = 1 });
        var again = await images.JobAsync(File, Into, Both);
        Assert.Equal(2, (await again.AttemptAsync()).Counts.Written);
        await again.SettleAsync(JobStatus.Completed, new JobCounts { Read = 2, Written = 2 });
        // A retry of its errors may go on even then, and however it ends the production stays produced.
        var retry = await images.Import.PrepareAgainAsync(again, JobType.RetryErrors, "retry");
        await retry.SettleAsync(JobStatus.Failed, new JobCounts());
        Assert.Equal(ProductionStatus.Produced, (await images.Productions.FindAsync(images.Import.Workspace.Id, "Vol 1", TestContext.Current.CancellationToken))!.Value.Status);
    }

    [Fact]
    public async Task A_production_that_is_staged_is_refused()
    {
        var images = await StagedAsync();
        await MakeAsync(images, new Production { Id = Production.IdFor("Vol 1"), Name = "Vol 1", Status = ProductionStatus.Staged });
        await RefusedAsync(() => images.JobAsync(File, Into), "has the status Staged");
    }

    [Fact]
    public async Task A_field_that_cannot_hold_Bates_numbers_is_named_before_anything_is_written()
    {
        var images = await StagedAsync();
        await images.Import.UploadAsync("docs.csv", "Id,Bates Beg\nA,B1\n");
        await (await images.Import.JobAsync("docs.csv")).AttemptAsync();
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => images.JobAsync(File, Into));
        Assert.Equal("field-type-unsuitable", refused.Problem.Code);
        Assert.Contains("Bates Beg", refused.Problem.Message, StringComparison.Ordinal);
        Assert.Null(await images.Productions.FindAsync(images.Import.Workspace.Id, "Vol 1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_production_that_is_not_free_is_said_with_what_else_is_wrong()
    {
        var images = await StagedAsync();
        await MakeAsync(images, new Production { Id = Production.IdFor("Vol 1"), Name = "Vol 1", Status = ProductionStatus.Produced });
        var byNothing = new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "No Such" };
        await RefusedAsync(() => images.JobAsync(File, Into, byNothing), "has the status Produced");
        await RefusedAsync(() => images.JobAsync(File, Into, byNothing), "no field \"No Such\", by which existing records were to be found");
    }

    private static async Task RefusedAsync(Func<Task> import, string says)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(import);
        Assert.Equal("production-exists", refused.Problem.Code);
        Assert.Contains(says, refused.Problem.Message, StringComparison.Ordinal);
    }

    private static Task MakeAsync(ImageImport images, Production production) => images.Productions.CreateAsync(images.Import.Workspace.Id, production, default);

    private static async Task<string> BatesAsync(ImageImport images, TestJob job, string document)
    {
        var record = (await images.Import.RecordAsync(document))!;
        return $"{record.ValueOf(job.FieldId(Production.DefaultBegin))} {record.ValueOf(job.FieldId(Production.DefaultEnd))}";
    }

    private async Task<ImageImport> StagedAsync()
    {
        var images = await ImageImport.NewAsync(stores);
        await images.StageAsync("1.tif", "2.tif", "3.tif");
        return images;
    }
}
