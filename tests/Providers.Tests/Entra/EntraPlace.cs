using System.Globalization;
using System.Text.Json.Nodes;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Providers.Tests.Csv;
using IntegrationPoints.Storage;
using IntegrationPoints.Tests.Graph;

namespace IntegrationPoints.Providers.Tests.Entra;

/// <summary>A look-alike of Microsoft Graph for the tests of a class.</summary>
public sealed class LookAlike : IAsyncLifetime
{
    public GraphServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await GraphServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>A workspace, and a directory that an administrator opened.</summary>
internal sealed class EntraPlace(Stores stores, GraphServer server, CsvPlace place)
{
    private int jobs;

    public static async Task<EntraPlace> NewAsync(Stores stores, GraphServer server)
    {
        var place = await CsvPlace.NewAsync(stores);
        await place.AllowAsync(server.Port);
        server.Clear();
        (server.People, server.Person) = (3, Person);
        return new EntraPlace(stores, server, place) { Graph = new GraphPlaces { SignIn = server.Address, Graph = server.Address, Trust = (_, seen, _, _) => seen?.GetCertHashString() == server.Thumbprint } };
    }

    public GraphPlaces Graph { get; init; } = new();

    public Func<Outside, Outside> Changed { get; set; } = o => o;

    /// <summary>The same, asked elsewhere.</summary>
    public EntraPlace At(GraphPlaces graph) => new(stores, server, place) { Graph = graph };

    public EntraSettings Settings => new()
    {
        DirectoryId = server.Directory,
        ApplicationId = server.Application,
        Secret = Secret.Sent(server.Secret),
        TimeoutSeconds = 60,
    };

    public static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{i:d12}");

    /// <summary>People whose manager is the one before; every third has hostile values.</summary>
    public static JsonObject Person(int i) => new()
    {
        ["id"] = Id(i),
        ["displayName"] = i % 3 == 1 ? "Smith, \"Jane\"\r\nline 2" : $"Person {i}",
        ["department"] = i % 2 == 0 ? "Sales" : "Engineering",
        ["accountEnabled"] = i % 2 == 0,
        ["createdDateTime"] = "2024-02-29T12:30:00Z",
        ["otherMails"] = new JsonArray($"p{i}@example.com", $"q{i}@example.com"),
        ["onPremisesExtensionAttributes"] = new JsonObject { ["extensionAttribute2"] = "two" },
        ["employeeOrgData"] = null,
        ["extension_0a1b2c_badge"] = $"B{i}",
        ["manager"] = i == 0 ? null : Id(i - 1),
    };

    public IntegrationPoint Point(EntraSettings settings, params string[] mapped) => place.Point(new CsvSettings()) with
    {
        Source = Sources.Write(EntraSettings.Provider, settings),
        MapAllFields = mapped.Length == 0,
        Mapping = [.. mapped.Select(m => new FieldMapping(m, m))],
    };

    public string NewJob() => $"{Guid.NewGuid():n}-{++jobs}";

    public ISource Source(IntegrationPoint point, string job) => Opened().Open(point, job, new InstanceValues());

    public Sources Opened() => new(stores.Workspaces, new JobStores(new JobFiles(stores.Blobs), stores.Tables), Changed(stores.Outside with { Graph = Graph }), new StagingPaths(), new BatchSize());

    public async Task<string> CopyAsync(IntegrationPoint point, string job)
    {
        await Source(point, job).CheckAsync(TestContext.Current.CancellationToken);
        return (await stores.Blobs.Jobs.GetBlobClient(JobFiles.CopyName(job)).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString();
    }
}
