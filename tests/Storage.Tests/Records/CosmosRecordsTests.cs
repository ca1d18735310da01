using IntegrationPoints.Engine.Records;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>
/// The Cosmos DB server of <c>COSMOS_TEST_ENDPOINT</c>, an address or a connection string; <c>COSMOS_TEST_KEY</c> is its key, the emulator's published
/// one unless set. Tests are skipped where there is none.
/// </summary>
internal static class CosmosServer
{
    private const string EmulatorKey = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    private static readonly Lazy<Task<IRecords>> Shared = new(OpenAsync);

    public static async ValueTask<IRecords> StoreAsync()
    {
        Assert.SkipWhen(Endpoint is null, "COSMOS_TEST_ENDPOINT is not set.");
        return await Shared.Value;
    }

    private static string? Endpoint => Environment.GetEnvironmentVariable("COSMOS_TEST_ENDPOINT");

    private static async Task<IRecords> OpenAsync()
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true };
        if (new Uri(Endpoint!).IsLoopback) options.ServerCertificateCustomValidationCallback = static (_, _, _) => true;
        var client = new CosmosClient(Endpoint, Environment.GetEnvironmentVariable("COSMOS_TEST_KEY") ?? EmulatorKey, options);
        var store = new CosmosRecords(client, "storage-tests");
        await store.EnsureAsync(CancellationToken.None);
        return store;
    }
}

public sealed class CosmosRecordsTests : RecordsContract
{
    protected override ValueTask<IRecords> StoreAsync() => CosmosServer.StoreAsync();
}

public sealed class CosmosListingTests : ListingContract
{
    protected override ValueTask<IRecords> StoreAsync() => CosmosServer.StoreAsync();
}
