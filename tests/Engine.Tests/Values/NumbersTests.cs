using System.Globalization;
using CsCheck;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Values;

public sealed class NumbersTests
{
    [Theory]
    // Load values: sign, thousands separators in the culture's places, 32 bits
    [InlineData("0", "en-US", 0)]
    [InlineData("+7", "en-US", 7)]
    [InlineData("-7", "en-US", -7)]
    [InlineData("\u22127", "en-US", -7)]
    [InlineData(" 42 ", "en-US", 42)]
    [InlineData("\t42\n", "en-US", 42)]
    [InlineData("007", "en-US", 7)]
    [InlineData("-0", "en-US", 0)]
    [InlineData("1,234,567", "en-US", 1234567)]
    [InlineData("12,345", "en-US", 12345)]
    [InlineData("1.234.567", "de-DE", 1234567)]
    [InlineData("12,34,567", "en-IN", 1234567)]
    [InlineData("1 234", "fr-FR", 1234)]
    [InlineData("1\u00a0234", "fr-FR", 1234)]
    [InlineData("1\u202f234", "fr-FR", 1234)]
    [InlineData("1'234", "de-CH", 1234)]
    [InlineData("1\u2019234", "de-CH", 1234)]
    [InlineData("2147483647", "en-US", int.MaxValue)]
    [InlineData("-2,147,483,648", "en-US", int.MinValue)]
    public void A_whole_number_is_read_as_the_culture_writes_it(string cell, string culture, int expected)
        => Assert.Equal(expected, Fixtures.Convert(FieldType.WholeNumber, cell, culture).Value);

    [Theory]
    [InlineData("many", "en-US", "many")]
    [InlineData("2147483648", "en-US", "out of range")]
    [InlineData("-2147483649", "en-US", "out of range")]
    [InlineData("99999999999999999999999999999999999999", "en-US", "out of range")]
    [InlineData("1.0", "en-US", "not a whole number")]
    [InlineData("5-", "en-US", "not a whole number")]
    [InlineData("(5)", "en-US", "not a whole number")]
    [InlineData("$5", "en-US", "not a whole number")]
    [InlineData("--5", "en-US", "not a whole number")]
    [InlineData("+-5", "en-US", "not a whole number")]
    [InlineData("- 5", "en-US", "not a whole number")]
    [InlineData("1 234", "en-US", "not a whole number")]
    [InlineData("1e3", "en-US", "not a whole number")]
    [InlineData("0x1F", "en-US", "not a whole number")]
    [InlineData("١٢", "en-US", "not a whole number")]
    [InlineData("-", "en-US", "not a whole number")]
    [InlineData("1,23", "en-US", "thousands separator")]
    [InlineData("1,2345", "en-US", "thousands separator")]
    [InlineData("1234,567", "en-US", "thousands separator")]
    [InlineData("1,,234", "en-US", "thousands separator")]
    [InlineData(",5", "en-US", "thousands separator")]
    [InlineData("5,", "en-US", "thousands separator")]
    [InlineData("1,234,567", "en-IN", "thousands separator")]
    [InlineData("1.5", "de-DE", "thousands separator")]
    public void What_is_no_whole_number_is_an_error_in_words(string cell, string culture, string words)
    {
        var result = Fixtures.Convert(FieldType.WholeNumber, cell, culture);
        Assert.Equal(("invalid-number", null), (result.Code, result.Value));
        Assert.Contains(words, result.Reason, StringComparison.Ordinal);
        Assert.Contains(Words.Quote(cell), result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    // Plain digits and a point, as written, zeros included (API, values)
    [InlineData("0.50", "en-US", "0.50")]
    [InlineData("-1234.5600", "en-US", "-1234.5600")]
    [InlineData("1,234.50", "en-US", "1234.50")]
    [InlineData("1.234,50", "de-DE", "1234.50")]
    [InlineData("10,05", "de-DE", "10.05")]
    [InlineData("1 234,5", "fr-FR", "1234.5")]
    [InlineData("12,34,567.8", "en-IN", "1234567.8")]
    [InlineData(".5", "en-US", "0.5")]
    [InlineData("-.5", "en-US", "-0.5")]
    [InlineData("5.", "en-US", "5")]
    [InlineData("5.", "de-DE", "5")]
    [InlineData("007.5", "en-US", "7.5")]
    [InlineData("+5", "en-US", "5")]
    [InlineData("-0.00", "en-US", "0.00")]
    // Leading or trailing minus, parentheses, currency sign
    [InlineData("5-", "en-US", "-5")]
    [InlineData("(5.00)", "en-US", "-5.00")]
    [InlineData("$1,234.50", "en-US", "1234.50")]
    [InlineData("$ 5", "en-US", "5")]
    [InlineData("-$5", "en-US", "-5")]
    [InlineData("$-5", "en-US", "-5")]
    [InlineData("($5)", "en-US", "-5")]
    [InlineData("$5-", "en-US", "-5")]
    [InlineData("1.234,50 €", "de-DE", "1234.50")]
    [InlineData("€5", "de-DE", "5")]
    [InlineData("£1,000", "en-GB", "1000")]
    // Up to 28 digits; zeros before and behind do not count
    [InlineData("1234567890123456789012345678", "en-US", "1234567890123456789012345678")]
    [InlineData("0.1234567890123456789012345678", "en-US", "0.1234567890123456789012345678")]
    [InlineData("0000000000000000000000000000000000012", "en-US", "12")]
    [InlineData("1.50000000000000000000000000000000000", "en-US", "1.5")]
    public void A_decimal_is_kept_exactly(string cell, string culture, string expected)
    {
        Assert.Equal(expected, Fixtures.Convert(FieldType.Decimal, cell, culture).Value);
        Assert.Equal(expected, Fixtures.Convert(FieldType.Currency, cell, culture).Value);
    }

    [Theory]
    [InlineData("12345678901234567890123456789", "en-US", "28 digits")]
    [InlineData("0.12345678901234567890123456789", "en-US", "28 digits")]
    [InlineData("1.2345678901234567890123456789", "en-US", "28 digits")]
    [InlineData("0.00000000000000000000000000001", "en-US", "28 digits")]
    [InlineData("1,2,3.4", "en-US", "thousands separator")]
    [InlineData("1,00", "en-US", "thousands separator")]
    [InlineData("109.37", "de-DE", "thousands separator")]
    [InlineData("1,234.50", "de-DE", "not a decimal")]
    [InlineData("1.2.3", "en-US", "not a decimal")]
    [InlineData("1E+2", "en-US", "not a decimal")]
    [InlineData("5%", "en-US", "not a decimal")]
    [InlineData("$5", "de-DE", "not a decimal")]
    [InlineData("$$5", "en-US", "not a decimal")]
    [InlineData("-5-", "en-US", "not a decimal")]
    [InlineData("(-5)", "en-US", "not a decimal")]
    [InlineData("(5", "en-US", "not a decimal")]
    [InlineData("()", "en-US", "not a decimal")]
    [InlineData("-", "en-US", "not a decimal")]
    [InlineData(".", "en-US", "not a decimal")]
    [InlineData("$", "en-US", "not a decimal")]
    [InlineData("1 000", "en-US", "not a decimal")]
    [InlineData("NaN", "en-US", "not a decimal")]
    [InlineData("∞", "en-US", "not a decimal")]
    public void What_is_no_decimal_is_an_error_and_nothing_is_rounded(string cell, string culture, string words)
    {
        var result = Fixtures.Convert(FieldType.Decimal, cell, culture);
        Assert.Equal(("invalid-number", null), (result.Code, result.Value));
        Assert.Contains(words, result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decimals_and_amounts_round_trip_in_every_culture()
    {
        var wrong = new List<string>();
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures))
        {
            foreach (var value in new[] { 0m, 1.25m, -1.25m, 1234567.89m, -1234567.89m, 123.4m })
            {
                foreach (var format in new[] { "N2", "C2" })
                {
                    var written = value.ToString(format, culture);
                    var read = Fixtures.Convert(FieldType.Currency, written, culture.Name).Value as string;
                    if (read is null || decimal.Parse(read, CultureInfo.InvariantCulture) != value)
                        wrong.Add($"{culture.Name}: {Words.Quote(written)} was read as {read}");
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Every_whole_number_round_trips()
        => Gen.Select(Gen.Int, Gen.Int[0, 5].Select(i => Cultures[i])).Sample((value, culture) =>
            Equals(Fixtures.Convert(FieldType.WholeNumber, value.ToString("N0", CultureInfo.GetCultureInfo(culture)), culture).Value, value));

    [Fact]
    public void Every_decimal_of_28_digits_round_trips()
        => Gen.Decimal.Where(d => decimal.Abs(d) < 1e27m && Significant(d) <= 28).Sample(value =>
        {
            var text = value.ToString(CultureInfo.InvariantCulture);
            var read = Fixtures.Convert(FieldType.Decimal, text, "").Value as string;
            return read is not null && decimal.Parse(read, CultureInfo.InvariantCulture) == value;
        });

    private static readonly string[] Cultures = ["en-US", "de-DE", "fr-FR", "en-IN", "de-CH", "sv-SE"];

    private static int Significant(decimal value)
    {
        var text = decimal.Abs(value).ToString(CultureInfo.InvariantCulture);
        var whole = text.Split('.')[0].TrimStart('0');
        return whole.Length + (text.Contains('.', StringComparison.Ordinal) ? text.Split('.')[1].TrimEnd('0').Length : 0);
    }
}
