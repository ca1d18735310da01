using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>The fields that images need, those that are there and those to make.</summary>
internal sealed class ImageFields(PreparedJob prepared, IReadOnlySet<string> gone)
{
    private readonly List<Field> all = [.. prepared.Fields];

    /// <summary>All fields of the object type as they will be.</summary>
    public IReadOnlyList<Field> All => all;

    /// <summary>The fields to make.</summary>
    public List<Field> Made { get; } = [];

    /// <summary>Fields that are there and have to become lookup fields.</summary>
    public List<Field> Lookups { get; } = [];

    /// <summary>The field of the extracted text.</summary>
    public Field Text() => all.FirstOrDefault(f => f.Role == FieldRole.ExtractedText) ?? Find(FieldPlan.ExtractedText, FieldType.LongText) ?? Make(FieldPlan.ExtractedText, FieldType.LongText);

    /// <summary>A field of Bates numbers: text of fixed length by which documents can be found.</summary>
    public Field Bates(string name)
    {
        if (Find(name, FieldType.FixedLengthText) is not { } field) return Make(name, FieldType.FixedLengthText);
        if (field.Lookup || field.Role == FieldRole.Identifier) return field;
        Lookups.Add(field);
        all[all.IndexOf(field)] = field with { Lookup = true };
        return field with { Lookup = true };
    }

    private Field? Find(string name, FieldType type)
    {
        var field = all.FirstOrDefault(f => f.Name.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
        return field is null || field.Type == type ? field : throw new ConfigurationException(
            "field-type-unsuitable",
            $"The field {Words.Quote(field.Name)} cannot hold {(type == FieldType.LongText ? "extracted text: it is no long text" : "Bates numbers: it is no fixed-length text")}. Rename it, or name another field.");
    }

    private Field Make(string name, FieldType type)
    {
        var field = FieldPlan.NewField(prepared.ObjectType.Name, name, type, null, all) with { Lookup = type == FieldType.FixedLengthText };
        field = field with { Id = Field.IdFor(field.ObjectType, field.Name, all.Select(f => f.Id).Concat(gone).ToHashSet()) };
        all.Add(field);
        Made.Add(field);
        return field;
    }
}
