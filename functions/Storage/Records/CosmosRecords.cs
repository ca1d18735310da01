using System.Net;
using System.Text;
using IntegrationPoints.Engine.Records;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.Storage;

/// <summary>
/// The record store on Azure: one container of Cosmos DB, partitioned by <c>/pk</c>. Throttling that outlasts the client's own retries, timeouts and
/// outages throw <see cref="CosmosException"/>. What each request is charged goes to <see cref="RequestUnits"/>.
/// </summary>
public sealed class CosmosRecords : IRecords
{
    private const int AtOnce = 32;
    private const int AtOnceInBulk = 1000;

    private static readonly ItemRequestOptions Quiet = new() { EnableContentResponseOnWrite = false };

    private readonly CosmosClient _client;
    private readonly string _database;
    private readonly Container _container;
    private readonly int _atOnce;

    /// <summary>A store in a container of a database. A client with bulk execution is for batches, one without for the API.</summary>
    public CosmosRecords(CosmosClient client, string database, string container = "records")
    {
        (_client, _database) = (client, database);
        _container = client.GetContainer(database, container);
        _atOnce = client.ClientOptions.AllowBulkExecution ? AtOnceInBulk : AtOnce;
    }

    /// <summary>
    /// Makes database and container where they are missing. Where only the deployment may make them, they have to be there.
    /// </summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        using (var found = await _container.ReadContainerStreamAsync(cancellationToken: cancellationToken))
        {
            if (found.IsSuccessStatusCode) return;
            if (found.StatusCode != HttpStatusCode.NotFound) found.EnsureSuccessStatusCode();
        }
        var database = await _client.CreateDatabaseIfNotExistsAsync(_database, cancellationToken: cancellationToken);
        await database.Database.CreateContainerIfNotExistsAsync(Properties(_container.Id), cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StoredItem?> ReadAsync(ItemKey key, CancellationToken cancellationToken)
    {
        using var answer = await _container.ReadItemStreamAsync(CosmosText.Id(key.Id), new PartitionKey(key.Partition), cancellationToken: cancellationToken);
        RequestUnits.Add(answer.Headers.RequestCharge);
        if (IsMissing(answer)) return null;
        answer.EnsureSuccessStatusCode();
        return CosmosItem.Read(answer.Content);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredItem?>> ReadManyAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return [];
        var wanted = keys.Distinct().Select(key => (CosmosText.Id(key.Id), new PartitionKey(key.Partition))).ToList();
        using var answer = await _container.ReadManyItemsStreamAsync(wanted, cancellationToken: cancellationToken);
        RequestUnits.Add(answer.Headers.RequestCharge);
        answer.EnsureSuccessStatusCode();
        var found = CosmosItem.ReadMany(answer.Content).ToDictionary(item => item.Key);
        return [.. keys.Select(key => found.GetValueOrDefault(key))];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A <see cref="WriteKind.Replace"/> without an etag.</exception>
    public async Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Any(write => write is { Kind: WriteKind.Replace, ETag: null }))
            throw new ArgumentException("Replacing needs an etag.", nameof(writes));
        var results = new WriteResult[writes.Count];
        // Writes of one key keep their order, as they do in the other store.
        var groups = Enumerable.Range(0, writes.Count).GroupBy(i => writes[i].Key);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _atOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(groups, parallel, async (group, stop) =>
        {
            foreach (var i in group) results[i] = await WriteAsync(writes[i], stop);
        });
        return results;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A condition whose field id is not made of ASCII letters, digits, - and _.</exception>
    public async Task<IReadOnlyList<StoredItem>> ListAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        // Within one call pages go on where the service's continuation token says. From call to call the key does it, which costs as little (it is an
        // edge of the index's range), is far shorter, and still holds when items come and go.
        var items = new List<StoredItem>();
        var options = new QueryRequestOptions
        {
            PartitionKey = new PartitionKey(query.Partition),
            MaxItemCount = Math.Min(query.Take, 1000),
        };
        using var pages = _container.GetItemQueryStreamIterator(Query(query), requestOptions: options);
        while (pages.HasMoreResults && items.Count < query.Take)
        {
            using var page = await pages.ReadNextAsync(cancellationToken);
            RequestUnits.Add(page.Headers.RequestCharge);
            page.EnsureSuccessStatusCode();
            items.AddRange(CosmosItem.ReadMany(page.Content));
        }
        if (items.Count > query.Take) items.RemoveRange(query.Take, items.Count - query.Take);
        return items;
    }

    /// <inheritdoc/>
    public async Task DeletePartitionAsync(string partition, CancellationToken cancellationToken)
    {
        var everything = new ItemQuery(partition, "");
        while (await ListAsync(everything, cancellationToken) is { Count: > 0 } items)
            await WriteAsync([.. items.Select(item => new ItemWrite(WriteKind.Delete, item.Key, "", default))], cancellationToken);
    }

    /// <summary>How the container is made: only what is filtered and sorted by is in the index.</summary>
    internal static ContainerProperties Properties(string container) => new(container, "/pk")
    {
        IndexingPolicy = new IndexingPolicy
        {
            IncludedPaths =
            {
                new IncludedPath { Path = "/pk/?" }, new IncludedPath { Path = "/sort/?" }, new IncludedPath { Path = "/body/f/*" },
                new IncludedPath { Path = "/body/folder/ids/[]/?" },
            },
            ExcludedPaths = { new ExcludedPath { Path = "/*" } },
        },
    };

    private async Task<WriteResult> WriteAsync(ItemWrite write, CancellationToken cancellationToken)
    {
        if (write.Kind != WriteKind.Delete && !StoredSize.Fits(write)) return new WriteResult(WriteStatus.TooLarge, null);
        var partition = new PartitionKey(write.Key.Partition);
        var version = write.ETag is null ? Quiet : new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = write.ETag };
        using var body = write.Kind == WriteKind.Delete ? null : CosmosItem.Write(write);
        var id = CosmosText.Id(write.Key.Id);
        using var answer = await (write.Kind switch
        {
            WriteKind.Create => _container.CreateItemStreamAsync(body, partition, Quiet, cancellationToken),
            WriteKind.Replace => _container.ReplaceItemStreamAsync(body, id, partition, version, cancellationToken),
            _ => _container.DeleteItemStreamAsync(id, partition, version, cancellationToken),
        });
        RequestUnits.Add(answer.Headers.RequestCharge);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NotFound when IsMissing(answer):
                return new WriteResult(write.Kind == WriteKind.Delete ? WriteStatus.Done : WriteStatus.Conflict, null);
            case HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed:
                return new WriteResult(WriteStatus.Conflict, null);
            case HttpStatusCode.RequestEntityTooLarge:
                return new WriteResult(WriteStatus.TooLarge, null);
            default:
                answer.EnsureSuccessStatusCode();
                return new WriteResult(WriteStatus.Done, write.Kind == WriteKind.Delete ? null : answer.Headers.ETag);
        }
    }

    // Not found with a sub-status is something else: no container (1003), or a replica that is behind (1002).
    private static bool IsMissing(ResponseMessage answer)
        => answer.StatusCode == HttpStatusCode.NotFound && answer.Headers["x-ms-substatus"] is null or "" or "0";

    // The partition is named in the text too, not only in the options: a query that names it is right on every server.
    private static QueryDefinition Query(ItemQuery query)
    {
        var sql = new StringBuilder("SELECT * FROM c WHERE c.pk = @pk");
        if (query.Prefix.Length > 0) sql.Append(" AND STARTSWITH(c.sort, @prefix)");
        if (query.After is not null) sql.Append(" AND c.sort > @after");
        for (var i = 0; i < query.Where.Count; i++)
        {
            var field = $"c.body.f[\"{FieldPath.Checked(query.Where[i].FieldId)}\"]";
            sql.Append(null, $" AND ({field} = @v{i} OR ARRAY_CONTAINS({field}, @v{i}))");
        }
        var filter = new CosmosFilter(query.Prefix);
        if (query.Filter is not null) sql.Append(" AND ").Append(filter.Write(query.Filter.Condition));
        sql.Append(" ORDER BY c.sort");
        var definition = new QueryDefinition(sql.ToString()).WithParameter("@pk", query.Partition);
        foreach (var (name, value) in filter.Parameters) definition.WithParameter(name, value);
        if (query.Prefix.Length > 0) definition.WithParameter("@prefix", CosmosText.Sort(query.Prefix));
        if (query.After is not null) definition.WithParameter("@after", CosmosText.Sort(query.After));
        for (var i = 0; i < query.Where.Count; i++) definition.WithParameter($"@v{i}", query.Where[i].Value);
        return definition;
    }
}
