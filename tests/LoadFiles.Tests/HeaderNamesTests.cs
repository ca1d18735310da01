namespace IntegrationPoints.LoadFiles.Tests;

public class HeaderNamesTests
{
    [Theory]
    [InlineData("Control Number|Date", "Control Number|Date")]
    [InlineData(" Control Number |\tDate\u00A0", "Control Number|Date")]
    [InlineData("A||  |B", "A|Column 2|Column 3|B")]
    [InlineData("A|A|a|A", "A|A (2)|a (3)|A (4)")]
    [InlineData("A|A (2)|A", "A|A (2)|A (3)")]
    [InlineData("A|A|A (2)", "A|A (2)|A (2) (2)")]
    [InlineData("Column 2||x", "Column 2|Column 2 (2)|x")]
    public void Names_are_trimmed_filled_and_unique(string header, string expected) =>
        Assert.Equal(expected.Split('|'), HeaderNames.From(header.Split('|'), 0));

    [Fact]
    public void Without_a_header_columns_are_numbered() => Assert.Equal(["Column 1", "Column 2", "Column 3"], HeaderNames.From(null, 3));

    [Fact]
    public void Columns_that_the_header_lacks_are_numbered() => Assert.Equal(["A", "Column 2"], HeaderNames.From(["A"], 2));
}
