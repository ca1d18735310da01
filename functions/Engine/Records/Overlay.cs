using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Records;

/// <summary>A field and its new value; null empties it.</summary>
public readonly record struct NewValue(Field Field, object? Value);

/// <summary>What one row brings to its record.</summary>
public sealed record NewValues
{
    /// <summary>The identifier as the row has it, trimmed.</summary>
    public required string Identifier { get; init; }

    /// <summary>
    /// The mapped fields and their converted values (<see cref="ConvertedValue.Value"/>, or a <see cref="TextReference"/> for text that was
    /// stored as a file). The identifier's field may be among them and is ignored.
    /// </summary>
    public required IReadOnlyList<NewValue> Values { get; init; }

    /// <summary>Where the row's folder path leads; null: the root.</summary>
    public RecordFolder? Folder { get; init; }

    /// <summary>The row's native; null when the row names none.</summary>
    public NativeFile? Native { get; init; }

    /// <summary>How other records of the source refer to this one, where that is not the identifier; null: not known.</summary>
    public string? Link { get; init; }

    /// <summary>The job, batch and line that write.</summary>
    public required RecordStamp Stamp { get; init; }

    /// <summary>When they write.</summary>
    public required DateTimeOffset WrittenUtc { get; init; }
}

/// <summary>What is wrong with one field of a row.</summary>
/// <param name="Field">The field.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">What was expected and what to do, without line and field.</param>
public readonly record struct FieldProblem(Field Field, string Code, string Reason);

/// <summary>A record as it is to be stored, or why it is not.</summary>
/// <param name="Record">Null when there are problems.</param>
/// <param name="Problems">Every problem of the row.</param>
public readonly record struct OverlayResult(Record? Record, IReadOnlyList<FieldProblem> Problems);

/// <summary>
/// How rows become records, for one object type and one import: pure, the same row on the same record always yields the same record. Safe
/// for use by several threads.
/// </summary>
public sealed class Overlay
{
    private readonly ObjectType type;
    private readonly ImportSettings import;
    private readonly Field[] required;
    private readonly Field[] filledWithIdentifier;

    /// <summary>Rules for records of <paramref name="type"/>, whose fields are <paramref name="fields"/>.</summary>
    public Overlay(ObjectType type, IReadOnlyList<Field> fields, ImportSettings import)
    {
        this.type = type;
        this.import = import;
        required = [.. fields.Where(f => f.Required && f.Role != FieldRole.Identifier)];
        filledWithIdentifier = [.. fields.Where(f => f.Role is FieldRole.GroupIdentifier or FieldRole.Hash)];
    }

    /// <summary>
    /// A new record. Group identifier and hash are the identifier where the row leaves them blank and it fits (load-file specification,
    /// Fields 2 and 3); a required field without a value is <c>required-field-blank</c>.
    /// </summary>
    public OverlayResult New(NewValues row)
    {
        var record = Write(new Record { Type = type.Name, Identifier = row.Identifier, CreatedUtc = row.WrittenUtc }, row, isNew: true);
        foreach (var field in filledWithIdentifier)
        {
            if (record.ValueOf(field.Id) is null && row.Identifier.Length <= (field.Length ?? int.MaxValue)) Put(record, field, row.Identifier);
        }
        return Checked(record, required);
    }

    /// <summary>
    /// The record as it is after the row: a blank cell empties its field, unless the import keeps values; multiple choices and objects are merged or replaced; the folder changes only when
    /// existing documents are moved; the native only when the row names one; what the row does not map stays. The identifier stays as it was
    /// first written.
    /// </summary>
    public OverlayResult Apply(Record existing, NewValues row)
    {
        var record = Write(existing, row, isNew: false);
        return Checked(record, required.Length == 0 ? required : [.. row.Values.Select(v => v.Field).Where(f => f.Required && f.Role != FieldRole.Identifier)]);
    }

    private Record Write(Record existing, NewValues row, bool isNew)
    {
        var values = isNew || !import.KeepOnBlank ? row.Values : [.. row.Values.Where(v => v.Value is not null)];
        var given = values.Select(v => v.Field.Id).ToHashSet();
        var record = existing with
        {
            Filterable = Without(existing.Filterable, given),
            Values = Without(existing.Values, given),
            Folder = type.IsDocument && (isNew || import.MoveExisting) ? row.Folder : existing.Folder,
            Native = type.IsDocument ? row.Native ?? existing.Native : existing.Native,
            Links = existing.Links?.Where(link => !given.Contains(link.Key)).ToDictionary() is { Count: > 0 } kept ? kept : null,
            Link = row.Link ?? existing.Link,
            Stamp = row.Stamp,
            Edited = false,
            ModifiedUtc = row.WrittenUtc,
        };
        foreach (var (field, value) in values)
        {
            if (field.Role == FieldRole.Identifier) continue;
            var stored = Merges(field) ? Merge(field.Type, existing.ValueOf(field.Id), value) : value;
            if (stored is not null) Put(record, field, stored);
        }
        return record;
    }

    private bool Merges(Field field) => field.Type is FieldType.MultipleChoice or FieldType.MultipleObject
        && (import.MultiSelect == MultiSelectOverlay.UseFieldSettings ? field.Overlay : import.MultiSelect) == MultiSelectOverlay.Merge;

    private static object? Merge(FieldType type, object? existing, object? added)
    {
        if (existing is not string[] before) return added;
        if (added is not string[] after) return before;
        if (type == FieldType.MultipleObject)
            return before.Concat(after).DistinctBy(name => name, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToArray();
        var merged = new ChoiceSet();
        foreach (var path in before) merged.AddPath(path);
        foreach (var path in after) merged.AddPath(path);
        return merged.ToSorted();
    }

    private static Dictionary<string, object> Without(Dictionary<string, object> values, HashSet<string> fields)
    {
        var kept = new Dictionary<string, object>(values.Count + fields.Count);
        foreach (var (field, value) in values)
        {
            if (!fields.Contains(field)) kept.Add(field, value);
        }
        return kept;
    }

    private static void Put(Record record, Field field, object value) => (field.Filterable ? record.Filterable : record.Values)[field.Id] = value;

    private static OverlayResult Checked(Record record, IReadOnlyList<Field> mustHaveValue)
    {
        List<FieldProblem>? problems = null;
        foreach (var field in mustHaveValue)
        {
            if (record.ValueOf(field.Id) is not null) continue;
            (problems ??= []).Add(new FieldProblem(field, "required-field-blank",
                "The field must have a value and is blank. Enter one in the load file, or map a column that has one."));
        }
        return problems is null ? new OverlayResult(record, []) : new OverlayResult(null, problems);
    }
}
