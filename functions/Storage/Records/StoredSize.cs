using System.Text;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage;

/// <summary>What an item weighs in a store, counted the same way in each so that an import ends the same everywhere.</summary>
public static class StoredSize
{
    // Names, quotes, escapes, the properties that Cosmos DB adds to an item, and its id once more where it is not stored as it is.
    private const int Envelope = 4096;

    /// <summary>Whether an item is within <see cref="RecordLimits.ItemBytes"/>, its keys and what a store adds included.</summary>
    public static bool Fits(ItemWrite write) => Of(write) <= RecordLimits.ItemBytes;

    /// <summary>Bytes of the item as Cosmos DB keeps it, at most.</summary>
    public static long Of(ItemWrite write)
        => Envelope + (long)write.Body.Length + Text(write.Key.Partition) + Text(write.Key.Id) + Text(write.Sort);

    private static int Text(string text) => Encoding.UTF8.GetByteCount(text);
}
