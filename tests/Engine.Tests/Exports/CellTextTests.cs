using CsCheck;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Tests.Exports;

/// <summary>Values as text of cells.</summary>
public class CellTextTests
{
    /// <summary>The type, the stored value, the cell.</summary>
    public static TheoryData<FieldType, object?, string> Values => new()
    {
        { FieldType.FixedLengthText, null, "" },
        { FieldType.FixedLengthText, " a ", " a " },
        { FieldType.LongText, "a\nb", "a\nb" },
        { FieldType.WholeNumber, -1234567, "-1234567" },
        { FieldType.Decimal, "0.10", "0.10" },
        { FieldType.Currency, "-1234.5", "-1234.5" },
        { FieldType.YesNo, true, "True" },
        { FieldType.YesNo, false, "False" },
        { FieldType.Date, "2023-06-30T13:23:05", "2023-06-30 13:23:05" },
        { FieldType.Date, "2023-06-30T00:00:00", "2023-06-30 00:00:00" },
        { FieldType.SingleChoice, @"A\B; C", @"A\B; C" },
        { FieldType.SingleObject, "Smith; John", "Smith; John" },
        { FieldType.User, "a@example.com", "a@example.com" },
        { FieldType.MultipleObject, new[] { "A", @"B\C" }, @"A;B\C" },
        { FieldType.MultipleChoice, new[] { "Hot", @"Hot\Really Hot", @"Hot\Really Hot\Super", "Look at Later" }, @"Hot\Really Hot\Super;Look at Later" },
        { FieldType.MultipleChoice, new[] { "A", @"A\1", @"A\2", "B" }, @"A\1;A\2;B" },
        { FieldType.MultipleChoice, new[] { "A", @"a\1" }, @"a\1" },
        { FieldType.MultipleChoice, Array.Empty<string>(), "" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_becomes_text(FieldType type, object? value, string expected)
        => Assert.Equal(new CellValue(expected), new CellText(new(), true).Of(Fixtures.Field(type), value));

    [Fact]
    public void Days_have_no_time() => Assert.Equal(
        "2023-06-30", new CellText(new(), true).Of(Fixtures.Field(FieldType.Date) with { DateOnly = true }, "2023-06-30T00:00:00").Text);

    [Fact]
    public void Folders()
    {
        Assert.Equal(@"A\B", CellText.Of(new RecordFolder(@"A\B", ["1", "2"])).Text);
        Assert.Equal("", CellText.Of(null).Text);
    }

    [Theory]
    [InlineData(true, 59, 92, @"A\1;B\1;C")]
    [InlineData(false, 59, 92, "1;C")]
    [InlineData(true, 124, 47, "A/1|B/1|C")]
    [InlineData(false, 124, 47, "1|C")]
    public void Choices_are_whole_paths_or_last_levels(bool nested, int multiValue, int level, string expected) => Assert.Equal(
        new CellValue(expected),
        new CellText(new() { MultiValue = multiValue, Nested = level }, nested).Of(Fixtures.Field(FieldType.MultipleChoice), new[] { "A", @"A\1", "B", @"B\1", "C" }));

    [Theory]
    [InlineData(FieldType.MultipleChoice, "a;b", true, 92, "a;b;c", "\"a;b\" holds the character with the code 59, which separates values")]
    [InlineData(FieldType.MultipleObject, "a;b", true, 92, "a;b;c", "code 59")]
    [InlineData(FieldType.MultipleChoice, "a/b", true, 47, "a/b;c", "\"a/b\" holds the character with the code 47, which separates levels")]
    [InlineData(FieldType.MultipleChoice, "a/b", false, 47, "a/b;c", "code 47")]
    [InlineData(FieldType.MultipleObject, "a/b", true, 47, "a/b;c", null)]
    public void A_choice_that_an_import_would_split_is_a_warning(FieldType type, string value, bool nested, int level, string expected, string? words)
    {
        var cell = new CellText(new() { Nested = level }, nested).Of(Fixtures.Field(type), new[] { value, "c" });
        Assert.Equal(expected, cell.Text);
        if (words is null) Assert.Null(cell.Warning);
        else Assert.Contains(words, cell.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_kept_as_a_file_has_to_be_read_first()
        => Assert.Throws<ArgumentException>(() => new CellText(new(), true).Of(Fixtures.Field(FieldType.LongText), new TextReference("b", 1)));

    [Fact]
    public void What_is_written_is_imported_as_the_same_value()
    {
        var level = Gen.String[Gen.OneOf('a', 'b', ';', '/', ' ', 'é', '|'), 1, 3].Select(s => s.Trim()).Where(s => s.Length > 0);
        var path = level.Array[1, 4].Select(l => string.Join('\\', l));
        Gen.Select(path.Array[1, 6], Gen.OneOf(59, 124), Gen.OneOf(92, 47)).Sample((paths, multiValue, nested) =>
        {
            var field = Fixtures.Field(FieldType.MultipleChoice);
            // Stored values are those that an import made.
            var stored = new ValueConverter(field, Fixtures.Settings() with { MultiValue = 1, Nested = 92 }).Convert(string.Join('\u0001', paths)).Value;
            var cell = new CellText(new Delimiters { MultiValue = multiValue, Nested = nested }, true).Of(field, stored);
            if (cell.Warning is not null) return;
            Assert.Equal(stored, new ValueConverter(field, Fixtures.Settings() with { MultiValue = multiValue, Nested = nested }).Convert(cell.Text).Value);
        });
    }
}
