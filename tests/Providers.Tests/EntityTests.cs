using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Tests;

/// <summary>People: their names, what tells them apart, and what documents make of them by name (guide 4.2.3 and 9).</summary>
public sealed class EntityTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly ImportSettings Overlay = new() { Overwrite = OverwriteMode.AppendOverlay };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_name_is_made_where_none_is_mapped_and_a_nameless_row_is_rejected()
    {
        var import = await Import.NewAsync(stores);
        var job = await JobAsync(import, "First Name,Last Name,Email\nAnn,Lee,ann@x.com\nBob,,\n,Cy,\n , ,nobody@x.com\nann,LEE,second@x.com\n");

        Assert.Equal(new JobCounts { Read = 5, Written = 3, Rejected = 2 }, (await job.AttemptAsync()).Counts);
        // The full name is what they are told apart by here, and whichever stands first has it.
        Assert.Equal(["5 missing-full-name", "6 duplicate-identifier"], await job.ErrorsAsync());
        Assert.StartsWith("people.csv, line 5, field \"Full Name\": ", (await job.MessagesAsync())[0], StringComparison.Ordinal);
        Assert.Equal(["Bob|Bob|", "Cy||Cy", "Lee, Ann|Ann|Lee"], await PeopleAsync(import, job, "First Name", "Last Name"));
        Assert.Equal("ann@x.com", (await PersonAsync(import, "lee, ANN"))!.ValueOf(job.FieldId("Email")));
    }

    [Fact]
    public async Task Full_names_may_repeat_where_a_unique_identifier_is_mapped()
    {
        var import = await Import.NewAsync(stores);
        var job = await JobAsync(import, "Unique ID,First Name,Last Name,Department\nE1,Ann,Lee,Law\nE2,Ann,Lee,Tax\ne1,Eve,Other,Law\n");
        Assert.Equal(new JobCounts { Read = 3, Written = 2, Rejected = 1 }, (await job.AttemptAsync()).Counts);
        Assert.Equal(["4 duplicate-identifier"], await job.ErrorsAsync());
        Assert.Equal(["E1|Lee, Ann|E1|Law", "E2|Lee, Ann|E2|Tax"], await PeopleAsync(import, job, "Full Name", "Unique ID", "Department"));

        // Overlaid by the unique identifier: the name is only what is shown, and changes.
        var second = await JobAsync(import, "Unique ID,First Name,Last Name,Department\nE2,Ann,Smith,\nE3,Bo,Li,Tax\n", Overlay);
        Assert.Equal(new JobCounts { Read = 2, Written = 2 }, (await second.AttemptAsync()).Counts);
        Assert.Equal(["E1|Lee, Ann|E1|Law", "E2|Smith, Ann|E2|", "E3|Li, Bo|E3|Tax"], await PeopleAsync(import, second, "Full Name", "Unique ID", "Department"));

        // By the full name, which says whom where it does not repeat.
        var third = await JobAsync(import, "Full Name,First Name,Last Name,Department\n\"smith, ann\",Ann,Smith,Law\n\"Li, Bo\",Bo,Li,Law\nNew,N,Ew,Law\n", Overlay);
        Assert.Equal(new JobCounts { Read = 3, Written = 3 }, (await third.AttemptAsync()).Counts);
        Assert.Equal(["E1|Law", "E2|Law", "E3|Law", "New|Law"], await PeopleAsync(import, third, "Department"));
    }

    [Fact]
    public async Task A_full_name_that_repeats_says_of_nobody_who_is_overlaid()
    {
        var import = await Import.NewAsync(stores);
        await (await JobAsync(import, "Unique ID,First Name,Last Name\nE1,Ann,Lee\nE2,Ann,Lee\n")).AttemptAsync();
        var job = await JobAsync(import, "First Name,Last Name,Email\nAnn,Lee,x@x.com\n", Overlay);
        Assert.Equal(1, (await job.AttemptAsync()).Counts.Rejected);
        Assert.Equal(["2 overlay-ambiguous"], await job.ErrorsAsync());
    }

    [Fact]
    public async Task A_new_person_needs_a_full_name_and_one_that_is_there_keeps_its_own()
    {
        var import = await Import.NewAsync(stores);
        await (await JobAsync(import, "Unique ID,Full Name,First Name,Last Name\nE1,Dr. Ann Lee,Ann,Lee\n")).AttemptAsync();
        var job = await JobAsync(import, "Unique ID,Full Name,First Name,Last Name\nE1,,Ann,Li\nE2,,Bo,Li\n", Overlay);
        Assert.Equal(new JobCounts { Read = 2, Written = 1, Rejected = 1 }, (await job.AttemptAsync()).Counts);
        Assert.Equal(["3 missing-identifier"], await job.ErrorsAsync());
        Assert.Equal(["E1|Dr. Ann Lee|Li"], await PeopleAsync(import, job, "Full Name", "Last Name"));
    }

    [Fact]
    public async Task Documents_name_people_by_their_full_names_whatever_they_are_stored_under()
    {
        var import = await Import.NewAsync(stores);
        await (await JobAsync(import, "Unique ID,First Name,Last Name\nE1,Ann,Lee\n")).AttemptAsync();
        var fields = new ImportSettings { CreateFields = new FieldSchema { Fields = [new SchemaField("Custodian", FieldType.SingleObject, AssociatedType: "Entity")] } };
        await import.UploadAsync("docs.csv", "Id,Custodian\nA,\"LEE, ann\"\nB,Bob\nC,bob\n");
        var docs = await import.JobAsync("docs.csv", fields);
        Assert.Equal(3, (await docs.AttemptAsync()).Counts.Written);
        Assert.Equal(["Bob", "E1"], await PeopleAsync(import, docs));

        await import.UploadAsync("more.csv", "Id,Custodian\nD,\"Lee, Ann\"\nE,Cy\n");
        var strict = await import.JobAsync("more.csv", fields with { CreateObjects = false });
        Assert.Equal(1, (await strict.AttemptAsync()).Counts.Written);
        Assert.Equal(["3 object-not-found"], await strict.ErrorsAsync());
    }

    /// <summary>
    /// What is displayed may repeat, what tells entities apart may not (guide 6.2.3): a name alone does not say that two are one person, so that nobody is taken
    /// over unawares. Whoever knows that names are unique says so with the overlay field.
    /// </summary>
    [Theory]
    [InlineData(null, "E1|Lee, Ann|Law", "Lee, Ann||")]
    [InlineData("Full Name", "Lee, Ann|Lee, Ann|Law|E1")]
    public async Task Somebody_whom_a_document_named_first_is_overlaid_by_full_name_and_not_by_unique_identifier(string? overlayField, params string[] expected)
    {
        var import = await Import.NewAsync(stores);
        var custodian = new ImportSettings { CreateFields = new FieldSchema { Fields = [new SchemaField("Custodian", FieldType.SingleObject, AssociatedType: "Entity")] } };
        await import.UploadAsync("docs.csv", "Id,Custodian\nA,\"Lee, Ann\"\n");
        Assert.Equal(1, (await (await import.JobAsync("docs.csv", custodian)).AttemptAsync()).Counts.Written);
        for (var run = 0; run < 2; run++)
        {
            var people = await JobAsync(import, "Unique ID,Full Name,First Name,Last Name,Department\nE1,\"Lee, Ann\",Ann,Lee,Law\n", Overlay with { OverlayField = overlayField });
            Assert.Equal(new JobCounts { Read = 1, Written = 1 }, (await people.AttemptAsync()).Counts);
            Assert.Equal(expected, await PeopleAsync(import, people, overlayField is null ? ["Full Name", "Department"] : ["Full Name", "Department", "Unique ID"]));
        }
    }

    [Fact]
    public async Task A_workspace_of_earlier_days_gets_the_standard_fields_once()
    {
        var import = await Import.NewAsync(stores);
        var (old, config) = (Import.Catalog(stores), Catalog.Config(import.Workspace.Id));
        // As it was: two fields beside the identifier, a Department of the user's own kind, and no mark.
        await foreach (var field in old.FieldsAsync(import.Workspace.Id, "Entity", Stop))
        {
            if (!ObjectType.EntityNames.Contains(field.Value.Name) && field.Value.Role != FieldRole.Identifier)
                await new Catalog(stores.Records).DeleteAsync(config, "field|ENTITY", field.Value.Id, null, Stop);
        }
        await new Catalog(stores.Records).DeleteAsync(config, "entity-fields", "all", null, Stop);
        var own = new Field { Id = "0123456789", ObjectType = "Entity", Name = "department", Type = FieldType.SingleChoice };
        await old.CreateFieldsAsync(import.Workspace.Id, [own], Stop);

        var lists = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => NamesAsync(Import.Catalog(stores))));
        Assert.All(lists, names => Assert.Equal(
            ["Email", "First Name", "Full Name", "Last Name", "Manager", "Phone Number", "Title", "Unique ID", "department"], names));

        // What somebody removes stays away.
        var email = await old.FieldsAsync(import.Workspace.Id, "Entity", Stop).FirstAsync(f => f.Value.Name == "Email", Stop);
        await old.DeleteFieldAsync(import.Workspace.Id, email.Value, email.ETag, Stop);
        Assert.DoesNotContain("Email", await NamesAsync(Import.Catalog(stores)));

        async Task<List<string>> NamesAsync(WorkspaceCatalog catalog)
            => [.. (await catalog.FieldsAsync(import.Workspace.Id, "Entity", Stop).Select(f => f.Value.Name).ToListAsync(Stop)).Order(StringComparer.Ordinal)];
    }

    internal static async Task<TestJob> JobAsync(Import import, string content, ImportSettings? settings = null, int batch = 1000)
    {
        await import.UploadAsync("people.csv", content);
        var source = new LoadFileSettings { File = $"{import.Folder}/people.csv", Column = ',', Quote = '"' };
        return await import.JobAsync(
            Sources.Write(LoadFileSettings.Provider, source), settings ?? new ImportSettings(), new BatchSize { Records = batch }, objectType: "Entity",
            // Objects are mapped by hand only.
            mapping: content.Split('\n')[0].Contains("Manager", StringComparison.Ordinal) ? [new FieldMapping("Manager", "Manager")] : null);
    }

    internal static Task<Engine.Records.Record?> PersonAsync(Import import, string identifier) => import.RecordAsync(identifier, "Entity");

    /// <summary>What each person is stored under, and some of its fields.</summary>
    internal static async Task<List<string>> PeopleAsync(Import import, TestJob job, params string[] fields)
    {
        var people = await new RecordListing(import.Stores.Records).ListAsync(import.Workspace, "Entity", null, Stop)
            .Select(item => RecordJson.Read(item.Body.Span)).ToListAsync(Stop);
        return [.. people.Select(p => string.Join('|', fields.Select(f => p.ValueOf(job.FieldId(f)) as string).Prepend(p.Identifier)))];
    }
}
