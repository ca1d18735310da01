using IntegrationPoints.Engine.Searches;

namespace IntegrationPoints.Engine.Records;

/// <summary>Where an item lies.</summary>
/// <param name="Partition">The partition: <c>{workspace}|{bucket}</c>, <c>{workspace}|config</c> or <c>tenant|config</c>.</param>
/// <param name="Id">Unique in the partition; at most 1,000 bytes of UTF-8, none of <c>/ \ ? #</c>.</param>
public readonly record struct ItemKey(string Partition, string Id);

/// <summary>An item as it is stored.</summary>
/// <param name="Key">Where it lies.</param>
/// <param name="Sort">What listings are ordered by, in the order of its UTF-8 bytes.</param>
/// <param name="Body">One JSON object in UTF-8.</param>
/// <param name="ETag">Its version, for optimistic concurrency.</param>
public sealed record StoredItem(ItemKey Key, string Sort, ReadOnlyMemory<byte> Body, string ETag);

/// <summary>How a write treats what is there.</summary>
public enum WriteKind
{
    /// <summary>Only when nothing is there (If-None-Match).</summary>
    Create,

    /// <summary>Only the version named by the etag (If-Match).</summary>
    Replace,

    /// <summary>Removes the version named by the etag, or whatever is there when none is named. Nothing there: done.</summary>
    Delete,
}

/// <summary>One write. There is no blind upsert (design, Rules of orchestration 6).</summary>
public sealed record ItemWrite(WriteKind Kind, ItemKey Key, string Sort, ReadOnlyMemory<byte> Body, string? ETag = null);

/// <summary>What became of a write.</summary>
public enum WriteStatus
{
    /// <summary>It is stored.</summary>
    Done,

    /// <summary>Create: something is there. Replace, Delete: another version is there, or nothing.</summary>
    Conflict,

    /// <summary>The item is over <see cref="RecordLimits.ItemBytes"/>; nothing was written.</summary>
    TooLarge,
}

/// <summary>What became of a write, and the version it made.</summary>
public readonly record struct WriteResult(WriteStatus Status, string? ETag);

/// <summary>Which items of one partition to list: in the order of Sort, those that begin with <see cref="Prefix"/>, after <see cref="After"/>.</summary>
public sealed record ItemQuery(string Partition, string Prefix)
{
    /// <summary>List only what sorts after this; null: from the beginning.</summary>
    public string? After { get; init; }

    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 1000;

    /// <summary>Only items whose filterable values (<c>f.{field}</c>, see <see cref="Record"/>) equal these; an array matches when it contains the value.</summary>
    public IReadOnlyList<FieldEquals> Where { get; init; } = [];

    /// <summary>
    /// Only records of which this may hold; null: all items. None of which it holds is left out, and of the others as many as the store can tell:
    /// <see cref="RecordQuery.Test(Record, Func{TextTest, TextReference, bool?})"/> decides about what is listed.
    /// </summary>
    public RecordQuery? Filter { get; init; }
}

/// <summary>A condition on a filterable field: its stored value is <paramref name="Value"/> (string, bool or whole number).</summary>
public sealed record FieldEquals(string FieldId, object Value);

/// <summary>Limits that hold in every record store, so that an import has the same outcome on each.</summary>
public static class RecordLimits
{
    /// <summary>The most bytes of an item: Cosmos DB's limit.</summary>
    public const int ItemBytes = 2 * 1024 * 1024;

    /// <summary>Text with more UTF-8 bytes than this is kept as a file, and the record refers to it.</summary>
    public const int InlineTextBytes = 32 * 1024;
}

/// <summary>
/// A store of records and of workspace metadata: SQLite embedded, Cosmos DB on Azure. Point reads and writes with etags; listings of one
/// partition. A store that is throttled or unreachable throws; conflicts are answers, not exceptions.
/// </summary>
public interface IRecords
{
    /// <summary>Makes the store ready for use; may be called any number of times.</summary>
    Task EnsureAsync(CancellationToken cancellationToken);

    /// <summary>The item, or null.</summary>
    Task<StoredItem?> ReadAsync(ItemKey key, CancellationToken cancellationToken);

    /// <summary>The items in the order of the keys; null where there is none.</summary>
    Task<IReadOnlyList<StoredItem?>> ReadManyAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellationToken);

    /// <summary>Does each write on its own, and answers in their order. Not one transaction: some may be done when it throws.</summary>
    Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken);

    /// <summary>At most <see cref="ItemQuery.Take"/> items in the order of Sort; fewer means that there are no more.</summary>
    Task<IReadOnlyList<StoredItem>> ListAsync(ItemQuery query, CancellationToken cancellationToken);

    /// <summary>Removes everything in a partition.</summary>
    Task DeletePartitionAsync(string partition, CancellationToken cancellationToken);
}
