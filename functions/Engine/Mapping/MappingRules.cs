using System.Globalization;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>What is known of both sides when a mapping is saved.</summary>
/// <param name="Type">The object type.</param>
/// <param name="Fields">Its fields.</param>
public sealed record MappedSides(ObjectType Type, IReadOnlyList<Field> Fields)
{
    /// <summary>The names of the source's fields; empty: not known before the source is read.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>
    /// Those of the source's fields whose type is known without asking it, also where not all of its fields are; of the others a pair may say it itself.
    /// Text of files fits every type, where each value is checked (<see cref="FieldMatcher.AreCompatible"/>).
    /// </summary>
    public IReadOnlyList<SourceField> Typed { get; init; } = [];

    /// <summary>The pairs that were saved before: of what became wrong with them since is told, and it keeps nobody from saving something else.</summary>
    public IReadOnlyList<FieldMapping> Before { get; init; } = [];

    /// <summary>What was said of the import before, likewise.</summary>
    public ImportSettings? ImportBefore { get; init; }

    /// <summary>Names that mean the same.</summary>
    public Synonyms Synonyms { get; init; } = Synonyms.None;
}

/// <summary>
/// What can be said of a mapping when it is saved, before its source is read (guide 4.2.3): everything at once, each with the pair concerned.
/// Errors are what no run could go with; warnings are what values may fail on.
/// </summary>
public sealed class MappingRules
{
    private readonly IntegrationPoint point;
    private readonly MappedSides sides;
    private readonly HashSet<string> columns;
    private readonly Field[] fields;
    private readonly Dictionary<string, Field> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SourceField> typed;
    private readonly HashSet<FieldMapping> before;
    private readonly HashSet<(string, string)> oldPairs;
    private readonly Field? identifier;
    private readonly string? named;
    private readonly List<Problem> problems = [];

    private MappingRules(IntegrationPoint point, MappedSides sides)
    {
        this.point = point;
        this.sides = sides;
        columns = sides.Columns.Select(name => name.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        fields = MappingResolver.WithoutLeftovers(sides.Type, sides.Fields);
        foreach (var field in fields) byName.TryAdd(field.Name.Trim(), field);
        typed = sides.Typed.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
        before = [.. sides.Before];
        oldPairs = [.. sides.Before.Select(pair => (pair.Source, pair.Destination))];
        identifier = MappingResolver.IdentifierOf(sides.Type, fields);
        named = point.Import.IdentifierColumn ?? point.Import.CreateFields?.Identifier;
    }

    /// <summary>
    /// Errors and warnings, each with the member concerned, such as <c>mapping[3].destination</c>, and the name of the field or column that it is about; none
    /// of an export, which maps nothing.
    /// </summary>
    public static IReadOnlyList<Problem> Check(IntegrationPoint point, MappedSides sides)
    {
        if (point.IsExport || !point.MapAllFields && point.Mapping.Count == 0) return [];
        var rules = new MappingRules(point, sides);
        for (var i = 0; i < point.Mapping.Count; i++) rules.CheckPair(i, point.Mapping[i]);
        rules.CheckColumns();
        rules.CheckIdentifier();
        rules.CheckUnique();
        rules.CheckOverlay();
        rules.CheckWhatMustBeMapped();
        return rules.problems;
    }

    private void CheckPair(int index, FieldMapping pair)
    {
        if (string.IsNullOrWhiteSpace(pair.Source) || string.IsNullOrWhiteSpace(pair.Destination)) return;
        var field = byName.GetValueOrDefault(pair.Destination.Trim());
        if (field is null && point.Import.CreateFields is null) ReportUnknown(index, pair);
        if (columns.Count > 0 && !columns.Contains(pair.Source.Trim()))
        {
            Add(At(index, "source"), pair.Source, "column-missing", $"The source has no field {Words.Quote(pair.Source)}, which is mapped to {Words.Quote(pair.Destination)}. There are {Words.List([.. sides.Columns])}.",
                isOld: oldPairs.Contains((pair.Source, pair.Destination)));
        }
        if (field is null) return;
        if (pair.Type is { } said && said != field.Type && !before.Contains(pair))
            problems.Add(ResolvedMapping.TypeChanged(pair, said, field.Type) with { Field = At(index, "destination"), Name = field.Name });
        CheckTypes(index, pair, field);
    }

    private void ReportUnknown(int index, FieldMapping pair) => Add(
        At(index, "destination"), pair.Destination, "field-not-found",
        $"The object type {Words.Quote(sides.Type.Name)} has no field {Words.Quote(pair.Destination)}, to which {Words.Quote(pair.Source)} is mapped. "
        + $"Create the field, let the import create missing fields, or change the mapping. There are {Words.List([.. fields.Select(f => f.Name)])}.",
        isOld: oldPairs.Contains((pair.Source, pair.Destination)));

    private void CheckTypes(int index, FieldMapping pair, Field field)
    {
        // Whoever listed the fields knows better than what is known without asking.
        var source = pair.SourceType is { } said ? new SourceField(pair.Source, Type: said, Length: pair.SourceLength) : typed.GetValueOrDefault(pair.Source.Trim());
        if (source?.Type is not { } type || FieldMatcher.AreCompatible(source, field)) return;
        var both = $"The source's field {Words.Quote(pair.Source)} is of the type {type.InWords(source.Length)}, and the field {Words.Quote(field.Name)} of the type {field.Type.InWords(field.Length)}.";
        var isLength = field.Type == FieldType.FixedLengthText && type is FieldType.FixedLengthText or FieldType.LongText;
        Warn(At(index, "destination"), field.Name, isLength ? "length-too-short" : "incompatible-types",
            isLength ? $"{both} Records with longer values will be rejected."
            : field.Type == FieldType.LongText ? $"{both} Its values will be kept as text."
            : $"{both} Records whose values do not fit will be rejected.");
    }

    private void CheckColumns()
    {
        if (columns.Count == 0) return;
        var import = point.Import;
        foreach (var (member, code, name) in ((string, string, string?)[])
            [
                ("identifierColumn", "identifier-column-missing", import.IdentifierColumn), ("nativeColumn", "column-missing", import.NativeColumn),
                ("textColumn", "column-missing", import.TextColumn), ("folderColumn", "column-missing", import.FolderColumn),
            ])
        {
            if (!string.IsNullOrWhiteSpace(name) && !columns.Contains(name.Trim()))
                Add($"import.{member}", name, code, $"The source has no field {Words.Quote(name)}. There are {Words.List([.. sides.Columns])}.", isOld: false);
        }
    }

    // With fields that the import makes, the identifier may become one that is not there yet.
    private void CheckIdentifier()
    {
        if (identifier is null || point.Import.CreateFields is not null) return;
        var toIdentifier = IndexOf(m => FieldMatcher.AreSame(m.Destination, identifier.Name));
        if (named is not null && toIdentifier >= 0 && !FieldMatcher.AreSame(point.Mapping[toIdentifier].Source, named))
        {
            Add(At(toIdentifier, "source"), point.Mapping[toIdentifier].Source, "identifier-mapped-twice",
                $"{Words.Quote(named)} is set to name the records, and {Words.Quote(point.Mapping[toIdentifier].Source)} is mapped to the identifier {Words.Quote(identifier.Name)}. Use one of them for both.");
        }
        var ofIdentifier = named is null ? -1 : IndexOf(m => FieldMatcher.AreSame(m.Source, named) && !FieldMatcher.AreSame(m.Destination, identifier.Name));
        if (ofIdentifier >= 0)
        {
            Add(At(ofIdentifier, "destination"), point.Mapping[ofIdentifier].Destination, "identifier-not-to-identifier",
                $"{Words.Quote(named)} names the records and is mapped to {Words.Quote(point.Mapping[ofIdentifier].Destination)}. Map it to the identifier {Words.Quote(identifier.Name)}, or to nothing.");
        }
        // A person without a full name is called by first and last name, of which it is said below.
        if (named is null && toIdentifier < 0 && !point.MapAllFields && !FindsByOtherField && !sides.Type.IsEntity)
        {
            Add("mapping", identifier.Name, "identifier-not-mapped",
                $"Nothing is mapped to {Words.Quote(identifier.Name)}, the identifier of {Words.Quote(sides.Type.Name)}. Map the field of the source that names the records to it.");
        }
    }

    // Without new records nothing needs to name them but the overlay field.
    private bool FindsByOtherField => point.Import is { Overwrite: OverwriteMode.OverlayOnly, OverlayField: not null }
        && !FieldMatcher.AreSame(point.Import.OverlayField, identifier!.Name);

    // What tells entities apart is an identifier too (guide 6.2.3, "Only the Unique Identifier and Object Identifier are required").
    private void CheckUnique()
    {
        const string Member = "import.uniqueIdentifier";
        var import = point.Import;
        if (string.IsNullOrWhiteSpace(import.UniqueIdentifier) || import.CreateFields is not null) return;
        var (unique, isOld) = (import.UniqueIdentifier, sides.ImportBefore?.UniqueIdentifier == import.UniqueIdentifier);
        var field = byName.GetValueOrDefault(unique.Trim());
        if (!sides.Type.IsEntity)
        {
            Add(Member, unique, "unique-identifier-unused", $"A unique identifier is set for entities, and records of {Words.Quote(sides.Type.Name)} are told apart by their identifier. Leave it out.");
        }
        else if (field is null)
        {
            Add(Member, unique, "field-not-found", $"The object type {Words.Quote(sides.Type.Name)} has no field {Words.Quote(unique)}, which was to tell entities apart. "
                + $"There are {Words.List([.. fields.Select(f => f.Name)])}.", isOld);
        }
        else if (field.Type != FieldType.FixedLengthText)
        {
            Add(Member, field.Name, "unique-identifier-type", $"The field {Words.Quote(field.Name)} was to tell entities apart, and is of the type {field.Type.InWords()}. Name a field of fixed-length text.", isOld);
        }
        else if ((!point.MapAllFields || columns.Count > 0) && !MappedFields().Contains(field.Name.Trim()))
        {
            Add(Member, field.Name, "unique-identifier-not-mapped", $"Entities were to be told apart by {Words.Quote(field.Name)}, and nothing is mapped to it. Map a field of the source to it.");
        }
    }

    // Only told: the field may come before the job does, which does not begin without it.
    private void CheckOverlay()
    {
        const string Member = "import.overlayField";
        var import = point.Import;
        if (string.IsNullOrWhiteSpace(import.OverlayField) || import.Overwrite == OverwriteMode.AppendOnly || import.CreateFields is not null) return;
        if (!byName.TryGetValue(import.OverlayField.Trim(), out var field))
        {
            Warn(Member, import.OverlayField, "field-not-found", $"The object type {Words.Quote(sides.Type.Name)} has no field {Words.Quote(import.OverlayField)}, by which existing records are to be found. "
                + $"Create it before the integration point runs. There are {Words.List([.. fields.Select(f => f.Name)])}.");
        }
        else if (field.Id != identifier?.Id && !point.MapAllFields && !MappedFields().Contains(field.Name.Trim()))
        {
            Warn(Member, field.Name, "overlay-field-not-mapped", $"Existing records are to be found by {Words.Quote(field.Name)}, and nothing is mapped to it. Map a field of the source to it, or no job can begin.");
        }
    }

    private void CheckWhatMustBeMapped()
    {
        // What is mapped by name shows when the source is read.
        if (point.MapAllFields && columns.Count == 0) return;
        var mapped = MappedFields();
        if (sides.Type.IsEntity)
        {
            foreach (var name in ObjectType.EntityNames.Where(name => !mapped.Contains(name)))
                Add("mapping", name, "field-not-mapped", $"Importing into {Words.Quote(sides.Type.Name)} needs {Words.List(ObjectType.EntityNames)}, and nothing is mapped to {Words.Quote(name)}. Map a field of the source to it.");
        }
        // Overlaid records have their value already.
        if (point.Import.Overwrite == OverwriteMode.OverlayOnly) return;
        foreach (var field in fields.Where(f => f.Required && !IsFilled(f) && !mapped.Contains(f.Name.Trim())))
        {
            var message = $"The field {Words.Quote(field.Name)} must have a value in every record, and nothing is mapped to it.";
            if (point.Import.Overwrite == OverwriteMode.AppendOverlay) Warn("mapping", field.Name, "required-field-not-mapped", $"{message} New records will be rejected.");
            else Add("mapping", field.Name, "required-field-not-mapped", $"{message} Map a field of the source to it.");
        }
    }

    // Those that records get without a column (load-file specification, Fields 2 and 3; guide 4.2.3 for Entity), and those of which it is said above.
    private bool IsFilled(Field field) => field.Role is FieldRole.Identifier or FieldRole.GroupIdentifier or FieldRole.Hash
        || sides.Type.IsEntity && ObjectType.EntityNames.Append(ObjectType.FullName).Any(name => FieldMatcher.AreSame(name, field.Name));

    private HashSet<string> MappedFields()
    {
        var import = point.Import;
        var mapped = point.Mapping.Select(m => m.Destination.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (import.TextColumn is not null && MappingResolver.ExtractedText(fields) is { } text) mapped.Add(text.Name.Trim());
        if (!point.MapAllFields) return mapped;
        // The first column names the records when nobody says otherwise; people are named by first and last name.
        var first = sides.Type.IsEntity ? null : sides.Columns[0];
        var taken = point.Mapping.Select(m => m.Source).Concat([named ?? first, import.NativeColumn, import.TextColumn, import.FolderColumn])
            .Select(name => name?.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var open = columns.Where(name => !taken.Contains(name)).Select(name => new SourceField(name));
        var free = fields.Where(f => f.Role != FieldRole.Identifier && !mapped.Contains(f.Name.Trim()));
        mapped.UnionWith(FieldMatcher.Match([.. open], [.. free], new MatchOptions { Synonyms = sides.Synonyms }).Pairs.Select(p => p.Pair.Field.Name.Trim()));
        return mapped;
    }

    private int IndexOf(Func<FieldMapping, bool> isMeant) => point.Mapping.Select((pair, i) => isMeant(pair) ? i : -1).FirstOrDefault(i => i >= 0, -1);

    // Pairs of a profile that had no match are to be mapped again: until then the mapping is not whole, which is told.
    private void Add(string member, string name, string code, string message, bool? isOld = null)
        => problems.Add(new Problem(code, message) { Field = member, Name = name, Severity = isOld ?? point.Unmapped.Count > 0 ? ProblemSeverity.Warning : ProblemSeverity.Error });

    private void Warn(string member, string name, string code, string message)
        => problems.Add(new Problem(code, message) { Field = member, Name = name, Severity = ProblemSeverity.Warning });

    private static string At(int index, string member) => string.Create(CultureInfo.InvariantCulture, $"mapping[{index}].{member}");
}
