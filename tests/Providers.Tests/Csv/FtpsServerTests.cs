using System.Net;
using System.Net.Sockets;
using System.Text;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>What holds for FTP holds with TLS: servers that are not there, files that are not there, connections that end half-way (vsftpd, which wants TLS sessions taken up again).</summary>
public sealed class FtpsServerTests(Vsftpd vsftpd) : IClassFixture<Vsftpd>, IAsyncLifetime
{
    private const string People = "Name\nÅsa\n";

    private OutboundPlace place = null!;
    private readonly KnownSecrets secrets = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FileServers Servers => new(place.Outside(secrets), "ws");

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        place = await OutboundPlace.NewAsync($"127.0.0.1:{vsftpd.Plain.Port}, localhost:{vsftpd.Tls.Port}");
        place.Name("localhost", ["127.0.0.1"]);
        foreach (var server in (FilesServer[])[vsftpd.Plain, vsftpd.Tls]) secrets[server.User] = server.Password;
    }

    public ValueTask DisposeAsync() => place is null ? default : place.DisposeAsync();

    [Theory]
    [InlineData(FileProtocol.Ftp)]
    [InlineData(FileProtocol.Ftps)]
    public async Task A_server_that_is_not_there_is_told_from_one_that_is_not_found_and_one_that_says_nothing(FileProtocol protocol)
    {
        var settings = Of(protocol) with { Host = "127.0.0.1" };
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var free = ((IPEndPoint)closed.LocalEndPoint!).Port;
        var silent = place.Listen().Port();
        await place.AllowAsync($"127.0.0.1:{silent}, 127.0.0.1:{free}");

        var refused = await Servers.RefusalAsync(settings with { Port = free });
        Assert.Equal(("connection-failed", true), (refused.Problem.Code, refused.MayPass));
        Assert.Contains("refuses the connection", refused.Message, StringComparison.Ordinal);

        var unknown = await Servers.RefusalAsync(settings with { Host = "files.example.invalid" });
        Assert.Equal(("connection-failed", false), (unknown.Problem.Code, unknown.MayPass));
        Assert.Contains("was not found", unknown.Message, StringComparison.Ordinal);

        var quiet = await Servers.RefusalAsync(settings with { Port = silent, TimeoutSeconds = 1 });
        Assert.Equal(("connection-failed", true), (quiet.Problem.Code, quiet.MayPass));
        Assert.Contains("was silent for 1 second.", quiet.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/people.csv")]
    [InlineData("/export")]
    public async Task A_file_that_cannot_be_had_is_named(string path)
    {
        var refusal = await Servers.RefusalAsync(Of(FileProtocol.Ftps) with { Path = path });
        Assert.Equal("file-not-found", refusal.Problem.Code);
        Assert.Contains($"\"{path}\"", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>As for a file with a time in its name: the list comes over one connection, the file over the next.</summary>
    [Fact]
    public async Task Names_of_a_folder_are_listed_and_a_file_of_it_copied()
    {
        await vsftpd.Tls.WriteAsync("dated/202603040455.csv", People);
        await vsftpd.Tls.WriteAsync("dated/202603040355.csv", "x");
        await using var server = await Servers.SignInAsync(Of(FileProtocol.Ftps), Stop);
        Assert.Equal(["202603040355.csv", "202603040455.csv"], (await server.NamesAsync("/dated/", Stop).ToListAsync(Stop)).Order(StringComparer.Ordinal));
        using var content = new MemoryStream();
        await server.CopyAsync("/dated/202603040455.csv", content, long.MaxValue, Stop);
        Assert.Equal(People, Encoding.UTF8.GetString(content.ToArray()));
    }

    /// <summary>What goes over the connection for commands cannot be read on the way, so that the server has one port for files, and the proxy the same.</summary>
    [Theory]
    [InlineData(false, 60, "was lost before everything was received")]
    [InlineData(true, 5, "was silent for 5 seconds.")]
    public async Task A_connection_that_ends_half_way_leaves_nothing_to_use(bool holds, int seconds, string words)
    {
        await using var proxy = new CuttingProxy(IPAddress.Parse("127.0.0.2"));
        var (certificate, key) = vsftpd.Authority.Certificate("localhost");
        await using var server = await FilesServer.StartAsync("ftp.sh", "tls", certificate, key, $"pasv_min_port={proxy.DataPort}", $"pasv_max_port={proxy.DataPort}");
        await server.WriteAsync("export/much.csv", new string('x', 5_000_000));
        proxy.Lead(server.Port);
        (proxy.Limit, proxy.Holds) = (2_000_000, holds);
        secrets[server.User] = server.Password;
        await place.AllowAsync($"localhost:{proxy.Port}");
        place.Name("localhost", ["127.0.0.2"]);
        var refusal = await Servers.RefusalAsync(Of(FileProtocol.Ftps) with
        {
            Port = proxy.Port,
            User = server.User,
            Password = Secret.Named(server.User),
            Path = "/export/much.csv",
            TimeoutSeconds = seconds,
        });
        Assert.Equal(("connection-failed", true), (refusal.Problem.Code, refusal.MayPass));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, proxy.Cuts);
    }

    /// <summary>The platform finds TLS sessions again by name only: whoever gives an address of a server that wants them is told.</summary>
    [Fact]
    public async Task A_server_given_by_its_address_that_wants_its_session_taken_up_again_is_to_be_given_by_name()
    {
        var (certificate, key) = vsftpd.Authority.Certificate("127.0.0.1");
        await using var server = await FilesServer.StartAsync("ftp.sh", "tls", certificate, key);
        await server.WriteAsync("export/people.csv", People);
        secrets[server.User] = server.Password;
        await place.AllowAsync($"127.0.0.1:{server.Port}");
        var refusal = await Servers.RefusalAsync(Of(FileProtocol.Ftps) with { Host = "127.0.0.1", Port = server.Port, User = server.User, Password = Secret.Named(server.User) });
        Assert.Equal(("connection-failed", false), (refusal.Problem.Code, refusal.MayPass));
        Assert.Contains("\"522 SSL connection failed", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("give the name instead of the address (host)", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Replaced under its name by one of the same size, while it is copied: the server goes on with the one it had opened.</summary>
    [Theory]
    [InlineData(FileProtocol.Ftp)]
    [InlineData(FileProtocol.Ftps)]
    public async Task A_file_that_is_replaced_meanwhile_is_not_used(FileProtocol protocol)
    {
        var server = protocol == FileProtocol.Ftp ? vsftpd.Plain : vsftpd.Tls;
        await server.WriteAsync("export/replaced.csv", new string('x', 1_000_000));
        await server.WriteAsync("export/other.csv", new string('y', 1_000_000));
        var (file, other) = (Path.Combine(server.Folder, "export/replaced.csv"), Path.Combine(server.Folder, "export/other.csv"));
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(file).AddSeconds(-5));
        await using var signedIn = await Servers.SignInAsync(Of(protocol), Stop);
        await using var copy = new ReplacingStream(() => File.Move(other, file, overwrite: true));
        var refusal = await Assert.ThrowsAsync<ServerException>(() => signedIn.CopyAsync("/export/replaced.csv", copy, long.MaxValue, Stop));
        Assert.Equal(("file-changed", true), (refusal.Problem.Code, refusal.MayPass));
        Assert.Equal(1_000_000, copy.Length);
    }

    private CsvSettings Of(FileProtocol protocol)
    {
        var server = protocol == FileProtocol.Ftp ? vsftpd.Plain : vsftpd.Tls;
        return new()
        {
            Host = protocol == FileProtocol.Ftp ? "127.0.0.1" : "localhost",
            Protocol = protocol,
            Port = server.Port,
            User = server.User,
            Password = Secret.Named(server.User),
            CertificateAuthority = protocol == FileProtocol.Ftp ? null : vsftpd.Authority.Pem,
            Path = "/export/people.csv",
            TimeoutSeconds = 60,
        };
    }

    /// <summary>Does something when the first bytes come.</summary>
    private sealed class ReplacingStream(Action replace) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Length == 0) replace();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
