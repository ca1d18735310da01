using System.Text;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>Counts line ends (CRLF, LF, CR) in bytes of an encoding that come in pieces.</summary>
internal sealed class LineEndCounter(Encoding encoding)
{
    /// <summary>The most bytes of a piece.</summary>
    public const int Piece = 64 * 1024;

    private readonly Decoder decoder = encoding.GetDecoder();
    private readonly char[] characters = new char[encoding.GetMaxCharCount(Piece)];
    private int toSkip;
    private char last;
    private bool any;

    /// <summary>Line ends so far.</summary>
    public long LineEnds { get; private set; }

    /// <summary>Whether text stands after the last line end.</summary>
    public bool EndsOpen => any && last is not ('\r' or '\n');

    /// <summary>Begins a text of its own, whose first bytes, the byte order mark, are no text.</summary>
    public void Restart(int skip)
    {
        decoder.Reset();
        (toSkip, LineEnds, any, last) = (skip, 0, false, default);
    }

    /// <summary>Takes the next piece, at most <see cref="Piece"/> bytes.</summary>
    public void Count(ReadOnlySpan<byte> bytes)
    {
        var skipped = Math.Min(toSkip, bytes.Length);
        toSkip -= skipped;
        var count = decoder.GetChars(bytes[skipped..], characters, flush: false);
        foreach (var c in characters.AsSpan(0, count))
        {
            if (c == '\r' || (c == '\n' && last != '\r')) LineEnds++;
            last = c;
            any = true;
        }
    }
}
