using System.Runtime.CompilerServices;
using System.Text.Json;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>A stored thing and its version.</summary>
public sealed record Versioned<T>(T Value, string ETag);

/// <summary>
/// Workspace metadata as records: JSON items of one kind each in a config partition, listed by kind (design, Data). The id of an item is
/// <c>{kind}|{name}</c>; both parts are escaped by the caller where users choose them.
/// </summary>
public sealed class Catalog(IRecords records)
{
    /// <summary>The partition of everything that belongs to no workspace.</summary>
    public const string Tenant = "tenant|config";

    private const int PageSize = 500;

    /// <summary>The partition of a workspace's metadata.</summary>
    public static string Config(string workspace) => $"{workspace}|config";

    /// <summary>The item, or null.</summary>
    public async Task<Versioned<T>?> ReadAsync<T>(string partition, string kind, string name, CancellationToken cancellationToken)
        => await records.ReadAsync(Key(partition, kind, name), cancellationToken) is { } item ? Open<T>(item) : null;

    /// <summary>All items of a kind, in the order of their names.</summary>
    public async IAsyncEnumerable<Versioned<T>> ListAsync<T>(
        string partition, string kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var query = new ItemQuery(partition, $"{kind}|") { After = after, Take = PageSize };
            var items = await records.ListAsync(query, cancellationToken);
            foreach (var item in items) yield return Open<T>(item);
            if (items.Count < PageSize) yield break;
            after = items[^1].Sort;
        }
    }

    /// <summary>Stores something new; false when the name is taken.</summary>
    public async Task<bool> CreateAsync<T>(string partition, string kind, string name, T value, CancellationToken cancellationToken)
        => (await WriteAsync(Write(WriteKind.Create, partition, kind, name, value, null), cancellationToken)).Status == WriteStatus.Done;

    /// <summary>Stores many at once; those that are there stay as they are.</summary>
    public async Task CreateManyAsync<T>(
        string partition, string kind, IEnumerable<(string Name, T Value)> items, CancellationToken cancellationToken)
        => await records.WriteAsync([.. items.Select(i => Write(WriteKind.Create, partition, kind, i.Name, i.Value, null))], cancellationToken);

    /// <summary>Stores a new version; null when the etag names another version than is there.</summary>
    public async Task<string?> ReplaceAsync<T>(
        string partition, string kind, string name, T value, string etag, CancellationToken cancellationToken)
    {
        var result = await WriteAsync(Write(WriteKind.Replace, partition, kind, name, value, etag), cancellationToken);
        return result.Status == WriteStatus.Done ? result.ETag : null;
    }

    /// <summary>Removes the item, or the version named; false when another version is there.</summary>
    public async Task<bool> DeleteAsync(string partition, string kind, string name, string? etag, CancellationToken cancellationToken)
        => (await WriteAsync(
            new ItemWrite(WriteKind.Delete, Key(partition, kind, name), "", default, etag), cancellationToken)).Status == WriteStatus.Done;

    // Told apart from a version that somebody else stored: to try again would never end.
    private async Task<WriteResult> WriteAsync(ItemWrite write, CancellationToken cancellationToken)
    {
        var result = (await records.WriteAsync([write], cancellationToken))[0];
        return result.Status != WriteStatus.TooLarge ? result
            : throw new ConfigurationException("item-too-large", "What is to be stored is larger than 2 MB together, the most that the store keeps in one piece. Make it smaller: fewer or shorter entries.");
    }

    private static ItemWrite Write<T>(WriteKind write, string partition, string kind, string name, T value, string? etag)
        => new(write, Key(partition, kind, name), $"{kind}|{name}", JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web), etag);

    private static ItemKey Key(string partition, string kind, string name) => new(partition, $"{kind}|{name}");

    private static Versioned<T> Open<T>(StoredItem item)
        => new(JsonSerializer.Deserialize<T>(item.Body.Span, JsonSerializerOptions.Web)!, item.ETag);
}
