using System.Globalization;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage;

/// <summary>
/// A condition as SQL of Cosmos DB: it lets through whatever may fulfil the condition. How the server takes letters beyond ASCII in either case is its
/// own matter, and it has no exact decimals; what depends on them is left to the caller. Values are parameters; only checked ids are part of the text.
/// Every part is true or false and never undefined, so that <c>NOT</c> means not.
/// </summary>
/// <param name="prefix">What the sort keys of the records begin with; the folded identifier follows.</param>
internal sealed class CosmosFilter(string prefix)
{
    private readonly List<(string Name, object Value)> parameters = [];

    /// <summary>The values of what was written.</summary>
    public IReadOnlyList<(string Name, object Value)> Parameters => parameters;

    /// <summary>The condition, ready to stand between two AND.</summary>
    public string Write(RecordCondition condition) => Within(condition, may: true);

    // Brackets only where they are needed: they cost some servers much to read.
    private string Within(RecordCondition condition, bool may)
        => Write(condition, may) is var text && text.Contains(" OR ", StringComparison.Ordinal) && condition is not (NotOf or AllOf { Parts.Count: > 1 }) ? $"({text})" : text;

    // What may hold, or, below a NOT, what surely does.
    private string Write(RecordCondition condition, bool may) => condition switch
    {
        AllOf { Parts.Count: 0 } => "true",
        AnyOf { Parts.Count: 0 } => "false",
        AllOf { Parts: [var only] } => Write(only, may),
        AnyOf { Parts: [var only] } => Write(only, may),
        AllOf all => string.Join(" AND ", all.Parts.Select(part => Within(part, may))),
        AnyOf any => string.Join(" OR ", any.Parts.Select(part => Write(part, may))),
        NotOf not => $"NOT ({Write(not.Part, !may)})",
        TextTest { Field.Role: FieldRole.Identifier, Match: TextMatch.Is } test => $"c.sort = {Sort(test.Value)}",
        TextTest { Field.Role: FieldRole.Identifier, Match: TextMatch.StartsWith } test => $"STARTSWITH(c.sort, {Sort(test.Value)})",
        // The prefix may hold it as well.
        TextTest { Field.Role: FieldRole.Identifier } test when may => $"CONTAINS(c.sort, {Parameter(CosmosText.Sort(TextFold.Of(test.Value)))})",
        TextTest { IsArray: true } test => Array(test, may),
        TextTest test => Text(test, may),
        RangeTest test => Range(test, may),
        YesNoTest test => $"IS_BOOL({Of(test.Field)}) AND {Of(test.Field)} = {(test.Yes ? "true" : "false")}",
        SetTest test => IsSet(Of(test.Field)),
        FolderTest test => Folder(test),
        ImagesTest test => $"IS_DEFINED(c.body.images[\"{FieldPath.Checked(test.Set)}\"])",
        _ => throw new ArgumentException($"A condition cannot be a {condition.GetType().Name}.", nameof(condition)),
    };

    private string Text(TextTest test, bool may)
    {
        var value = Of(test.Field);
        var compared = may ? Near(value, test) : Exactly(value, test);
        var text = compared is null ? $"IS_STRING({value})" : $"IS_STRING({value}) AND {compared}";
        return may && test.Match != TextMatch.Is && test.Field.Type == FieldType.LongText ? $"{text} OR IS_OBJECT({value})" : text;
    }

    private string Array(TextTest test, bool may)
    {
        var value = Of(test.Field);
        if (!may) return $"IS_ARRAY({value}) AND ARRAY_CONTAINS({value}, {Parameter(test.Value)})";
        return Near("e", test) is { } compared ? $"EXISTS (SELECT VALUE e FROM e IN {value} WHERE {compared})" : $"IS_ARRAY({value})";
    }

    // Letter by letter: whatever passes, passes without regard to case, too.
    private string Exactly(string text, TextTest test) => test.Match switch
    {
        TextMatch.Is => $"{text} = {Parameter(test.Value)}",
        TextMatch.Contains => $"CONTAINS({text}, {Parameter(test.Value)})",
        _ => $"STARTSWITH({text}, {Parameter(test.Value)})",
    };

    // Every server agrees about the letters of ASCII, and no other letter folds to one: of a value with others, its longest part of ASCII has to
    // stand in the text. Null: it has none.
    private string? Near(string text, TextTest test)
    {
        var ascii = LongestAscii(test.Value);
        if (ascii.Length == 0) return null;
        var function = ascii.Length < test.Value.Length ? "CONTAINS" : test.Match switch
        {
            TextMatch.Is => "StringEquals",
            TextMatch.Contains => "CONTAINS",
            _ => "STARTSWITH",
        };
        return $"{function}({text}, {Parameter(ascii)}, true)";
    }

    private static string LongestAscii(string value)
    {
        var (start, length) = (0, 0);
        for (int i = 0, from = 0; i <= value.Length; i++)
        {
            if (i < value.Length && char.IsAscii(value[i])) continue;
            if (i - from > length) (start, length) = (from, i - from);
            from = i + 1;
        }
        return value.Substring(start, length);
    }

    private string Range(RangeTest test, bool may) => test.Field.Type switch
    {
        FieldType.WholeNumber => Between("IS_NUMBER", test, edge => long.Parse(edge, CultureInfo.InvariantCulture)),
        FieldType.Date => Between("IS_STRING", test, edge => edge),
        FieldType.Decimal or FieldType.Currency => Amount(test, may),
        _ when test.Field.Role == FieldRole.Identifier => string.Join(" AND ", Edges("c.sort", test, edge => CosmosText.Sort(prefix + TextFold.Of(edge))).DefaultIfEmpty("true")),
        _ => may ? $"IS_STRING({Of(test.Field)})" : "false",
    };

    private string Between(string type, RangeTest test, Func<string, object> read)
    {
        var value = Of(test.Field);
        return string.Join(" AND ", Edges(value, test, read).Prepend($"{type}({value})"));
    }

    // The server reads decimals as binary numbers, which keeps their order but makes near ones equal.
    private string Amount(RangeTest test, bool may)
    {
        var text = Of(test.Field);
        var number = $"StringToNumber({text})";
        var near = test with { From = test.From is null ? null : test.From with { Included = may }, To = test.To is null ? null : test.To with { Included = may } };
        var edges = string.Join(" AND ", Edges(number, near, edge => double.Parse(edge, CultureInfo.InvariantCulture)).DefaultIfEmpty("true"));
        return may ? $"IS_STRING({text}) AND (NOT IS_NUMBER({number}) OR {edges})" : $"IS_NUMBER({number}) AND {edges}";
    }

    private IEnumerable<string> Edges(string value, RangeTest test, Func<string, object> read)
    {
        if (test.From is { } from) yield return $"{value} {(from.Included ? ">=" : ">")} {Parameter(read(from.Value))}";
        if (test.To is { } to) yield return $"{value} {(to.Included ? "<=" : "<")} {Parameter(read(to.Value))}";
    }

    private static string IsSet(string value)
        => $"IS_DEFINED({value}) AND NOT IS_NULL({value}) AND NOT (IS_STRING({value}) AND LENGTH({value}) = 0) AND NOT (IS_ARRAY({value}) AND ARRAY_LENGTH({value}) = 0)";

    private string Folder(FolderTest test)
    {
        const string ids = "c.body.folder.ids";
        if (test.Id is null) return test.Subfolders ? "true" : $"NOT (IS_ARRAY({ids}) AND ARRAY_LENGTH({ids}) > 0)";
        var depth = test.Subfolders ? "" : $" AND ARRAY_LENGTH({ids}) = {Parameter(test.Depth)}";
        return $"IS_ARRAY({ids}) AND ARRAY_CONTAINS({ids}, {Parameter(test.Id)}){depth}";
    }

    private static string Of(Field field) => field switch
    {
        { Role: FieldRole.Identifier } => "c.body.identifier",
        { Filterable: true } => $"c.body.f[\"{FieldPath.Checked(field.Id)}\"]",
        _ => $"c.body.v[\"{FieldPath.Checked(field.Id)}\"]",
    };

    private string Sort(string identifier) => Parameter(CosmosText.Sort(prefix + TextFold.Of(identifier)));

    private string Parameter(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@f{parameters.Count}");
        parameters.Add((name, value));
        return name;
    }
}
