using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>The fields of Document by the names in an export's settings; those that are not there any more become problems.</summary>
internal sealed class DocumentFields(IReadOnlyList<Field> fields, List<Problem> problems)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<Field> All => fields;

    /// <summary>
    /// The columns of a search or view that are there; without any, or without it, all fields by name, the identifier first and the folder's path last:
    /// what an import needs to make the same documents again.
    /// </summary>
    public IReadOnlyList<ExportColumn> Known(SavedList? list) => list is { Columns.Count: > 0 }
        ? [.. list.Columns.Where(c => IsFolder(c) || Find(c) is not null).Select(c => new ExportColumn(c))]
        :
        [
            .. fields.Where(f => !IsFolder(f.Name)).OrderBy(f => f.Role != FieldRole.Identifier).ThenBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Select(f => new ExportColumn(f.Name)),
            new ExportColumn(WorkspaceSettings.FolderColumn),
        ];

    /// <summary>The columns of the load file, as the settings choose them.</summary>
    /// <param name="path">The setting.</param>
    /// <param name="columns">Fields, or the path of the folder, with the names that they are to have.</param>
    public IReadOnlyList<SourceField> Columns(string path, IReadOnlyList<ExportColumn> columns)
    {
        var found = columns.Select(c => (Field: Find(c.Field), Column: c)).ToList();
        ReportMissing(path, found.Where(f => f.Field is null && !IsFolder(f.Column.Field)).Select(f => f.Column.Field), "field", "which the export names");
        SourceField[] named = [.. found.Select(f => Column(f.Field, f.Column))];
        foreach (var name in named.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key))
            Report(path, "column-named-twice", $"More than one column is called {Words.Quote(name)}. Rename one of them.");
        return named;
    }

    /// <summary>The order; columns that are not there are left out.</summary>
    public IReadOnlyList<SelectedSort> Sort(IReadOnlyList<SortColumn> columns)
        => [.. columns.Select(c => (Field: Find(c.Field), c.Descending)).Where(c => c.Field is not null).Select(c => new SelectedSort(c.Field!.Id, c.Field.Type, c.Descending))];

    /// <summary>The ids of the fields whose text becomes files; without names that of the extracted text.</summary>
    public IReadOnlyList<string> Text(string path, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            // A long text of that name serves too, as on import.
            var text = fields.FirstOrDefault(f => f.Role == FieldRole.ExtractedText)
                ?? fields.FirstOrDefault(f => f.Type == FieldType.LongText && f.Name.Equals("Extracted Text", StringComparison.OrdinalIgnoreCase));
            if (text is not null) return [text.Id];
            Report(path, "field-not-found", "Document has no field for the extracted text, from which text files are to be made. Name a long text field as text precedence, or export no text.");
            return [];
        }
        ReportMissing(path, names.Where(name => Find(name)?.Type != FieldType.LongText), "long text field", "from which text files are to be made");
        return [.. names.Select(Find).OfType<Field>().Select(f => f.Id)];
    }

    private static SourceField Column(Field? field, ExportColumn column)
    {
        var own = field?.Name ?? (IsFolder(column.Field) ? WorkspaceSettings.FolderColumn : column.Field);
        return new SourceField(string.IsNullOrWhiteSpace(column.Name) ? own : column.Name.Trim(), field?.Role == FieldRole.Identifier, field?.Type, field?.Length) { FieldId = field?.Id };
    }

    // The folder's column is no field, also where a field has its name.
    private Field? Find(string name)
        => IsFolder(name) ? null : fields.FirstOrDefault(f => string.Equals(f.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    private static bool IsFolder(string name) => string.Equals(name.Trim(), WorkspaceSettings.FolderColumn, StringComparison.OrdinalIgnoreCase);

    private void ReportMissing(string path, IEnumerable<string> names, string what, string use)
    {
        if (names.ToList() is not { Count: > 0 } missing) return;
        Report(path, "field-not-found", $"Document has no {what} {Words.List(missing)}, {use}. Choose other fields, or make {(missing.Count == 1 ? "it" : "them")} again.");
    }

    private void Report(string path, string code, string message) => problems.Add(new Problem(code, message) { Field = path });
}
