using System.Text.Json;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Searches;

/// <summary>How a condition compares. Text is compared without regard to case, numbers by their amount, dates by time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConditionOperator>))]
public enum ConditionOperator
{
    /// <summary>Equals the value. Several choices or objects: the value is one of them, or the parent of one of them.</summary>
    [JsonStringEnumMemberName("is")] Is,

    /// <summary>Is empty or something else.</summary>
    [JsonStringEnumMemberName("is-not")] IsNot,

    /// <summary>Text: the value stands somewhere in it. Several choices or objects: as <see cref="Is"/>.</summary>
    [JsonStringEnumMemberName("contains")] Contains,

    /// <summary>Text: begins with the value.</summary>
    [JsonStringEnumMemberName("starts-with")] StartsWith,

    /// <summary>Has a value.</summary>
    [JsonStringEnumMemberName("is-set")] IsSet,

    /// <summary>Is empty.</summary>
    [JsonStringEnumMemberName("is-not-set")] IsNotSet,

    /// <summary>Numbers, dates, and short text in the order of listings: comes after the value. A day is over at midnight.</summary>
    [JsonStringEnumMemberName("greater")] Greater,

    /// <summary>Comes before the value.</summary>
    [JsonStringEnumMemberName("less")] Less,

    /// <summary>The value or after it.</summary>
    [JsonStringEnumMemberName("at-least")] AtLeast,

    /// <summary>The value or before it.</summary>
    [JsonStringEnumMemberName("at-most")] AtMost,

    /// <summary>From the first of two values to the second, both included.</summary>
    [JsonStringEnumMemberName("between")] Between,

    /// <summary>Is one of the values.</summary>
    [JsonStringEnumMemberName("any-of")] AnyOf,

    /// <summary>The document lies in the folder of this path, or below it. Needs no field.</summary>
    [JsonStringEnumMemberName("in-folder")] InFolder,

    /// <summary>The document has images of the production of this id or name. Needs no field.</summary>
    [JsonStringEnumMemberName("in-production")] InProduction,
}

/// <summary>
/// What a saved search or a view asks of a record, as people write it: either <see cref="And"/>, <see cref="Or"/> or <see cref="Not"/>, or a
/// comparison of a field. <see cref="ConditionResolver"/> says what it means for the fields of an object type, or what is wrong with it.
/// </summary>
public sealed record Condition
{
    /// <summary>All of these hold.</summary>
    [JsonPropertyName("and"), JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<Condition>? And { get; init; }

    /// <summary>At least one of these holds.</summary>
    [JsonPropertyName("or"), JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<Condition>? Or { get; init; }

    /// <summary>This does not hold.</summary>
    [JsonPropertyName("not"), JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Condition? Not { get; init; }

    /// <summary>The name of the field, in any case of letters.</summary>
    [JsonPropertyName("field"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Field { get; init; }

    /// <summary>How it is compared.</summary>
    [JsonPropertyName("op"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ConditionOperator? Op { get; init; }

    /// <summary>With what it is compared, where that is one value.</summary>
    [JsonPropertyName("value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ConditionValue? Value { get; init; }

    /// <summary>With what it is compared, where those are several.</summary>
    [JsonPropertyName("values"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<ConditionValue>? Values { get; init; }

    /// <summary>Of <see cref="ConditionOperator.InFolder"/>: whether folders below it count. Null: they do.</summary>
    [JsonPropertyName("subfolders"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Subfolders { get; init; }

    /// <summary>Holds when all of these do; without any, always.</summary>
    public static Condition All(params IReadOnlyList<Condition> conditions) => new() { And = conditions };

    /// <summary>Holds when one of these does.</summary>
    public static Condition Any(params IReadOnlyList<Condition> conditions) => new() { Or = conditions };

    /// <summary>A comparison of a field with one value, or with none.</summary>
    public static Condition Of(string field, ConditionOperator op, string? value = null)
        => new() { Field = field, Op = op, Value = value is null ? null : new ConditionValue(value) };

    /// <summary>The documents in a folder.</summary>
    /// <param name="path">Its path, levels separated by <c>\</c>; blank: the root.</param>
    /// <param name="subfolders">Whether those of all folders below it count.</param>
    public static Condition InFolder(string path, bool subfolders)
        => new() { Op = ConditionOperator.InFolder, Value = new ConditionValue(path), Subfolders = subfolders };

    /// <summary>The documents that have images of a production, by its id or its name.</summary>
    public static Condition InProduction(string idOrName)
        => new() { Op = ConditionOperator.InProduction, Value = new ConditionValue(idOrName) };
}

/// <summary>A value of a condition: in JSON text, a number, true or false; here its text.</summary>
[JsonConverter(typeof(ConditionValueConverter))]
public readonly record struct ConditionValue(string Text);

/// <summary>Limits of conditions, so that none is too much for a store.</summary>
public static class ConditionLimits
{
    /// <summary>The most levels of and, or and not.</summary>
    public const int Depth = 10;

    /// <summary>The most comparisons, each value of <c>any-of</c> counted.</summary>
    public const int Comparisons = 200;

    /// <summary>The most characters of a value.</summary>
    public const int ValueLength = 1000;
}

internal sealed class ConditionValueConverter : JsonConverter<ConditionValue>
{
    public override ConditionValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return new(reader.GetString()!);
            case JsonTokenType.True: return new("true");
            case JsonTokenType.False: return new("false");
            case JsonTokenType.Number:
                using (var number = JsonDocument.ParseValue(ref reader)) return new(number.RootElement.GetRawText());
            default: throw new JsonException("A value of a condition is text, a number, true or false.");
        }
    }

    public override void Write(Utf8JsonWriter writer, ConditionValue value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
