using System.Globalization;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Values;

/// <summary>
/// Turns the cells of one column into values of one field. Blank cells are empty values. Identifiers and choices are trimmed, text is not.
/// The import's newline character becomes a line break in long text only; elsewhere it is a letter (<c>Windows® 10</c>). Nothing is guessed,
/// cut or rounded: a cell that does not fit is an error. Objects and users are names here; whether they exist the workspace knows. Safe for use
/// by several threads.
/// </summary>
public sealed class ValueConverter(Field field, ConversionSettings settings)
{
    /// <summary>The most characters of one level of a choice.</summary>
    public const int ChoiceLength = 200;

    /// <summary>The most levels of a choice.</summary>
    public const int ChoiceDepth = 100;

    private static readonly object True = true;
    private static readonly object False = false;
    private static readonly object[] SmallNumbers = [.. Enumerable.Range(0, 256).Select(n => (object)n)];

    private readonly NumberReader numbers = new(settings.Culture);
    private readonly char newline = (char)settings.Newline;
    private readonly char multiValue = (char)settings.MultiValue;
    private readonly char nested = (char)settings.Nested;
    private readonly string? dateFormat = settings.DateFormats.GetValueOrDefault(field.Name);

    /// <summary>The field that the values are for.</summary>
    public Field Field { get; } = field;

    /// <summary>Converts a cell.</summary>
    public ConvertedValue Convert(string cell)
    {
        if (Field.Role == FieldRole.Identifier) return IdentifierCheck.Check(cell, Field.Length ?? Identifier.MaxLength);
        if (cell.Length == 0 || char.IsWhiteSpace(cell[0]) && string.IsNullOrWhiteSpace(cell)) return default;
        return Field.Type switch
        {
            FieldType.FixedLengthText => FixedLengthText(cell),
            FieldType.LongText => Storable(cell) ?? ConvertedValue.Of(WithLineBreaks(cell)),
            FieldType.WholeNumber => WholeNumber(cell),
            FieldType.Decimal or FieldType.Currency => DecimalNumber(cell),
            FieldType.Date => Date(cell),
            FieldType.YesNo => YesNo(cell),
            FieldType.SingleChoice => SingleChoice(cell),
            FieldType.MultipleChoice => MultipleChoice(cell),
            FieldType.SingleObject or FieldType.User => Name(cell),
            FieldType.MultipleObject => Names(cell),
            _ => throw new InvalidOperationException($"Fields of type {Field.Type} cannot be imported."),
        };
    }

    // As in the file, line breaks included: only long text has a newline character and one form of line end.
    private ConvertedValue FixedLengthText(string cell)
    {
        if (Field.Length is { } longest && cell.Length > longest) return TooLong(cell, longest);
        return Storable(cell) ?? ConvertedValue.Of(cell);
    }

    /// <summary>Text longer than its field, with both lengths.</summary>
    internal static ConvertedValue TooLong(string cell, int longest) => ConvertedValue.Error("text-too-long", string.Create(
        CultureInfo.InvariantCulture,
        $"{Words.Quote(cell)} has {cell.Length} characters; the field holds {longest}. Shorten the value, lengthen the field, or use a long text field."));

    private string WithLineBreaks(string cell)
    {
        if (cell.AsSpan().IndexOfAny(newline, '\r') < 0) return cell;
        var text = cell.Contains('\r', StringComparison.Ordinal) ? cell.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : cell;
        return text.Replace(newline, '\n');
    }

    /// <summary>An error when the text holds what no store and no JSON can: NUL, or half of a surrogate pair.</summary>
    private static ConvertedValue? Storable(string text)
    {
        var span = text.AsSpan();
        var zero = span.IndexOf('\0');
        if (zero >= 0) return NotStorable("a NUL character (U+0000)", zero);
        var from = span.IndexOfAnyInRange('\ud800', '\udfff');
        if (from < 0) return null;
        for (var i = from; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return NotStorable("half of a surrogate pair", i);
        }
        return null;

        ConvertedValue NotStorable(string what, int at) => ConvertedValue.Error("invalid-character", string.Create(
            CultureInfo.InvariantCulture,
            $"{Words.Quote(text)} holds {what} at position {at + 1}, which cannot be stored. Remove it, or check the encoding of the load file."));
    }

    private ConvertedValue WholeNumber(string cell)
    {
        var fault = numbers.TryWhole(cell, out var value);
        if (fault is not NumberFault.None)
        {
            return NotANumber(cell, fault, "a whole number", 1234.ToString("N0", settings.Culture));
        }
        if (value is < int.MinValue or > int.MaxValue)
        {
            return ConvertedValue.Error("invalid-number",
                $"{Words.Quote(cell)} is out of range: a whole number lies between -2147483648 and 2147483647. Use a decimal or text field for such values.");
        }
        return ConvertedValue.Of(value is >= 0 and < 256 ? SmallNumbers[value] : (int)value);
    }

    private ConvertedValue DecimalNumber(string cell)
    {
        var fault = numbers.TryDecimal(cell, out var value);
        if (fault is not NumberFault.None)
        {
            return NotANumber(cell, fault, Field.Type is FieldType.Currency ? "an amount" : "a decimal number", 1234.5m.ToString("N2", settings.Culture));
        }
        var point = value.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : value.AsSpan(point + 1).TrimEnd('0').Length;
        if (decimals <= (Field.Scale ?? int.MaxValue)) return ConvertedValue.Of(value);
        return ConvertedValue.Error("invalid-number", string.Create(CultureInfo.InvariantCulture,
            $"{Words.Quote(cell)} has {decimals} digits after the point; the field keeps {Field.Scale}, and values are not rounded. Round it, or use another field."));
    }

    private ConvertedValue NotANumber(string cell, NumberFault fault, string expected, string example)
    {
        var culture = settings.Culture.Name.Length == 0 ? "the invariant culture" : settings.Culture.Name;
        return ConvertedValue.Error("invalid-number", fault switch
        {
            NumberFault.Separators =>
                $"{Words.Quote(cell)} has a thousands separator in a place where {culture} has none; {expected} such as {example} was expected. "
                + "Correct the value, or the regional setting of the import.",
            NumberFault.TooManyDigits =>
                $"{Words.Quote(cell)} has more than {NumberReader.Digits} digits, the most that a number keeps exactly. "
                + "Shorten the value, or use a text field.",
            _ => $"{Words.Quote(cell)} is not {expected} of {culture}, such as {example}. Correct the value, or use a text field.",
        });
    }

    private ConvertedValue Date(string cell)
    {
        if (!settings.CreateErrorForInvalidDate && LoadFileDate.IsZero(cell)) return default;
        var isDate = dateFormat is null
            ? LoadFileDate.TryParse(cell, settings.Culture, settings.JobStart, out var value, out var reason)
            : TryExact(cell, dateFormat, out value, out reason);
        if (isDate) return ConvertedValue.Of((Field.DateOnly ? value.Date : value).ToString("s", CultureInfo.InvariantCulture));
        return ConvertedValue.Error("invalid-date",
            $"{Words.Quote(cell)} {reason}. Write dates like {Example()}, or change how the import reads them.");
    }

    // Dates are read in the calendar of the load-file specification, so that one of another calendar would be a wrong example.
    private string Example() => dateFormat is null && settings.Culture.Calendar is not GregorianCalendar
        ? settings.JobStart.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        : settings.JobStart.ToString(dateFormat ?? "g", settings.Culture);

    private bool TryExact(string cell, string format, out DateTime value, out string reason)
    {
        // With an offset the clock still reads as written.
        var isDate = DateTimeOffset.TryParseExact(cell.AsSpan().Trim(), format, settings.Culture, DateTimeStyles.AssumeUniversal, out var read);
        value = read.DateTime;
        reason = !isDate ? $"is not a date of the form {format}" : value < LoadFileDate.Earliest ? "is before 1753-01-01, the first date that can be kept" : "";
        return reason.Length == 0;
    }

    private static ConvertedValue YesNo(string cell)
    {
        var word = cell.AsSpan().Trim();
        if (Is(word, "y", "yes") || Is(word, "t", "true") || word is "1") return ConvertedValue.Of(True);
        if (Is(word, "n", "no") || Is(word, "f", "false") || word is "0") return ConvertedValue.Of(False);
        return ConvertedValue.Error("invalid-boolean",
            $"{Words.Quote(cell)} is neither yes nor no. Write yes, y, true, t or 1, or no, n, false, f or 0, or leave the cell empty.");

        static bool Is(ReadOnlySpan<char> word, string brief, string full)
            => word.Equals(brief, StringComparison.OrdinalIgnoreCase) || word.Equals(full, StringComparison.OrdinalIgnoreCase);
    }

    private static ConvertedValue SingleChoice(string cell)
    {
        var choice = cell.Trim();
        if (choice.Length > ChoiceLength) return ChoiceTooLong(choice);
        return Storable(choice) ?? ConvertedValue.Of(choice);
    }

    private ConvertedValue MultipleChoice(string cell)
    {
        if (Storable(cell) is { } problem) return problem;
        var selected = new ChoiceSet();
        var text = cell.AsSpan();
        foreach (var value in text.Split(multiValue))
        {
            if (Select(selected, text[value]) is { } wrong) return wrong;
            // Every level repeats its ancestors: a hostile cell would grow beyond all bounds.
            if (selected.Characters > RecordLimits.ItemBytes) return TooManyChoices(cell);
        }
        return ConvertedValue.Of(selected.ToSorted());
    }

    private ConvertedValue? Select(ChoiceSet selected, ReadOnlySpan<char> value)
    {
        string? path = null;
        var depth = 0;
        foreach (var range in value.Split(nested))
        {
            var level = value[range].Trim();
            if (level.IsEmpty) continue;
            if (level.Length > ChoiceLength) return ChoiceTooLong(level.ToString());
            if (++depth > ChoiceDepth)
            {
                return ConvertedValue.Error("choice-too-deep",
                    $"{Words.Quote(value)} has more than {ChoiceDepth} levels. Check the character between the levels of a choice.");
            }
            path = selected.Add(path, level);
        }
        return null;
    }

    // Of an object or a user: what its identifier may be. Whether there is one of that name is not known here.
    private ConvertedValue Name(string cell) => IdentifierCheck.Check(cell, Field.Length ?? Identifier.MaxLength);

    private ConvertedValue Names(string cell)
    {
        var names = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var range in cell.AsSpan().Split(multiValue))
        {
            var name = cell.AsSpan()[range].Trim().ToString();
            if (name.Length == 0) continue;
            if (Name(name) is { IsError: true } wrong) return wrong;
            names.TryAdd(name, name);
        }
        return ConvertedValue.Of(names.Count == 0 ? null : names.Values.Order(StringComparer.Ordinal).ToArray());
    }

    private static ConvertedValue ChoiceTooLong(string choice) => ConvertedValue.Error("choice-too-long", string.Create(
        CultureInfo.InvariantCulture,
        $"The choice {Words.Quote(choice)} has {choice.Length} characters; a choice has at most {ChoiceLength} a level. "
        + $"Shorten it, or check the characters between values and between levels."));

    private static ConvertedValue TooManyChoices(string cell) => ConvertedValue.Error("item-too-large",
        $"{Words.Quote(cell)} selects more choices than a record can hold. Check the characters between values and between levels.");
}
