using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.Storage;

/// <summary>
/// Which account of Cosmos DB keeps the records, and how it is spoken to: with the identity that the process runs under. An emulator, known by its
/// loopback address, is spoken to with its key and over its gateway alone, which is all that emulators have in common.
/// </summary>
/// <param name="Endpoint">Its address.</param>
/// <param name="Database">The database in it.</param>
public sealed record CosmosAccount(Uri Endpoint, string Database)
{
    /// <summary>Speak to the gateway over HTTPS only, where the network lets nothing else through; otherwise straight to the replicas, which is faster.</summary>
    public bool Gateway { get; init; }

    /// <summary>The key of an emulator. No other account is spoken to with a key.</summary>
    public string? Key { get; init; }

    private bool IsEmulator => Endpoint.IsLoopback;

    /// <summary>A client; one per process and kind is enough, and all that the service recommends.</summary>
    /// <param name="bulk">For batches: gathers single writes and reads into requests of many, and waits longer when it is throttled.</param>
    /// <exception cref="ArgumentException">An emulator without a key, or a key for another account.</exception>
    public CosmosClient Connect(bool bulk)
    {
        if (IsEmulator == string.IsNullOrEmpty(Key))
        {
            throw new ArgumentException(IsEmulator
                ? $"Records:Cosmos:Endpoint names an emulator, {Endpoint}: set Records:Cosmos:Key to its key."
                : $"Records:Cosmos:Key is for an emulator at a loopback address only, and Records:Cosmos:Endpoint is {Endpoint}: leave the key out, and give the app's identity the role Cosmos DB Built-in Data Contributor.");
        }
        var options = Options(bulk);
        return IsEmulator ? new CosmosClient(Endpoint.AbsoluteUri, Key, options) : new CosmosClient(Endpoint.AbsoluteUri, new DefaultAzureCredential(), options);
    }

    internal CosmosClientOptions Options(bool bulk)
    {
        var options = new CosmosClientOptions
        {
            ApplicationName = "integration-points",
            ConnectionMode = Gateway || IsEmulator ? ConnectionMode.Gateway : ConnectionMode.Direct,
            AllowBulkExecution = bulk && !IsEmulator,
            EnableContentResponseOnWrite = false,
            // Throttling that outlasts this is a transient failure: a batch is tried again, a request answered with 503.
            MaxRetryAttemptsOnRateLimitedRequests = bulk ? 30 : 9,
            MaxRetryWaitTimeOnRateLimitedRequests = TimeSpan.FromSeconds(bulk ? 60 : 15),
        };
        if (IsEmulator)
        {
            // Its certificate is signed by itself, and the addresses that it names need not be reachable.
            options.ServerCertificateCustomValidationCallback = static (_, _, _) => true;
            options.LimitToEndpoint = true;
        }
        return options;
    }
}
