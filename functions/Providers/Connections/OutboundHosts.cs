using System.Net;
using System.Net.Sockets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Connections;

/// <summary>Finds the addresses of a name.</summary>
public delegate Task<IPAddress[]> HostLookup(string name, CancellationToken cancellationToken);

/// <summary>
/// The only way out (design, Security): every connection to a host that somebody wrote into a setting is made here, or to an address that was
/// checked here. A name is looked up once, each of its addresses is checked, and the connection goes to the checked address, so that DNS which
/// changes in between gains nothing. Only public addresses are open, and what an administrator opened by the setting AllowedHosts.
/// </summary>
/// <param name="settings">Where the setting is read, anew for each connection.</param>
/// <param name="lookup">Finds addresses; the machine's resolver unless a test says otherwise.</param>
public sealed class OutboundHosts(InstanceSettings settings, HostLookup? lookup = null)
{
    /// <summary>The code of a refusal because of where a host leads.</summary>
    public const string NotAllowed = "host-not-allowed";

    /// <summary>The code of a refusal because of how a host is written.</summary>
    public const string Invalid = "invalid-host";

    private const int MostRedirects = 5;

    // Well below the four minutes after which translators of addresses, Azure's among them, forget a connection that says nothing.
    private const int KeepAliveSeconds = 60;

    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(10);

    private readonly HostLookup lookup = lookup ?? Dns.GetHostAddressesAsync;

    /// <summary>
    /// The addresses to connect to, each of them checked; at least one. For libraries that make connections themselves: hand them one of these, never the name.
    /// </summary>
    /// <exception cref="ConfigurationException"><c>host-not-allowed</c>: an address is not open. <c>invalid-host</c>: the text is no host.</exception>
    /// <exception cref="SocketException">The name is not found, or its servers do not answer.</exception>
    public async Task<IReadOnlyList<IPAddress>> CheckAsync(string host, int port, CancellationToken cancellationToken)
    {
        var name = HostName.Clean(host) ?? throw NoHost(host);
        if (port is < IPEndPoint.MinPort + 1 or > IPEndPoint.MaxPort) throw NoHost(AllowedHosts.Text(name, port));
        var addresses = await AddressesAsync(name, cancellationToken);
        IReadOnlyList<(string Host, int Port)>? opened = null;
        foreach (var address in addresses)
        {
            if (Addresses.Find(address) is not { } closed) continue;
            opened ??= await OpenedAsync(cancellationToken);
            if (!closed.MayBeOpened || !opened.Any(o => o.Port == port && (o.Host == name || IsAddress(o.Host, address)))) throw Refused(name, port, closed);
        }
        return addresses;
    }

    /// <summary>A connection to a host, to an address that was checked. It is kept alive where it is idle, as FTP's is while a file comes over another one.</summary>
    /// <exception cref="ConfigurationException">As <see cref="CheckAsync"/>.</exception>
    /// <exception cref="SocketException">The name is not found, or none of its addresses answers.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        SocketException? failure = null;
        foreach (var address in await CheckAsync(host, port, cancellationToken))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(LongestAttempt);
                await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
                return socket;
            }
            catch (Exception e)
            {
                socket.Dispose();
                if (e is SocketException refused) failure = refused;
                else if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested) failure = new SocketException((int)SocketError.TimedOut);
                else throw;
            }
        }
        throw failure!;
    }

    /// <summary>
    /// For HTTP: every connection goes through <see cref="ConnectAsync"/>, also that of a redirect, and none over a proxy, which would look the name up again.
    /// A refusal reaches the caller inside an <see cref="HttpRequestException"/>; <see cref="RefusalOf"/> finds it.
    /// A redirect to what is no address of a host, such as a file, is a <see cref="FormatException"/>.
    /// </summary>
    public SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        MaxAutomaticRedirections = MostRedirects,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = async (context, cancellationToken)
            => new NetworkStream(await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
    };

    /// <summary>What was refused here and came up in another exception; null when something else failed.</summary>
    public static Problem? RefusalOf(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is ConfigurationException { Problem: { Code: NotAllowed or Invalid } problem }) return problem;
        }
        return null;
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(name, out var literal)) return [Addresses.Meant(literal)];
        if (name.Contains(':')) throw NoHost(name);
        var found = await lookup(name, cancellationToken);
        return found.Length > 0 ? [.. found.Select(Addresses.Meant).Distinct()] : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async Task<IReadOnlyList<(string Host, int Port)>> OpenedAsync(CancellationToken cancellationToken)
        => AllowedHosts.Read((await settings.GetAsync(InstanceSetting.Find(InstanceSetting.AllowedHosts)!, cancellationToken)).Value)!;

    private static bool IsAddress(string host, IPAddress address) => IPAddress.TryParse(host, out var opened) && Addresses.Meant(opened).Equals(address);

    // The address itself is not told: the names of the house's network are nobody's business.
    private static ConfigurationException Refused(string host, int port, Addresses.Closed closed) => new(
        NotAllowed,
        $"The host {Words.Quote(AllowedHosts.Text(host, port))} is not on the public network: its address is {closed.Kind}. Connections go to public addresses only. "
        + (closed.MayBeOpened ? "An administrator can open this host and port by the setting AllowedHosts." : "Such an address cannot be opened; name another host."));

    private static ConfigurationException NoHost(string host) => new(
        Invalid, $"{Words.Quote(host)} is no host. Expected a name such as ldap.example.com, or an address such as 93.184.216.34 or 2606:4700::1111, and a port from 1 to 65535.");
}
