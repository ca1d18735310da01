namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>Rules that say where files lie whose paths name a drive or a server (issue "Load files, complete", Records).</summary>
public class PathRulesTests
{
    [Theory]
    [InlineData(@"D:\", "", @"D:\NATIVES\1.doc", "NATIVES/1.doc")]
    [InlineData("D:", "", @"d:/NATIVES/1.doc", "NATIVES/1.doc")]
    [InlineData("d:/Review/", @"NATIVES\V1", @"D:\REVIEW\1.doc", "NATIVES/V1/1.doc")]
    [InlineData(@"D:\Review", ".", @"D:\Review\a\1.doc", "a/1.doc")]
    [InlineData(@"\\server\share\", "", @"\\SERVER\share\a\1.doc", "a/1.doc")]
    [InlineData(@"\\server\share", @"\a", "//server/share/1.doc", "a/1.doc")]
    [InlineData("https://server", "", "https://server/a/1.doc", "a/1.doc")]
    public void A_path_with_a_rule_is_relative(string from, string to, string path, string expected)
    {
        var parsed = new PathRules([new(from, to)]).Parse(path);
        Assert.Equal((PathKind.Relative, expected), (parsed.Kind, parsed.Path));
    }

    [Theory]
    [InlineData(@"D:\Review", @"D:\Reviews\1.doc")]
    [InlineData(@"D:\Review", @"D:\1.doc")]
    [InlineData(@"D:\Review\1.doc", @"D:\Review\1.doc")]
    [InlineData(@"D:\", @"E:\1.doc")]
    [InlineData(@"\\server\share", @"\\server\shared\1.doc")]
    public void A_path_without_a_rule_stays_absolute(string from, string path)
        => Assert.Equal(PathKind.Absolute, new PathRules([new(from, "")]).Parse(path).Kind);

    [Theory]
    [InlineData(@"D:\..\..\1.doc")]
    [InlineData(@"D:\a\..\..\1.doc")]
    [InlineData(@"D:\..%2f1.doc")]
    [InlineData(@"D:\CON")]
    public void A_rule_lets_nothing_out(string path) => Assert.Equal(PathKind.Outside, new PathRules([new(@"D:\", "")]).Parse(path).Kind);

    [Fact]
    public void The_rule_that_says_the_most_counts_in_whatever_order_they_come()
    {
        PathRule[] rules = [new(@"D:\", "drive"), new(@"D:\a\b", "b"), new(@"D:\a", "a")];
        foreach (var order in (IEnumerable<PathRule>[])[rules, rules.Reverse()])
            Assert.Equal("b/1.doc", new PathRules(order).Parse(@"D:\a\b\1.doc").Path);
    }

    [Fact]
    public void Relative_paths_need_no_rule_and_get_none()
        => Assert.Equal("D/1.doc", new PathRules([new(@"D:\", "x")]).Parse(@"D\1.doc").Path);

    [Theory]
    [InlineData("", "")]
    [InlineData("NATIVES", "")]
    [InlineData(@"\\server", "")]
    [InlineData(@"D:\..\", "")]
    [InlineData(@"D:\", @"E:\")]
    [InlineData(@"D:\", @"..\a")]
    public void What_is_no_rule_says_what_is_expected(string from, string to)
        => Assert.Contains("begins with a drive", new PathRule(from, to).Problem, StringComparison.Ordinal);
}
