using System.Globalization;

namespace IntegrationPoints.Engine.Checks;

/// <summary>A Bates or control number: a prefix and the digits at its end (<c>ABC-0000123</c>; a suffix after a dot or <c>_</c> is none of it).</summary>
/// <param name="Prefix">Everything before the digits, as it is written.</param>
/// <param name="Number">The digits' value.</param>
/// <param name="Digits">How many digits there are, zeros at the front included.</param>
public readonly record struct BatesNumber(string Prefix, long Number, int Digits)
{
    /// <summary>More digits are no page number.</summary>
    private const int MostDigits = 18;

    private const int LongestPrefix = 255;

    /// <summary>The prefix in the form in which prefixes are compared.</summary>
    public string Series => Prefix.ToUpperInvariant();

    /// <summary>The number so many further.</summary>
    public string At(long number) => Prefix + number.ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0');

    /// <summary>Reads one; null when the text does not end with digits.</summary>
    public static BatesNumber? Parse(string? text)
    {
        var value = text.AsSpan().Trim();
        var start = value.Length;
        while (start > 0 && char.IsAsciiDigit(value[start - 1])) start--;
        var digits = value.Length - start;
        if (digits == 0 || start > LongestPrefix) return null;
        // A number as long as a hash: only its last digits count, the others belong to the prefix.
        if (digits > MostDigits) (start, digits) = (value.Length - MostDigits, MostDigits);
        return new BatesNumber(value[..start].ToString(), long.Parse(value[start..], CultureInfo.InvariantCulture), digits);
    }
}
