namespace IntegrationPoints.LoadFiles;

/// <summary>Something that a file shows of itself, and why that is thought.</summary>
/// <param name="Value">What was found.</param>
/// <param name="Because">The evidence, in words: "code 20 between 24 cells in 99.9 % of 10,000 rows".</param>
/// <param name="IsStrong">Whether it is clear enough to doubt somebody who said otherwise.</param>
public sealed record Evidence<T>(T Value, string Because, bool IsStrong);

/// <summary>The two characters that make rows and cells.</summary>
/// <param name="Column">Code of the column character.</param>
/// <param name="Quote">Code of the quote; 0: none.</param>
public sealed record CellCharacters(int Column, int Quote);

/// <summary>What the beginning of a load file shows of it. A member is null where there is no evidence.</summary>
public sealed record DetectedLoadFile
{
    /// <summary>The characters that divide nearly every row into the same number of cells.</summary>
    public Evidence<CellCharacters>? Characters { get; init; }

    /// <summary>Whether the first row names the columns, judged with those characters.</summary>
    public Evidence<bool>? HasHeader { get; init; }

    /// <summary>What ends lines: "CRLF", "LF", "CR", the most frequent first.</summary>
    public Evidence<string>? LineEnds { get; init; }

    /// <summary>Whether dates have the day before the month.</summary>
    public Evidence<bool>? IsDayFirst { get; init; }

    /// <summary>All evidence, a sentence each, for people.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            List<string> words = [];
            if (Characters is { } characters) words.Add($"Delimiters: {characters.Because}.");
            if (HasHeader is { } header) words.Add($"{(header.Value ? "Header" : "No header")}: {header.Because}.");
            if (LineEnds is { } ends) words.Add($"Line ends: {ends.Because}.");
            if (IsDayFirst is { } dates) words.Add($"Dates, {(dates.Value ? "day" : "month")} first: {dates.Because}.");
            return words;
        }
    }
}
