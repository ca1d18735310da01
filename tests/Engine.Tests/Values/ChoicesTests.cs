using CsCheck;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Values;

public sealed class ChoicesTests
{
    [Theory]
    // Load-file specification, "Nested-values": the full path, and every box above it
    [InlineData(@"Hot\Really Hot\Super Hot; Look at Later", @"Hot|Hot\Really Hot|Hot\Really Hot\Super Hot|Look at Later")]
    [InlineData(@"04. Redact;01. Yes\b. Solicitor/Client;", @"01. Yes|01. Yes\b. Solicitor/Client|04. Redact")]
    [InlineData("Hot", "Hot")]
    [InlineData("Hot;Cold", "Cold|Hot")]
    // Blank values and blank levels mean nothing; each level is trimmed
    [InlineData(@"\A\B\", @"A|A\B")]
    [InlineData(@"A\\B", @"A|A\B")]
    [InlineData(@";Rent\Arrears ;Rent\Arrears; \Parties\;", @"Parties|Rent|Rent\Arrears")]
    [InlineData(@"\;A", "A")]
    [InlineData(@" A \ B ", @"A|A\B")]
    // Once each without regard to case, in the spelling that came first, also of an ancestor
    [InlineData("hot;Hot;HOT", "hot")]
    [InlineData(@"Hot\a;HOT\A;hot\b", @"Hot|Hot\a|Hot\b")]
    [InlineData(@"A\B;A", @"A|A\B")]
    // Ordinal order: upper case before lower case
    [InlineData("b;a;C", "C|a|b")]
    [InlineData("Windows® 10", "Windows® 10")]
    public void Every_selected_path_once_with_its_ancestors(string cell, string expected)
        => Assert.Equal(expected.Split('|'), Fixtures.Convert(FieldType.MultipleChoice, cell).Value);

    [Theory]
    [InlineData(";;")]
    [InlineData(@"\")]
    [InlineData(@" ; \ ")]
    public void Nothing_selected_is_empty(string cell) => Assert.Equal(default, Fixtures.Convert(FieldType.MultipleChoice, cell));

    [Fact]
    public void The_characters_are_the_imports()
    {
        var converter = new ValueConverter(Fixtures.Field(FieldType.MultipleChoice), Fixtures.Settings() with { MultiValue = '|', Nested = '/' });
        Assert.Equal([@"A", @"A\B", "C;D"], (string[])converter.Convert("A/B|C;D").Value!);
    }

    [Theory]
    [InlineData("Hot", "Hot")]
    [InlineData(" Hot ", "Hot")]
    [InlineData("Hot;Cold", "Hot;Cold")]
    [InlineData(@"Hot\Cold", @"Hot\Cold")]
    public void A_single_choice_is_trimmed_and_never_split(string cell, string expected)
        => Assert.Equal(expected, Fixtures.Convert(FieldType.SingleChoice, cell).Value);

    [Theory]
    // At most 200 characters a level
    [InlineData(200, null)]
    [InlineData(201, "choice-too-long")]
    public void A_level_has_at_most_200_characters(int characters, string? code)
    {
        var level = new string('x', characters);
        Assert.Equal(code, Fixtures.Convert(FieldType.SingleChoice, level).Code);
        Assert.Equal(code, Fixtures.Convert(FieldType.MultipleChoice, level).Code);
        Assert.Equal(code, Fixtures.Convert(FieldType.MultipleChoice, $@"A;B\{level}\{new string('y', 200)}").Code);
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "choice-too-deep")]
    public void A_choice_has_at_most_100_levels(int levels, string? code)
        => Assert.Equal(code, Fixtures.Convert(FieldType.MultipleChoice, string.Join('\\', Enumerable.Repeat("a", levels))).Code);

    [Fact]
    public void A_cell_that_selects_more_than_a_record_can_hold_is_an_error_and_not_a_full_memory()
    {
        var deep = string.Join('\\', Enumerable.Repeat(new string('x', 190), 99));
        var result = Fixtures.Convert(FieldType.MultipleChoice, string.Join(';', Enumerable.Range(0, 1000).Select(n => $@"{n}\{deep}")));
        Assert.Equal("item-too-large", result.Code);
    }

    [Fact]
    public void Writing_the_paths_and_reading_them_again_changes_nothing()
    {
        var level = Gen.Char["abcDEF 123"].Array[1, 8].Select(c => new string(c)).Where(s => s.Trim().Length > 0);
        var cell = level.Array[1, 4].Select(levels => string.Join('\\', levels)).Array[1, 6].Select(values => string.Join(';', values));
        cell.Sample(text =>
        {
            var once = (string[])Fixtures.Convert(FieldType.MultipleChoice, text).Value!;
            var again = (string[])Fixtures.Convert(FieldType.MultipleChoice, string.Join(';', once)).Value!;
            Assert.Equal(once, again);
            Assert.Equal(once.Length, once.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(once, path => Assert.True(!path.Contains('\\') || once.Contains(path[..path.LastIndexOf('\\')])));
        });
    }
}
