using IntegrationPoints.Engine.Records;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>
/// The Cosmos DB servers of the tests, each started or connected to when first asked for: one on this machine that is always there (<see cref="CosmosServer"/>),
/// and the account or official emulator that <c>COSMOS_TEST_ENDPOINT</c> names, whose tests are skipped where it is not set.
/// </summary>
public sealed class CosmosStores : IAsyncDisposable
{
    private const string Database = "storage-tests";

    private readonly Lazy<Task<CosmosServer>> server = new(CosmosServer.StartAsync);
    private readonly Lazy<Task<CosmosClient>> local;
    private readonly Lazy<Task<IRecords>> account, accountInBulk;

    public CosmosStores()
    {
        local = new(async () => (await AccountAsync()).Connect(bulk: true));
        account = new(() => OpenAsync(Connect(bulk: false), "records"));
        accountInBulk = new(() => OpenAsync(Connect(bulk: true), "records"));
    }

    /// <summary>The server on this machine, as the app is told of it.</summary>
    internal async Task<CosmosAccount> AccountAsync() => new((await server.Value).Endpoint, Database) { Key = CosmosServer.Key };

    /// <summary>A store on it, in a container that the tests of a class share: for each query the server looks at all items of the container.</summary>
    internal async ValueTask<IRecords> LocalAsync(string container) => await OpenAsync(await local.Value, container);

    /// <summary>A store in the named account, or a skipped test.</summary>
    internal async ValueTask<IRecords> AccountAsync(bool bulk)
    {
        Assert.SkipWhen(Endpoint is null, "COSMOS_TEST_ENDPOINT is not set.");
        return await (bulk ? accountInBulk : account).Value;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (local.IsValueCreated) (await local.Value).Dispose();
        if (server.IsValueCreated) await (await server.Value).DisposeAsync();
    }

    private static string? Endpoint => Environment.GetEnvironmentVariable("COSMOS_TEST_ENDPOINT");

    // With bulk execution on an emulator too: unlike the server on this machine, the official one knows it. Without a key by identity.
    private static CosmosClient Connect(bool bulk)
    {
        var settings = new CosmosAccount(new Uri(Endpoint!), Database) { Key = Environment.GetEnvironmentVariable("COSMOS_TEST_KEY") };
        if (!settings.Endpoint.IsLoopback) return settings.Connect(bulk);
        var options = settings.Options(bulk);
        options.AllowBulkExecution = bulk;
        return new CosmosClient(Endpoint, settings.Key ?? CosmosServer.Key, options);
    }

    private static async Task<IRecords> OpenAsync(CosmosClient client, string container)
    {
        var store = new CosmosRecords(client, Database, container);
        await store.EnsureAsync(CancellationToken.None);
        return store;
    }
}

public sealed class CosmosRecordsTests(CosmosStores stores) : RecordsContract
{
    protected override ValueTask<IRecords> StoreAsync() => stores.LocalAsync("records");
}

public sealed class CosmosListingTests(CosmosStores stores) : ListingContract
{
    protected override ValueTask<IRecords> StoreAsync() => stores.LocalAsync("listings");
}

public sealed class CosmosAccountRecordsTests(CosmosStores stores) : RecordsContract
{
    protected override ValueTask<IRecords> StoreAsync() => stores.AccountAsync(bulk: false);
}

public sealed class CosmosAccountListingTests(CosmosStores stores) : ListingContract
{
    protected override ValueTask<IRecords> StoreAsync() => stores.AccountAsync(bulk: false);
}

public sealed class CosmosBulkRecordsTests(CosmosStores stores) : RecordsContract
{
    protected override ValueTask<IRecords> StoreAsync() => stores.AccountAsync(bulk: true);
}
