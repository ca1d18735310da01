using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Searches;

/// <summary>
/// A condition in the form in which stores answer it: fields are found, values read and checked. Every store translates this one tree, and
/// <see cref="RecordQuery"/> says what it means.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "test")]
[JsonDerivedType(typeof(AllOf), "all"), JsonDerivedType(typeof(AnyOf), "any"), JsonDerivedType(typeof(NotOf), "not")]
[JsonDerivedType(typeof(TextTest), "text"), JsonDerivedType(typeof(RangeTest), "range"), JsonDerivedType(typeof(YesNoTest), "yes-no")]
[JsonDerivedType(typeof(SetTest), "set"), JsonDerivedType(typeof(FolderTest), "folder"), JsonDerivedType(typeof(ImagesTest), "images")]
public abstract record RecordCondition;

/// <summary>All of them hold; of none: always.</summary>
public sealed record AllOf(IReadOnlyList<RecordCondition> Parts) : RecordCondition;

/// <summary>At least one of them holds; of none: never.</summary>
public sealed record AnyOf(IReadOnlyList<RecordCondition> Parts) : RecordCondition;

/// <summary>It does not hold.</summary>
public sealed record NotOf(RecordCondition Part) : RecordCondition;

/// <summary>How text is compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TextMatch>))]
public enum TextMatch
{
    /// <summary>It is the text; of an array: one of its texts is.</summary>
    Is,

    /// <summary>The text stands somewhere in it.</summary>
    Contains,

    /// <summary>It begins with the text.</summary>
    StartsWith,
}

/// <summary>A text, or an array of texts, without regard to case (<see cref="TextFold"/>).</summary>
/// <param name="Field">A field of text, choices, objects or users.</param>
/// <param name="Match">How.</param>
/// <param name="Value">With what, in the letters in which it was written; of identifiers in upper case, in which they are found. Not blank.</param>
public sealed record TextTest(Field Field, TextMatch Match, string Value) : RecordCondition
{
    /// <summary>Whether the field holds an array.</summary>
    [JsonIgnore] public bool IsArray => Field.Type is FieldType.MultipleChoice or FieldType.MultipleObject;
}

/// <summary>One end of a range.</summary>
/// <param name="Value">The value as records hold it: plain digits, <c>yyyy-MM-ddTHH:mm:ss</c>, or text.</param>
/// <param name="Included">Whether the value itself is in the range. Always so for whole numbers.</param>
public sealed record Edge(string Value, bool Included);

/// <summary>A number, a date or a short text between two others.</summary>
/// <param name="Field">A field of whole numbers, decimals, amounts, dates or fixed-length text; text in the order of listings, that of the UTF-8 bytes of its folded form.</param>
/// <param name="From">Null: no beginning.</param>
/// <param name="To">Null: no end.</param>
public sealed record RangeTest(Field Field, Edge? From, Edge? To) : RecordCondition;

/// <summary>A yes/no field that says so.</summary>
public sealed record YesNoTest(Field Field, bool Yes) : RecordCondition;

/// <summary>A field that has a value.</summary>
public sealed record SetTest(Field Field) : RecordCondition;

/// <summary>Where a document lies.</summary>
/// <param name="Id">The folder's id; null: the root, that is no folder.</param>
/// <param name="Depth">How many levels its path has.</param>
/// <param name="Subfolders">Whether documents of folders below it count.</param>
public sealed record FolderTest(string? Id, int Depth, bool Subfolders) : RecordCondition;

/// <summary>A document that has images of this set: a production's id.</summary>
public sealed record ImagesTest(string Set) : RecordCondition;
