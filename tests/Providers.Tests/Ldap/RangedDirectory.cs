using System.Formats.Asn1;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>
/// Stands for a directory that hands over many values in parts, as Active Directory does and OpenLDAP does not (MS-ADTS 3.1.1.3.1.3.3): one entry, whose
/// attribute <c>memberOf</c> has so many values. It knows just enough of LDAP (RFC 4511) to be read.
/// </summary>
internal sealed class RangedDirectory : IDisposable
{
    public const string Entry = "CN=Jane,DC=ad";

    private const int Part = 4, Bind = 0, Search = 3;

    private readonly CancellationTokenSource end = new();
    private readonly List<string> asked = [];

    public RangedDirectory(TcpListener listener) => _ = RunAsync(listener);

    public int Values { get; init; }

    /// <summary>Does something else than hand over the part that begins there: null, the entry is gone; otherwise how its range is written.</summary>
    public Func<int, string, string?> Written { get; set; } = (_, range) => range;

    /// <summary>The attributes that it was asked for, question by question.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (asked) return [.. asked];
        }
    }

    public void Dispose() => end.Cancel();

    private async Task RunAsync(TcpListener listener)
    {
        while (!end.IsCancellationRequested)
        {
            using var client = await listener.AcceptTcpClientAsync(end.Token);
            try
            {
                while (true) await AnswerAsync(client.GetStream());
            }
            catch (EndOfStreamException)
            {
                // Its reader has left.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var message = new AsnReader(await ReadAsync(stream), AsnEncodingRules.BER).ReadSequence();
        var id = message.ReadInteger();
        var tag = message.PeekTag();
        if (tag.TagValue is not (Bind or Search)) throw new EndOfStreamException();
        var question = message.ReadSequence(tag);
        if (tag.TagValue == Search)
        {
            var name = Encoding.UTF8.GetString(question.ReadOctetString());
            for (var skipped = 0; skipped < 6; skipped++) question.ReadEncodedValue();
            var attribute = Encoding.UTF8.GetString(question.ReadSequence().ReadOctetString());
            lock (asked) asked.Add($"{name} {attribute}");
            var from = attribute.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? int.Parse(attribute[(at + 1)..].TrimEnd('-', '*'), CultureInfo.InvariantCulture) : 0;
            var last = Math.Min(from + Part, Values);
            var range = Written(from, last == Values ? $"{from}-*" : $"{from}-{last - 1}");
            if (range is not null) await stream.WriteAsync(Message(id, writer => WriteEntry(writer, range, Enumerable.Range(from, last - from))), end.Token);
        }
        await stream.WriteAsync(Message(id, writer => WriteDone(writer, (int)tag.TagValue == Bind ? 1 : 5)), end.Token);
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, end.Token);
        var more = head[1] < 0x80 ? [] : new byte[head[1] & 0x7F];
        await stream.ReadExactlyAsync(more, end.Token);
        var body = new byte[more.Length == 0 ? head[1] : more.Aggregate(0, (length, b) => length << 8 | b)];
        await stream.ReadExactlyAsync(body, end.Token);
        return [.. head, .. more, .. body];
    }

    private static byte[] Message(System.Numerics.BigInteger id, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            write(writer);
        }
        return writer.Encode();
    }

    private static void WriteEntry(AsnWriter writer, string range, IEnumerable<int> values)
    {
        using var entry = writer.PushSequence(new Asn1Tag(TagClass.Application, 4));
        writer.WriteOctetString(Encoding.UTF8.GetBytes(Entry));
        using var attributes = writer.PushSequence();
        using var attribute = writer.PushSequence();
        writer.WriteOctetString(Encoding.UTF8.GetBytes($"memberOf;range={range}"));
        using var set = writer.PushSetOf();
        foreach (var value in values) writer.WriteOctetString(Encoding.UTF8.GetBytes($"CN=Group {value},DC=ad"));
    }

    private static void WriteDone(AsnWriter writer, int tag)
    {
        using var done = writer.PushSequence(new Asn1Tag(TagClass.Application, tag));
        writer.WriteEnumeratedValue(Result.Success);
        writer.WriteOctetString([]);
        writer.WriteOctetString([]);
    }

    private enum Result
    {
        Success,
    }
}
