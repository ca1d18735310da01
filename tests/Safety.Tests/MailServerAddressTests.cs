using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Whoever may name the mail server makes the app connect to nothing inside the house (issue "Safety tests", SSRF): not by any spelling of an address.</summary>
public sealed class MailServerAddressTests(OwnApp own) : IClassFixture<OwnApp>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TcpListener ipv4 = new(IPAddress.Loopback, 0);
    private SampleImport import = null!;
    private int connections;

    private int Port => ((IPEndPoint)ipv4.LocalEndpoint).Port;

    /// <summary>What is no name of a server is not even kept.</summary>
    [Theory]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.1/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("user@127.0.0.1")]
    [InlineData("127.0.0.1#example.com")]
    [InlineData("127.0.0.1\\@example.com")]
    [InlineData("example.com 127.0.0.1")]
    [InlineData("example.com\r\n127.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("..")]
    [InlineData("*")]
    public async Task What_is_no_host_is_refused(string host)
    {
        var reply = await own.SetAsync("SmtpServer", host);
        Assert.Equal((400, "invalid-setting"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task What_is_half_an_address_is_not_connected_to()
    {
        await SetAsync("SmtpServer", "127.0.0.1:25");
        Assert.Contains("is no host", await WarningAsync(), StringComparison.Ordinal);
        Assert.Equal(0, connections);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("localhost", "loopback")]
    [InlineData("LOCALHOST.", "loopback")]
    [InlineData("ⓛocalhost", "loopback")]
    [InlineData("１２７.0.0.1", "loopback")]
    [InlineData("127。0。0。1", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("[::1]", "loopback")]
    [InlineData("0:0:0:0:0:0:0:1", "loopback")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:7f00:1", "loopback")]
    [InlineData("64:ff9b::7f00:1", "loopback")]
    [InlineData("::7f00:1", "reserved")]
    [InlineData("2002:7f00:1::", "tunnel")]
    [InlineData("0.0.0.0", "unspecified")]
    [InlineData("10.0.0.1", "private")]
    [InlineData("172.16.0.1", "private")]
    [InlineData("192.168.0.1", "private")]
    [InlineData("100.64.0.1", "shared")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("::ffff:169.254.169.254", "link-local")]
    [InlineData("168.63.129.16", "platform")]
    [InlineData("fd00:ec2::254", "private")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("255.255.255.255", "reserved")]
    public async Task What_is_not_public_is_not_connected_to(string host, string kind)
    {
        await SetAsync("SmtpServer", host);
        var words = await WarningAsync();
        Assert.Contains("is not on the public network", words, StringComparison.Ordinal);
        Assert.Contains($"its address is {kind}", words, StringComparison.Ordinal);
        Assert.Equal(0, connections);
    }

    /// <summary>What an administrator opened is one host with one port; where clouds tell their secrets cannot be opened.</summary>
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:{port}", true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1:{port}", true)]
    [InlineData("localhost", "127.0.0.1:{port}, [::1]:{port}", true)]
    [InlineData("127.0.0.1", "127.0.0.1:1", false)]
    [InlineData("127.0.0.2", "127.0.0.1:{port}", false)]
    [InlineData("169.254.169.254", "169.254.169.254:{port}", false)]
    [InlineData("168.63.129.16", "168.63.129.16:{port}", false)]
    [InlineData("0.0.0.0", "0.0.0.0:{port}", false)]
    public async Task An_administrator_opens_one_host_with_one_port(string host, string opened, bool isConnected)
    {
        await SetAsync("AllowedHosts", opened.Replace("{port}", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await SetAsync("SmtpServer", host);
        var words = await WarningAsync();
        Assert.Equal(isConnected, !words.Contains("is not on the public network", StringComparison.Ordinal));
        Assert.Equal(isConnected, connections > 0);
    }

    public async ValueTask InitializeAsync()
    {
        ipv4.Start();
        _ = CountAsync();
        await SetAsync("AllowedHosts", "");
        await SetAsync("SmtpPort", Port.ToString(CultureInfo.InvariantCulture));
        await SetAsync("EmailFrom", "points@example.com");
        import = await SampleImport.NewSmallAsync(own.App, body =>
        {
            body["runOnUpload"] = false;
            body["notificationRecipients"] = "ann@example.com";
        });
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
    }

    public ValueTask DisposeAsync()
    {
        ipv4.Dispose();
        return ValueTask.CompletedTask;
    }

    // What became of the mail about a job's end.
    private async Task<string> WarningAsync()
    {
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        JsonArray warnings = [];
        await Until.TrueAsync(
            async () => (warnings = (await new Api(own.App, import.Workspace).GetAsync($"jobs/{job}/warnings")).Json["items"]!.AsArray()).Count > 0, Patience, () => own.App.Failed("No warning came.").Message);
        var warning = Assert.Single(warnings)!;
        Assert.Equal("notification-failed", warning["code"]!.GetValue<string>());
        return warning["error"]!.GetValue<string>();
    }

    private async Task SetAsync(string name, string value)
    {
        var reply = await own.SetAsync(name, value);
        Assert.True(reply.Status == 200, reply.Text);
    }

    // Whoever comes is counted and sent away.
    private async Task CountAsync()
    {
        try
        {
            while (true)
            {
                using var client = await ipv4.AcceptTcpClientAsync();
                Interlocked.Increment(ref connections);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
