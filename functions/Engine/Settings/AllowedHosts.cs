using System.Globalization;

namespace IntegrationPoints.Engine.Settings;

/// <summary>The hosts that an administrator opened although they are not on the public network: each with its port, nothing by pattern.</summary>
public static class AllowedHosts
{
    private const int MostPort = 65535;

    /// <summary>The hosts and ports of a text such as <c>ldap.corp:636, 10.0.0.7:22, [fd00::7]:22</c>; null when something else stands in it.</summary>
    public static IReadOnlyList<(string Host, int Port)>? Read(string text)
    {
        var hosts = new List<(string Host, int Port)>();
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Entry(entry) is not { } host) return null;
            if (!hosts.Contains(host)) hosts.Add(host);
        }
        return hosts;
    }

    /// <summary>The form in which they are kept.</summary>
    public static string Text(IEnumerable<(string Host, int Port)> hosts) => string.Join(", ", hosts.Select(h => Text(h.Host, h.Port)));

    /// <summary>One of them.</summary>
    public static string Text(string host, int port)
        => string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':') ? $"[{host}]" : host)}:{port}");

    private static (string Host, int Port)? Entry(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 1) return null;
        var name = text[..colon];
        // Without brackets nobody could tell the end of an IPv6 address from the port.
        if (name.Contains(':') && name is not ['[', .., ']']) return null;
        return HostName.Clean(name) is { } host
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= MostPort
            ? (host, port)
            : null;
    }
}
