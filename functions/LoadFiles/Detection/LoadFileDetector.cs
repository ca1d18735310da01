using System.Globalization;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Finds out how a load file is written from its first rows: which characters divide it, whether it has a header, what ends its lines, whether
/// its dates begin with the day. Pure: the same bytes always give the same answer.
/// </summary>
public static class LoadFileDetector
{
    /// <summary>How much of a file is worth looking at, in bytes.</summary>
    public const int SampleBytes = 4 * 1024 * 1024;

    private const int MostRows = 10_000;

    /// <summary>Looks at the first bytes of a file.</summary>
    /// <param name="sample">The file, or its first <see cref="SampleBytes"/>, byte order mark included.</param>
    /// <param name="isWhole">Whether that is all of the file; else its last row may be cut and is left out.</param>
    /// <param name="format">Its encoding, and the characters that were said to divide it, which win where others are no better.</param>
    /// <param name="ct">Cancels reading.</param>
    public static async Task<DetectedLoadFile> DetectAsync(
        ReadOnlyMemory<byte> sample, bool isWhole, LoadFileFormat format, CancellationToken ct)
    {
        var characters = await DelimiterEvidence.FindAsync(sample, isWhole, format, ct).ConfigureAwait(false);
        var chosen = characters?.Value ?? new CellCharacters(format.Delimiters.Column, format.Delimiters.Quote);
        var rows = await RowsAsync(sample, isWhole, With(format, chosen), MostRows, ct).ConfigureAwait(false);
        return new DetectedLoadFile
        {
            Characters = characters,
            HasHeader = HeaderEvidence.Of(rows),
            LineEnds = LineEnds(sample.Span, format.Encoding),
            IsDayFirst = DateEvidence.Of(rows),
        };
    }

    /// <summary>The format with other characters between and around cells; the rest of them, which matter to values only, make room.</summary>
    internal static LoadFileFormat With(LoadFileFormat format, CellCharacters characters)
    {
        int[] free = [.. Enumerable.Range(1, 5).Where(code => code != characters.Column && code != characters.Quote)];
        return format with
        {
            Delimiters = new Delimiters
            {
                Column = characters.Column,
                Quote = characters.Quote,
                Newline = free[0],
                MultiValue = free[1],
                Nested = free[2],
            },
        };
    }

    /// <summary>The cells of the rows that can be read; null for one that cannot.</summary>
    internal static async Task<List<string[]?>> RowsAsync(
        ReadOnlyMemory<byte> sample, bool isWhole, LoadFileFormat format, int most, CancellationToken ct)
    {
        var rows = new List<string[]?>();
        await using var reader = new LoadFileReader(Open(sample), format);
        while (rows.Count <= most && await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var row = reader.Row;
            rows.Add(row.Error is null ? [.. Enumerable.Range(0, row.CellCount).Select(row.GetString)] : null);
        }

        if (rows.Count > most || (!isWhole && rows.Count > 1)) rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    /// <summary>A stream over the sample.</summary>
    internal static MemoryStream Open(ReadOnlyMemory<byte> sample)
        => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(sample, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(sample.ToArray(), writable: false);

    private static Evidence<string>? LineEnds(ReadOnlySpan<byte> sample, Encoding encoding)
    {
        var text = encoding.GetString(sample);
        int crlf = 0, lf = 0, cr = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') lf++;
            else if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') (crlf, i) = (crlf + 1, i + 1);
            else if (text[i] == '\r') cr++;
        }

        var found = new[] { (Name: "CRLF", Count: crlf), (Name: "LF", Count: lf), (Name: "CR", Count: cr) }
            .Where(e => e.Count > 0).OrderByDescending(e => e.Count).ToList();
        if (found.Count == 0) return null;
        var words = string.Join(", ", found.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Name} ends {e.Count:N0} lines")));
        return new(found[0].Name, words, found.Count == 1);
    }
}
