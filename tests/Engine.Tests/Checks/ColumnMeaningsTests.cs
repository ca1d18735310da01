using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Engine.Tests.Checks;

/// <summary>Which columns a check takes for what.</summary>
public sealed class ColumnMeaningsTests
{
    /// <summary>Names as processing tools and production orders have them.</summary>
    [Theory]
    [InlineData("BEGBATES", ColumnMeaning.BeginBates)]
    [InlineData("BegDoc#", ColumnMeaning.BeginBates)]
    [InlineData("Bates Beg", ColumnMeaning.BeginBates)]
    [InlineData("PROD_BEG_BATES", ColumnMeaning.BeginBates)]
    [InlineData("DOC_BEG_BATES", ColumnMeaning.BeginBates)]
    [InlineData("ENDBATES", ColumnMeaning.EndBates)]
    [InlineData("Bates End", ColumnMeaning.EndBates)]
    [InlineData("EndDoc", ColumnMeaning.EndBates)]
    [InlineData("BEGATTACH", ColumnMeaning.BeginAttachment)]
    [InlineData("Bates Beg Attach", ColumnMeaning.BeginAttachment)]
    [InlineData("ENDATTACH", ColumnMeaning.EndAttachment)]
    [InlineData("Group Identifier", ColumnMeaning.Group)]
    [InlineData("FamilyID", ColumnMeaning.Group)]
    [InlineData("PARENTID", ColumnMeaning.Parent)]
    [InlineData("Parent Document", ColumnMeaning.Parent)]
    [InlineData("PGCOUNT", ColumnMeaning.Pages)]
    [InlineData("MD5HASH", ColumnMeaning.Hash)]
    [InlineData("SHA-1 Hash", ColumnMeaning.Hash)]
    [InlineData("SHA256", ColumnMeaning.Hash)]
    public void Usual_names_are_recognised(string name, ColumnMeaning meaning)
        => Assert.Equal([KeyValuePair.Create(meaning, 1)], Find(["Id", name], []));

    [Theory]
    [InlineData("Custodian")]
    [InlineData("Beginning")]
    [InlineData("Parental Advice")]
    public void Other_names_mean_nothing(string name) => Assert.Empty(Find(["Id", name], []));

    [Fact]
    public void What_the_check_is_told_wins_over_names_and_a_blank_name_says_none()
    {
        var told = new Dictionary<ColumnMeaning, string> { [ColumnMeaning.BeginBates] = "first no", [ColumnMeaning.Hash] = "" };
        Assert.Equal([KeyValuePair.Create(ColumnMeaning.BeginBates, 2)], Find(["BEGBATES", "MD5", "First No"], told));
    }

    [Fact]
    public void A_column_that_is_told_and_not_there_is_refused()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Find(["Id"], new Dictionary<ColumnMeaning, string> { [ColumnMeaning.Parent] = "Mother" }));
        Assert.Equal("column-missing", refused.Problem.Code);
        Assert.Contains("\"Mother\"", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A production's identifier often is its first Bates number; it is not also its own parent or family.</summary>
    [Fact]
    public void The_identifier_can_be_the_first_number_and_nothing_else()
    {
        Assert.Equal([KeyValuePair.Create(ColumnMeaning.BeginBates, 0)], Find(["BEGDOC"], [], identifier: 0));
        Assert.Empty(Find(["GROUPID"], [], identifier: 0));
    }

    private static IReadOnlyDictionary<ColumnMeaning, int> Find(string[] columns, Dictionary<ColumnMeaning, string> told, int? identifier = null)
        => ColumnMeanings.Find([.. columns.Select(c => new SourceField(c))], told, identifier);
}
