using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.App.Http;

/// <summary>What a field must be to be saved, and which changes of one are allowed.</summary>
internal static class FieldRules
{
    /// <summary>The most characters of a fixed-length text that is no identifier.</summary>
    public const int MaxLength = 10_000;

    /// <summary>The length of a fixed-length text when none is given.</summary>
    public const int DefaultLength = 255;

    private static readonly FieldType[] Findable = [FieldType.FixedLengthText, FieldType.LongText];

    /// <summary>Everything that is wrong with a field but its name.</summary>
    public static IEnumerable<Problem> Check(Field field)
    {
        var longest = field.Role == FieldRole.Identifier ? Identifier.MaxLength : MaxLength;
        if (field.Type != FieldType.FixedLengthText && field.Length is not null)
            yield return At("length", "length-invalid", "Only a fixed-length text has a length. Leave it out.");
        if (field.Type == FieldType.FixedLengthText && (field.Length < 1 || field.Length > longest))
            yield return At("length", "length-invalid", string.Create(CultureInfo.InvariantCulture, $"The length is {field.Length}. Expected 1 to {longest}."));
        if (field.Overlay == MultiSelectOverlay.UseFieldSettings)
            yield return At("overlay", "overlay-invalid", "A field's own setting is merge or replace.");
        if (field.Overlay == MultiSelectOverlay.Merge && field.Type is not (FieldType.MultipleChoice or FieldType.MultipleObject))
            yield return At("overlay", "overlay-invalid", "Only a multiple choice or multiple object can be merged.");
        foreach (var problem in FieldShape.Check(field.Type, field.Scale, field.DateOnly, field.AssociatedType)) yield return problem;
        if (field.Type != FieldType.WholeNumber && ObjectType.Document.Equals(field.ObjectType, StringComparison.OrdinalIgnoreCase)
            && FieldPlan.TimeZoneOffset.Equals(field.Name, StringComparison.OrdinalIgnoreCase))
        {
            yield return At("type", "type-invalid", $"The field {Words.Quote(field.Name)} holds hours from GMT: it is a whole number.");
        }
        if (field.Lookup && !Findable.Contains(field.Type))
            yield return At("lookup", "lookup-invalid", "Records can be found by text only. Leave lookup out.");
        if (field is { Role: FieldRole.Identifier, Required: false })
            yield return At("required", "identifier-required", "The identifier names the record, so that every record has one.");
    }

    /// <summary>What records that are there already do not allow to change, in words.</summary>
    public static IEnumerable<string> CheckChange(Field before, Field after)
    {
        if (after.Lookup && !before.Lookup)
        {
            yield return "There are records already, which would not be found by this field's values. Import with it as overlay field instead: "
                + "that makes it a lookup field and enters the records.";
        }
        if (after.Filterable != before.Filterable)
            yield return "There are records already, whose values of this field are stored the other way. Leave filterable as it is, or make a new field.";
    }

    private static Problem At(string member, string code, string message) => new(code, message) { Field = member };
}
