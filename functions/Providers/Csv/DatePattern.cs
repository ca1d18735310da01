using System.Globalization;

namespace IntegrationPoints.Providers.Csv;

/// <summary>
/// A custom .NET date pattern between two <c>*</c> of a file's name (guide 4.2.2). Letters are case-sensitive, as .NET has them, but for one thing
/// that the guide promises: beside hours, <c>MM</c> is minutes (<c>hh:MM:ss</c>).
/// </summary>
/// <remarks>
/// <c>MM</c> stays the month beside hours where it can be nothing else: where the pattern has minutes already (<c>yyyyMMddHHmm</c>), and where it
/// stands before the hours of a pattern that has a year or a day too (<c>yyyyMMdd_HH</c>, <c>yyyyMMddHHMMss</c>).
/// </remarks>
internal sealed class DatePattern
{
    private const string TimeLetters = "hHmst", DateLetters = "dMyg", FractionLetters = "fF";

    private readonly string format;

    private DatePattern(string format, IReadOnlyList<string> runs)
    {
        this.format = format;
        HasTime = runs.Any(r => TimeLetters.Contains(r[0]));
        (HasHours, HasMinutes) = (runs.Any(r => r[0] is 'h' or 'H'), runs.Any(r => r[0] == 'm'));
        HasFraction = runs.Any(r => FractionLetters.Contains(r[0]));
        IsDate = HasTime || runs.Any(r => DateLetters.Contains(r[0]));
    }

    /// <summary>Whether it says a time of day.</summary>
    public bool HasTime { get; }

    /// <summary>Whether it says the hour.</summary>
    public bool HasHours { get; }

    /// <summary>Whether it says the minute, by mm.</summary>
    public bool HasMinutes { get; }

    /// <summary>Whether it says parts of a second.</summary>
    public bool HasFraction { get; }

    /// <summary>Whether it says anything of a date or a time.</summary>
    public bool IsDate { get; }

    /// <summary>Null: .NET has no such pattern; a quote is not closed, say, or nothing stands behind a backslash.</summary>
    public static DatePattern? Parse(string text)
    {
        if (Tokens(text) is not { } tokens) return null;
        MeanMinutes(tokens);
        var format = string.Concat(tokens.Select(t => t.Text));
        // A single letter would be one of .NET's standard patterns, such as d: 03/31/2016.
        var pattern = new DatePattern(format.Length == 1 ? "%" + format : format, [.. tokens.Where(t => t.IsLetter).Select(t => t.Text)]);
        try
        {
            pattern.At(DateTimeOffset.UnixEpoch);
            return pattern;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static void MeanMinutes(List<Token> tokens)
    {
        var runs = tokens.Where(t => t.IsLetter).Select(t => t.Text).ToList();
        var firstHour = tokens.FindIndex(t => t is { IsLetter: true, Text: ['h' or 'H', ..] });
        if (firstHour < 0 || runs.Exists(r => r[0] == 'm')) return;
        var besideDate = runs.Exists(r => r[0] is 'y' or 'd');
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i] is { IsLetter: true, Text: "MM" } && (i > firstHour || !besideDate)) tokens[i] = tokens[i] with { Text = "mm" };
    }

    /// <summary>The text at a moment, in its own time zone.</summary>
    public string At(DateTimeOffset moment) => moment.ToString(format, CultureInfo.InvariantCulture);

    // Runs of one letter, and what stands between them: 'quoted', "quoted", \escaped.
    private static List<Token>? Tokens(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length;)
        {
            var end = text[i] switch
            {
                '\\' => i + 2,
                '\'' or '"' => text.IndexOf(text[i], i + 1) + 1,
                _ => i + text.AsSpan(i).IndexOfAnyExcept(text[i]) is var next && next > i ? next : text.Length,
            };
            if (end <= i || end > text.Length) return null;
            tokens.Add(new Token(text[i..end], char.IsAsciiLetter(text[i])));
            i = end;
        }
        return tokens;
    }

    private sealed record Token(string Text, bool IsLetter);
}
