using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>The layout of a workspace that is read, or what is wrong with the settings, each problem with the setting's path as its field.</summary>
public sealed record ResolvedWorkspace(SourceLayout? Layout, IReadOnlyList<Problem> Problems)
{
    /// <summary>The layout.</summary>
    /// <exception cref="ConfigurationException">There are problems: the first one's code, the words of the first few.</exception>
    public SourceLayout OrThrow() => Layout ?? throw new ConfigurationException(Problems[0] with
    {
        Message = string.Join(' ', Problems.Take(3).Select(p => p.Message)) + (Problems.Count > 3 ? $" And {Problems.Count - 3} more." : ""),
    });
}

/// <summary>Finds by name what an export reads: folder, production, fields.</summary>
internal sealed class WorkspaceCheck(IntegrationPoint point, ExportSettings? export, WorkspaceStores stores)
{
    private readonly WorkspaceSettings settings = Sources.Read<WorkspaceSettings>(point.Source);
    private readonly List<Problem> problems = [];
    private readonly List<Field> fields = [];

    /// <summary>The layout, or all that is wrong.</summary>
    public async Task<ResolvedWorkspace> RunAsync(CancellationToken cancellationToken)
    {
        var workspace = (await stores.Workspaces.FindAsync(point.Workspace, cancellationToken))?.Value
            ?? throw new ConfigurationException("source-unavailable", $"The workspace {Words.Quote(point.Workspace)} does not exist any more.");
        await foreach (var field in stores.Workspaces.FieldsAsync(workspace.Id, ObjectType.Document, cancellationToken)) fields.Add(field.Value);

        var production = settings.Part == WorkspacePart.Production ? await ProductionAsync("source.settings.production", settings.Production, cancellationToken) : null;
        var folder = settings.Part is WorkspacePart.Folder or WorkspacePart.FolderAndSubfolders ? await FolderAsync(cancellationToken) : null;
        var columns = Columns();
        var selection = new SelectedDocuments
        {
            Workspace = workspace,
            IdentifierField = Identifier.Id,
            Part = settings.Part,
            Folder = folder,
            Production = production?.Id,
            StartAt = settings.StartAtRecord,
            TextFields = TextFields(),
            Productions = production is null ? await ProductionsAsync(cancellationToken) : [production.Id],
        };
        return problems.Count > 0 ? new ResolvedWorkspace(null, problems) : new ResolvedWorkspace(
            new SourceLayout
            {
                Name = production?.Name ?? folder?.Path[(folder.Path.LastIndexOf('\\') + 1)..] ?? workspace.Name,
                Fields = [.. columns.Select(c => new SourceField(c.Name, c.Field?.Role == FieldRole.Identifier, c.Field?.Type, c.Field?.Length) { FieldId = c.Field?.Id })],
                Frozen = selection.Freeze(),
            },
            []);
    }

    private Field Identifier => fields.Find(f => f.Role == FieldRole.Identifier)
        ?? throw new ConfigurationException("field-not-found", "The object type \"Document\" has no identifier field. Create one before exporting.");

    private async Task<RecordFolder?> FolderAsync(CancellationToken cancellationToken)
    {
        var parsed = FolderPath.Parse("", settings.Folder ?? "");
        if (parsed.IsError) Report("source.settings.folder", parsed.Code, parsed.Reason);
        else if (parsed.Folder is { } folder && await stores.Metadata.ReadAsync<NamedPath>(Catalog.Config(point.Workspace), "folder", folder.Ids[^1], cancellationToken) is null)
            Report("source.settings.folder", "folder-not-found", $"The workspace has no folder {Words.Quote(folder.Path)}. Choose one that is there.");
        return parsed.Folder;
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

    private List<(Field? Field, string Name)> Columns()
    {
        var asked = settings.Columns.Count > 0 ? settings.Columns
            : [.. fields.OrderBy(f => f.Role != FieldRole.Identifier).ThenBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Select(f => new ExportColumn(f.Name))];
        var columns = new List<(Field?, string)>();
        var missing = new List<string>();
        foreach (var (name, renamed) in asked)
        {
            var isFolder = string.Equals(name, WorkspaceSettings.FolderColumn, StringComparison.OrdinalIgnoreCase);
            var field = isFolder ? null : Find(name);
            if (field is null && !isFolder) missing.Add(name);
            columns.Add((field, string.IsNullOrWhiteSpace(renamed) ? field?.Name ?? name : renamed.Trim()));
        }
        const string path = "source.settings.columns";
        if (missing.Count > 0)
            Report(path, "field-not-found", $"Document has no field {Words.List(missing)}, which {(missing.Count == 1 ? "is" : "are")} to be exported. Leave {(missing.Count == 1 ? "it" : "them")} out, or choose other fields.");
        foreach (var name in columns.GroupBy(c => c.Item2, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key))
            Report(path, "duplicate-column", $"Two columns are called {Words.Quote(name)}. Rename or leave out one of them.");
        return columns;
    }

    private string[] TextFields()
    {
        if (export is not { TextFiles: true }) return [];
        if (export.TextPrecedence.Count == 0) return [.. fields.Where(f => f.Role == FieldRole.ExtractedText).Select(f => f.Id)];
        var missing = export.TextPrecedence.Where(name => Find(name)?.Type != FieldType.LongText).ToList();
        if (missing.Count > 0)
            Report("destination.settings.textPrecedence", "field-not-found", $"Document has no long text field {Words.List(missing)}, from which text files are to be made. Choose other fields.");
        return [.. export.TextPrecedence.Select(Find).OfType<Field>().Select(f => f.Id)];
    }

    private Field? Find(string name) => fields.Find(f => string.Equals(f.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    private void Report(string path, string code, string message) => problems.Add(new Problem(code, message) { Field = path });
}
