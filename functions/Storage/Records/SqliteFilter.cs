using System.Globalization;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.Storage;

/// <summary>
/// A condition as SQL of SQLite: exact but for texts that are kept as files, which it lets through. Values are parameters; only checked ids are part
/// of the text. Every part is 0 or 1 and never null, so that <c>NOT</c> means not.
/// </summary>
/// <param name="parameters">Where the values go.</param>
/// <param name="prefix">What the sort keys of the records begin with; the folded identifier follows.</param>
internal sealed class SqliteFilter(SqliteParameterCollection parameters, string prefix)
{
    private int values;

    /// <summary>The condition, in brackets.</summary>
    public string Write(RecordCondition condition) => Write(condition, perhaps: true);

    // Whether what only a file could tell counts; below a NOT that turns round.
    private string Write(RecordCondition condition, bool perhaps) => condition switch
    {
        AllOf { Parts.Count: 0 } => "1",
        AnyOf { Parts.Count: 0 } => "0",
        AllOf all => $"({string.Join(" AND ", all.Parts.Select(part => Write(part, perhaps)))})",
        AnyOf any => $"({string.Join(" OR ", any.Parts.Select(part => Write(part, perhaps)))})",
        NotOf not => $"(NOT {Write(not.Part, !perhaps)})",
        TextTest test => Text(test, perhaps),
        RangeTest test => Range(test),
        YesNoTest test => $"(json_type({Of(test.Field)}) IS '{(test.Yes ? "true" : "false")}')",
        SetTest test => IsSet(Of(test.Field)),
        FolderTest test => Folder(test),
        ImagesTest test => $"(json_type(items.body, '$.images.\"{FieldPath.Checked(test.Set)}\"') IS NOT NULL)",
        _ => throw new ArgumentException($"A condition cannot be a {condition.GetType().Name}.", nameof(condition)),
    };

    private string Text(TextTest test, bool perhaps)
    {
        var at = Of(test.Field);
        var value = Parameter(TextFold.Of(test.Value));
        if (test.IsArray)
            return $"(json_type({at}) IS 'array' AND EXISTS (SELECT 1 FROM json_each({at}) e WHERE e.type = 'text' AND {Compared("e.value", test.Match, value)}))";
        var text = $"(json_type({at}) IS 'text' AND {Compared(ValueOf(test.Field), test.Match, value)})";
        return perhaps && test.Match != TextMatch.Is && test.Field.Type == FieldType.LongText ? $"({text} OR json_type({at}) IS 'object')" : text;
    }

    private static string Compared(string text, TextMatch match, string value) => match switch
    {
        TextMatch.Is => $"fold({text}) IS {value}",
        TextMatch.Contains => $"holds({text}, {value})",
        _ => $"begins({text}, {value})",
    };

    private string Range(RangeTest test)
    {
        var (type, at) = (test.Field.Type == FieldType.WholeNumber ? "integer" : "text", Of(test.Field));
        return $"(json_type({at}) IS '{type}'{Edge(test, test.From, '>')}{Edge(test, test.To, '<')})";
    }

    private string Edge(RangeTest test, Edge? edge, char sign)
    {
        if (edge is null) return "";
        var value = ValueOf(test.Field);
        var compare = $"{sign}{(edge.Included ? "=" : "")}";
        return test.Field.Type switch
        {
            FieldType.WholeNumber => $" AND {value} {compare} {Parameter(long.Parse(edge.Value, CultureInfo.InvariantCulture))}",
            FieldType.Decimal or FieldType.Currency => $" AND ifnull(amount_order({value}, {Parameter(edge.Value)}) {compare} 0, 0)",
            FieldType.FixedLengthText => $" AND fold({value}) {compare} {Parameter(TextFold.Of(edge.Value))}",
            _ => $" AND {value} {compare} {Parameter(edge.Value)}",
        };
    }

    private static string IsSet(string at)
        => $"(ifnull(json_type({at}), 'null') <> 'null' AND NOT (json_type({at}) IS 'text' AND json_extract({at}) = '') AND NOT (json_type({at}) IS 'array' AND json_array_length({at}) = 0))";

    private string Folder(FolderTest test)
    {
        const string at = "items.body, '$.folder.ids'";
        if (test.Id is null) return test.Subfolders ? "1" : $"(ifnull(json_array_length({at}), 0) = 0)";
        var depth = test.Subfolders ? "" : $" AND json_array_length({at}) = {Parameter(test.Depth)}";
        return $"(json_type({at}) IS 'array' AND EXISTS (SELECT 1 FROM json_each({at}) e WHERE e.value = {Parameter(test.Id)}){depth})";
    }

    // The arguments of JSON functions that say where a field's value is.
    private static string Of(Field field) => field switch
    {
        { Role: FieldRole.Identifier } => "items.body, '$.identifier'",
        { Filterable: true } => $"items.body, {SqliteListing.Path(FieldPath.Checked(field.Id))}",
        _ => $"items.body, '$.v.\"{FieldPath.Checked(field.Id)}\"'",
    };

    private string ValueOf(Field field)
        => field.Role == FieldRole.Identifier ? $"substr(items.sort, length({Parameter(prefix)}) + 1)" : $"json_extract({Of(field)})";

    private string Parameter(object value)
    {
        var name = $"@f{values++}";
        parameters.AddWithValue(name, value);
        return name;
    }
}
