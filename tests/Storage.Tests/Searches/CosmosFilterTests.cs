using System.Globalization;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Tests.Searches;

/// <summary>How conditions read in SQL of Cosmos DB. Values never stand in the text.</summary>
public sealed class CosmosFilterTests
{
    private static readonly string Title = Of("Title"), Note = Of("Note"), Price = Of("Price"), Issues = Of("Issues"), Pages = Of("Pages"), Body = Of("Body");

    /// <summary>Source: CosmosFilter. The condition, its text, and the values of its parameters.</summary>
    public static TheoryData<Condition, string, string> Texts => new()
    {
        { Condition.Of("Title", ConditionOperator.Is, "Hot"), $"IS_STRING(f{Title}) AND StringEquals(f{Title}, @f0, true)", "Hot" },
        // Servers differ in letters beyond ASCII: the rest of the value has to stand there.
        { Condition.Of("Title", ConditionOperator.Is, "Straße 12"), $"IS_STRING(f{Title}) AND CONTAINS(f{Title}, @f0, true)", "Stra" },
        { Condition.Of("Note", ConditionOperator.StartsWith, "日本"), $"IS_STRING(v{Note})", "" },
        { Condition.Of("Note", ConditionOperator.Contains, "x' OR 1=1 --"), $"IS_STRING(v{Note}) AND CONTAINS(v{Note}, @f0, true)", "x' OR 1=1 --" },
        // Only what is the same letter by letter surely fails a "not".
        { Condition.Of("Title", ConditionOperator.IsNot, "Hot"), $"NOT (IS_STRING(f{Title}) AND f{Title} = @f0)", "Hot" },
        { new Condition { Not = new Condition { Not = Condition.Of("Title", ConditionOperator.Contains, "Hot") } }, $"NOT (NOT (IS_STRING(f{Title}) AND CONTAINS(f{Title}, @f0, true)))", "Hot" },
        { Condition.Of("Issues", ConditionOperator.Is, "Law"), $"EXISTS (SELECT VALUE e FROM e IN f{Issues} WHERE StringEquals(e, @f0, true))", "Law" },
        { Condition.Of("Issues", ConditionOperator.IsNot, "Law"), $"NOT (IS_ARRAY(f{Issues}) AND ARRAY_CONTAINS(f{Issues}, @f0))", "Law" },
        // A text that is kept as a file may hold anything.
        { Condition.Of("Body", ConditionOperator.Contains, "x"), $"(IS_STRING(v{Body}) AND CONTAINS(v{Body}, @f0, true) OR IS_OBJECT(v{Body}))", "x" },
        { Condition.Of("Pages", ConditionOperator.Greater, "9.5"), $"IS_NUMBER(f{Pages}) AND f{Pages} >= @f0", "10" },
        {
            Condition.Of("Price", ConditionOperator.Greater, "9.50"),
            $"(IS_STRING(f{Price}) AND (NOT IS_NUMBER(StringToNumber(f{Price})) OR StringToNumber(f{Price}) >= @f0))", "9.5"
        },
        { Condition.Of("Control Number", ConditionOperator.Is, "ä1"), "c.sort = @f0", "DOCUMENT|Ä1" },
        { Condition.Of("Control Number", ConditionOperator.AtLeast, "b"), "c.sort >= @f0", "DOCUMENT|B" },
        { Condition.InFolder("", true), "true", "" },
        // Brackets where AND, OR and NOT need them.
        {
            Condition.All(Condition.Any(Condition.Of("Control Number", ConditionOperator.Is, "a"), Condition.All(Condition.Of("Pages", ConditionOperator.AtLeast, "1"))), Condition.Of("Pages", ConditionOperator.AtMost, "2")),
            $"(c.sort = @f0 OR IS_NUMBER(f{Pages}) AND f{Pages} >= @f1) AND IS_NUMBER(f{Pages}) AND f{Pages} <= @f2", "DOCUMENT|A 1 2"
        },
        { Condition.InProduction("P"), $"IS_DEFINED(c.body.images[\"{Production.IdFor("p")}\"])", "" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_condition_is_as_narrow_as_every_server_allows(Condition condition, string text, string values)
    {
        var filter = new CosmosFilter("DOCUMENT|");
        var written = filter.Write(SearchedCase.Query(condition).Condition);
        Assert.Equal(text.Replace("f[", "c.body.f[", StringComparison.Ordinal).Replace("v[", "c.body.v[", StringComparison.Ordinal), written);
        Assert.Equal(values, string.Join(' ', filter.Parameters.Select(p => Convert.ToString(p.Value, CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("a\"] = 1 OR true")]
    [InlineData("")]
    [InlineData("a.b")]
    public void An_id_that_is_none_is_refused(string id)
    {
        var field = SearchedCase.Fields[1] with { Id = id };
        foreach (var test in (RecordCondition[])[new SetTest(field), new TextTest(field, TextMatch.Is, "x"), new ImagesTest(id)])
        {
            Assert.Throws<ArgumentException>(() => new CosmosFilter("").Write(test));
            Assert.Throws<ArgumentException>(() => new SqliteFilter(new Microsoft.Data.Sqlite.SqliteCommand().Parameters, "").Write(test));
        }
    }

    private static string Of(string field) => $"[\"{SearchedCase.Fields.Single(f => f.Name == field).Id}\"]";
}
