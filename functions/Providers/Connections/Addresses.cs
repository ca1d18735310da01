using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IntegrationPoints.Providers.Connections;

/// <summary>Which addresses are on the public network, and which are not (IANA special-purpose address registries; RFC 6890).</summary>
internal static class Addresses
{
    // Inside 2000::/3, what is global unicast, as anywhere: the first that fits.
    private static readonly IReadOnlyList<Closed> Table =
    [
        Of("127.0.0.0/8", "loopback", open: true), Of("10.0.0.0/8", "private", open: true), Of("172.16.0.0/12", "private", open: true),
        Of("192.168.0.0/16", "private", open: true), Of("100.64.0.0/10", "shared", open: true),
        // Also where clouds tell programs of their identities and secrets; nobody can open it.
        Of("169.254.0.0/16", "link-local"), Of("168.63.129.16/32", "platform"),
        Of("0.0.0.0/8", "unspecified"), Of("224.0.0.0/4", "multicast"), Of("240.0.0.0/4", "reserved"), Of("192.0.0.0/24", "reserved"),
        Of("192.88.99.0/24", "reserved"), Of("198.18.0.0/15", "benchmarking"), Of("192.0.2.0/24", "documentation"),
        Of("198.51.100.0/24", "documentation"), Of("203.0.113.0/24", "documentation"),
        // 2001::/23 holds Teredo, ORCHID and benchmarking; 6to4 and Teredo carry an IPv4 address that a relay would connect to.
        Of("::1/128", "loopback", open: true), Of("fc00::/7", "private", open: true), Of("fe80::/10", "link-local"), Of("fec0::/10", "private"),
        Of("ff00::/8", "multicast"), Of("2001::/23", "tunnel or reserved"), Of("2002::/16", "tunnel"), Of("2001:db8::/32", "documentation"), Of("3fff::/20", "documentation"),
    ];

    // RFC 4291 2.5.5.2 mapped, RFC 2765 translated, RFC 6052 NAT64: the last four bytes are the IPv4 address that is meant.
    private static readonly IReadOnlyList<Closed> Embedding = [Of("::ffff:0:0/96", ""), Of("::ffff:0:0:0/96", ""), Of("64:ff9b::/96", "")];

    private static readonly Closed GlobalUnicast = Of("2000::/3", ""), NotGlobal = Of("::/0", "reserved");

    /// <summary>The address that is meant: the IPv4 address that an IPv6 address stands for, else itself.</summary>
    public static IPAddress Meant(IPAddress address)
        => address.AddressFamily == AddressFamily.InterNetworkV6 && Embedding.Any(n => n.Holds(address)) ? new IPAddress(address.GetAddressBytes()[12..]) : address;

    /// <summary>Why an address, the one that is meant, is not on the public network; null when it is.</summary>
    public static Closed? Find(IPAddress address)
        => Table.FirstOrDefault(row => row.Holds(address))
            ?? (address.AddressFamily == AddressFamily.InterNetworkV6 && (!GlobalUnicast.Holds(address) || IsIsatap(address)) ? NotGlobal : null);

    // RFC 5214, 6.1: an IPv4 address as interface identifier, to which a router would tunnel.
    private static bool IsIsatap(IPAddress address) => address.GetAddressBytes() is [_, _, _, _, _, _, _, _, 0 or 2, 0, 0x5e, 0xfe, ..];

    private static Closed Of(string network, string kind, bool open = false)
    {
        var slash = network.IndexOf('/', StringComparison.Ordinal);
        return new(IPAddress.Parse(network.AsSpan(0, slash)).GetAddressBytes(), int.Parse(network.AsSpan(slash + 1), CultureInfo.InvariantCulture), kind, open);
    }

    /// <summary>Addresses that are not on the public network.</summary>
    /// <param name="Network">How they begin.</param>
    /// <param name="Bits">How many bits of that count.</param>
    /// <param name="Kind">What they are, in words.</param>
    /// <param name="MayBeOpened">Whether an administrator may open a host there.</param>
    internal sealed record Closed(byte[] Network, int Bits, string Kind, bool MayBeOpened)
    {
        // Not IPNetwork.Contains, which finds IPv4-mapped addresses in networks of IPv6 that do not hold them.
        internal bool Holds(IPAddress address)
        {
            var bytes = address.GetAddressBytes();
            if (bytes.Length != Network.Length) return false;
            var (whole, rest) = Math.DivRem(Bits, 8);
            return bytes.AsSpan(0, whole).SequenceEqual(Network.AsSpan(0, whole)) && (rest == 0 || (bytes[whole] ^ Network[whole]) >> (8 - rest) == 0);
        }
    }
}
