using System.Text;

namespace IntegrationPoints.Bench;

/// <summary>
/// What Cosmos DB charges for single requests with session or weaker consistency in one region, as Microsoft documents it. What it charges for
/// indexed values has no documented figure and is not in it; the containers index only what is sorted and filtered by.
/// </summary>
internal static class RequestUnitModel
{
    /// <summary>
    /// By size in KB: a point read, a write. Source: learn.microsoft.com/azure/cosmos-db/understand-request-unit-consumption, Document size (read 2026-11-23).
    /// </summary>
    public static readonly IReadOnlyList<(int Kilobytes, double Read, double Write)> Documented =
    [
        (1, 1.00, 4.95), (2, 1.04, 6.29), (4, 1.14, 6.67), (8, 1.33, 7.04), (16, 1.67, 9.52), (32, 2.19, 11.23), (64, 4.76, 22.67), (128, 9.95, 48.19),
        (256, 20.28, 98.29), (512, 40.95, 184.57), (1024, 145.90, 625.00), (2048, 291.80, 1250.00),
    ];

    // "Inserting a 1-KB item without indexing costs around 5.5": learn.microsoft.com/azure/cosmos-db/optimize-cost-reads-writes. Of the two figures the greater.
    private const double LeastCreate = 5.5;

    /// <summary>
    /// The properties that Cosmos DB adds to an item, in the sizes of the documented sample: learn.microsoft.com/rest/api/cosmos-db/documents (read 2026-11-23).
    /// </summary>
    public const string SystemProperties =
        ""","_rid":"Sl8fALN4sw4BAAAAAAAAAA==","_ts":1448049512,"_self":"dbs/Sl8fAA==/colls/Sl8fALN4sw4=/docs/Sl8fALN4sw4BAAAAAAAAAA==/","_etag":"\"0000443f-0000-0000-0000-564f7b680000\"","_attachments":"attachments/" """;

    // As CosmosItem writes an item whose keys need no escapes.
    private const string Envelope = """{"id":"","pk":"","sort":"","body":}""";

    /// <summary>The bytes of an item as it is kept: its body, its keys, and what Cosmos DB adds.</summary>
    public static long Stored(string id, string partition, string sort, long body)
        => Envelope.Length + Encoding.UTF8.GetByteCount(id) + Encoding.UTF8.GetByteCount(partition) + Encoding.UTF8.GetByteCount(sort) + body + SystemProperties.TrimEnd().Length;

    /// <summary>A point read of an item of so many bytes; 0 bytes: of one that is not there.</summary>
    public static double Read(long bytes) => Between(bytes, row => row.Read);

    /// <summary>Creating an item.</summary>
    public static double Create(long bytes) => Math.Max(LeastCreate, Between(bytes, row => row.Write));

    /// <summary>Replacing an item: "two times the charge required to insert the same item" (optimize-cost-reads-writes).</summary>
    public static double Replace(long bytes) => 2 * Create(bytes);

    // Between two documented sizes on the line that joins them; below the first as the first.
    private static double Between(long bytes, Func<(int Kilobytes, double Read, double Write), double> charge)
    {
        var kilobytes = bytes / 1024.0;
        if (kilobytes <= Documented[0].Kilobytes) return charge(Documented[0]);
        var next = Documented.FirstOrDefault(row => row.Kilobytes >= kilobytes);
        if (next == default) throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "No item is larger than 2 MB.");
        var last = Documented.Last(row => row.Kilobytes < kilobytes);
        return charge(last) + (charge(next) - charge(last)) * (kilobytes - last.Kilobytes) / (next.Kilobytes - last.Kilobytes);
    }
}
