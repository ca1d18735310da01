using IntegrationPoints.Engine;

namespace IntegrationPoints.Providers.Csv;

/// <summary>
/// The path of a file whose name may hold dates: each pair of <c>*</c> in the name encloses a date pattern (guide 4.2.2). A name without an ending
/// gets <c>.csv</c>. Names are compared exactly, also in the case of letters.
/// </summary>
internal sealed class DatedPath
{
    private const char Star = '*';

    // Texts and patterns in turn; the first is a text, which may be empty.
    private readonly IReadOnlyList<string> texts;
    private readonly IReadOnlyList<DatePattern> patterns;

    private DatedPath(string folder, IReadOnlyList<string> texts, IReadOnlyList<DatePattern> patterns)
        => (Folder, this.texts, this.patterns) = (folder, texts, patterns);

    /// <summary>The folder with its slash at the end; empty: the one in which the server begins.</summary>
    public string Folder { get; }

    /// <summary>Whether a time of day is in the name, so that the newest file of the last hour is meant rather than the one of a moment.</summary>
    public bool HasTime => patterns.Any(p => p.HasTime);

    /// <summary>Whether the name depends on when it is asked for.</summary>
    public bool HasDate => patterns.Count > 0;

    /// <summary>Whether minutes are in the name and no hours, as when somebody writes mm for the month.</summary>
    public bool HasMinutesAlone => patterns.Any(p => p.HasMinutes) && !patterns.Any(p => p.HasHours);

    /// <summary>Reads a path.</summary>
    /// <param name="path">As it was written.</param>
    /// <param name="problem">What is wrong with it; null: nothing.</param>
    /// <returns>Null when something is wrong.</returns>
    public static DatedPath? Parse(string path, out Problem? problem)
    {
        var slash = path.LastIndexOf('/') + 1;
        var (folder, name) = (path[..slash], path[slash..]);
        var parts = name.Split(Star);
        var patterns = parts.Where((_, i) => i % 2 == 1).Select(DatePattern.Parse).ToList();
        problem = path.Any(char.IsControl) ? Wrong("The path holds control characters. Write it again.")
            : folder.Contains(Star) ? Wrong($"The path {Words.QuotePath(path)} has a * before its last slash; dates can stand in the file's name only, and hold no slash.")
            : name.Length == 0 ? Wrong($"The path {Words.QuotePath(path)} names a folder. Add the file's name.")
            : parts.Length % 2 == 0 ? Wrong($"The file's name {Words.Quote(name)} has {parts.Length - 1} *, an odd number; each date pattern stands between two of them, such as *yyyy-MM-dd*.")
            : parts.Where((_, i) => i % 2 == 1).FirstOrDefault(text => text.Length == 0) is not null ? Wrong($"Between two * of the file's name {Words.Quote(name)} stands nothing; write a date pattern there, such as *yyyy-MM-dd*.")
            : NoPattern(parts, patterns) is { } text ? Wrong($"{Words.Quote(text)} in the file's name is no date pattern. Write one such as yyyy-MM-dd or HHmm, or leave the * out.")
            : patterns.Any(p => p!.HasFraction) ? Wrong("The date pattern has parts of a second (f, F), by which no file can be found. Leave them out.")
            : null;
        if (problem is not null) return null;
        var texts = parts.Where((_, i) => i % 2 == 0).ToArray();
        // Dots inside of patterns make no ending.
        var isBare = !System.IO.Path.HasExtension(string.Join('x', texts));
        if (isBare) texts[^1] += texts[^1].EndsWith('.') ? "csv" : ".csv";
        return new DatedPath(folder, texts, [.. patterns.Select(p => p!)]);
    }

    /// <summary>The file's name at a moment, in its own time zone.</summary>
    public string NameAt(DateTimeOffset moment)
        => string.Concat(texts.Select((text, i) => i == 0 ? text : patterns[i - 1].At(moment) + text));

    /// <summary>
    /// The names that a file can have whose time lies within the hour before a moment, each with the last second of which it is the name. To know them
    /// all beforehand is exact where reading a date from a name is not: with hours of a 12-hour clock, without a date, around midnight, and when the
    /// clock is changed.
    /// </summary>
    /// <remarks>
    /// A name stands for as long as its pattern does not change: one with hours alone for the whole hour, which lies within the last hour until an hour
    /// after its end. So at 15:05 a file of 14:30 is found, whose name says 14, unless there is one that says 15.
    /// </remarks>
    public IReadOnlyDictionary<string, DateTimeOffset> NamesOfLastHour(DateTimeOffset moment, TimeZoneInfo zone)
    {
        var names = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        for (var at = moment.AddHours(-1); at <= moment; at = at.AddSeconds(1)) names[NameAt(TimeZoneInfo.ConvertTime(at, zone))] = at;
        return names;
    }

    private static string? NoPattern(string[] parts, List<DatePattern?> patterns)
    {
        var wrong = patterns.FindIndex(p => p is not { IsDate: true } and not { HasFraction: true });
        return wrong < 0 ? null : parts[(wrong * 2) + 1];
    }

    private static Problem Wrong(string message) => new("invalid-path", message);
}
