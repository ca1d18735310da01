using System.Text.Json;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Searches;

/// <summary>What people write in conditions, and what is said about what cannot be meant.</summary>
public sealed class ConditionResolverTests
{
    private static readonly ObjectType Documents = new() { Name = "Document", IdentifierField = "id" };

    private static readonly Field[] Fields =
    [
        New("Control Number", FieldType.FixedLengthText) with { Role = FieldRole.Identifier }, New("Title", FieldType.FixedLengthText), New("Body", FieldType.LongText),
        New("Pages", FieldType.WholeNumber), New("Price", FieldType.Decimal), New("Sent", FieldType.Date), New("Hot", FieldType.YesNo),
        New("Tag", FieldType.SingleChoice), New("Issues", FieldType.MultipleChoice), New("Reviewer", FieldType.User),
    ];

    private static Field New(string name, FieldType type) => new() { Id = Field.IdFor("Document", name), ObjectType = "Document", Name = name, Type = type };

    /// <summary>Source: Condition, ConditionOperator, ConditionLimits. The condition, and each problem's code and place.</summary>
    public static TheoryData<string, string[]> Wrong => new()
    {
        { "{}", ["condition-invalid condition"] },
        { """{"and":[],"or":[]}""", ["condition-invalid condition"] },
        { """{"not":{"and":[]},"field":"Title"}""", ["condition-invalid condition"] },
        { """{"field":"Title"}""", ["condition-invalid condition.op"] },
        { """{"op":"is","value":"x"}""", ["condition-invalid condition.field"] },
        { """{"field":"Titel","op":"is","value":"x"}""", ["field-not-found condition.field"] },
        // All of it at once.
        {
            """{"and":[{"field":"Nope","op":"is","value":"x"},{"or":[{"field":"Pages","op":"is","value":"ten"},{"not":{"field":"Hot","op":"greater","value":true}}]}]}""",
            ["field-not-found condition.and[0].field", "value-invalid condition.and[1].or[0].value", "operator-invalid condition.and[1].or[1].not.op"]
        },
        { """{"field":"Pages","op":"contains","value":"1"}""", ["operator-invalid condition.op"] },
        { """{"field":"Body","op":"greater","value":"a"}""", ["operator-invalid condition.op"] },
        { """{"field":"Issues","op":"starts-with","value":"a"}""", ["operator-invalid condition.op"] },
        { """{"field":"Sent","op":"is","value":"2020-13-01"}""", ["value-invalid condition.value"] },
        { """{"field":"Sent","op":"is","value":"01/05/2020"}""", ["value-invalid condition.value"] },
        { """{"field":"Price","op":"is","value":"1e3"}""", ["value-invalid condition.value"] },
        { """{"field":"Price","op":"is","value":"1,5"}""", ["value-invalid condition.value"] },
        { """{"field":"Price","op":"is","value":"0.00000000000000000000000000001"}""", ["value-invalid condition.value"] },
        { """{"field":"Hot","op":"is","value":"perhaps"}""", ["value-invalid condition.value"] },
        { """{"field":"Title","op":"is"}""", ["value-missing condition.value"] },
        { """{"field":"Title","op":"is","value":""}""", ["value-missing condition.value"] },
        { """{"field":"Title","op":"is","value":"a\u0000b"}""", ["value-invalid condition.value"] },
        { """{"field":"Title","op":"is","values":["x"]}""", ["condition-invalid condition.values", "value-missing condition.value"] },
        { """{"field":"Title","op":"any-of","values":[]}""", ["value-missing condition.values"] },
        { """{"field":"Title","op":"any-of","value":"x"}""", ["condition-invalid condition.value"] },
        { """{"field":"Title","op":"any-of","values":["x",""]}""", ["value-missing condition.values[1]"] },
        { """{"field":"Pages","op":"between","values":[1]}""", ["value-missing condition.values"] },
        { """{"field":"Pages","op":"between","values":[5,4]}""", ["value-invalid condition.values"] },
        { """{"field":"Sent","op":"between","values":["2020-02-01","2020-01-01"]}""", ["value-invalid condition.values"] },
        { """{"field":"Title","op":"is-set","value":"x"}""", ["condition-invalid condition.value"] },
        { """{"field":"Title","op":"is","value":"x","subfolders":true}""", ["condition-invalid condition.subfolders"] },
        { """{"field":"Title","op":"in-folder","value":"A"}""", ["condition-invalid condition.field"] },
        { """{"op":"in-production"}""", ["value-missing condition.value"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_that_is_wrong_is_said_at_once_with_its_place(string condition, string[] problems)
    {
        var resolved = Resolve(condition);
        Assert.Equal(problems.Order(), resolved.Problems.Select(p => $"{p.Code} {p.Field}").Order());
        Assert.Null(resolved.Query);
        Assert.All(resolved.Problems, p => Assert.EndsWith(".", p.Message, StringComparison.Ordinal));
    }

    /// <summary>Source: ConditionLimits.</summary>
    public static TheoryData<string, string?> Limits => new()
    {
        { Nested(ConditionLimits.Depth - 1), null },
        { Nested(ConditionLimits.Depth), "condition-too-deep" },
        { Values(ConditionLimits.Comparisons), null },
        { Values(ConditionLimits.Comparisons + 1), "condition-too-large" },
        { $$"""{"or":[{{Repeat(Values(100), 3)}}]}""", "condition-too-large" },
        { $$"""{"and":[{{Repeat("""{"field":"Title","op":"is-set"}""", 100_000)}}]}""", "condition-too-large" },
        { $$"""{"field":"Title","op":"is","value":"{{new string('x', ConditionLimits.ValueLength)}}"}""", null },
        { $$"""{"field":"Title","op":"is","value":"{{new string('x', ConditionLimits.ValueLength + 1)}}"}""", "value-invalid" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_condition_that_is_too_much_is_refused_and_problems_do_not_grow_with_it(string condition, string? code)
    {
        var problems = Resolve(condition).Problems;
        Assert.Equal(code is null ? [] : [code], problems.Select(p => p.Code).Distinct());
        Assert.InRange(problems.Count, 0, 3);
    }

    [Theory]
    [InlineData("\"x\"", "x")]
    [InlineData("1.50", "1.50")]
    [InlineData("-12", "-12")]
    [InlineData("true", "true")]
    public void A_value_is_text_a_number_or_true_or_false(string json, string text)
        => Assert.Equal(text, JsonSerializer.Deserialize<ConditionValue>(json).Text);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    public void A_value_is_nothing_else(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ConditionValue>(json));

    [Fact]
    public void Fields_that_no_index_serves_are_named()
    {
        var query = ConditionResolver.Resolve(Condition.All(Condition.Of("body", ConditionOperator.IsSet), Condition.Of("Title", ConditionOperator.Is, "x"),
            Condition.Of("Control Number", ConditionOperator.Is, "x"), Condition.Any(Condition.Of("BODY", ConditionOperator.Contains, "x"))), Documents,
            [.. Fields.Select(f => f with { Filterable = f.Name == "Title" })]).Query;
        Assert.Equal(["Body"], query!.Scanned);
    }

    [Fact]
    public void Only_documents_have_folders_and_productions()
    {
        var entities = new ObjectType { Name = "Entity", IdentifierField = "id" };
        var resolved = ConditionResolver.Resolve(Condition.All(Condition.InFolder("A", true), Condition.InProduction("P")), entities, []);
        Assert.Equal(["operator-invalid condition.and[0].op", "operator-invalid condition.and[1].op"], resolved.Problems.Select(p => $"{p.Code} {p.Field}"));
    }

    /// <summary>Source: SavedListRules.</summary>
    [Fact]
    public void All_that_is_wrong_with_a_saved_search_is_said_at_once()
    {
        var list = new SavedList
        {
            Name = "x",
            Condition = Condition.Of("Nope", ConditionOperator.IsSet),
            Columns = ["title", "Folder Path", "Gone", "TITLE"],
            Sort = [new("Sent", true), new("Body"), new("sent"), new("Gone")],
        };
        string[] expected =
        [
            "field-not-found condition.field", "field-not-found columns[2]", "field-doubled columns[3]", "sort-invalid sort[1].field", "field-doubled sort[2].field",
            "field-not-found sort[3].field",
        ];
        Assert.Equal(expected, SavedListRules.Check(list, Documents, Fields).Select(p => $"{p.Code} {p.Field}"));
    }

    private static ResolvedQuery Resolve(string condition) => ConditionResolver.Resolve(JsonSerializer.Deserialize<Condition>(condition)!, Documents, Fields);

    private static string Nested(int levels)
        => string.Concat(Enumerable.Repeat("{\"not\":", levels)) + """{"field":"Title","op":"is-set"}""" + new string('}', levels);

    private static string Values(int count) => $$"""{"field":"Title","op":"any-of","values":[{{Repeat("\"x\"", count)}}]}""";

    private static string Repeat(string text, int count) => string.Join(',', Enumerable.Repeat(text, count));
}
