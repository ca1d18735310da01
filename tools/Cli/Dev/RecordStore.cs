namespace IntegrationPoints.Cli.Dev;

/// <summary>Where an app on this machine keeps its records.</summary>
/// <param name="Name">What <c>ip dev up --records</c> calls it.</param>
/// <param name="Settings">The app's settings that choose it.</param>
internal sealed record RecordStore(string Name, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>The SQLite file of the local state.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A Cosmos DB account or emulator.</summary>
    public const string Cosmos = "cosmos";

    // A database of its own: the account may be another system's.
    private const string Database = "integration-points-dev";

    /// <summary>The store of that name; Cosmos DB is the one that the environment names.</summary>
    /// <param name="name"><see cref="Sqlite"/> or <see cref="Cosmos"/>.</param>
    /// <param name="environment">The variables <c>COSMOS_TEST_ENDPOINT</c> and <c>COSMOS_TEST_KEY</c>.</param>
    /// <exception cref="UsageException">The environment names no Cosmos DB, or an emulator without its key.</exception>
    public static RecordStore Of(string name, Func<string, string?> environment)
    {
        if (name == Sqlite) return new RecordStore(Sqlite, new Dictionary<string, string>());
        var (endpoint, key) = (environment("COSMOS_TEST_ENDPOINT"), environment("COSMOS_TEST_KEY"));
        if (string.IsNullOrWhiteSpace(endpoint))
        {
            throw new UsageException(
                "Set COSMOS_TEST_ENDPOINT to the address of a Cosmos DB account, such as https://NAME.documents.azure.com/, which is reached with your own identity "
                + "(az login), or of an emulator on this machine, such as https://127.0.0.1:8081/, with its key in COSMOS_TEST_KEY.");
        }
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            throw new UsageException($"COSMOS_TEST_ENDPOINT is {endpoint}, and has to be an address that begins with https://.");
        if (address.IsLoopback && string.IsNullOrEmpty(key)) throw new UsageException($"Set COSMOS_TEST_KEY to the key of the emulator at {address}.");
        var settings = new Dictionary<string, string> { ["Records__Cosmos__Endpoint"] = address.AbsoluteUri, ["Records__Cosmos__Database"] = Database };
        // An account on Azure is spoken to without keys, here as there.
        if (address.IsLoopback) settings["Records__Cosmos__Key"] = key!;
        return new RecordStore(Cosmos, settings);
    }
}
