using System.Globalization;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Exports;

/// <summary>A record's value as the text of a cell.</summary>
/// <param name="Text">The text; empty when there is no value.</param>
/// <param name="Warning">Why it cannot be read back as it is, in words for the user; null when it can.</param>
public readonly record struct CellValue(string Text, string? Warning = null)
{
    /// <summary>The code of warnings.</summary>
    public const string Code = "delimiter-in-value";
}

/// <summary>
/// Writes the values of records as text for load files: what an import reads back as the same value. Dates are
/// <c>yyyy-MM-dd HH:mm:ss</c>, or <c>yyyy-MM-dd</c> in fields that keep days; yes/no is <c>True</c> or <c>False</c>; numbers are as they are stored; choices and
/// objects are joined by the multi-value character.
/// </summary>
/// <param name="delimiters">The characters of the data file.</param>
/// <param name="nestedChoices">Whether multiple choices are whole paths; otherwise their last levels.</param>
public sealed class CellText(Delimiters delimiters, bool nestedChoices)
{
    private const char Level = '\\';

    private readonly char multiValue = (char)delimiters.MultiValue, nested = (char)delimiters.Nested;

    /// <summary>The value of a field as text. Line breaks are those of the value.</summary>
    /// <param name="field">The field.</param>
    /// <param name="value">Its value as <see cref="Record.ValueOf"/> gives it; of text that is kept as a file, the text itself.</param>
    public CellValue Of(Field field, object? value) => value switch
    {
        null => new(""),
        string text when field.Type == FieldType.Date => new(Date(text, field.DateOnly)),
        string text => new(text, BreaksLines(field, text)),
        int number => new(number.ToString(CultureInfo.InvariantCulture)),
        bool yes => new(yes ? "True" : "False"),
        string[] choices when field.Type == FieldType.MultipleChoice => Choices(field, choices),
        string[] names => Joined(names),
        _ => throw new ArgumentException($"The value of {field.Name} is no text: {value.GetType().Name}.", nameof(value)),
    };

    /// <summary>Where a document lies, levels separated by <c>\</c>; empty for the root.</summary>
    public static CellValue Of(RecordFolder? folder) => new(folder?.Path ?? "");

    private static string Date(string stored, bool dateOnly)
        => DateTime.TryParseExact(stored, "s", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.ToString(dateOnly ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : stored;

    // A choice is selected with those above it: only the paths that end there are written, and say so too.
    private CellValue Choices(Field field, string[] paths)
    {
        var above = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
            for (var end = path.LastIndexOf(Level); end > 0; end = path.LastIndexOf(Level, end - 1)) above.Add(path[..end]);
        var ends = paths.Where(p => !above.Contains(p));
        var cell = !nestedChoices ? Joined([.. ends.Select(p => p[(p.LastIndexOf(Level) + 1)..]).Distinct(StringComparer.OrdinalIgnoreCase)], nested)
            : nested == Level ? Joined([.. ends])
            : Joined([.. ends], nested);
        return cell.Warning is null ? cell with { Warning = BreaksLines(field, cell.Text) } : cell;
    }

    // Of an import only long text has line breaks that the newline character stands for, and one form of them.
    private string? BreaksLines(Field field, string text)
    {
        if (field.Type == FieldType.LongText || text.AsSpan().IndexOfAny('\r', '\n') < 0) return null;
        if (delimiters.Newline == '\n' && !text.Contains('\r', StringComparison.Ordinal)) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Words.Quote(text)} holds a line break, which this load file has as the character with the code {delimiters.Newline}; an import takes that for a line break in long text only. Export the value in a long text field to keep it.");
    }

    private CellValue Joined(string[] values, char? level = null)
    {
        var holds = values.FirstOrDefault(v => v.Contains(multiValue) || (level is { } l && v.Contains(l)));
        var text = string.Join(multiValue, level is { } other ? values.Select(v => v.Replace(Level, other)) : values);
        return new(text, holds is null ? null : string.Create(CultureInfo.InvariantCulture,
            $"{Words.Quote(holds)} holds the character with the code {(holds.Contains(multiValue) ? (int)multiValue : nested)}, which separates {(holds.Contains(multiValue) ? "values" : "levels")} in this load file; an import would split it. Choose another character."));
    }
}
