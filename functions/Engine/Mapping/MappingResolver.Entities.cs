using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

// Entities: what is shown (the object identifier, Full Name) and what tells them apart (the unique identifier) may be two fields (guide, 9).
internal sealed partial class MappingResolver
{
    private EntityName? entityName;
    private bool isKeyDerived;

    private MappedField? PairOf(string name) => pairs.Find(p => FieldMatcher.AreSame(p.Field.Name, name));

    private MappedField? Manager => pairs.Find(p => EntityFields.IsManager(type, p.Field));

    // Full Name gets the column that is named for it, or is made of First and Last Name. What the source itself tells its records apart by goes to
    // Unique ID, where no column has that name.
    private void AddEntityIdentifiers(Field fullName)
    {
        if (claims.Identifier is { } named) Add(named, fullName);
        if (!point.MapAllFields || import.UniqueIdentifier is not null || PairOf(EntityFields.UniqueId) is not null) return;
        var own = Enumerable.Range(0, columns.Count).FirstOrDefault(c => columns[c].IsIdentifier, -1);
        if (own < 0 || pairs.Exists(p => p.Column == own) || claims.IsForFiles(own)) return;
        var isNamed = columns.Any(c => FieldMatcher.AreSame(c.Name, EntityFields.UniqueId));
        if (!isNamed && FieldMatcher.Find(fields, EntityFields.UniqueId) is { } unique) Add(own, unique);
    }

    private void CheckEntity()
    {
        foreach (var name in ObjectType.EntityNames.Where(name => PairOf(name) is null))
        {
            Report("field-not-mapped", name,
                $"When importing the object type {Words.Quote(type.Name)}, {Words.List(ObjectType.EntityNames)} must be mapped, and no column is mapped to {Words.Quote(name)}. {claims.ThereAre()}");
        }
    }

    private MappedField? FindEntityKey(Field fullName)
    {
        var full = pairs.Find(p => p.Field.Id == fullName.Id);
        if (PairOf(EntityFields.FirstName) is not { } first || PairOf(EntityFields.LastName) is not { } last) return null;
        entityName = new EntityName(fullName, full?.Column, first.Column, last.Column);
        var unique = UniqueIdentifier();
        isKeyDerived = unique is null && full is null;
        identifier = unique ?? full ?? new MappedField(last.Column, fullName.Name, fullName);
        return import.Overwrite != OverwriteMode.AppendOnly && import.OverlayField is { } overlay && !FieldMatcher.AreSame(overlay, identifier.Field.Name)
            ? FindOverlayKey(overlay)
            : identifier;
    }

    private MappedField? UniqueIdentifier()
    {
        if (import.UniqueIdentifier is not { } named) return PairOf(EntityFields.UniqueId) is { Field.Type: FieldType.FixedLengthText } usual ? usual : null;
        if (FieldMatcher.Find(fields, named) is not { } field)
        {
            ReportMissingField(named, "which was to tell entities apart");
        }
        else if (field.Type != FieldType.FixedLengthText)
        {
            Report("unique-identifier-type", field.Name,
                $"The field {Words.Quote(field.Name)} was to tell entities apart, and is of the type {field.Type.InWords()}. Name a field of fixed-length text.");
        }
        else if (PairOf(field.Name) is { } pair)
        {
            return pair;
        }
        else
        {
            Report("unique-identifier-not-mapped", field.Name,
                $"Entities were to be told apart by {Words.Quote(field.Name)}, and no column is mapped to it. {claims.ThereAre()}");
        }
        return null;
    }
}
