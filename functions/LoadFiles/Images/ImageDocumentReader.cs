namespace IntegrationPoints.LoadFiles;

/// <summary>A document of an image load file: its lines, one after the other.</summary>
/// <param name="Lines">The lines that are pages, or should be; at least one, at most <see cref="ImageDocumentReader.MostLines"/>.</param>
/// <param name="End">Where its last line ends in the file, in bytes.</param>
/// <param name="HasMore">Whether it has more lines, which were passed over.</param>
public sealed record ImageDocument(IReadOnlyList<ImageLine> Lines, long End, bool HasMore)
{
    /// <summary>The physical line on which it begins.</summary>
    public long Line => Lines[0].Line;

    /// <summary>Where it begins in the file, in bytes.</summary>
    public long Offset => Lines[0].Offset;

    /// <summary>How many bytes it has, lines between its own included.</summary>
    public long Length => End - Offset;
}

/// <summary>
/// Puts the lines of an image load file together to documents. A document begins at a marked line, and the first in any case; a line that cannot
/// be read belongs to the document before it.
/// </summary>
public sealed class ImageDocumentReader(ImageLineReader lines)
{
    /// <summary>The most lines of a document that are kept, so that memory has a bound.</summary>
    public const int MostLines = 50_000;

    private ImageLine? first;
    private bool isStarted;

    /// <summary>The next document; null at the end.</summary>
    public async ValueTask<ImageDocument?> ReadAsync(CancellationToken ct)
    {
        if (!isStarted)
        {
            isStarted = true;
            first = await lines.ReadAsync(ct).ConfigureAwait(false);
        }
        if (first is null) return null;
        var own = new List<ImageLine> { first };
        var (end, hasMore) = (first.Offset + first.Length, false);
        while ((first = await lines.ReadAsync(ct).ConfigureAwait(false)) is { StartsDocument: false } line)
        {
            end = line.Offset + line.Length;
            if (own.Count < MostLines) own.Add(line);
            else hasMore = true;
        }
        return new ImageDocument(own, end, hasMore);
    }
}
