using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>The layout of a workspace that is read, or what is wrong with the settings, each problem with the setting's path as its field.</summary>
public sealed record ResolvedWorkspace(SourceLayout? Layout, IReadOnlyList<Problem> Problems)
{
    /// <summary>The layout.</summary>
    /// <exception cref="ConfigurationException">There are problems: all of them as one.</exception>
    public SourceLayout OrThrow() => Layout ?? throw new ConfigurationException(Problem.Together(Problems));
}

/// <summary>Finds by name what an export reads: folder, production, saved search or view; fields are <see cref="DocumentFields"/>' to find.</summary>
internal sealed class WorkspaceCheck(IntegrationPoint point, ExportSettings? export, WorkspaceStores stores)
{
    private readonly WorkspaceSettings settings = Sources.Read<WorkspaceSettings>(point.Source);
    private readonly List<Problem> problems = [];

    /// <summary>The layout, or all that is wrong.</summary>
    public async Task<ResolvedWorkspace> RunAsync(CancellationToken cancellationToken)
    {
        var workspace = (await stores.Workspaces.FindAsync(point.Workspace, cancellationToken))?.Value ?? throw Unavailable();
        var type = (await stores.Workspaces.TypeAsync(point.Workspace, ObjectType.Document, cancellationToken))?.Value ?? throw Unavailable();
        var fields = new DocumentFields(await FieldsAsync(cancellationToken), problems);

        var production = settings.Part == WorkspacePart.Production ? await ProductionAsync("source.settings.production", settings.Production, cancellationToken) : null;
        var folder = IsFolder ? await FolderAsync(cancellationToken) : null;
        var list = await ListAsync(cancellationToken);
        if (list is not null) CheckList(list, type, fields.All);
        var columns = fields.Columns("source.settings.columns", settings.Columns.Count > 0 ? settings.Columns : fields.Known(list));
        var selection = new SelectedDocuments
        {
            Workspace = workspace,
            IdentifierField = type.IdentifierField,
            Query = new RecordQuery(type.Name, new AllOf([.. Conditions(production, folder), .. ConditionOf(list, type, fields.All)])),
            Production = production?.Id,
            Sort = fields.Sort(list?.Sort ?? []),
            StartAt = settings.StartAtRecord,
            TextFields = export is { TextFiles: true } or { Images: true, ImageFile: ImageFileFormat.IproFullText } ? fields.Text("destination.settings.textPrecedence", export.TextPrecedence) : [],
            Productions = production is null ? await ProductionsAsync(cancellationToken) : [production.Id],
        };
        if (problems.Count > 0) return new ResolvedWorkspace(null, problems);
        var name = production?.Name ?? (IsFolder ? folder?.Path[(folder.Path.LastIndexOf('\\') + 1)..] : list?.Name) ?? workspace.Name;
        return new ResolvedWorkspace(new SourceLayout { Name = name, Fields = columns, Frozen = selection.Freeze() }, []);
    }

    private bool IsFolder => settings.Part is WorkspacePart.Folder or WorkspacePart.FolderAndSubfolders;

    private SavedListCatalog Lists => IsFolder ? stores.Views : stores.Searches;

    private string ListPath => IsFolder ? "source.settings.view" : "source.settings.savedSearch";

    private ConfigurationException Unavailable()
        => new("source-unavailable", $"The workspace {Words.Quote(point.Workspace)} does not exist any more. Delete the integration point, or make one in another workspace.");

    private async Task<List<Field>> FieldsAsync(CancellationToken cancellationToken)
    {
        var fields = new List<Field>();
        await foreach (var field in stores.Workspaces.FieldsAsync(point.Workspace, ObjectType.Document, cancellationToken)) fields.Add(field.Value);
        return fields;
    }

    private IEnumerable<RecordCondition> Conditions(Production? production, RecordFolder? folder)
    {
        if (IsFolder) yield return new FolderTest(folder?.Ids[^1], folder?.Ids.Count ?? 0, settings.Part == WorkspacePart.FolderAndSubfolders);
        if (production is not null) yield return new ImagesTest(production.Id);
    }

    private static IEnumerable<RecordCondition> ConditionOf(SavedList? list, ObjectType type, IReadOnlyList<Field> fields)
        => ConditionResolver.Resolve(list?.Condition, type, fields).Query is { } query ? [query.Condition] : [];

    // Its fields may have gone since it was saved. Columns count only when the integration point follows them.
    private void CheckList(SavedList list, ObjectType type, IReadOnlyList<Field> fields)
    {
        var used = settings.Columns.Count > 0 ? list with { Columns = [] } : list;
        foreach (var problem in SavedListRules.Check(used, type, fields))
            Report(ListPath, problem.Code, $"The {Lists.What} {Words.Quote(list.Name)} cannot be used any more: {problem.Message}");
    }

    private async Task<RecordFolder?> FolderAsync(CancellationToken cancellationToken)
    {
        const string path = "source.settings.folder";
        var parsed = FolderPath.Parse("", settings.Folder ?? "");
        if (parsed.IsError) Report(path, parsed.Code, parsed.Reason);
        else if (parsed.Folder is { } folder && !await stores.Folders.ExistsAsync(point.Workspace, folder, cancellationToken))
            Report(path, "folder-not-found", $"The workspace has no folder {Words.Quote(folder.Path)}. Choose one that is there.");
        return parsed.Folder;
    }

    // The view of a folder, when one is named; the saved search. Whose point it is may read what is private to them.
    private async Task<SavedList?> ListAsync(CancellationToken cancellationToken)
    {
        var name = IsFolder ? settings.View : settings.SavedSearch;
        if (settings.Part == WorkspacePart.Production || (IsFolder && string.IsNullOrWhiteSpace(name))) return null;
        var list = string.IsNullOrWhiteSpace(name) ? null : (await Lists.FindAsync(point.Workspace, name, point.SavedBy, cancellationToken))?.Value;
        if (list is null) Report(ListPath, IsFolder ? "view-not-found" : "saved-search-not-found", $"The workspace has no {Lists.What} {Words.Quote(name)}, or it is another user's own. Choose one that is there.");
        if (list is null || string.Equals(list.ObjectType, ObjectType.Document, StringComparison.OrdinalIgnoreCase)) return list;
        Report(ListPath, "documents-only", $"The {Lists.What} {Words.Quote(list.Name)} finds objects of the type {Words.Quote(list.ObjectType)}, and documents are exported. Choose another.");
        return null;
    }

    private async Task<Production?> ProductionAsync(string path, string? idOrName, CancellationToken cancellationToken)
    {
        var found = string.IsNullOrWhiteSpace(idOrName) ? null : (await stores.Productions.FindAsync(point.Workspace, idOrName, cancellationToken))?.Value;
        if (found is null) Report(path, "production-not-found", $"The workspace has no production {Words.Quote(idOrName)}. Choose one that is there.");
        return found;
    }

    private async Task<IReadOnlyList<string>> ProductionsAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        foreach (var idOrName in export?.Productions ?? [])
            if (await ProductionAsync("destination.settings.productions", idOrName, cancellationToken) is { } production) ids.Add(production.Id);
        return ids;
    }

    private void Report(string path, string code, string message) => problems.Add(new Problem(code, message) { Field = path });
}
