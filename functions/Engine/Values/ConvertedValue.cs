using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Engine.Values;

/// <summary>How the cells of an import are read; the same for all its rows.</summary>
public sealed record ConversionSettings
{
    /// <summary>How dates and numbers are written.</summary>
    public required CultureInfo Culture { get; init; }

    /// <summary>The job's start on the wall clock: completes dates that lack the day or the year (load-file specification, date formats).</summary>
    public required DateTime JobStart { get; init; }

    /// <summary>The character code between the values of a multiple choice or multiple object.</summary>
    public int MultiValue { get; init; } = 59;

    /// <summary>The character code between the levels of a choice.</summary>
    public int Nested { get; init; } = 92;

    /// <summary>The character code that stands for a line break in long text.</summary>
    public int Newline { get; init; } = 174;

    /// <summary>Exact formats of dates by field name; other fields take every form the culture knows.</summary>
    public IReadOnlyDictionary<string, string> DateFormats { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a zero date is an error; otherwise it is empty.</summary>
    public bool CreateErrorForInvalidDate { get; init; } = true;

    /// <summary>The settings of an import whose point was checked (<c>PointRules</c>).</summary>
    /// <param name="import">The import.</param>
    /// <param name="jobStart">The job's start on the wall clock.</param>
    /// <param name="instance">What holds where the import does not say.</param>
    /// <exception cref="CultureNotFoundException">The culture is unknown.</exception>
    public static ConversionSettings Of(ImportSettings import, DateTime jobStart, InstanceValues instance) => new()
    {
        Culture = CultureInfo.GetCultureInfo(import.Culture),
        JobStart = jobStart,
        MultiValue = import.MultiValue,
        Nested = import.Nested,
        Newline = import.Newline,
        DateFormats = new Dictionary<string, string>(import.DateFormats, StringComparer.OrdinalIgnoreCase),
        CreateErrorForInvalidDate = import.CreateErrorForInvalidDate ?? instance.CreateErrorForInvalidDate,
    };
}

/// <summary>What became of a cell: a value, nothing, or a problem.</summary>
/// <param name="Value">
/// Null: empty, or a problem. A string for texts, decimals, currency (plain digits and <c>.</c>), dates (<c>yyyy-MM-ddTHH:mm:ss</c>) and a
/// single choice; an <see cref="int"/> for a whole number; a <see cref="bool"/> for yes/no; a <c>string[]</c> for a multiple choice. Objects are
/// their names, and a user is an e-mail address.
/// </param>
/// <param name="Code">The error's code, null when there is none.</param>
/// <param name="Reason">What the value is, what was expected and what to do, without line and field (<see cref="Problem.Item"/> adds them).</param>
public readonly record struct ConvertedValue(object? Value, string? Code, string? Reason)
{
    /// <summary>Whether the cell could not be converted.</summary>
    [MemberNotNullWhen(true, nameof(Code), nameof(Reason))]
    public bool IsError => Code is not null;

    /// <summary>A value, or empty when it is null.</summary>
    public static ConvertedValue Of(object? value) => new(value, null, null);

    /// <summary>A problem.</summary>
    public static ConvertedValue Error(string code, string reason) => new(null, code, reason);
}
