using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Tests;

/// <summary>Objects by name, users by e-mail address, choices: made where the integration point allows, required where it does not.</summary>
public sealed class NamedValuesTests(Stores stores) : IClassFixture<Stores>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly ImportSettings Fields = new()
    {
        CreateFields = new FieldSchema
        {
            Fields =
            [
                new SchemaField("Custodian", FieldType.SingleObject, AssociatedType: "entity"),
                new SchemaField("Parties", FieldType.MultipleObject, AssociatedType: "Entity"),
                new SchemaField("Reviewer", FieldType.User),
                new SchemaField("Issue", FieldType.SingleChoice),
                new SchemaField("Issues", FieldType.MultipleChoice),
            ],
        },
    };

    [Fact]
    public async Task Objects_are_made_once_by_their_names_in_any_case_of_letters_and_whatever_batch_names_them()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Custodian,Parties\nA, Lee; Ann ,Bob;Cy; bob ;\nB,LEE; ANN,cy\nC,,\n");
        var job = await import.JobAsync("docs.csv", Fields, size: new BatchSize { Records = 1 });

        var results = await Task.WhenAll(Enumerable.Range(0, job.Batches.Count).Select(b => Task.Run(() => job.AttemptAsync(b))));
        foreach (var batch in Enumerable.Range(0, job.Batches.Count)) await job.AttemptAsync(batch);

        Assert.Equal(new JobCounts { Read = 3, Written = 3 }, results.Select(r => r.Counts).Aggregate(JobCounts.Add));
        var (custodian, parties) = (job.FieldId("Custodian"), job.FieldId("Parties"));
        var a = (await import.RecordAsync("A"))!;
        Assert.Equal("Lee; Ann", a.ValueOf(custodian));
        Assert.Equal(["Bob", "Cy"], Assert.IsType<string[]>(a.ValueOf(parties)));
        Assert.Null((await import.RecordAsync("C"))!.ValueOf(custodian));
        // Of the spellings of one job the first in the order of characters is shown, whichever batch came first.
        Assert.Equal(["Bob", "Cy", "LEE; ANN"], await EntitiesAsync(import));
    }

    [Fact]
    public async Task A_job_goes_by_the_field_catalogue_of_when_it_began_and_leaves_fields_of_objects_to_people()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Custodian,Keeper\nA,Ann,Bob\n");
        await (await import.JobAsync("docs.csv", Fields)).AttemptAsync();
        var names = new FieldCatalog(new Catalog(stores.Records));
        var version = await names.TrySetAsync([new CatalogEntry("Keeper", ["Held by"]), new CatalogEntry("Else", ["Other"])], "", Stop);
        await import.UploadAsync("more.csv", "Id,Held_By,Custodian\nB,Cy,Dee\n");
        var job = await import.JobAsync("more.csv");
        await names.TrySetAsync([], version!, Stop);

        Assert.Equal(new JobCounts { Read = 1, Written = 1 }, (await job.AttemptAsync()).Counts);
        Assert.Equal("Cy", (await import.RecordAsync("B"))!.ValueOf(job.FieldId("Keeper")));
        Assert.DoesNotContain(job.Prepared.Fields, f => f.Name.StartsWith("Held", StringComparison.Ordinal));
        Assert.Equal(["Keeper"], job.Prepared.Synonyms.Select(e => e.Name));
        // Its values go nowhere, and that is told.
        Assert.Null((await import.RecordAsync("B"))!.ValueOf(job.FieldId("Custodian")));
        Assert.Equal(["Custodian"], job.Prepared.Layout.Warnings.Where(w => w.Code == "object-not-mapped").Select(w => w.Field));
    }

    [Fact]
    public async Task An_object_that_may_not_be_made_must_be_there()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Custodian,Parties\nA,Ann,Bob\n");
        await (await import.JobAsync("docs.csv", Fields)).AttemptAsync();
        await import.UploadAsync("more.csv", "Id,Custodian,Parties\nB,ANN,ann;bob\nC,Cy,\nD,,Ann;Dee;Eve\n");
        var job = await import.JobAsync("more.csv", Fields with { CreateObjects = false });

        Assert.Equal(new JobCounts { Read = 3, Written = 1, Rejected = 2 }, (await job.AttemptAsync()).Counts);
        Assert.Equal(["3 object-not-found", "4 object-not-found"], await job.ErrorsAsync());
        Assert.Equal(["Ann", "Bob"], await EntitiesAsync(import));
    }

    /// <summary>Objects are made with the rights of whoever started the job.</summary>
    [Theory]
    [InlineData("Witness", "")]
    [InlineData("ENTITY", "2 object-not-found")]
    public async Task An_object_of_a_type_that_is_withheld_must_be_there(string withheld, string errors)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Custodian\nA,Ann\n");
        import.Withheld = new Withheld(Fields: false, [withheld]);
        var job = await import.JobAsync("docs.csv", Fields);

        await job.AttemptAsync();

        Assert.Equal(errors, string.Join(", ", await job.ErrorsAsync()));
        if (errors.Length > 0) Assert.Contains("whoever started the job may not make one. Missing: Entity: Add.", Assert.Single(await job.MessagesAsync()), StringComparison.Ordinal);
    }

    /// <summary>The first import into a new workspace gives the identifier its column's name, when whoever started it may make fields.</summary>
    [Theory]
    [InlineData(false, "DocID")]
    [InlineData(true, "Control Number")]
    public async Task The_identifier_field_is_replaced_by_those_who_may_make_fields(bool isWithheld, string identifier)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "DocID\nA\n");
        import.Withheld = isWithheld ? new Withheld(Fields: true, []) : null;
        var source = new LoadFileSettings { Column = ',', Quote = '"', File = $"{import.Folder}/docs.csv" };
        var job = await import.JobAsync(Sources.Write(LoadFileSettings.Provider, source), new ImportSettings());

        await job.AttemptAsync();

        Assert.Equal(identifier, job.Prepared.Fields.Single(f => f.Role == FieldRole.Identifier).Name);
        Assert.Equal("A", (await import.RecordAsync("A"))!.Identifier);
    }

    [Fact]
    public async Task An_object_of_a_type_with_other_required_fields_cannot_be_made_of_its_name()
    {
        var import = await Import.NewAsync(stores);
        var catalog = Import.Catalog(stores);
        var last = await catalog.FieldsAsync(import.Workspace.Id, "Entity", Stop).FirstAsync(f => f.Value.Name == "Last Name", Stop);
        await catalog.ReplaceFieldAsync(import.Workspace.Id, last.Value with { Required = true }, last.ETag, Stop);
        await import.UploadAsync("docs.csv", "Id,Custodian\nA,Ann\n");
        var job = await import.JobAsync("docs.csv", Fields);

        await job.AttemptAsync();

        Assert.Equal(["2 object-not-found"], await job.ErrorsAsync());
        Assert.Empty(await EntitiesAsync(import));
    }

    [Fact]
    public async Task An_object_type_that_is_not_there_ends_the_check()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Matter\nA,Smith\n");
        var schema = new FieldSchema { Fields = [new SchemaField("Matter", FieldType.SingleObject, AssociatedType: "Matter")] };

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => import.JobAsync("docs.csv", new ImportSettings { CreateFields = schema }));

        Assert.Equal("object-type-not-found", refused.Problem.Code);
        Assert.DoesNotContain(await Import.Catalog(stores).FieldsAsync(import.Workspace.Id, "Document", Stop).ToListAsync(Stop), f => f.Value.Name == "Matter");
    }

    [Fact]
    public async Task Users_are_found_by_their_address_and_shown_as_the_workspace_spells_them()
    {
        var import = await Import.NewAsync(stores);
        var users = new UserCatalog(new Catalog(stores.Records));
        Assert.True(await users.AddAsync(import.Workspace.Id, new WorkspaceUser { Email = "Jane.Doe@example.com" }, Stop));
        Assert.False(await users.AddAsync(import.Workspace.Id, new WorkspaceUser { Email = "JANE.DOE@example.com" }, Stop));
        await import.UploadAsync("docs.csv", "Id,Reviewer\nA, jane.doe@EXAMPLE.com \nB,john@example.com\nC,\n");
        var job = await import.JobAsync("docs.csv", Fields);

        Assert.Equal(new JobCounts { Read = 3, Written = 2, Rejected = 1 }, (await job.AttemptAsync()).Counts);
        Assert.Equal(["3 user-not-found"], await job.ErrorsAsync());
        Assert.Equal("Jane.Doe@example.com", (await import.RecordAsync("A"))!.ValueOf(job.FieldId("Reviewer")));
        Assert.Null((await import.RecordAsync("C"))!.ValueOf(job.FieldId("Reviewer")));
    }

    [Fact]
    public async Task A_choice_that_may_not_be_made_must_be_there()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id,Issue,Issues\nA,Hot,Rent\\Arrears;Parties\n");
        await (await import.JobAsync("docs.csv", Fields)).AttemptAsync();
        await import.UploadAsync("more.csv", "Id,Issue,Issues\nB,HOT,rent\\arrears\nC,Cold,\nD,,Rent;Rent\\New\nE,,\n");
        var job = await import.JobAsync("more.csv", Fields with { CreateChoices = false });

        Assert.Equal(new JobCounts { Read = 4, Written = 2, Rejected = 2 }, (await job.AttemptAsync()).Counts);
        Assert.Equal(["3 choice-not-found", "4 choice-not-found"], await job.ErrorsAsync());
        Assert.Equal(["Hot", "Parties", "Rent", "Rent\\Arrears"], (await import.ConfigAsync("choice|")).Order(StringComparer.Ordinal));
    }

    private static async Task<List<string>> EntitiesAsync(Import import)
        => await new RecordListing(import.Stores.Records).ListAsync(import.Workspace, "Entity", null, Stop)
            .Select(item => RecordJson.Read(item.Body.Span).Identifier).ToListAsync(Stop);
}
