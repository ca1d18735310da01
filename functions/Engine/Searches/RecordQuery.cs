using System.Globalization;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Searches;

/// <summary>Whether a record is found.</summary>
public enum Match
{
    /// <summary>It is not.</summary>
    No,

    /// <summary>It depends on a text that is kept as a file and has to be read.</summary>
    Perhaps,

    /// <summary>It is.</summary>
    Yes,
}

/// <summary>A condition on the records of one object type. Can be stored as JSON and goes on meaning the same.</summary>
/// <param name="ObjectType">The object type's name.</param>
/// <param name="Condition">What is asked.</param>
public sealed record RecordQuery(string ObjectType, RecordCondition Condition)
{
    /// <summary>
    /// The names of the fields that no index serves: every record of the object type is looked at, unless an index of another field leaves only some.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Scanned
        => [.. Fields(Condition).Where(f => !f.Filterable && f.Role != FieldRole.Identifier).Select(f => f.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What the condition says of a record: the rule that every store's translation follows.</summary>
    /// <param name="record">The record.</param>
    /// <param name="kept">Says of a text that is kept as a file whether it passes a test; null: it was not read yet.</param>
    public Match Test(Record record, Func<TextTest, TextReference, bool?> kept) => Test(Condition, record, kept);

    private static Match Test(RecordCondition condition, Record record, Func<TextTest, TextReference, bool?> kept)
    {
        switch (condition)
        {
            case AllOf all:
                var least = Match.Yes;
                for (var i = 0; i < all.Parts.Count && least != Match.No; i++) least = (Match)Math.Min((int)least, (int)Test(all.Parts[i], record, kept));
                return least;
            case AnyOf any:
                var most = Match.No;
                for (var i = 0; i < any.Parts.Count && most != Match.Yes; i++) most = (Match)Math.Max((int)most, (int)Test(any.Parts[i], record, kept));
                return most;
            case NotOf not: return (Match)((int)Match.Yes - (int)Test(not.Part, record, kept));
            // A text that is kept as a file is longer than any value that a condition compares with.
            case TextTest { IsArray: false, Match: not TextMatch.Is } text when ValueOf(record, text.Field) is TextReference reference:
                return kept(text, reference) switch { true => Match.Yes, false => Match.No, null => Match.Perhaps };
            default: return Holds(condition, record) ? Match.Yes : Match.No;
        }
    }

    private static bool Holds(RecordCondition condition, Record record) => condition switch
    {
        TextTest { IsArray: true } test => ValueOf(record, test.Field) is string[] many && Array.Exists(many, one => IsText(one, test)),
        TextTest test => ValueOf(record, test.Field) is string one && IsText(one, test),
        RangeTest test => InRange(ValueOf(record, test.Field), test),
        YesNoTest test => ValueOf(record, test.Field) is bool yes && yes == test.Yes,
        SetTest test => ValueOf(record, test.Field) is not (null or "" or string[] { Length: 0 }),
        FolderTest { Id: null } test => test.Subfolders || record.Folder is not { Ids.Count: > 0 },
        FolderTest test => record.Folder is { } folder && folder.Ids.Contains(test.Id) && (test.Subfolders || folder.Ids.Count == test.Depth),
        ImagesTest test => record.Images?.ContainsKey(test.Set) == true,
        _ => throw new InvalidOperationException($"A condition cannot be a {condition.GetType().Name}."),
    };

    // Identifiers are compared as they are found and ordered.
    private static object? ValueOf(Record record, Field field)
        => field.Role == FieldRole.Identifier ? Identifier.Fold(record.Identifier) : record.ValueOf(field.Id);

    private static bool IsText(string text, TextTest test) => TextFold.Matches(TextFold.Of(text), test.Match, TextFold.Of(test.Value));

    private static bool InRange(object? value, RangeTest test)
        => value is not null && IsBeyond(value, test, test.From, 1) && IsBeyond(value, test, test.To, -1);

    private static bool IsBeyond(object value, RangeTest test, Edge? edge, int direction)
        => edge is null || (Compare(value, test.Field.Type, edge.Value) is { } order && (order == 0 ? edge.Included : Math.Sign(order) == direction));

    // Null: the value is none of its field's type.
    private static int? Compare(object value, FieldType type, string edge) => (type, value) switch
    {
        (FieldType.WholeNumber, int number) => ((long)number).CompareTo(long.Parse(edge, CultureInfo.InvariantCulture)),
        (FieldType.Decimal or FieldType.Currency, string number) => Amounts.Compare(number, edge),
        (FieldType.Date, string date) => string.CompareOrdinal(date, edge),
        (FieldType.FixedLengthText, string text) => TextFold.Compare(TextFold.Of(text), TextFold.Of(edge)),
        _ => null,
    };

    private static IEnumerable<Field> Fields(RecordCondition condition) => condition switch
    {
        AllOf all => all.Parts.SelectMany(Fields),
        AnyOf any => any.Parts.SelectMany(Fields),
        NotOf not => Fields(not.Part),
        TextTest test => [test.Field],
        RangeTest test => [test.Field],
        YesNoTest test => [test.Field],
        SetTest test => [test.Field],
        _ => [],
    };
}

/// <summary>Decimals and amounts, which records hold as plain digits.</summary>
public static class Amounts
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>Compares two by their amount, exactly; null: one of them is no number.</summary>
    public static int? Compare(string number, string other) => TryRead(number, out var a) && TryRead(other, out var b) ? a.CompareTo(b) : null;

    /// <summary>Reads plain digits with or without a sign and a point.</summary>
    public static bool TryRead(string number, out decimal value) => decimal.TryParse(number, Plain, CultureInfo.InvariantCulture, out value);
}
