using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App;

/// <summary>Which stores the settings choose.</summary>
public sealed class StoreSettings(IConfiguration configuration)
{
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
    public IRecords Records(bool bulk) => Address(configuration["Records:Cosmos:Endpoint"]) is { } endpoint
        ? CosmosRecords.Connect(endpoint, configuration["Records:Cosmos:Database"] ?? "integration-points", bulk)
        : sqlite.Value;

    private static Uri? Address(string? text) => string.IsNullOrWhiteSpace(text) ? null : new Uri(text, UriKind.Absolute);
}
