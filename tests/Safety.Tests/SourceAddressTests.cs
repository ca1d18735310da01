using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Whoever may try a source makes the app connect to nothing inside the house: not by any spelling of an address, whatever the protocol.</summary>
public sealed class SourceAddressTests(Servers servers)
{
    private static readonly string[] Inside =
    [
        "127.0.0.1", "127.255.255.254", "localhost", "LOCALHOST.", "１２７.0.0.1", "127。0。0。1", "::1", "[::1]", "::ffff:127.0.0.1", "[::ffff:7f00:1]", "64:ff9b::7f00:1",
        "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "[::ffff:169.254.169.254]", "168.63.129.16", "fd00:ec2::254", "[fe80::1]", "224.0.0.1", "255.255.255.255",
        "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "user@127.0.0.1", "127.0.0.1#example.com", "127.0.0.1\\@example.com", "example.com\r\n127.0.0.1", "http://127.0.0.1/",
    ];

    /// <summary>The source, its settings with {host} and {port}, and who is named.</summary>
    public static TheoryData<string, string, string> Rows => [.. from source in Sources from host in Inside select (source.Provider, source.Settings, host)];

    private static IEnumerable<(string Provider, string Settings)> Sources =>
    [
        ("csv", """{"protocol":"sftp","host":{host},"port":{port},"user":"u","password":"p","path":"/x.csv","timeoutSeconds":1}"""),
        ("csv", """{"protocol":"ftp","host":{host},"port":{port},"path":"/x.csv","timeoutSeconds":1}"""),
        ("csv", """{"protocol":"ftps","host":{host},"port":{port},"path":"/x.csv","timeoutSeconds":1}"""),
        ("ldap", """{"protocol":"ldaps","path":{path},"timeoutSeconds":1}"""),
        ("ldap", """{"protocol":"ldap","path":{path},"timeoutSeconds":1}"""),
    ];

    [Theory, MemberData(nameof(Rows))]
    public async Task What_is_not_public_is_not_connected_to(string provider, string settings, string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var path = host.Contains(':') && !host.StartsWith('[') && IPAddress.TryParse(host, out _) ? $"[{host}]:{port}/DC=x" : $"{host}:{port}/DC=x";
        var body = settings.Replace("{host}", JsonValue.Create(host).ToJsonString(), StringComparison.Ordinal).Replace("{port}", $"{port}", StringComparison.Ordinal)
            .Replace("{path}", JsonValue.Create(path).ToJsonString(), StringComparison.Ordinal);
        var target = await SharedTarget.Async(servers);
        foreach (var verb in (string[])["check", "fields"])
        {
            var reply = await target.Api.PostAsync($$"""workspaces/{ws}/providers/{{provider}}/{{verb}}""", $$"""{"settings":{{body}}}""");
            Assert.True(reply is { Status: 400, Code: "host-not-allowed" or "invalid-host" or "invalid-path" or "invalid-settings" or "invalid-base" }, reply.Text);
        }
        Assert.False(listener.Pending());
    }
}
