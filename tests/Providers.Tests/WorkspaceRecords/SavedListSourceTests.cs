using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>Saved searches and views say which documents are exported, with which columns and in which order.</summary>
public sealed class SavedListSourceTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly WorkspaceSettings Search = new() { Part = WorkspacePart.SavedSearch, SavedSearch = "Mail" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SavedList Mail => new()
    {
        Name = "Mail",
        Condition = Condition.Of("Kind", ConditionOperator.Is, "MAIL"),
        Columns = ["Pages", "Folder Path", "Control Number"],
        Sort = [new SortColumn("Pages", Descending: true)],
    };

    [Fact]
    public async Task A_saved_search_says_what_is_exported_with_which_columns_in_which_order()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail);
        var layout = await workspace.Source(Search with { SavedSearch = "mail" }).CheckAsync(Stop);

        Assert.Equal("Mail", layout.Name);
        Assert.Equal(["Pages", "Folder Path", "Control Number"], layout.Fields.Select(f => f.Name));
        Assert.Equal(["M3", "M2", "M1", "M4"], await workspace.RunAsync(Search));
        Assert.Equal(["M1", "M4"], await workspace.RunAsync(Search with { StartAtRecord = 3 }));
    }

    [Fact]
    public async Task A_view_orders_and_limits_the_documents_of_a_folder()
    {
        var workspace = await FilledAsync();
        await workspace.ViewAsync(Mail);
        var folder = new WorkspaceSettings { Part = WorkspacePart.Folder, Folder = "In", View = "Mail" };

        Assert.Equal("In", (await workspace.Source(folder).CheckAsync(Stop)).Name);
        Assert.Equal(["M2", "M1"], await workspace.RunAsync(folder));
        Assert.Equal(["M3", "M2", "M1"], await workspace.RunAsync(folder with { Part = WorkspacePart.FolderAndSubfolders }));
    }

    // Issue D: "Columns default from the view or search and follow it when it changes".
    [Fact]
    public async Task Columns_follow_the_saved_search_unless_the_integration_point_has_its_own()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail);
        await workspace.SearchAsync(Mail with { Columns = ["Kind"], Sort = [] });

        Assert.Equal(["Kind"], (await workspace.Source(Search).CheckAsync(Stop)).Fields.Select(f => f.Name));
        Assert.Equal(["Sheets"], (await workspace.Source(Search with { Columns = [new("pages", "Sheets")] }).CheckAsync(Stop)).Fields.Select(f => f.Name));
        Assert.Equal(["M1", "M2", "M3", "M4"], await workspace.RunAsync(Search));
    }

    [Fact]
    public async Task A_search_without_columns_exports_all_fields()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail with { Columns = [] });

        Assert.Equal(["Control Number", "Body", "Kind", "Pages", "Folder Path"], (await workspace.Source(Search).CheckAsync(Stop)).Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task Text_that_is_kept_as_a_file_is_searched_too()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail with { Condition = Condition.Of("Body", ConditionOperator.Contains, "needle") });

        Assert.Equal(["LONG"], await workspace.RunAsync(Search));
    }

    [Fact]
    public async Task A_private_search_is_read_by_the_integration_points_of_its_owner_only()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail with { Name = "Own", Owner = DocumentWorkspace.User });
        await workspace.SearchAsync(Mail with { Name = "Theirs", Owner = "bob@example.com" });

        Assert.Equal(["M3", "M2", "M1", "M4"], await workspace.RunAsync(Search with { SavedSearch = "Own" }));
        var problem = Assert.Single((await workspace.Source(Search with { SavedSearch = "Theirs" }).ResolveAsync(Stop)).Problems);
        Assert.Equal("The workspace has no saved search \"Theirs\", or it is another user's own. Choose one that is there.", problem.Message);
    }

    [Fact]
    public async Task What_a_search_names_and_is_gone_is_said_all_at_once()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail with
        {
            Condition = Condition.Of("Gone", ConditionOperator.IsSet),
            Columns = ["Lost", "Kind", "Away"],
            Sort = [new SortColumn("Left")],
        });

        var problems = (await workspace.Source(Search).ResolveAsync(Stop)).Problems;

        Assert.All(problems, p => Assert.Equal(("field-not-found", "source.settings.savedSearch"), (p.Code, p.Field)));
        Assert.Equal(
            [
                "The saved search \"Mail\" cannot be used any more: The object type \"Document\" has no field \"Gone\". Correct the name, or make the field.",
                "The saved search \"Mail\" cannot be used any more: The object type \"Document\" has no field \"Lost\". Correct the name, or make the field.",
                "The saved search \"Mail\" cannot be used any more: The object type \"Document\" has no field \"Away\". Correct the name, or make the field.",
                "The saved search \"Mail\" cannot be used any more: The object type \"Document\" has no field \"Left\". Correct the name, or make the field.",
            ],
            problems.Select(p => p.Message));

        // Columns of the search do not matter to an integration point that has its own.
        var own = Search with { Columns = [new("Kind")] };
        Assert.Equal(2, (await workspace.Source(own).ResolveAsync(Stop)).Problems.Count);
    }

    [Theory]
    [InlineData(WorkspacePart.SavedSearch, "saved-search-not-found source.settings.savedSearch")]
    [InlineData(WorkspacePart.Folder, "view-not-found source.settings.view")]
    public async Task A_search_or_view_that_is_gone_is_named(WorkspacePart part, string expected)
    {
        var workspace = await FilledAsync();

        var problem = Assert.Single((await workspace.Source(new WorkspaceSettings { Part = part, SavedSearch = "Gone", View = "Gone" }).ResolveAsync(Stop)).Problems);

        Assert.Equal(expected, $"{problem.Code} {problem.Field}");
    }

    [Fact]
    public async Task A_search_for_other_objects_cannot_be_exported()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail with { ObjectType = "Entity" });

        Assert.Equal("documents-only", Assert.Single((await workspace.Source(Search).ResolveAsync(Stop)).Problems).Code);
    }

    // The frozen search is what the job reads, whatever becomes of the search and of the fields' names meanwhile.
    [Fact]
    public async Task A_search_that_changes_after_validation_does_not_change_the_job()
    {
        var workspace = await FilledAsync();
        await workspace.SearchAsync(Mail);
        var source = workspace.Source(Search);
        var layout = await source.CheckAsync(Stop);
        await workspace.SearchAsync(Mail with { Condition = null, Sort = [] });

        await source.SpoolAsync(layout, Stop);

        Assert.Equal(["M3", "M2", "M1", "M4"], (await DocumentWorkspace.ReadAllAsync(source, layout)).Select(r => r.Stored!.Record.Identifier));
    }

    private async Task<DocumentWorkspace> FilledAsync()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var (kind, pages, body) = (
            await workspace.FieldAsync("Kind", FieldType.FixedLengthText), await workspace.FieldAsync("Pages", FieldType.WholeNumber), await workspace.FieldAsync("Body", FieldType.LongText));
        await workspace.FolderAsync("In", @"In\Deep");
        var text = $"{workspace.Workspace.Id}/text";
        await stores.Blobs.Files.UploadBlobAsync(text, BinaryData.FromString(new string('x', 40_000) + "Needle"));
        await workspace.AddAsync(
            [
                DocumentWorkspace.Document("M1", "In", (kind, "mail"), (pages, 1)), DocumentWorkspace.Document("M2", "In", (kind, "Mail"), (pages, 2)),
                DocumentWorkspace.Document("M3", @"In\Deep", (kind, "mail"), (pages, 30)), DocumentWorkspace.Document("M4", null, (kind, "mail")),
                DocumentWorkspace.Document("X1", "In", (kind, "deed"), (pages, 5)), DocumentWorkspace.Document("LONG", null, (body, new TextReference(text, 40_006))),
            ]);
        return workspace;
    }
}
