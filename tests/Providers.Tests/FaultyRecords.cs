using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Tests;

/// <summary>A real store that does something first when records are written or read: throws as a dying worker, or waits as a stalled one.</summary>
internal sealed class FaultyRecords(IRecords store, Func<IReadOnlyList<ItemWrite>, Task> beforeWrite, Func<Task>? beforeRead = null) : IRecords
{
    /// <summary>Dies before the first document or entity is written.</summary>
    public static FaultyRecords DiesBeforeWriting(IRecords store) => new(store, writes =>
        writes.Any(w => IsRecord(w)) ? throw new IOException("The worker died.") : Task.CompletedTask);

    /// <summary>Stalls before the first document or entity is written, until told to go on.</summary>
    public static FaultyRecords Stalls(IRecords store, TaskCompletionSource reached, Task goOn) => new(store, async writes =>
    {
        if (!writes.Any(w => IsRecord(w))) return;
        reached.TrySetResult();
        await goOn;
    });

    private static bool IsRecord(ItemWrite write)
        => write.Key.Id.StartsWith("DOCUMENT|", StringComparison.Ordinal) || write.Key.Id.StartsWith("ENTITY|", StringComparison.Ordinal);

    public Task EnsureAsync(CancellationToken cancellationToken) => store.EnsureAsync(cancellationToken);

    public Task<StoredItem?> ReadAsync(ItemKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public async Task<IReadOnlyList<StoredItem?>> ReadManyAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellationToken)
    {
        if (beforeRead is not null) await beforeRead();
        return await store.ReadManyAsync(keys, cancellationToken);
    }

    public async Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken)
    {
        await beforeWrite(writes);
        return await store.WriteAsync(writes, cancellationToken);
    }

    public Task<IReadOnlyList<StoredItem>> ListAsync(ItemQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public Task DeletePartitionAsync(string partition, CancellationToken cancellationToken) => store.DeletePartitionAsync(partition, cancellationToken);
}
