using System.Net.Sockets;
using IntegrationPoints.Engine;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Tests.Connections;

/// <summary>Where connections may go (design, Security; issue "Safety tests", SSRF).</summary>
public sealed class OutboundHostsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An address, and what keeps it closed; nothing: it is public. The ranges are those of the IANA special-purpose registries.</summary>
    [Theory]
    [InlineData("93.184.216.34", null)]
    [InlineData("1.1.1.1", null)]
    [InlineData("9.255.255.255", null)]
    [InlineData("11.0.0.0", null)]
    [InlineData("172.15.255.255", null)]
    [InlineData("172.32.0.0", null)]
    [InlineData("192.167.255.255", null)]
    [InlineData("192.169.0.0", null)]
    [InlineData("100.63.255.255", null)]
    [InlineData("100.128.0.0", null)]
    [InlineData("169.253.255.255", null)]
    [InlineData("169.255.0.0", null)]
    [InlineData("126.255.255.255", null)]
    [InlineData("128.0.0.0", null)]
    [InlineData("223.255.255.255", null)]
    [InlineData("2606:4700:4700::1111", null)]
    [InlineData("2a00:1450:4001:82a::200e", null)]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("0.0.0.0", "unspecified")]
    [InlineData("0.1.2.3", "unspecified")]
    [InlineData("10.0.0.1", "private")]
    [InlineData("10.255.255.255", "private")]
    [InlineData("172.16.0.1", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.168.0.1", "private")]
    [InlineData("100.64.0.1", "shared")]
    [InlineData("100.127.255.255", "shared")]
    [InlineData("169.254.0.1", "link-local")]
    // Metadata and identity services of the clouds
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("168.63.129.16", "platform")]
    [InlineData("192.0.0.8", "reserved")]
    [InlineData("192.0.2.1", "documentation")]
    [InlineData("198.51.100.1", "documentation")]
    [InlineData("203.0.113.1", "documentation")]
    [InlineData("192.88.99.1", "reserved")]
    [InlineData("198.18.0.1", "benchmarking")]
    [InlineData("198.19.255.255", "benchmarking")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::1", "loopback")]
    [InlineData("::", "reserved")]
    [InlineData("fc00::1", "private")]
    [InlineData("fd12:3456:789a::1", "private")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("febf::1", "link-local")]
    [InlineData("fec0::1", "private")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("3fff::1", "documentation")]
    [InlineData("100::1", "reserved")]
    [InlineData("4000::1", "reserved")]
    // RFC 4291, 2.5.5.2: IPv4-mapped
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:7f00:1", "loopback")]
    [InlineData("0:0:0:0:0:ffff:0a00:0001", "private")]
    [InlineData("::ffff:169.254.169.254", "link-local")]
    [InlineData("::ffff:1.1.1.1", null)]
    // RFC 4291, 2.5.5.1: IPv4-compatible; RFC 2765: translated
    [InlineData("::127.0.0.1", "reserved")]
    [InlineData("::10.0.0.1", "reserved")]
    [InlineData("::ffff:0:127.0.0.1", "loopback")]
    // RFC 6052: NAT64, also as a network's own prefix (RFC 8215)
    [InlineData("64:ff9b::127.0.0.1", "loopback")]
    [InlineData("64:ff9b::a9fe:a9fe", "link-local")]
    [InlineData("64:ff9b::10.1.2.3", "private")]
    [InlineData("64:ff9b::1.1.1.1", null)]
    [InlineData("64:ff9b:1::10.0.0.1", "reserved")]
    // RFC 3056: 6to4; RFC 4380: Teredo; RFC 5214: ISATAP
    [InlineData("2002:7f00:1::1", "tunnel")]
    [InlineData("2002:a00:1::1", "tunnel")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", "tunnel")]
    [InlineData("2001:10::1", "tunnel or reserved")]
    [InlineData("2606:4700::5efe:a00:1", "reserved")]
    [InlineData("2606:4700::200:5efe:7f00:1", "reserved")]
    public async Task An_address(string address, string? closed)
    {
        await using var place = await OutboundPlace.NewAsync();
        place.Name("example.com", [address]);
        // As it is written, in brackets, and behind a name.
        foreach (var host in (string[])[address, address.Contains(':') ? $"[{address.ToUpperInvariant()}]" : address + ".", "example.com"])
        {
            if (closed is null)
            {
                Assert.Single(await place.Hosts.CheckAsync(host, 443, Stop));
                continue;
            }
            var problem = (await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.CheckAsync(host, 443, Stop))).Problem;
            Assert.Equal(OutboundHosts.NotAllowed, problem.Code);
            Assert.Contains($"is {closed}", problem.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Spellings that some programs take for an address or another host: what is checked is what is connected to, so they are none.</summary>
    [Theory]
    // inet_aton: decimal, octal, hexadecimal, fewer numbers
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("017700000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("127.0.0.01")]
    [InlineData("127.0.0.0x1")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0.1.1")]
    [InlineData("1.0x")]
    [InlineData("0")]
    // Look-alikes that become numbers
    [InlineData("１２７.1")]
    [InlineData("①②⑦.1")]
    [InlineData("127。1")]
    // Parts of URLs
    [InlineData("http://example.com")]
    [InlineData("example.com:80")]
    [InlineData("user@example.com")]
    [InlineData("example.com/path")]
    [InlineData("example.com#@127.0.0.1")]
    [InlineData("example.com?x")]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]:80")]
    [InlineData("[127.0.0.1]")]
    // Zones, unfinished addresses
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%251")]
    [InlineData(":::1")]
    [InlineData("::ffff:127.0.0.1.1")]
    [InlineData("[::1")]
    [InlineData("::ffff:0177.0.0.1x")]
    // No names
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("example..com")]
    [InlineData("example.com..")]
    [InlineData("-example.com")]
    [InlineData(" example.com")]
    [InlineData("example.com\0.evil")]
    [InlineData("example.com\r\nRCPT TO:<x@y>")]
    [InlineData("exam\u202eple.com")]
    [InlineData("*.example.com")]
    [InlineData("%6c%6f%63alhost")]
    public async Task No_host(string host)
    {
        await using var place = await OutboundPlace.NewAsync("127.0.0.1:80");
        var problem = (await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.CheckAsync(host, 80, Stop))).Problem;
        Assert.Equal(OutboundHosts.Invalid, problem.Code);
        Assert.DoesNotContain(problem.Message, char.IsControl);
        Assert.Equal(0, place.Lookups);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    [InlineData(int.MaxValue)]
    public async Task No_port(int port)
    {
        await using var place = await OutboundPlace.NewAsync();
        Assert.Equal(OutboundHosts.Invalid, (await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.CheckAsync("1.1.1.1", port, Stop))).Problem.Code);
    }

    [Fact]
    public async Task Very_long_hosts_are_none()
    {
        await using var place = await OutboundPlace.NewAsync();
        foreach (var host in (string[])[new('a', 64), string.Join('.', Enumerable.Repeat("abc", 64)), new('a', 100_000), new(':', 46), string.Concat(Enumerable.Repeat("é", 250))])
            Assert.Equal(OutboundHosts.Invalid, (await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.CheckAsync(host, 80, Stop))).Problem.Code);
    }

    /// <summary>What an administrator opened, and what that opens. The name <c>ldap.corp</c> leads to 10.0.0.7.</summary>
    [Theory]
    [InlineData("ldap.corp:636", "ldap.corp", 636, true)]
    [InlineData("ldap.corp:636", "LDAP.CORP.", 636, true)]
    [InlineData("10.0.0.7:636", "ldap.corp", 636, true)]
    [InlineData("10.0.0.7:636", "10.0.0.7", 636, true)]
    [InlineData("10.0.0.7:636", "::ffff:10.0.0.7", 636, true)]
    [InlineData("[::ffff:10.0.0.7]:636", "10.0.0.7", 636, true)]
    [InlineData("[fd00::7]:22", "FD00:0:0::7", 22, true)]
    [InlineData("[::1]:22", "::1", 22, true)]
    [InlineData("127.0.0.1:25", "127.0.0.1", 25, true)]
    // Another port, another host, the address of a name that was opened
    [InlineData("ldap.corp:636", "ldap.corp", 389, false)]
    [InlineData("ldap.corp:636", "x.ldap.corp", 636, false)]
    [InlineData("ldap.corp:636", "10.0.0.7", 636, false)]
    [InlineData("10.0.0.7:636", "10.0.0.8", 636, false)]
    [InlineData("127.0.0.1:25", "::1", 25, false)]
    // What nobody can open: where clouds keep secrets, what is no host at all
    [InlineData("169.254.169.254:80", "169.254.169.254", 80, false)]
    [InlineData("168.63.129.16:80", "168.63.129.16", 80, false)]
    [InlineData("0.0.0.0:80", "0.0.0.0", 80, false)]
    [InlineData("224.0.0.1:80", "224.0.0.1", 80, false)]
    [InlineData("[fe80::1]:80", "fe80::1", 80, false)]
    [InlineData("metadata.corp:80", "metadata.corp", 80, false)]
    public async Task An_administrator_opens_one_host_and_port(string allowed, string host, int port, bool open)
    {
        await using var place = await OutboundPlace.NewAsync(allowed);
        place.Name("ldap.corp", ["10.0.0.7"]);
        place.Name("x.ldap.corp", ["10.0.0.7"]);
        place.Name("metadata.corp", ["169.254.169.254"]);
        if (open) Assert.Single(await place.Hosts.CheckAsync(host, port, Stop));
        else await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.CheckAsync(host, port, Stop));
    }

    [Theory]
    [InlineData("93.184.216.34", "10.0.0.1")]
    [InlineData("10.0.0.1", "93.184.216.34")]
    [InlineData("2606:4700::1", "::ffff:127.0.0.1")]
    public async Task Every_address_of_a_name_must_be_open(string first, string second)
    {
        await using var place = await OutboundPlace.NewAsync();
        place.Name("mixed.example", [first, second]);
        await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.CheckAsync("mixed.example", 80, Stop));
    }

    /// <summary>DNS that changes: one answer for the check, another for the connection.</summary>
    [Fact]
    public async Task The_connection_goes_to_the_address_that_was_checked_whatever_the_name_leads_to_then()
    {
        await using var place = await OutboundPlace.NewAsync();
        var other = place.Listen("127.0.0.1");
        var port = other.Port();
        var meant = place.Listen("127.0.0.2", port);
        await place.AllowAsync($"127.0.0.2:{port}");
        place.Name("rebound.example", ["127.0.0.2"], ["127.0.0.1"]);

        using (await place.Hosts.ConnectAsync("rebound.example", port, Stop)) Assert.True(meant.Pending());
        Assert.Equal(1, place.Lookups);
        Assert.False(other.Pending());
        // Checked anew for the next connection.
        await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.ConnectAsync("rebound.example", port, Stop));
        Assert.False(other.Pending());
    }

    [Fact]
    public async Task A_setting_holds_from_the_next_connection_on()
    {
        await using var place = await OutboundPlace.NewAsync();
        var port = place.Listen().Port();
        await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.ConnectAsync("127.0.0.1", port, Stop));
        await place.AllowAsync($"127.0.0.1:{port}");
        (await place.Hosts.ConnectAsync("127.0.0.1", port, Stop)).Dispose();
        await place.AllowAsync("");
        await Assert.ThrowsAsync<ConfigurationException>(() => place.Hosts.ConnectAsync("127.0.0.1", port, Stop));
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        await using var place = await OutboundPlace.NewAsync();
        var port = place.Listen("127.0.0.3").Port();
        await place.AllowAsync($"two.example:{port}");
        place.Name("two.example", ["127.0.0.4", "127.0.0.3"], ["127.0.0.4"]);
        (await place.Hosts.ConnectAsync("two.example", port, Stop)).Dispose();
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => place.Hosts.ConnectAsync("two.example", port, Stop))).SocketErrorCode);
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_not_found()
    {
        await using var place = await OutboundPlace.NewAsync();
        place.Name("empty.example", []);
        foreach (var name in (string[])["empty.example", "none.example"])
            Assert.Equal(SocketError.HostNotFound, (await Assert.ThrowsAsync<SocketException>(() => place.Hosts.CheckAsync(name, 80, Stop))).SocketErrorCode);
    }

    /// <summary>The resolver of the machine, not the test's.</summary>
    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost.")]
    public async Task Names_of_this_machine_are_closed(string name)
    {
        await using var place = await OutboundPlace.NewAsync();
        var problem = (await Assert.ThrowsAsync<ConfigurationException>(() => place.WithMachineNames().CheckAsync(name, 80, Stop))).Problem;
        Assert.Contains("loopback", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("127.", problem.Message, StringComparison.Ordinal);
    }
}
