using System.Globalization;

namespace IntegrationPoints.Engine.Values;

/// <summary>Why a text is not a number.</summary>
internal enum NumberFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It holds something that no number holds.</summary>
    NotANumber,

    /// <summary>Its thousands separators stand where the culture has none.</summary>
    Separators,

    /// <summary>It has more digits than can be kept exactly.</summary>
    TooManyDigits,
}

/// <summary>
/// Reads numbers as a culture writes them, exactly: nothing is rounded, and a separator in a place where the culture has none is an error,
/// because it means that the file was written in another culture.
/// </summary>
internal sealed class NumberReader(CultureInfo culture)
{
    /// <summary>How many digits a decimal keeps.</summary>
    public const int Digits = 28;

    private readonly Separators number = new(culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NumberDecimalSeparator,
        culture.NumberFormat.NumberGroupSizes);
    private readonly Separators money = new(culture.NumberFormat.CurrencyGroupSeparator, culture.NumberFormat.CurrencyDecimalSeparator,
        culture.NumberFormat.CurrencyGroupSizes);
    private readonly string currency = Trim(culture.NumberFormat.CurrencySymbol).ToString();
    private readonly bool blankAfterMinus = culture.NumberFormat.NumberNegativePattern == 2;
    private readonly bool blankBeforeMinus = culture.NumberFormat.NumberNegativePattern == 4;

    /// <summary>Reads a sign, digits and thousands separators. The value may be too large for a whole number of 32 bits.</summary>
    public NumberFault TryWhole(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        text = Trim(text);
        var negative = text.Length > 0 && IsMinus(text[0]);
        if (negative || text.StartsWith('+')) text = TrimMarks(text[1..]);
        Span<char> kept = stackalloc char[Digits];
        var fault = ReadDigits(text, number, kept, out var length);
        if (fault is NumberFault.TooManyDigits) { value = negative ? long.MinValue : long.MaxValue; return NumberFault.None; }
        if (fault is not NumberFault.None) return fault;
        foreach (var digit in kept[..Math.Min(length, 18)]) value = value * 10 + (digit - '0');
        if (length > 18) value = long.MaxValue;
        if (negative) value = -value;
        return NumberFault.None;
    }

    /// <summary>Reads a decimal as plain digits and <c>.</c>: sign before or after, parentheses, the culture's currency sign and separators.</summary>
    public NumberFault TryDecimal(ReadOnlySpan<char> text, out string value)
    {
        value = "";
        if (!TryUnwrap(Trim(text), out var body, out var negative, out var isMoney)) return NumberFault.NotANumber;
        var separators = isMoney ? money : number;
        // A separator at the end says nothing: "5." is 5 in every culture.
        if (body.Length > 1 && (separators.IsDecimal(body[^1]) || separators.IsGroup(body[^1])) && char.IsAsciiDigit(body[^2])) body = body[..^1];
        var point = separators.DecimalAt(body);
        var whole = point < 0 ? body : body[..point];
        var fraction = point < 0 ? default : body[(point + 1)..];
        if (whole.IsEmpty && fraction.IsEmpty || fraction.ContainsAnyExceptInRange('0', '9')) return NumberFault.NotANumber;

        Span<char> kept = stackalloc char[Digits];
        var length = 0;
        var fault = whole.IsEmpty ? NumberFault.None : ReadDigits(whole, separators, kept, out length);
        if (fault is not NumberFault.None) return fault;
        if (length + fraction.TrimEnd('0').Length > Digits) return NumberFault.TooManyDigits;
        if (length + fraction.Length > Digits) fraction = fraction.TrimEnd('0');
        value = Plain(negative, kept[..length], fraction);
        return NumberFault.None;
    }

    private static string Plain(bool negative, ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction)
    {
        var sign = negative && (whole.Length > 0 || fraction.ContainsAnyExcept('0')) ? "-" : "";
        var digits = whole.IsEmpty ? "0" : whole;
        return fraction.IsEmpty ? string.Concat(sign, digits) : string.Concat(sign, digits, ".", fraction);
    }

    /// <summary>Takes the signs, parentheses and currency from around the digits.</summary>
    private bool TryUnwrap(ReadOnlySpan<char> text, out ReadOnlySpan<char> body, out bool negative, out bool isMoney)
    {
        var signed = false;
        negative = isMoney = false;
        var parenthesis = text.StartsWith('(') && text.EndsWith(')');
        if (parenthesis) text = Trim(text[1..^1]);
        body = UnwrapEnd(UnwrapStart(text, ref signed, ref negative, ref isMoney), ref signed, ref negative, ref isMoney);
        negative |= parenthesis;
        return !(parenthesis && signed) && body.Length > 0;
    }

    private ReadOnlySpan<char> UnwrapStart(ReadOnlySpan<char> text, scoped ref bool signed, scoped ref bool negative, scoped ref bool isMoney)
    {
        while (text.Length > 0 && !char.IsAsciiDigit(text[0]))
        {
            if (!isMoney && StartsWithCurrency(text))
            {
                isMoney = true;
                text = Trim(text[currency.Length..]);
            }
            else if (!signed && (IsMinus(text[0]) || text[0] == '+'))
            {
                signed = true;
                negative = IsMinus(text[0]);
                text = blankAfterMinus || isMoney ? Trim(text[1..]) : TrimMarks(text[1..]);
            }
            else
            {
                break;
            }
        }
        return text;
    }

    private ReadOnlySpan<char> UnwrapEnd(ReadOnlySpan<char> text, scoped ref bool signed, scoped ref bool negative, scoped ref bool isMoney)
    {
        while (text.Length > 0 && !char.IsAsciiDigit(text[^1]))
        {
            if (!isMoney && EndsWithCurrency(text))
            {
                isMoney = true;
                text = Trim(text[..^currency.Length]);
            }
            else if (!signed && IsMinus(text[^1]))
            {
                signed = negative = true;
                text = blankBeforeMinus || isMoney ? Trim(text[..^1]) : TrimMarks(text[..^1]);
            }
            else
            {
                break;
            }
        }
        return text;
    }

    private bool StartsWithCurrency(ReadOnlySpan<char> text) => currency.Length > 0 && text.StartsWith(currency, StringComparison.Ordinal);

    private bool EndsWithCurrency(ReadOnlySpan<char> text) => currency.Length > 0 && text.EndsWith(currency, StringComparison.Ordinal);

    /// <summary>Digits and thousands separators into <paramref name="kept"/>, without leading zeros.</summary>
    private static NumberFault ReadDigits(ReadOnlySpan<char> text, Separators separators, Span<char> kept, out int length)
    {
        length = 0;
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
            return text.Length > 0 && separators.IsGroup(text[0]) ? NumberFault.Separators : NumberFault.NotANumber;
        var grouped = false;
        var tooMany = false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                if (!separators.IsGroup(c)) return NumberFault.NotANumber;
                grouped = true;
            }
            else if (c != '0' || length > 0)
            {
                if (length == kept.Length) tooMany = true;
                else kept[length++] = c;
            }
        }
        if (grouped && !separators.InPlace(text)) return NumberFault.Separators;
        return tooMany ? NumberFault.TooManyDigits : NumberFault.None;
    }

    private static bool IsMinus(char c) => c is '-' or '\u2212';

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && (char.IsWhiteSpace(text[0]) || IsMark(text[0]))) text = text[1..];
        while (text.Length > 0 && (char.IsWhiteSpace(text[^1]) || IsMark(text[^1]))) text = text[..^1];
        return text;
    }

    private static ReadOnlySpan<char> TrimMarks(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsMark(text[0])) text = text[1..];
        while (text.Length > 0 && IsMark(text[^1])) text = text[..^1];
        return text;
    }

    // Cultures that write from right to left put direction marks around signs.
    private static bool IsMark(char c) => c is '\u200e' or '\u200f' or '\u061c';

    private sealed class Separators(string group, string point, int[] sizes)
    {
        public bool IsDecimal(char c) => point.Length > 0 && Same(c, point[0]);

        public bool IsGroup(char c) => group.Length > 0 && Same(c, group[0]);

        public int DecimalAt(ReadOnlySpan<char> text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (IsDecimal(text[i])) return i;
            }
            return -1;
        }

        public bool InPlace(ReadOnlySpan<char> text)
        {
            var size = 0;
            for (var run = 0; ; run++)
            {
                // The last size repeats; 0 ends grouping; a culture without sizes groups by three.
                size = run < sizes.Length ? sizes[run] : sizes.Length == 0 ? 3 : sizes[^1];
                var digits = 0;
                while (digits < text.Length && char.IsAsciiDigit(text[text.Length - 1 - digits])) digits++;
                if (digits == text.Length) return digits > 0 && (size == 0 || digits <= size);
                if (digits != size) return false;
                text = text[..^(digits + 1)];
            }
        }

        // People type the blank and the apostrophe of their keyboard where the culture's data has a narrow blank or a curly one.
        private static bool Same(char c, char separator)
            => c == separator || IsBlank(separator) && IsBlank(c) || IsApostrophe(separator) && IsApostrophe(c);

        private static bool IsApostrophe(char c) => c is '\'' or '\u2019';

        private static bool IsBlank(char c) => c is ' ' or '\u00a0' or '\u202f' or '\u2009';
    }
}
