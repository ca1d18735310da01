using System.Globalization;

namespace IntegrationPoints.Engine.Workspaces;

/// <summary>Which settings go with which type of field.</summary>
public static class FieldShape
{
    /// <summary>The most digits after the point: as many as a number keeps.</summary>
    public const int MaxScale = 28;

    /// <summary>What is wrong with the settings, each with the setting as its field; empty when nothing is.</summary>
    public static IEnumerable<Problem> Check(FieldType type, int? scale, bool dateOnly, string? associatedType)
    {
        if (scale is not null && type is not (FieldType.Decimal or FieldType.Currency))
            yield return At("scale", "scale-invalid", "Only a decimal or currency field has a scale. Leave it out.");
        else if (scale is < 0 or > MaxScale)
            yield return At("scale", "scale-invalid", $"The scale is the number of digits after the point, from 0 to {MaxScale}.");
        if (dateOnly && type != FieldType.Date)
            yield return At("dateOnly", "date-only-invalid", "Only a date field keeps days only. Leave it out.");
        var namesObjects = type is FieldType.SingleObject or FieldType.MultipleObject;
        if (namesObjects == string.IsNullOrWhiteSpace(associatedType))
        {
            yield return At("associatedType", "associated-type-invalid", namesObjects
                ? "An object field names the object type of its objects. Say which."
                : "Only single and multiple object fields name an object type. Leave it out.");
        }
    }

    /// <summary>A type in words, for messages.</summary>
    public static string InWords(this FieldType type) => type switch
    {
        FieldType.FixedLengthText => "fixed-length text",
        FieldType.LongText => "long text",
        FieldType.WholeNumber => "whole number",
        FieldType.YesNo => "yes/no",
        FieldType.SingleChoice => "single choice",
        FieldType.MultipleChoice => "multiple choice",
        FieldType.SingleObject => "single object",
        FieldType.MultipleObject => "multiple object",
        FieldType.Decimal => "decimal",
        FieldType.Currency => "currency",
        FieldType.Date => "date",
        FieldType.User => "user",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such type."),
    };

    /// <summary>A type in words, with the most characters of a fixed-length text where they are known.</summary>
    public static string InWords(this FieldType type, int? length)
        => type == FieldType.FixedLengthText && length is { } most ? string.Create(CultureInfo.InvariantCulture, $"fixed-length text of {most} characters") : type.InWords();

    private static Problem At(string setting, string code, string message) => new(code, message) { Field = setting };
}
