using System.Collections.Concurrent;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>
/// Who may do what in a workspace: its groups as one item, so that a request reads them with one point read, and none while they are remembered.
/// A change counts at once for whoever asks this process, and for others after at most <see cref="Remembered"/>.
/// </summary>
public sealed class GroupCatalog(Catalog catalog, TimeProvider time)
{
    private const string Kind = "groups", Name = "all";

    private const int MostRemembered = 1000;

    /// <summary>How long another process may go by what was read before a change.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (IReadOnlyList<AccessGroup> Groups, DateTimeOffset ReadUtc)> memory = new();
    private int changes;

    /// <summary>The groups of a workspace as they were within the last seconds; none when there is no such workspace.</summary>
    public async Task<IReadOnlyList<AccessGroup>> OfAsync(string workspace, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (memory.TryGetValue(workspace, out var known) && now - known.ReadUtc < Remembered) return known.Groups;
        var before = Volatile.Read(ref changes);
        var groups = (await ReadAsync(workspace, cancellationToken))?.Value.Groups ?? [];
        // What was read while something changed may be what was there before.
        if (before == Volatile.Read(ref changes))
        {
            if (memory.Count >= MostRemembered) memory.Clear();
            memory[workspace] = (groups, now);
        }
        return groups;
    }

    /// <summary>The groups of a workspace as they are now, and their version; an empty version when there are none yet.</summary>
    public async Task<Versioned<IReadOnlyList<AccessGroup>>> NowAsync(string workspace, CancellationToken cancellationToken)
        => await ReadAsync(workspace, cancellationToken) is { } kept ? new(kept.Value.Groups, kept.ETag) : new([], "");

    /// <summary>Stores the groups of a workspace in place of the version that was seen; null when there is another by now.</summary>
    public async Task<string?> TrySetAsync(string workspace, IReadOnlyList<AccessGroup> groups, string etag, CancellationToken cancellationToken)
    {
        var kept = new Kept(groups);
        try
        {
            if (etag.Length > 0) return await catalog.ReplaceAsync(Catalog.Config(workspace), Kind, Name, kept, etag, cancellationToken);
            return await catalog.CreateAsync(Catalog.Config(workspace), Kind, Name, kept, cancellationToken) ? (await ReadAsync(workspace, cancellationToken))?.ETag ?? "" : null;
        }
        finally
        {
            // Also when the store's answer got lost: it may have been done.
            Interlocked.Increment(ref changes);
            memory.TryRemove(workspace, out _);
        }
    }

    private Task<Versioned<Kept>?> ReadAsync(string workspace, CancellationToken cancellationToken)
        => catalog.ReadAsync<Kept>(Catalog.Config(workspace), Kind, Name, cancellationToken);

    private sealed record Kept(IReadOnlyList<AccessGroup> Groups);
}
