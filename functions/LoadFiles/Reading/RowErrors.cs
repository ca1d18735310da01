using System.Globalization;

namespace IntegrationPoints.LoadFiles;

/// <summary>The words of row errors.</summary>
internal static class RowErrors
{
    public static RowError TextAfterQuote(int cell, bool isBare) => new("text-after-quote", cell, isBare
        ? $"Cell {cell + 1} holds the quote character but does not begin with it; put the cell in quotes and double the quotes inside."
        : $"Cell {cell + 1} has text after its closing quote; quotes inside a cell must be doubled.");

    /// <param name="cell">The cell whose quote is open at the end of the line.</param>
    /// <param name="limit">How many bytes were looked at; 0 when the end of the file or text behind the quote decided.</param>
    public static RowError Unbalanced(int cell, long limit) => new("unbalanced-quote", cell, limit == 0
        ? $"The quote that opens cell {cell + 1} is never closed; close it, and double the quotes inside."
        : $"The quote that opens cell {cell + 1} is not closed within {Size(limit)}, the longest record that is read.");

    public static RowError TooLong(long limit) => new("record-too-long", -1, $"The record is longer than {Size(limit)}.");

    public static RowError TooManyCells(int most) =>
        new("record-too-long", -1, string.Create(CultureInfo.InvariantCulture, $"The record has more than {most:N0} cells."));

    public static RowError InvalidEncoding(int cell, string encoding) => new("invalid-encoding", cell, cell < 0
        ? $"The row holds bytes that are no character of {encoding}. Choose the encoding that the file is written in, or correct the row."
        : $"Cell {cell + 1} holds bytes that are no character of {encoding}. Choose the encoding that the file is written in, or correct the row.");

    private static string Size(long bytes) => bytes % (1024 * 1024) == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024 * 1024)} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes");
}
