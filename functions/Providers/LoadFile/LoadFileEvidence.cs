using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>
/// What a load file shows of itself, beside what the user said of it. With <see cref="LoadFileSettings.Detect"/> the file decides; otherwise the
/// user does, and is told where the file disagrees strongly.
/// </summary>
internal sealed record LoadFileEvidence
{
    /// <summary>The settings by which the file is read.</summary>
    public required LoadFileSettings Settings { get; init; }

    /// <summary>The culture whose order of day and month the file has; null: the import's own will do.</summary>
    public string? Culture { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];

    /// <summary>Weighs the first bytes of a file against the settings.</summary>
    /// <param name="settings">What the user said.</param>
    /// <param name="culture">The import's culture.</param>
    /// <param name="encoding">The encoding by which the file is read.</param>
    /// <param name="sample">Its first bytes, and whether that is all of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<LoadFileEvidence> OfAsync(
        LoadFileSettings settings, CultureInfo culture, DetectedEncoding encoding, (ReadOnlyMemory<byte> Bytes, bool IsWhole) sample,
        CancellationToken cancellationToken)
    {
        var format = new LoadFileFormat
        {
            Encoding = encoding.Encoding,
            PreambleLength = encoding.PreambleLength,
            Delimiters = LoadFileCheck.Delimiters(settings.Column, settings.Quote),
            MaxRecordBytes = settings.MaxRecordBytes,
        };
        var found = await LoadFileDetector.DetectAsync(sample.Bytes, sample.IsWhole, format, cancellationToken);
        return settings.Detect ? Obey(settings, culture, encoding, found) : Doubt(settings, culture, found);
    }

    private static LoadFileEvidence Obey(LoadFileSettings settings, CultureInfo culture, DetectedEncoding encoding, DetectedLoadFile found)
    {
        var (column, quote) = found.Characters is { } characters ? (characters.Value.Column, characters.Value.Quote) : (settings.Column, settings.Quote);
        var words = string.Join(' ', found.Words.Prepend($"Encoding: {encoding.Encoding.WebName}, {encoding.Reason}."));
        return new LoadFileEvidence
        {
            Settings = settings with { Column = column, Quote = quote, HasHeader = found.HasHeader?.Value ?? settings.HasHeader },
            Culture = OtherCulture(culture, found.IsDayFirst),
            Warnings = [Warning("detected", $"The file was read as it shows itself. {words}")],
        };
    }

    private static LoadFileEvidence Doubt(LoadFileSettings settings, CultureInfo culture, DetectedLoadFile found)
    {
        var warnings = new List<Problem>();
        if (found.Characters is { IsStrong: true } characters)
        {
            warnings.Add(Warning("delimiters-doubtful", string.Create(CultureInfo.InvariantCulture,
                $"The file was said to have the column character {settings.Column} and the quote {settings.Quote}, but it has {characters.Because}; it is read as said. Check the delimiters.")));
        }
        else if (found.HasHeader is { IsStrong: true } header && header.Value != settings.HasHeader)
        {
            warnings.Add(Warning("header-doubtful",
                $"The file was said to have {(settings.HasHeader ? "a" : "no")} header, but {header.Because}; it is read as said. Check the setting."));
        }
        if (found.IsDayFirst is { IsStrong: true } order && OtherCulture(culture, order) is not null)
        {
            warnings.Add(Warning("culture-doubtful",
                $"Dates are read as {culture.Name} writes them, {(order.Value ? "month" : "day")} first, but {order.Because}. Check the regional setting."));
        }
        return new LoadFileEvidence { Settings = settings, Warnings = warnings };
    }

    // Null where the import's own has that order.
    private static string? OtherCulture(CultureInfo culture, Evidence<bool>? isDayFirst)
        => isDayFirst is null || isDayFirst.Value == LoadFileDate.IsDayFirst(culture) ? null : isDayFirst.Value ? "en-GB" : "en-US";

    private static Problem Warning(string code, string message) => new(code, message) { Severity = ProblemSeverity.Warning };
}
