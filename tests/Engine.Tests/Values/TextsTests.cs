using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Values;

public sealed class TextsTests
{
    [Theory]
    // The newline character and every line end become one line feed in long text (load-file specification, Delimiters)
    [InlineData("one®two", "one\ntwo")]
    [InlineData("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour")]
    [InlineData("a®®b\r\n®c", "a\n\nb\n\nc")]
    // Text is not trimmed
    [InlineData("  two  blanks  ", "  two  blanks  ")]
    [InlineData("=1+1 \"q\" & <b>", "=1+1 \"q\" & <b>")]
    [InlineData("smile 😀 façade", "smile 😀 façade")]
    public void Long_text_keeps_everything_but_the_form_of_its_line_ends(string cell, string expected)
        => Assert.Equal(expected, Fixtures.Convert(FieldType.LongText, cell).Value);

    [Theory]
    // Elsewhere ® is a letter, and line ends stay as they are in the file (API, values)
    [InlineData("Windows® 10")]
    [InlineData("first\r\nsecond")]
    [InlineData(" padded ")]
    public void Fixed_length_text_is_as_in_the_file(string cell)
        => Assert.Equal(cell, Fixtures.Convert(FieldType.FixedLengthText, cell, length: 40).Value);

    [Fact]
    public void The_newline_character_is_the_imports()
    {
        var converter = new ValueConverter(Fixtures.Field(FieldType.LongText), Fixtures.Settings() with { Newline = 124 });
        Assert.Equal("one\ntwo®", converter.Convert("one|two®").Value);
    }

    [Fact]
    public void Text_that_needs_no_change_is_not_copied()
    {
        var cell = new string('x', 10);
        Assert.Same(cell, Fixtures.Convert(FieldType.LongText, cell).Value);
    }

    [Theory]
    [InlineData(40, 40, true)]
    [InlineData(41, 40, false)]
    [InlineData(256, 255, false)]
    public void Text_longer_than_its_field_is_an_error_with_both_lengths(int characters, int length, bool fits)
    {
        var result = Fixtures.Convert(FieldType.FixedLengthText, new string('T', characters), length: length);
        Assert.Equal(fits ? null : "text-too-long", result.Code);
        if (fits) return;
        Assert.Null(result.Value);
        Assert.Contains($"{characters} characters", result.Reason, StringComparison.Ordinal);
        Assert.Contains($"holds {length}", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\0b", "position 2")]
    [InlineData("\0", "position 1")]
    [InlineData("ab{D800}", "position 3")]
    [InlineData("{DC00}ab", "position 1")]
    [InlineData("😀{D800}x", "position 3")]
    public void What_no_store_can_hold_is_an_error(string cell, string position)
    {
        foreach (var type in new[] { FieldType.FixedLengthText, FieldType.LongText, FieldType.SingleChoice, FieldType.MultipleChoice })
        {
            var result = Fixtures.Convert(type, Fixtures.Broken(cell));
            Assert.Equal(("invalid-character", null), (result.Code, result.Value));
            Assert.Contains(position, result.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\t\r\n")]
    [InlineData("\u00a0")]
    public void A_blank_cell_is_an_empty_value_of_every_type(string cell)
        => Assert.All(Enum.GetValues<FieldType>(), type => Assert.Equal(default, Fixtures.Convert(type, cell)));

    [Theory]
    // Yes/No: these words in any case; anything else is an error
    [InlineData("yes", true)]
    [InlineData("YES", true)]
    [InlineData("Y", true)]
    [InlineData("y", true)]
    [InlineData("true", true)]
    [InlineData("T", true)]
    [InlineData("1", true)]
    [InlineData(" y ", true)]
    [InlineData("No", false)]
    [InlineData("n", false)]
    [InlineData("FALSE", false)]
    [InlineData("f", false)]
    [InlineData("0", false)]
    [InlineData("\t0\t", false)]
    public void Yes_and_no_in_the_words_people_use(string cell, bool expected)
        => Assert.Equal(expected, Fixtures.Convert(FieldType.YesNo, cell).Value);

    [Theory]
    [InlineData("perhaps")]
    [InlineData("xyzzy")]
    [InlineData("x")]
    [InlineData("+1")]
    [InlineData("2")]
    [InlineData("0.5")]
    [InlineData("yess")]
    [InlineData("ja")]
    public void Anything_else_is_neither(string cell)
    {
        var result = Fixtures.Convert(FieldType.YesNo, cell);
        Assert.Equal(("invalid-boolean", null), (result.Code, result.Value));
        Assert.StartsWith(Words.Quote(cell), result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_shows_a_long_value_shortened()
    {
        var result = Fixtures.Convert(FieldType.YesNo, new string('x', 5000) + "\u202e\0");
        Assert.InRange(result.Reason!.Length, 80, 260);
    }
}
