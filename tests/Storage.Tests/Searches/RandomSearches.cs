using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Tests.Searches;

/// <summary>Random documents and conditions whose values come from the same few, so that conditions find something.</summary>
internal sealed class RandomSearches(int seed)
{
    // Letters that change their length or their script between cases, or that only some servers know as letters of one.
    private static readonly string[] Texts =
    [
        "Hot", "hot", "HOT", "hotter", "Straße", "STRASSE", "STRAßE", "ärger", "ÄRGER", "İstanbul", "istanbul", "ıx", "Ix", "ſ", "S", "s", "\u212a", "k", "日本", "🚀 go",
        "\U00010437", "\U0001040f", "Ωmega", "ωMEGA", "ς", "Σ", "O'Neil \"x\"", "%", "_", "a\\b", "1", "true", "null", "[\"Hot\"]", "ﬁ", "FI", "ǆ", "ǅ", " Hot", "Hot ",
        "--", "); DROP TABLE items;", "{\"$blob\":1}", "@f0", "x\ny", "\ud7ff", "\uffff",
    ];

    private static readonly string[] Choices = ["Hot", "hot", "A", "A\\B", "a\\b", "A\\B\\C", "Ä\\ö", "ä\\Ö", "A/B", "AB"];

    private static readonly string[] Numbers =
        ["0", "-0", "1", "1.0", "1.00", "-1", "2.5", "0.1", "0.10000000000000000001", "9999999999999999999999999999", "9999999999999999999999999998", "-2147483648", "2147483647", "10"];

    private static readonly string[] Dates = ["2020-01-05T00:00:00", "2020-01-05T23:59:59", "2020-01-06T00:00:00", "2020-01-04T23:59:59", "1753-01-01T00:00:00", "9999-12-31T23:59:59"];

    private static readonly string[] Folders = ["A", "a", "A\\B", "A\\B\\C", "AB", "Ä\\x", "ä\\X"];

    private static readonly string[] Productions = ["VOL1", "Prod 2", "prod ä"];

    private readonly Random _random = new(seed);

    public IEnumerable<Row> Rows(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var values = new Dictionary<string, object>();
            foreach (var field in SearchedCase.Fields.Where(f => f.Role != FieldRole.Identifier && _random.Next(4) > 0)) values.Add(field.Name, Value(field));
            var id = _random.Next(3) == 0 ? $"Ä{i:d3}" : $"Doc{i:d3}";
            yield return new Row(id, values, _random.Next(3) == 0 ? null : Pick(Folders), [.. Productions.Where(_ => _random.Next(3) == 0)]);
        }
    }

    public Condition Condition(int depth = 3)
    {
        switch (depth == 0 ? 9 : _random.Next(10))
        {
            case 0 or 1: return new Condition { And = Parts(depth) };
            case 2 or 3: return new Condition { Or = Parts(depth) };
            case 4 or 5: return new Condition { Not = Condition(depth - 1) };
            case 6 when _random.Next(2) == 0: return Engine.Searches.Condition.InFolder(_random.Next(5) == 0 ? "" : Pick(Folders), _random.Next(2) == 0);
            case 6: return Engine.Searches.Condition.InProduction(Pick(Productions));
            default: return Comparison(Pick(SearchedCase.Fields));
        }
    }

    private List<Condition> Parts(int depth) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Condition(depth - 1))];

    private Condition Comparison(Field field)
    {
        var ops = Enum.GetValues<ConditionOperator>()
            .Where(op => op is not (ConditionOperator.InFolder or ConditionOperator.InProduction)
                && ConditionResolver.Resolve(With(field, op, Asked(field), Asked(field)), SearchedCase.Documents, SearchedCase.Fields).Problems.All(p => p.Code != "operator-invalid"))
            .ToList();
        while (true)
        {
            var condition = With(field, Pick(ops), Asked(field), Asked(field));
            // Only "between" whose first value comes last is left.
            if (ConditionResolver.Resolve(condition, SearchedCase.Documents, SearchedCase.Fields).Problems.Count == 0) return condition;
        }
    }

    private static Condition With(Field field, ConditionOperator op, string one, string other) => op switch
    {
        ConditionOperator.IsSet or ConditionOperator.IsNotSet => new() { Field = field.Name, Op = op },
        ConditionOperator.AnyOf or ConditionOperator.Between => new() { Field = field.Name, Op = op, Values = [new(one), new(other)] },
        _ => Engine.Searches.Condition.Of(field.Name, op, one),
    };

    private object Value(Field field) => field.Type switch
    {
        FieldType.WholeNumber => _random.Next(5) == 0 ? int.MinValue : _random.Next(-1, 4),
        FieldType.Decimal or FieldType.Currency => Pick(Numbers),
        FieldType.Date => Pick(Dates),
        FieldType.YesNo => _random.Next(2) == 0,
        FieldType.MultipleChoice or FieldType.MultipleObject => Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick(Choices)).ToArray(),
        FieldType.SingleChoice => Pick(Choices),
        FieldType.LongText when _random.Next(4) == 0 => new KeptText(new string('x', 33_000) + Pick(Texts) + "tail"),
        _ => Pick(Texts),
    };

    // What a condition asks for: a value, a part of one, or a day.
    private string Asked(Field field) => field.Type switch
    {
        FieldType.WholeNumber or FieldType.Decimal or FieldType.Currency => Pick(Numbers),
        FieldType.Date => _random.Next(2) == 0 ? Pick(Dates) : Pick(Dates)[..10],
        FieldType.YesNo => Pick("true", "false", "yes", "no"),
        FieldType.SingleChoice or FieldType.MultipleChoice or FieldType.MultipleObject => Pick(Choices),
        _ when field.Role == FieldRole.Identifier => Pick("ä001", "DOC002", "doc", "Ä", "D", "01", "Z"),
        _ => Pick(Texts),
    };

    private T Pick<T>(params IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
