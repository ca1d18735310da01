using System.Globalization;
using System.Text;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// Writes a PDF from front to back (ISO 32000-1, 7.5): numbered objects in any order, then the table that says where each lies. Of equal objects the
/// same bytes come, for there is neither date nor id.
/// </summary>
/// <param name="file">Where it goes; stays open.</param>
/// <param name="cancellationToken">Cancels.</param>
internal sealed class PdfWriter(Stream file, CancellationToken cancellationToken)
{
    // The table has ten digits for a place.
    private const long MostBytes = 9_999_999_999;

    // Where each object lies, object 0 being none; -1: not written.
    private readonly List<long> places = [-1];
    private long written;

    /// <summary>The number of an object that is written later.</summary>
    public int Reserve()
    {
        places.Add(-1);
        return places.Count - 1;
    }

    /// <summary>Writes the beginning. Bytes above 127 in it tell programs that the file is no text.</summary>
    public Task BeginAsync() => WriteAsync("%PDF-1.7\n%âãÏÓ\n");

    /// <summary>Writes an object.</summary>
    public Task ObjectAsync(int number, string content)
    {
        places[number] = written;
        return WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{number} 0 obj\n{content}\nendobj\n"));
    }

    /// <summary>Writes a stream.</summary>
    /// <param name="number">The object's number.</param>
    /// <param name="dictionary">What stands in its dictionary besides the length.</param>
    /// <param name="length">How many bytes follow.</param>
    /// <param name="content">Hands them to <see cref="BytesAsync"/>.</param>
    public async Task StreamAsync(int number, string dictionary, long length, Func<Task> content)
    {
        places[number] = written;
        await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{number} 0 obj\n<<{dictionary}/Length {length}>>stream\n"));
        var start = written;
        await content();
        if (written != start + length) throw new InvalidOperationException("A stream of a PDF has another length than was said.");
        await WriteAsync("\nendstream\nendobj\n");
    }

    /// <summary>Whether bytes could not be written, so that what went wrong has nothing to do with what was to be written.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Writes bytes of a stream.</summary>
    public async Task BytesAsync(ReadOnlyMemory<byte> bytes)
    {
        HasFailed = true;
        await file.WriteAsync(bytes, cancellationToken);
        HasFailed = false;
        written += bytes.Length;
    }

    /// <summary>Writes the table and the end. Numbers that were reserved and never written are free ones.</summary>
    public async Task EndAsync(int catalog)
    {
        if (written > MostBytes) throw new InvalidOperationException("A PDF of more than 10 GB.");
        var table = written;
        await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"xref\n0 {places.Count}\n"));
        foreach (var place in places)
            await WriteAsync(place < 0 ? "0000000000 65535 f \n" : string.Create(CultureInfo.InvariantCulture, $"{place:d10} 00000 n \n"));
        await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"trailer\n<</Size {places.Count}/Root {catalog} 0 R>>\nstartxref\n{table}\n%%EOF\n"));
    }

    private Task WriteAsync(string text) => BytesAsync(Encoding.Latin1.GetBytes(text));
}
