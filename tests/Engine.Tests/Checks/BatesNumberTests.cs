using IntegrationPoints.Engine.Checks;

namespace IntegrationPoints.Engine.Tests.Checks;

/// <summary>Bates and control numbers: a prefix and the digits at its end.</summary>
public sealed class BatesNumberTests
{
    [Theory]
    [InlineData("ABC0000123", "ABC", 123, 7)]
    [InlineData(" abc-001 ", "abc-", 1, 3)]
    [InlineData("REL.0001.0042", "REL.0001.", 42, 4)]
    [InlineData("42", "", 42, 2)]
    [InlineData("A123456789012345678901", "A123", 456789012345678901, 18)]
    public void A_number_is_its_prefix_and_its_digits(string text, string prefix, long number, int digits)
    {
        var read = BatesNumber.Parse(text)!.Value;
        Assert.Equal((prefix, number, digits), (read.Prefix, read.Number, read.Digits));
        Assert.Equal(text.Trim(), read.At(number));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    [InlineData("ABC")]
    [InlineData("ABC123x")]
    [InlineData("ABC１２３")]
    public void Text_without_digits_at_its_end_is_none(string? text) => Assert.Null(BatesNumber.Parse(text));

    [Fact]
    public void A_giant_text_is_none() => Assert.Null(BatesNumber.Parse(new string('A', 1_000_000) + "1"));
}
