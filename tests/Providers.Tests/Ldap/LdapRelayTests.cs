using System.Net;
using System.Net.Sockets;
using IntegrationPoints.Providers.Ldap;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>The port of this machine by which libldap reaches a directory: others on the machine come neither by the connection nor by what is sent on it.</summary>
public sealed class LdapRelayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_connection_is_taken_and_no_other_is_answered()
    {
        var (server, far) = await PairAsync();
        using var farEnd = far;
        await using var relay = new LdapRelay(server);
        using var first = await ConnectAsync(relay.Port);
        using var second = await ConnectAsync(relay.Port);
        await second.GetStream().WriteAsync("intruder"u8.ToArray(), Stop);
        await first.GetStream().WriteAsync("first"u8.ToArray(), Stop);
        var heard = new byte[5];
        await far.GetStream().ReadExactlyAsync(heard, Stop);
        Assert.Equal("first"u8.ToArray(), heard);
        await far.GetStream().WriteAsync("answer"u8.ToArray(), Stop);
        await first.GetStream().ReadExactlyAsync(new byte[6], Stop);
        Assert.Equal((0, 0), (far.Available, second.Available));
    }

    /// <summary>Who connects before libldap does cannot have the port afterwards, and with it the password that libldap is about to send there.</summary>
    [Fact]
    public async Task Nobody_can_have_the_port_after_the_first_connection()
    {
        var (server, far) = await PairAsync();
        using var farEnd = far;
        await using var relay = new LdapRelay(server);
        using var intruder = await ConnectAsync(relay.Port);
        await intruder.GetStream().WriteAsync("x"u8.ToArray(), Stop);
        await far.GetStream().ReadExactlyAsync(new byte[1], Stop);
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        Assert.Throws<SocketException>(() =>
        {
            taken.Bind(new IPEndPoint(IPAddress.Loopback, relay.Port));
            taken.Listen();
        });
        using var libldap = await ConnectAsync(relay.Port);
        await libldap.GetStream().WriteAsync("password"u8.ToArray(), Stop);
        Assert.Equal((0, 0), (intruder.Available, far.Available));
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Stop);
        return client;
    }

    // A connection to a server, and the server's end of it.
    private static async Task<(NetworkStream Server, TcpClient Far)> PairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = await ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port);
        return (new NetworkStream(near.Client, ownsSocket: true), await listener.AcceptTcpClientAsync(Stop));
    }
}
