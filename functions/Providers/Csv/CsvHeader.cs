using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using IntegrationPoints.Engine;
using IntegrationPoints.LoadFiles;
using ConfigurationException = IntegrationPoints.Engine.ConfigurationException;

namespace IntegrationPoints.Providers.Csv;

/// <summary>
/// The header of a CSV file, read by CsvHelper. The records below it are read by the reader of load files, because a batch is a range of bytes: that
/// one begins at any of them, counts bytes exactly, and loses one row to a missing quote rather than all that follow.
/// </summary>
internal static class CsvHeader
{
    /// <summary>How much of a file is looked at; no header is longer.</summary>
    public const int MostBytes = 1024 * 1024;

    private static readonly char[] OtherDelimiters = [';', '\t', '|'];

    /// <summary>The names of the columns, in order and trimmed.</summary>
    /// <param name="start">The file's first bytes, <see cref="MostBytes"/> or all there are.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ConfigurationException">It is empty, has no header, or columns without a name or with the same.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(byte[] start, string file, CancellationToken cancellationToken)
    {
        if (start.Length == 0) throw new ConfigurationException("empty-file", $"The file {Words.QuotePath(file)} is empty (0 bytes). Ask its sender for it again.");
        var encoding = await EncodingDetector.DetectAsync(new MemoryStream(start), null, cancellationToken);
        using var text = new StreamReader(new MemoryStream(start), encoding.Encoding);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = ",", TrimOptions = TrimOptions.Trim, BadDataFound = null });
        if (!await csv.ReadAsync()) throw new ConfigurationException("empty-file", $"The file {Words.QuotePath(file)} holds no lines. Ask its sender for it again.");
        if (start.Length >= MostBytes && csv.RawRecord.AsSpan().IndexOfAny('\r', '\n') < 0)
            throw new ConfigurationException("not-a-load-file", $"{Words.QuotePath(file)} is not a CSV file: its first line does not end. Expected a header with the names of the columns, separated by commas.");
        var names = csv.Record!.ToList();
        if (names is [var only] && OtherDelimiters.FirstOrDefault(c => only.Contains(c)) is not '\0' and var other)
        {
            throw new ConfigurationException(
                "wrong-delimiters", $"The columns of {Words.QuotePath(file)} are separated by {Words.Quote(other.ToString())}. Expected commas; have it exported with commas.");
        }
        var problems = Unnamed(names, file).Concat(Repeated(names, file)).ToList();
        return problems.Count == 0 ? names : throw new ConfigurationException(Problem.Together(problems));
    }

    private static IEnumerable<Problem> Unnamed(List<string> names, string file)
    {
        var blank = Enumerable.Range(0, names.Count).Where(i => string.IsNullOrWhiteSpace(names[i])).Select(i => (i + 1).ToString(CultureInfo.InvariantCulture)).ToList();
        if (blank.Count > 0)
        {
            yield return new Problem("column-unnamed", $"The header of {Words.QuotePath(file)} has no name for column {string.Join(", ", blank.Take(10))}"
                + $"{(blank.Count > 10 ? $" and {blank.Count - 10} more" : "")} of {names.Count}. Columns are matched by name; have each named.");
        }
    }

    private static IEnumerable<Problem> Repeated(List<string> names, string file)
    {
        var repeated = names.Where(n => n.Length > 0).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        if (repeated.Count > 0)
            yield return new Problem("column-repeated", $"The header of {Words.QuotePath(file)} names more than one column {Words.List(repeated)}. Columns are matched by name, in any case of letters; have each named differently.");
    }
}
