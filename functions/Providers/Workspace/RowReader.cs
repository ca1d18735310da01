using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>A source record with its values converted, or all that is wrong with it.</summary>
internal sealed record Row(SourceRecord Source)
{
    /// <summary>What names the record in messages; null when it could not be read.</summary>
    public string? SourceId { get; init; }

    /// <summary>The value by which an existing record is found.</summary>
    public string Key { get; init; } = "";

    /// <summary>The identifier of a new record; null when the row has none and needs none.</summary>
    public string? Identifier { get; init; }

    /// <summary>The full name of an entity; null of other records, and where the row has none.</summary>
    public string? Name { get; init; }

    /// <summary>Whom the row names as the manager; null: nobody.</summary>
    public string? Manager { get; init; }

    /// <summary>How other records of the source refer to this one, where that is not the identifier.</summary>
    public string? Link { get; init; }

    /// <summary>The mapped fields' values, without those of <see cref="Texts"/>.</summary>
    public List<NewValue> Values { get; init; } = [];

    /// <summary>Texts that are read from files or become files.</summary>
    public List<PendingText> Texts { get; } = [];

    public RecordFolder? Folder { get; init; }

    /// <summary>The file that is to be the native; null when the row names none, or none can be used.</summary>
    public SourceFile? NativeSource { get; init; }

    /// <summary>The native, once its file was looked at.</summary>
    public NativeFile? Native { get; set; }

    public List<KeptFile> Files { get; } = [];

    /// <summary>The images of a document; null when the source brings none, or none can be used.</summary>
    public RowImages? Images { get; set; }

    public List<Problem> Errors { get; } = [];
    public List<Problem> Warnings { get; } = [];
}

/// <summary>A long text whose place among the values is kept free until the store was asked: the cell's own, or that of a file.</summary>
internal readonly record struct PendingText(int Place, Field Field, string? Cell, SourceFile? File);

/// <summary>Maps and converts the cells of source records. All problems of a row are found at once.</summary>
internal sealed class RowReader
{
    private const int RememberedFolders = 1000;
    private readonly ImportSettings import;
    private readonly ResolvedMapping mapping;
    private readonly PreparedLinks? links;
    private readonly TextFiles texts;
    private readonly BatchScope scope;
    private readonly (MappedField Mapped, ValueConverter Converter)[] columns;
    private readonly ValueConverter? textConverter;
    private readonly int longestIdentifier;
    private readonly Dictionary<string, FolderPathResult> folders = [];

    /// <param name="job">The job.</param>
    /// <param name="prepared">What it was frozen with: where dates and numbers are written as the source says, and how records are linked.</param>
    /// <param name="mapping">Where each column goes.</param>
    /// <param name="texts">Long texts.</param>
    /// <param name="scope">The batch at work.</param>
    public RowReader(Job job, PreparedJob prepared, ResolvedMapping mapping, TextFiles texts, BatchScope scope)
    {
        import = job.Point.Import;
        this.mapping = mapping;
        links = prepared.Links;
        this.texts = texts;
        this.scope = scope;
        var settings = ConversionSettings.Of(prepared.Layout.Culture is { } culture ? import with { Culture = culture } : import, job.StartedUtc.UtcDateTime, job.Instance);
        columns = [.. mapping.Fields.Where(m => m.Field.Role != FieldRole.Identifier).Select(m => (m, new ValueConverter(m.Field, settings)))];
        textConverter = mapping.TextField is { } field && !import.TextIsPath ? new ValueConverter(field, settings) : null;
        longestIdentifier = mapping.Identifier?.Field.Length ?? Engine.Records.Identifier.MaxLength;
        FileFields = [.. new[] { mapping.NativeColumn, import.TextIsPath ? mapping.TextColumn : null }.OfType<int>()];
    }

    /// <summary>The fields of the source whose cells hold paths.</summary>
    public IReadOnlyList<int> FileFields { get; }

    /// <summary>The row's values, or its problems. Texts that need the store are left to <see cref="AddTextsAsync"/>.</summary>
    public Row Read(SourceRecord source)
    {
        var row = Named(source);
        if (source.Problem is { } problem)
        {
            Add(row, problem.Code, problem.Field, problem.Message);
            return row;
        }
        if (row.Errors.Count > 0) return row;
        row = WithLinks(row);
        if (source.FirstLine is { } first)
        {
            Add(row, "duplicate-identifier", mapping.Key.ColumnName, string.Create(CultureInfo.InvariantCulture,
                $"{Words.Quote(row.Key)} stands at line {first} already (case of letters does not count); that row is taken. Give this row its own value, or remove it."));
            return row;
        }
        foreach (var (mapped, converter) in columns) AddValue(row, mapped.ColumnName, converter, source.Cells[mapped.Column]);
        var folder = Folder(row);
        var native = NativeSource(row);
        if (row.Errors.Count == 0) AddText(row);
        return row with { Folder = folder, NativeSource = native };
    }

    /// <summary>Fills in the texts that are read from files or become files. For several rows at once.</summary>
    public async Task AddTextsAsync(Row row, CancellationToken cancellationToken)
    {
        if (row.Errors.Count > 0) return;
        foreach (var (place, field, cell, file) in row.Texts)
        {
            var text = file is null
                ? await texts.KeepAsync(cell!, row.Source.Line, field.Id, cancellationToken)
                : await texts.ReadAsync(file, row.Source.Line, import.TextEncoding, cancellationToken);
            if (text.Code is not null)
            {
                Add(row, text.Code, field.Name, text.Reason!);
                continue;
            }
            row.Values[place] = new NewValue(field, (object?)text.File ?? (text.Inline is { Length: > 0 } inline ? inline : null));
            if (text.Sha256 is not null) row.Files.Add(KeptFile.Of(field, text, file));
        }
    }

    private Row Named(SourceRecord source)
    {
        if (source.Cells.Count == 0 || source.Problem is not null) return new Row(source) { SourceId = NameOf(source) };
        var key = KeyOf(source);
        var row = new Row(source) { Key = key, SourceId = key.Length == 0 ? null : key.Length <= Engine.Records.Identifier.MaxLength ? key : Words.Shorten(key) };
        if (mapping.Identifier is { } identifier)
        {
            var text = identifier == mapping.Key ? key : source.Cells[identifier.Column];
            if (mapping.IsKeyDerived && key.Length == 0)
            {
                AddNameless(row);
                return row;
            }
            var check = IdentifierCheck.Check(text, longestIdentifier);
            // Overlaying by another field needs no identifier, until a record has to be made.
            if (check.IsError && (identifier == mapping.Key || !string.IsNullOrWhiteSpace(text))) Add(row, check.Code, identifier.ColumnName, check.Reason);
            else row = row with { Identifier = check.Value as string, Key = identifier == mapping.Key ? (string)check.Value! : key };
        }
        if (mapping.Key != mapping.Identifier && key.Length == 0)
            Add(row, "missing-identifier", mapping.Key.ColumnName, "The value by which records are overlaid is blank. Enter it, or leave the row out.");
        if (mapping.Name is not { } name) return row;
        row = row with { Name = name.Of(source.Cells) };
        if (row.Name is null && name.Column is null) AddNameless(row);
        return row;
    }

    private string KeyOf(SourceRecord source)
        => mapping.IsKeyDerived ? mapping.Name!.Of(source.Cells) ?? "" : source.Cells[mapping.Key.Column].Trim();

    private void AddNameless(Row row) => Add(row, "missing-full-name", mapping.Name!.Field.Name,
        "The full name is made of first and last name, and both are blank. Enter one of them, or leave the row out.");

    private Row WithLinks(Row row)
    {
        // What is shown, where records are stored under another identifier.
        if (mapping.HasUniqueIdentifier && row.Name is { } name) AddName(row, name);
        if (mapping.Manager is not { } manager) return row;
        var named = row.Source.Cells[manager.Column].Trim();
        // A blank cell empties the field like any other; a name is linked later.
        if (named.Length == 0) row.Values.Add(new NewValue(manager.Field, null));
        return row with
        {
            Manager = named.Length == 0 ? null : named,
            Link = links?.LinkColumn is { } column && row.Source.Cells[column].Trim() is { Length: > 0 } link ? link : null,
        };
    }

    private void AddName(Row row, string name)
    {
        var field = mapping.Name!.Field;
        var check = IdentifierCheck.Check(name, field.Length ?? Engine.Records.Identifier.MaxLength);
        if (check.IsError) Add(row, check.Code, field.Name, check.Reason);
        else row.Values.Add(new NewValue(field with { Role = FieldRole.None }, check.Value));
    }

    private string? NameOf(SourceRecord source)
        => !mapping.IsKeyDerived && source.Cells.Count > mapping.Key.Column && source.Cells[mapping.Key.Column].Trim() is { Length: > 0 } name ? Words.Shorten(name) : null;

    private void AddValue(Row row, string column, ValueConverter converter, string cell)
    {
        var converted = converter.Convert(cell);
        if (converted.IsError)
        {
            Add(row, converted.Code, column, converted.Reason);
        }
        else if (converted.Value is string text && converter.Field.Type == FieldType.LongText && !TextFiles.IsShort(text))
        {
            row.Texts.Add(new PendingText(row.Values.Count, converter.Field, text, null));
            row.Values.Add(new NewValue(converter.Field, null));
        }
        else
        {
            row.Values.Add(new NewValue(converter.Field, converted.Value));
        }
    }

    private void AddText(Row row)
    {
        if (mapping.TextField is not { } field) return;
        if (textConverter is not null)
        {
            AddValue(row, field.Name, textConverter, row.Source.Cells[mapping.TextColumn!.Value]);
            return;
        }
        if (row.Source.Files.GetValueOrDefault(mapping.TextColumn!.Value) is { } file) row.Texts.Add(new PendingText(row.Values.Count, field, null, file));
        row.Values.Add(new NewValue(field, null));
    }

    // Documents of a folder stand together, mostly.
    private RecordFolder? Folder(Row row)
    {
        var cell = mapping.FolderColumn is { } column ? row.Source.Cells[column] : "";
        if (!folders.TryGetValue(cell, out var result))
        {
            if (folders.Count == RememberedFolders) folders.Clear();
            folders.Add(cell, result = FolderPath.Parse(import.DestinationFolder, cell));
        }
        if (result.IsError) Add(row, result.Code, import.FolderColumn, result.Reason);
        return result.Folder;
    }

    private SourceFile? NativeSource(Row row)
    {
        foreach (var (column, file) in row.Source.Files)
        {
            var name = column == mapping.NativeColumn ? import.NativeColumn : import.TextColumn;
            if (file.Problem is { } problem) Add(row, problem.Code, name, problem.Message);
            if (file.Warning is { } warning)
                row.Warnings.Add(Problem.Item(scope.File, warning.Code, row.Source.Line, row.SourceId, name, warning.Message) with { Severity = ProblemSeverity.Warning });
        }
        return mapping.NativeColumn is { } native && row.Source.Files.GetValueOrDefault(native) is { Problem: null } found ? found : null;
    }

    private void Add(Row row, string code, string? field, string reason)
        => row.Errors.Add(Problem.Item(scope.File, code, row.Source.Line, row.SourceId, field, reason));
}
