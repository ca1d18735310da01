using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Searches;

/// <summary>Which comparisons a field allows, and what a value means in one.</summary>
internal sealed class ComparisonReader(Field field)
{
    private static readonly string[] Days = ["yyyy-MM-dd"], Minutes = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm"], Seconds = ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss"];

    private static readonly ConditionOperator[] Any = [ConditionOperator.Is, ConditionOperator.IsNot, ConditionOperator.AnyOf, ConditionOperator.IsSet, ConditionOperator.IsNotSet];

    private static readonly ConditionOperator[] Ordered =
        [ConditionOperator.Greater, ConditionOperator.Less, ConditionOperator.AtLeast, ConditionOperator.AtMost, ConditionOperator.Between];

    /// <summary>The names of the comparisons that the field allows.</summary>
    public IEnumerable<string> Allowed => Operators().Select(op => System.Text.Json.JsonSerializer.SerializeToElement(op).GetString()!);

    /// <summary>Whether the field can be compared so.</summary>
    public bool Allows(ConditionOperator op) => Operators().Contains(op);

    private IEnumerable<ConditionOperator> Operators() => field.Type switch
    {
        FieldType.FixedLengthText => [.. Any, ConditionOperator.Contains, ConditionOperator.StartsWith, .. Ordered],
        FieldType.LongText or FieldType.SingleChoice or FieldType.SingleObject or FieldType.User => [.. Any, ConditionOperator.Contains, ConditionOperator.StartsWith],
        FieldType.MultipleChoice or FieldType.MultipleObject => [.. Any, ConditionOperator.Contains],
        FieldType.WholeNumber or FieldType.Decimal or FieldType.Currency or FieldType.Date => [.. Any, .. Ordered],
        _ => Any,
    };

    /// <summary>
    /// The test of one value. Of <c>between</c> and other comparisons with several values each value becomes the test that it is the value.
    /// </summary>
    /// <param name="op">An operator that the field allows.</param>
    /// <param name="value">The value as it was written.</param>
    /// <param name="test">The test.</param>
    /// <param name="reason">What is wrong with the value and what was expected.</param>
    public bool TryRead(ConditionOperator op, string value, [NotNullWhen(true)] out RecordCondition? test, [NotNullWhen(false)] out string? reason)
    {
        (test, reason) = field.Type switch
        {
            FieldType.WholeNumber => (WholeNumber(op, value), "a whole or decimal number in plain digits, such as 1250"),
            FieldType.Decimal or FieldType.Currency => (Amount(op, value), $"a number of at most {NumberReader.Digits} plain digits, such as 1250.75"),
            FieldType.Date => (Date(op, value), "a date such as 2026-03-31 or 2026-03-31T22:30:00"),
            FieldType.YesNo => (YesNo(value), "true or false"),
            _ => (Text(op, value), ""),
        };
        if (test is null) reason = $"The value {Words.Quote(value)} does not fit the field {Words.Quote(field.Name)}. Expected {reason}.";
        return test is not null;
    }

    /// <summary>Whether of two values, each as the test that it is the value, the first comes after the second.</summary>
    public static bool IsReversed(RangeTest first, RangeTest second) => (first.From!.Value, second.From!.Value) is var (from, to) && first.Field.Type switch
    {
        FieldType.FixedLengthText => TextFold.Compare(TextFold.Of(from), TextFold.Of(to)) > 0,
        FieldType.Date => string.CompareOrdinal(from, to) > 0,
        _ => Amounts.Compare(from, to) > 0,
    };

    private RecordCondition Text(ConditionOperator op, string value)
    {
        if (field.Role == FieldRole.Identifier) value = value.ToUpperInvariant();
        if (field.Type == FieldType.MultipleChoice) value = string.Join(ChoiceSet.Separator, value.Split(ChoiceSet.Separator).Select(level => level.Trim()));
        return op switch
        {
            ConditionOperator.Contains when field.Type is not (FieldType.MultipleChoice or FieldType.MultipleObject) => new TextTest(field, TextMatch.Contains, value),
            ConditionOperator.StartsWith => new TextTest(field, TextMatch.StartsWith, value),
            ConditionOperator.Greater or ConditionOperator.Less or ConditionOperator.AtLeast or ConditionOperator.AtMost or ConditionOperator.Between => Range(op, value, value),
            _ => new TextTest(field, TextMatch.Is, value),
        };
    }

    private static bool? TrueOrFalse(string value) => value.Trim().ToLowerInvariant() switch
    {
        "true" or "yes" => true,
        "false" or "no" => false,
        _ => null,
    };

    private YesNoTest? YesNo(string value) => TrueOrFalse(value) is { } yes ? new YesNoTest(field, yes) : null;

    // Between whole numbers there is nothing: every edge becomes one that is included, and none is far outside of what the field holds.
    private RangeTest? WholeNumber(ConditionOperator op, string value)
    {
        if (!Amounts.TryRead(value.Trim(), out var number)) return null;
        number = Math.Clamp(number, int.MinValue - 1m, int.MaxValue + 1m);
        var (up, down) = (decimal.Ceiling(number), decimal.Floor(number));
        return op switch
        {
            ConditionOperator.Greater => new RangeTest(field, Whole(down + 1), null),
            ConditionOperator.Less => new RangeTest(field, null, Whole(up - 1)),
            ConditionOperator.AtLeast => new RangeTest(field, Whole(up), null),
            ConditionOperator.AtMost => new RangeTest(field, null, Whole(down)),
            _ => new RangeTest(field, Whole(up), Whole(down)),
        };
    }

    private static Edge Whole(decimal number) => new(decimal.ToInt64(number).ToString(CultureInfo.InvariantCulture), true);

    private RangeTest? Amount(ConditionOperator op, string value)
    {
        var text = value.Trim();
        return Amounts.TryRead(text, out var number) && text.Count(char.IsAsciiDigit) <= NumberReader.Digits
            ? Range(op, number.ToString(CultureInfo.InvariantCulture), number.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    // A day lasts until its last second; what is greater comes after that.
    private RangeTest? Date(ConditionOperator op, string value)
    {
        var text = value.Trim();
        if (TryDate(text, Seconds, out var from)) return Range(op, from, TimeSpan.Zero);
        if (TryDate(text, Minutes, out from)) return Range(op, from, TimeSpan.FromSeconds(59));
        return TryDate(text, Days, out from) ? Range(op, from, TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1)) : null;
    }

    private RangeTest Range(ConditionOperator op, DateTime from, TimeSpan length)
        => Range(op, from.ToString("s", CultureInfo.InvariantCulture), (from + length).ToString("s", CultureInfo.InvariantCulture));

    private static bool TryDate(string text, string[] formats, out DateTime date)
        => DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    // What lies between first and last is what the value stands for.
    private RangeTest Range(ConditionOperator op, string first, string last) => op switch
    {
        ConditionOperator.Greater => new RangeTest(field, new Edge(last, false), null),
        ConditionOperator.Less => new RangeTest(field, null, new Edge(first, false)),
        ConditionOperator.AtLeast => new RangeTest(field, new Edge(first, true), null),
        ConditionOperator.AtMost => new RangeTest(field, null, new Edge(last, true)),
        _ => new RangeTest(field, new Edge(first, true), new Edge(last, true)),
    };
}
