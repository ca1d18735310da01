using System.IO.Compression;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace IntegrationPoints.Providers.Images;

/// <summary>
/// Unpacks the streams that hold a PDF's structure, up to a bound: two megabytes of deflated blanks become two gigabytes otherwise, and the
/// library makes room for all of them at once.
/// </summary>
internal sealed class PdfStreams : IFilterProvider
{
    /// <summary>What one stream may become; a table of a million objects takes some 7 MB.</summary>
    private const int MostBytes = 32 * 1024 * 1024;

    /// <summary>What all streams of a file may become together.</summary>
    private const long MostInAll = 512 * 1024 * 1024;

    private long inAll;

    /// <inheritdoc/>
    public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary) => Bounded(DefaultFilterProvider.Instance.GetFilters(dictionary));

    /// <inheritdoc/>
    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => Bounded(DefaultFilterProvider.Instance.GetNamedFilters(names));

    /// <inheritdoc/>
    public IReadOnlyList<IFilter> GetAllFilters() => Bounded(DefaultFilterProvider.Instance.GetAllFilters());

    private IFilter[] Bounded(IReadOnlyList<IFilter> filters) => [.. filters.Select(f => new BoundedFilter(f, this))];

    // Deflate is tried without keeping anything. Of the others the most is taken that they can make of so many bytes.
    private void Count(ReadOnlyMemory<byte> packed, IFilter filter)
    {
        var bytes = filter switch { FlateFilter => Inflated(packed), LzwFilter => packed.Length * 2700L, RunLengthFilter => packed.Length * 64L, _ => packed.Length };
        inAll += bytes;
        if (bytes > MostBytes || inAll > MostInAll) throw new InvalidDataException("The structure of the PDF takes too much room.");
    }

    private static long Inflated(ReadOnlyMemory<byte> packed)
    {
        using var plain = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        var piece = new byte[64 * 1024];
        long bytes = 0;
        try
        {
            while (bytes <= MostBytes && plain.Read(piece) is > 0 and var read) bytes += read;
        }
        catch (InvalidDataException)
        {
            // What is damaged is the library's to judge: it keeps what could be unpacked so far.
            return bytes;
        }
        return bytes;
    }

    private sealed class BoundedFilter(IFilter filter, PdfStreams streams) : IFilter
    {
        public bool IsSupported => filter.IsSupported;

        public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
        {
            streams.Count(input, filter);
            return filter.Decode(input, streamDictionary, filterProvider, filterIndex);
        }
    }
}
