using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>A connection path (guide 4.3.2): <c>host:port/base</c>. Port and base may be missing; <c>ldap://</c> before it is passed over.</summary>
/// <param name="Host">The host as connections take it.</param>
/// <param name="Port">The port; null: the protocol's.</param>
/// <param name="Base">The distinguished name below which entries lie; empty: the server's own.</param>
public sealed record LdapPath(string Host, int? Port, string Base)
{
    private const string Example = "Expected a path such as ldap.example.com:636/OU=Employees,DC=example,DC=com.";

    private static readonly string[] Schemes = ["ldaps://", "ldap://"];

    /// <summary>Reads a path.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="wrong">What is wrong with it; null: nothing.</param>
    public static LdapPath? Parse(string text, out Problem? wrong)
    {
        var rest = text.Trim();
        if (Schemes.FirstOrDefault(s => rest.StartsWith(s, StringComparison.OrdinalIgnoreCase)) is { } scheme) rest = rest[scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var server = slash < 0 ? rest : rest[..slash];
        var @base = slash < 0 ? "" : rest[(slash + 1)..].Trim();
        wrong = null;
        // The colons of an IPv6 address stand in brackets.
        var colon = server.IndexOf(':', server.LastIndexOf(']') + 1);
        var host = HostName.Clean(colon < 0 ? server : server[..colon]);
        int? port = null;
        if (colon >= 0)
        {
            if (int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535) port = number;
            else wrong = new("invalid-path", $"{Words.Quote(server.AsSpan(colon + 1))} is no port. Expected a number from 1 to 65535, such as 636. {Example}");
        }
        if (host is null || server.Length == 0) wrong = new("invalid-host", $"{Words.Quote(server)} is no host. {Example}");
        else if (wrong is null && DistinguishedName.WhatIsWrong(@base) is { } why) wrong = new("invalid-base", $"{Words.Quote(@base)} is no distinguished name: {why} {Example}");
        return wrong is null ? new LdapPath(host!, port, @base) : null;
    }

    /// <summary>The port that is connected to.</summary>
    public int PortFor(DirectoryProtocol protocol) => Port ?? (protocol == DirectoryProtocol.Ldaps ? 636 : 389);

    /// <summary>As directories write it.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"LDAP://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}{(Port is { } port ? $":{port}" : "")}{(Base.Length > 0 ? "/" : "")}{Base}");
}
