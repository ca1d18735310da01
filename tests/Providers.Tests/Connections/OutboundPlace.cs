using System.Net;
using System.Net.Sockets;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Tests.Connections;

/// <summary>An instance with its settings, and names that lead where a test says: each look-up of a name takes its next answer.</summary>
internal sealed class OutboundPlace : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("outbound-");
    private readonly SqliteRecords records;
    private readonly InstanceSettings settings;
    private readonly Dictionary<string, Queue<string[]>> names = [];
    private readonly List<TcpListener> listeners = [];

    private OutboundPlace()
    {
        records = new SqliteRecords(Path.Combine(folder.FullName, "records.db"));
        settings = new InstanceSettings(new Catalog(records));
        Hosts = new OutboundHosts(settings, (name, _) => Task.FromResult(Find(name)));
    }

    public OutboundHosts Hosts { get; }

    /// <summary>How often a name was looked up.</summary>
    public int Lookups { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An instance whose administrator opened these.</summary>
    public static async Task<OutboundPlace> NewAsync(string allowed = "")
    {
        var place = new OutboundPlace();
        await place.records.EnsureAsync(Stop);
        await place.AllowAsync(allowed);
        return place;
    }

    /// <summary>What sources need of it.</summary>
    public Outside Outside(ISecrets secrets, bool machineNames = false)
        => new(machineNames ? WithMachineNames() : Hosts, secrets, new PointCatalog(new Catalog(records), TimeProvider.System), TimeProvider.System, settings);

    /// <summary>The same instance, whose names the machine's own resolver finds.</summary>
    public OutboundHosts WithMachineNames() => new(settings);

    public async Task AllowAsync(string allowed)
    {
        var setting = InstanceSetting.Find(InstanceSetting.AllowedHosts)!;
        Assert.True(await settings.TrySetAsync(setting, setting.Clean(allowed), (await settings.GetAsync(setting, Stop)).ETag, Stop));
    }

    /// <summary>Says where a name leads: the addresses of its first look-up, of its second, and so on; a single answer holds.</summary>
    public void Name(string name, params string[][] answers) => names[name] = new Queue<string[]>(answers is [var always] ? Enumerable.Repeat(always, 9) : answers);

    /// <summary>A server on an address of the loopback network that takes connections and counts them.</summary>
    public TcpListener Listen(string address = "127.0.0.1", int port = 0)
    {
        var listener = new TcpListener(IPAddress.Parse(address), port);
        listener.Start();
        listeners.Add(listener);
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in listeners) listener.Dispose();
        await records.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private IPAddress[] Find(string name)
    {
        Lookups++;
        return names.TryGetValue(name, out var answers) && answers.TryDequeue(out var answer)
            ? [.. answer.Select(IPAddress.Parse)]
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}

/// <summary>What tests ask of servers.</summary>
internal static class Listeners
{
    public static int Port(this TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
