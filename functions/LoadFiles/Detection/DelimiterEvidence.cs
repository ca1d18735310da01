using System.Globalization;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Tries the characters that people use between and around cells: the right ones divide nearly every row into the same number of cells.
/// </summary>
internal static class DelimiterEvidence
{
    private const int TrialBytes = 256 * 1024;
    private const int MostRows = 10_000;

    // Concordance, CSV, tab, pipe, semicolon, caret, ¶, unit separator, and what few others use.
    private static readonly int[] Columns = [20, ',', '\t', '|', ';', '^', 182, 31, 1];
    private static readonly int[] Quotes = [254, '"', '^', '~', '\'', 0];

    public static async Task<Evidence<CellCharacters>?> FindAsync(
        ReadOnlyMemory<byte> sample, bool isWhole, LoadFileFormat format, CancellationToken ct)
    {
        var said = new CellCharacters(format.Delimiters.Column, format.Delimiters.Quote);
        var part = sample[..Math.Min(sample.Length, TrialBytes)];
        var isAll = isWhole && part.Length == sample.Length;
        var saidTrial = await TryAsync(part, isAll, format, said, ct).ConfigureAwait(false);
        var best = saidTrial;
        foreach (var candidate in Candidates(part.Span, format, said))
        {
            var trial = await TryAsync(part, isAll, format, candidate, ct).ConfigureAwait(false);
            if (trial.IsBetterThan(best)) best = trial;
        }

        if (best.Cells < 2) return null;
        var whole = await TryAsync(sample, isWhole, format, best.Characters, ct).ConfigureAwait(false);
        var isStrong = best.Characters != said && whole.Share >= 0.95 && whole.Cells >= 3 && whole.Rows >= 3
            && (saidTrial.Cells < 2 || saidTrial.Share < 0.5 || whole.Quoted > saidTrial.Quoted + 0.8);
        return new(best.Characters, Words(whole), isStrong);
    }

    private static string Words(Trial trial)
    {
        var quotes = trial.Characters.Quote == 0 ? "no quotes"
            : trial.Quoted == 0 ? string.Create(CultureInfo.InvariantCulture, $"no cell is in the quote {trial.Characters.Quote}")
            : string.Create(CultureInfo.InvariantCulture, $"the quote {trial.Characters.Quote} around {trial.Quoted * 100:0.#} % of the cells");
        return string.Create(CultureInfo.InvariantCulture,
            $"code {trial.Characters.Column} between {trial.Cells:N0} cells in {trial.Share * 100:0.#} % of {trial.Rows:N0} rows, {quotes}");
    }

    // Only characters that the text holds are worth a trial.
    private static IEnumerable<CellCharacters> Candidates(ReadOnlySpan<byte> part, LoadFileFormat format, CellCharacters said)
    {
        var text = format.Encoding.GetString(part);
        var strict = StrictText.Strict(format.Encoding);
        var present = new HashSet<int>();
        foreach (var code in Columns.Concat(Quotes).Where(c => c != 0))
        {
            var bytes = StrictText.BytesOf(strict, code, out var isByte);
            if (isByte ? part.Contains(bytes[0]) : text.Contains((char)code)) present.Add(code);
        }

        return [.. from column in Columns
                   where present.Contains(column)
                   from quote in Quotes
                   where quote != column && (quote == 0 || present.Contains(quote))
                   let candidate = new CellCharacters(column, quote)
                   where candidate != said
                   select candidate];
    }

    private static async Task<Trial> TryAsync(
        ReadOnlyMemory<byte> sample, bool isWhole, LoadFileFormat format, CellCharacters characters, CancellationToken ct)
    {
        var counts = new Dictionary<int, int>();
        int rows = 0, last = 0;
        long cells = 0, quoted = 0;
        await using var reader = new LoadFileReader(LoadFileDetector.Open(sample), LoadFileDetector.With(format, characters));
        while (rows < MostRows && await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var row = reader.Row;
            // Errors count as rows of no cells.
            last = row.Error is null ? row.CellCount : 0;
            counts[last] = counts.GetValueOrDefault(last) + 1;
            rows++;
            for (var cell = 0; cell < row.CellCount && row.Error is null; cell++, cells++) if (row.WasQuoted(cell)) quoted++;
        }

        // The last row of a part may be cut.
        if (!isWhole && rows is > 1 and < MostRows && --rows >= 0) counts[last]--;
        var (count, times) = counts.Where(c => c.Key > 0).OrderByDescending(c => c.Value).ThenByDescending(c => c.Key)
            .Select(c => (c.Key, c.Value)).FirstOrDefault();
        return new Trial(characters, rows, count, rows == 0 ? 0 : (double)times / rows, cells == 0 ? 0 : (double)quoted / cells);
    }

    /// <summary>How well characters divide the rows: into how many cells, in which share of the rows, and how many of the cells are quoted.</summary>
    private sealed record Trial(CellCharacters Characters, int Rows, int Cells, double Share, double Quoted)
    {
        // What was said goes first, so that equals change nothing.
        public bool IsBetterThan(Trial other)
        {
            if (Cells < 2 || Share < 0.5) return false;
            if (other.Cells < 2) return true;
            if (Math.Abs(Share - other.Share) > 0.02) return Share > other.Share;
            if (Characters.Column == other.Characters.Column) return Quoted > other.Quoted + 0.02;
            return Quoted > other.Quoted + 0.5 || (Cells > other.Cells && Quoted >= other.Quoted - 0.5);
        }
    }
}
