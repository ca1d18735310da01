using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App;

/// <summary>Which stores the settings choose.</summary>
/// <param name="configuration">The app's settings.</param>
/// <param name="onAzure">Whether the app runs in Azure, where a SQLite file belongs to one instance, and is gone with it.</param>
/// <exception cref="InvalidOperationException">It runs on Azure without Cosmos DB; the message says what to set.</exception>
/// <exception cref="ArgumentException">The settings of Cosmos DB do not fit together; the message says why.</exception>
public sealed class StoreSettings(IConfiguration configuration, bool onAzure)
{
    private readonly CosmosAccount? cosmos = Cosmos(configuration) ?? (!onAzure ? null : throw new InvalidOperationException(
        "Records__Cosmos__Endpoint is not set, but the app runs on Azure: records belong into Cosmos DB there. Set it to the address of the account, such as https://cosmos-name.documents.azure.com/."));

    private readonly Dictionary<bool, IRecords> clients = [];

    // One writer for the whole process: it shares transactions.
    private readonly Lazy<IRecords> sqlite = new(() => new SqliteRecords(configuration["Records:Sqlite"] ?? Path.Combine(".local", "records.db")));

    /// <summary><c>DataStorage</c>: connection string of the account of files and tables; on Azure the addresses below stand instead.</summary>
    public string? DataStorage { get; } = configuration["DataStorage"];

    /// <summary><c>DataStorage:blobServiceUri</c>: reached with the app's identity.</summary>
    public Uri? BlobServiceUri { get; } = Address(configuration["DataStorage:blobServiceUri"]);

    /// <summary><c>DataStorage:tableServiceUri</c>: reached with the app's identity.</summary>
    public Uri? TableServiceUri { get; } = Address(configuration["DataStorage:tableServiceUri"]);

    /// <summary><c>Staging:Readable:{root}</c>: by root of the staging area, the workspaces that may read it, separated by commas.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> StagingReaders { get; } = configuration.GetSection("Staging:Readable").GetChildren()
        .ToDictionary(root => root.Key, IReadOnlyCollection<string> (root)
            => (root.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>
    /// The record store: Cosmos DB when <c>Records:Cosmos:Endpoint</c> is set, in the database <c>Records:Cosmos:Database</c>; otherwise the
    /// SQLite file <c>Records:Sqlite</c>. <paramref name="bulk"/>: for batches, which gather writes, instead of single requests.
    /// </summary>
    public IRecords Records(bool bulk)
    {
        if (cosmos is null) return sqlite.Value;
        // A client keeps connections and what it knows of the account's partitions: one for each kind, for the whole process.
        lock (clients)
        {
            if (!clients.TryGetValue(bulk, out var records)) clients[bulk] = records = new CosmosRecords(cosmos.Connect(bulk), cosmos.Database);
            return records;
        }
    }

    // Records:Cosmos:Mode is Direct unless set; Gateway where the network lets only HTTPS through. Records:Cosmos:Key: an emulator's.
    private static CosmosAccount? Cosmos(IConfiguration configuration)
    {
        if (Address(configuration["Records:Cosmos:Endpoint"]) is not { } endpoint) return null;
        var database = configuration["Records:Cosmos:Database"] is { Length: > 0 } name ? name : "integration-points";
        var isGateway = configuration["Records:Cosmos:Mode"] switch
        {
            null or "" => false,
            var mode when mode.Equals("Direct", StringComparison.OrdinalIgnoreCase) => false,
            var mode when mode.Equals("Gateway", StringComparison.OrdinalIgnoreCase) => true,
            var mode => throw new ArgumentException($"Records:Cosmos:Mode is {mode}, and can be Direct or Gateway."),
        };
        return new CosmosAccount(endpoint, database) { Gateway = isGateway, Key = configuration["Records:Cosmos:Key"] };
    }

    private static Uri? Address(string? text) => string.IsNullOrWhiteSpace(text) ? null : new Uri(text, UriKind.Absolute);
}
