using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>What an export names is found when it is checked, or said to be missing, all at once.</summary>
public sealed class WorkspaceCheckTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly WorkspaceSettings All = new() { Part = WorkspacePart.FolderAndSubfolders };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_columns_all_fields_are_exported_the_identifier_first_and_then_by_name()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.FieldAsync("title", FieldType.FixedLengthText);
        await workspace.FieldAsync("Author", FieldType.SingleChoice);

        var layout = await workspace.Source(All).CheckAsync(Stop);

        Assert.Equal(["Control Number", "Author", "title", "Folder Path"], layout.Fields.Select(f => f.Name));
        Assert.Equal([true, false, false, false], layout.Fields.Select(f => f.IsIdentifier));
        Assert.Equal(Field.IdFor(ObjectType.Document, "Author"), layout.Fields[1].FieldId);
        Assert.Equal(FieldType.SingleChoice, layout.Fields[1].Type);
    }

    [Fact]
    public async Task Columns_come_in_their_order_under_their_own_names()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.FieldAsync("Title", FieldType.FixedLengthText);

        var layout = await workspace.Source(All with { Columns = [new("folder path", "Folder"), new("TITLE"), new("Control Number", " Doc ID "), new(" title", "Again")] }).CheckAsync(Stop);

        Assert.Equal(["Folder", "Title", "Doc ID", "Again"], layout.Fields.Select(f => f.Name));
        Assert.Null(layout.Fields[0].FieldId);
        Assert.Equal(layout.Fields[1].FieldId, layout.Fields[3].FieldId);
    }

    // The load file is named after what it holds: {name}_export.dat.
    [Theory]
    [InlineData(WorkspacePart.FolderAndSubfolders, null, null, "Case Baker")]
    [InlineData(WorkspacePart.Folder, @"mail\in", null, "in")]
    [InlineData(WorkspacePart.Production, null, "VOLUME 1", "Volume 1")]
    public async Task The_source_is_called_what_it_reads(WorkspacePart part, string? folder, string? production, string expected)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.FolderAsync("mail", @"mail\in");
        await workspace.ProductionAsync("Volume 1");

        Assert.Equal(expected, (await workspace.Source(new WorkspaceSettings { Part = part, Folder = folder, Production = production }).CheckAsync(Stop)).Name);
    }

    public static TheoryData<WorkspaceSettings, ExportSettings?, string, string> Missing => new()
    {
        { new() { Part = WorkspacePart.Folder, Folder = @"No\Such" }, null, "folder-not-found source.settings.folder", "The workspace has no folder \"No\\Such\". Choose one that is there." },
        { new() { Part = WorkspacePart.Folder, Folder = new string('x', 300) }, null, "invalid-folder source.settings.folder", "The folder" },
        { new() { Part = WorkspacePart.Production, Production = "Gone" }, null, "production-not-found source.settings.production", "The workspace has no production \"Gone\". Choose one that is there." },
        { new() { Part = WorkspacePart.Production }, null, "production-not-found source.settings.production", "The workspace has no production" },
        {
            All with { Columns = [new("Gone"), new("Control Number"), new("Lost")] }, null, "field-not-found source.settings.columns",
            "Document has no field \"Gone\", \"Lost\", which the export names. Choose other fields, or make them again."
        },
        { All with { Columns = [new("Control Number", "Id"), new("Folder Path", "ID")] }, null, "column-named-twice source.settings.columns", "More than one column is called \"Id\". Rename one of them." },
        { All, new() { TextFiles = true, TextPrecedence = ["Control Number", "Gone"] }, "field-not-found destination.settings.textPrecedence", "Document has no long text field \"Control Number\", \"Gone\"" },
        { All, new() { Images = true, Productions = ["Gone"] }, "production-not-found destination.settings.productions", "The workspace has no production \"Gone\"" },
    };

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task What_is_missing_is_named(WorkspaceSettings settings, ExportSettings? export, string expected, string message)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);

        var problem = Assert.Single((await workspace.Source(settings, export).ResolveAsync(Stop)).Problems);

        Assert.Equal(expected, $"{problem.Code} {problem.Field}");
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_missing_is_said_at_once()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var source = workspace.Source(
            new WorkspaceSettings { Part = WorkspacePart.Folder, Folder = "Gone", Columns = [new("Lost")] }, new ExportSettings { Productions = ["Away"] });

        var thrown = await Assert.ThrowsAsync<ConfigurationException>(() => source.CheckAsync(Stop));

        Assert.Equal(["folder-not-found", "field-not-found", "production-not-found"], (await source.ResolveAsync(Stop)).Problems.Select(p => p.Code));
        Assert.Contains("\"Gone\"", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("\"Lost\"", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("\"Away\"", thrown.Message, StringComparison.Ordinal);
    }
}
