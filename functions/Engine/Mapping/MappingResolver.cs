using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>Works out one <see cref="ResolvedMapping"/>, collecting every problem on the way.</summary>
internal sealed partial class MappingResolver(
    IntegrationPoint point, ObjectType type, IReadOnlyList<SourceField> columns, IReadOnlyList<Field> all, Synonyms synonyms)
{
    /// <summary>The names of the columns that the source had when it was mapped; empty: not known.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    private readonly IReadOnlyList<Field> fields = WithoutLeftovers(type, all);
    private readonly ImportSettings import = point.Import;
    private readonly Claims claims = new(point, columns);
    private readonly Field? identifierField = IdentifierOf(type, all);
    private readonly List<MappedField> pairs = [];
    private readonly List<Problem> problems = [];
    private readonly List<Problem> notes = [];
    private MappedField? identifier;

    public MappingResult Resolve()
    {
        problems.AddRange(claims.Problems);
        CheckDocumentOptions();
        CheckDateFormats();
        AddMapping();
        var textField = TextField();
        AddIdentifier();
        if (point.MapAllFields)
        {
            AddNamedObjects();
            AddEqualNames(textField);
        }
        CheckFields();
        CheckChanges();
        if (import.UniqueIdentifier is not null && !type.IsEntity) ReportNoEntities();
        var key = FindKey();
        if (problems.Count > 0 || key is null) return new MappingResult(null, problems);

        var mapped = pairs.Select(p => p.Column).ToHashSet();
        return new MappingResult(new ResolvedMapping
        {
            Identifier = identifier,
            Fields = [.. pairs.Where(p => p != Manager).OrderBy(p => p.Column)],
            Name = entityName,
            IsKeyDerived = isKeyDerived && key == identifier,
            Manager = Manager,
            Key = key,
            NativeColumn = claims.Native,
            TextColumn = claims.Text,
            FolderColumn = claims.Folder,
            TextField = textField,
            Unmapped = [.. Enumerable.Range(0, columns.Count).Where(c => !mapped.Contains(c) && !claims.IsForFiles(c)).Select(c => columns[c].Name)],
            Notes = [.. notes],
        }, []);
    }

    private void CheckDocumentOptions()
    {
        if (type.IsDocument || import.NativeColumn is null && import.TextColumn is null && import.FolderColumn is null) return;
        Report("documents-only", null,
            $"Natives, extracted text and folders belong to documents, and this import is into {Words.Quote(type.Name)}. Leave these columns out, or map them to fields.");
    }

    private void CheckDateFormats()
    {
        foreach (var name in import.DateFormats.Keys.Where(name => FieldMatcher.Find(fields, name) is not { Type: FieldType.Date }))
        {
            Report("date-format-unused", name, FieldMatcher.Find(fields, name) is not null
                ? $"A format of dates is set for the field {Words.Quote(name)}, which is no date field. Remove it, or name another field."
                : $"A format of dates is set for the field {Words.Quote(name)}, and the object type {Words.Quote(type.Name)} has no such field. Correct the name.");
        }
    }

    private void CheckFields()
    {
        foreach (var pair in pairs.Where(p => FieldMatcher.AreSame(p.Field.AssociatedType ?? "", type.Name) && p != Manager))
        {
            Report("self-association", pair.Field.Name,
                $"The field {Words.Quote(pair.Field.Name)} names objects of {Words.Quote(type.Name)}, the object type that is imported into, whose records may not be there yet. Leave the column {Words.Quote(pair.ColumnName)} out.");
        }
        if (type.IsEntity) CheckEntity();
    }

    /// <summary>The problems of the fields alone; those that the import is to make need not be there.</summary>
    public IReadOnlyList<Problem> CheckDestination()
    {
        foreach (var pair in point.Mapping)
            if (FieldOf(pair) is null && import.CreateFields is null) ReportMissingField(pair);
        if (FindsByOtherField && import.CreateFields is null && FieldMatcher.Find(fields, import.OverlayField!) is null) ReportMissingOverlayField();
        return problems;
    }

    private void AddMapping()
    {
        foreach (var pair in point.Mapping)
        {
            var column = FieldMatcher.IndexOf(columns, pair.Source);
            var field = FieldOf(pair);
            if (column < 0)
            {
                Report("column-missing", pair.Source,
                    $"The source has no column {Words.Quote(pair.Source)}, which is mapped to the field {Words.Quote(pair.Destination)}. {claims.ThereAre()}");
            }
            if (field is null) ReportMissingField(pair);
            if (column >= 0 && field is not null) Add(column, field);
        }
    }

    // A field of another type than the one that was mapped is another field under an old name: what fitted there may not fit here.
    private Field? FieldOf(FieldMapping pair)
    {
        var field = FieldMatcher.Find(fields, pair.Destination);
        if (field is not null && pair.Type is { } mapped && mapped != field.Type) problems.Add(ResolvedMapping.TypeChanged(pair, mapped, field.Type));
        return field;
    }

    private void Add(int column, Field field)
    {
        var sameField = pairs.Find(p => p.Field.Id == field.Id);
        var sameColumn = pairs.Find(p => p.Column == column);
        if (sameField is not null && sameField.Column != column)
        {
            Report("field-mapped-twice", field.Name,
                $"The field {Words.Quote(field.Name)} gets its values from two columns, {Words.Quote(sameField.ColumnName)} and {Words.Quote(columns[column].Name)}. Map only one of them to it.");
        }
        else if (sameColumn is not null && sameColumn.Field.Id != field.Id)
        {
            Report("column-mapped-twice", columns[column].Name,
                $"The column {Words.Quote(columns[column].Name)} is mapped to two fields, {Words.Quote(sameColumn.Field.Name)} and {Words.Quote(field.Name)}. Map it to one of them.");
        }
        else if (sameField is null)
        {
            pairs.Add(new MappedField(column, columns[column].Name, field));
        }
    }

    private Field? TextField()
    {
        if (claims.Text is null) return null;
        var field = ExtractedText(fields);
        if (field is null)
        {
            ReportMissingField(FieldPlan.ExtractedText, "which holds the extracted text");
        }
        else if (pairs.Find(p => p.Field.Id == field.Id) is { } pair && (pair.Column != claims.Text || import.TextIsPath))
        {
            Report("field-mapped-twice", field.Name,
                $"The field {Words.Quote(field.Name)} gets the extracted text of the column {Words.Quote(columns[claims.Text.Value].Name)}, and the column {Words.Quote(pair.ColumnName)} is mapped to it too. Remove one of them.");
        }
        return field;
    }

    /// <summary>The fields that count. A change of identifier that was broken off can leave a second identifier, which does not.</summary>
    internal static Field[] WithoutLeftovers(ObjectType type, IReadOnlyList<Field> fields)
    {
        var identifier = IdentifierOf(type, fields);
        return [.. fields.Where(f => f.Role != FieldRole.Identifier || f.Id == identifier?.Id)];
    }

    /// <summary>The field that names records: the object type says which.</summary>
    internal static Field? IdentifierOf(ObjectType type, IReadOnlyList<Field> fields)
        => fields.FirstOrDefault(f => f.Id == type.IdentifierField) ?? fields.FirstOrDefault(f => f.Role == FieldRole.Identifier);

    /// <summary>The field that holds extracted text: by its role, else by its name.</summary>
    internal static Field? ExtractedText(IReadOnlyList<Field> fields)
        => fields.FirstOrDefault(f => f.Role == FieldRole.ExtractedText)
        ?? fields.FirstOrDefault(f => f.Type == FieldType.LongText && FieldMatcher.AreSame(f.Name, FieldPlan.ExtractedText));

    private void AddIdentifier()
    {
        if (identifierField is null)
        {
            Report("field-not-found", null, $"The object type {Words.Quote(type.Name)} has no identifier field. Create one before importing.");
            return;
        }
        if (type.IsEntity)
        {
            AddEntityIdentifiers(identifierField);
            return;
        }
        var mapped = pairs.Exists(p => p.Field.Id == identifierField.Id);
        if (claims.Identifier is { } named) Add(named, identifierField);
        else if (claims.NamedIdentifier is null && !mapped && point.MapAllFields && DefaultIdentifier() is { } column) Add(column, identifierField);
    }

    // The source's own, else the first (command line, import). Where existing records are found by another field and no record
    // is made, a column that happens to come first is no identifier.
    private int? DefaultIdentifier() => claims.Usual is { } usual && (columns[usual].IsIdentifier || !(FindsByOtherField && import.Overwrite == OverwriteMode.OverlayOnly)) ? usual : null;

    private void AddEqualNames(Field? textField)
    {
        var taken = pairs.Select(p => p.Field.Id).ToHashSet();
        var mapped = pairs.Select(p => p.Column).ToHashSet();
        var open = Enumerable.Range(0, columns.Count).Where(c => !claims.IsForFiles(c) && !mapped.Contains(c)).ToArray();
        var openFields = fields.Where(f => !taken.Contains(f.Id) && f.Id != textField?.Id).ToArray();
        var matches = FieldMatcher.Match([.. open.Select(c => type.IsEntity ? columns[c] with { IsIdentifier = false } : columns[c])], openFields, new MatchOptions { Synonyms = synonyms });
        foreach (var (pair, _) in matches.Pairs) pairs.Add(pair with { Column = open[pair.Column] });
        // Its values go nowhere, which nobody would notice.
        foreach (var left in matches.Columns.Where(left => left.Code == "object-field"))
            notes.Add(new Problem("object-not-mapped", $"The column {Words.Quote(left.Name)} goes nowhere. {left.Reason}") { Field = left.Name, Severity = ProblemSeverity.Warning });
    }

    // Fields that name objects are mapped when somebody says so, and a schema that names one does.
    private void AddNamedObjects()
    {
        foreach (var named in import.CreateFields?.Fields ?? [])
        {
            if (FieldMatcher.Find(fields, named.Name) is not { } field || !FieldMatcher.IsObject(field) || pairs.Exists(p => p.Field.Id == field.Id)) continue;
            var column = FieldMatcher.IndexOf(columns, named.Name);
            if (column >= 0 && !claims.IsForFiles(column) && !pairs.Exists(p => p.Column == column)) pairs.Add(new MappedField(column, columns[column].Name, field));
        }
    }

    private bool FindsByOtherField => import.Overwrite != OverwriteMode.AppendOnly && import.OverlayField is not null
        && (identifierField is null || !FieldMatcher.AreSame(import.OverlayField, identifierField.Name));

    private MappedField? FindKey()
    {
        if (type.IsEntity && identifierField is not null) return FindEntityKey(identifierField);
        identifier = pairs.Find(p => p.Field.Id == identifierField?.Id);
        if (identifier is null && identifierField is not null && claims.NamedIdentifier is null
            && !(FindsByOtherField && import.Overwrite == OverwriteMode.OverlayOnly))
        {
            Report("identifier-column-missing", identifierField.Name,
                $"No column is mapped to the identifier {Words.Quote(identifierField.Name)}. {claims.ThereAre()}");
        }
        return FindsByOtherField ? FindOverlayKey(import.OverlayField!) : identifier;
    }

    private MappedField? FindOverlayKey(string name)
    {
        var field = FieldMatcher.Find(fields, name);
        if (field is null)
        {
            ReportMissingOverlayField();
            return null;
        }
        var key = pairs.Find(p => p.Field.Id == field.Id);
        // Where all that a source says of a record is its name, as in image load files, the name is what the field holds.
        if (key is null && columns is [{ IsIdentifier: true }]) return new MappedField(0, columns[0].Name, field);
        if (key is null)
        {
            Report("overlay-field-not-mapped", field.Name,
                $"Existing records were to be found by the field {Words.Quote(field.Name)}, and no column is mapped to it. {claims.ThereAre()}");
        }
        return key;
    }

    // One that was there when it was mapped was removed or renamed since.
    private void ReportMissingField(FieldMapping pair)
        => ReportMissingField(pair.Destination, $"to which the column {Words.Quote(pair.Source)} is mapped{(pair.Type is null ? "" : "; it was there when the integration point was saved")}");

    private void ReportMissingOverlayField() => ReportMissingField(import.OverlayField!, "by which existing records were to be found");

    private void ReportMissingField(string name, string use) => Report("field-not-found", name,
        $"The object type {Words.Quote(type.Name)} has no field {Words.Quote(name)}, {use}. Create the field, let the import create missing fields, or change the mapping. "
        + $"There are {Words.List([.. fields.Select(f => f.Name)])}.");

    private void ReportNoEntities() => Report("unique-identifier-unused", null,
        $"A unique identifier is set for entities, and this import is into {Words.Quote(type.Name)}, whose records are told apart by their identifier. Leave it out.");

    private void Report(string code, string? field, string message) => problems.Add(new Problem(code, message) { Field = field });
}
