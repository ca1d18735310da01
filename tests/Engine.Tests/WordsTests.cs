namespace IntegrationPoints.Engine.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData("Lease", "\"Lease\"")]
    [InlineData("", "\"\"")]
    [InlineData("a\tb\r\n", "\"a␉b␍␊\"")]
    [InlineData("\0", "\"␀\"")]
    [InlineData("a\u202eb", "\"a␣b\"")]
    [InlineData("a\u2028b", "\"a␣b\"")]
    [InlineData("a\u0085b", "\"a␣b\"")]
    [InlineData("a{D800}b", "\"a\ufffdb\"")]
    [InlineData("façade 😀", "\"façade 😀\"")]
    public void A_value_shows_what_cannot_be_seen(string value, string expected) => Assert.Equal(expected, Words.Quote(Fixtures.Broken(value)));

    [Theory]
    [InlineData(80, false)]
    [InlineData(81, true)]
    [InlineData(100_000, true)]
    public void A_long_value_is_shortened(int length, bool shortened)
    {
        var shown = Words.Quote(new string('x', length));
        Assert.Equal(shortened, shown.EndsWith("…\"", StringComparison.Ordinal));
        Assert.InRange(shown.Length, 2, 83);
    }

    [Fact]
    public void Of_a_long_path_the_end_is_shown_where_the_name_stands()
    {
        Assert.Equal("\"in/VOL001.zip/DATA/a.txt\"", Words.QuotePath("in/VOL001.zip/DATA/a.txt"));
        var shown = Words.QuotePath($"{new string('x', 100)}/VOL001.zip/DATA/a.txt");
        Assert.StartsWith("\"…xx", shown, StringComparison.Ordinal);
        Assert.EndsWith("/VOL001.zip/DATA/a.txt\"", shown, StringComparison.Ordinal);
        Assert.Equal(Words.Longest + 3, shown.Length);
    }

    [Fact]
    public void A_list_shows_ten_and_counts_the_rest()
    {
        Assert.Equal("none", Words.List([]));
        Assert.Equal("\"a\", \"b\"", Words.List(["a", "b"]));
        Assert.EndsWith("\"10\" and 2 more", Words.List([.. Enumerable.Range(1, 12).Select(n => $"{n}")]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_problem_of_a_record_names_line_and_field()
    {
        var problem = Problem.Item("docs.dat", "invalid-date", 12345, "S003", "Sent", "\"x\" is not a date.");
        Assert.Equal("docs.dat, line 12345, field \"Sent\": \"x\" is not a date.", problem.Message);
        Assert.Equal((ProblemLevel.Item, ProblemSeverity.Error, 12345L, "S003", "Sent"),
            (problem.Level, problem.Severity, problem.Line!.Value, problem.SourceId, problem.Field));
        Assert.Equal("docs.dat, line 7: too many cells.", Problem.Item("docs.dat", "column-count", 7, null, null, "too many cells.").Message);
    }
}
