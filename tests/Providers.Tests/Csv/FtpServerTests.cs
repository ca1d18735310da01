using System.Net.Sockets;
using System.Text;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>
/// Three servers for all tests of FTP: one that lets clients choose, one behind address translation that knows no extended passive mode and names
/// an address that nobody reaches, and one with TLS.
/// </summary>
public sealed class Vsftpd : IAsyncLifetime
{
    public FilesServer Plain { get; private set; } = null!;
    public FilesServer Translated { get; private set; } = null!;
    public FilesServer Tls { get; private set; } = null!;

    /// <summary>Who signed the certificate of the last one, which is for "localhost".</summary>
    public TestAuthority Authority { get; } = new();

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("vsftpd") is not null) return;
        var (certificate, key) = Authority.Certificate("localhost");
        Plain = await FilesServer.StartAsync("ftp.sh", "plain");
        Translated = await FilesServer.StartAsync("ftp.sh", "plain", "pasv_address=192.0.2.7", "cmds_denied=EPSV");
        Tls = await FilesServer.StartAsync("ftp.sh", "tls", certificate, key);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (FilesServer?[])[Plain, Translated, Tls])
            if (server is not null) await server.DisposeAsync();
        Authority.Dispose();
    }
}

/// <summary>Signing in to vsftpd, with TLS and without, and copying from it (guide 4.2.2).</summary>
public sealed class FtpServerTests(Vsftpd vsftpd) : IClassFixture<Vsftpd>, IAsyncLifetime
{
    private const string People = "Name\nÅsa\n";

    private OutboundPlace place = null!;
    private readonly KnownSecrets secrets = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FileServers Servers => new(place.Outside(secrets, machineNames: true), "ws");

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        FilesServer[] all = [vsftpd.Plain, vsftpd.Translated, vsftpd.Tls];
        place = await OutboundPlace.NewAsync(string.Join(", ", all.SelectMany(s => (string[])[$"127.0.0.1:{s.Port}", $"localhost:{s.Port}"])));
        foreach (var server in all)
        {
            secrets[server.User] = server.Password;
            await server.WriteAsync("export/people.csv", People);
        }
    }

    public ValueTask DisposeAsync() => place is null ? default : place.DisposeAsync();

    [Theory]
    [InlineData("/export/people.csv")]
    [InlineData("export/people.csv")]
    public async Task A_file_is_copied_plain(string path) => Assert.Equal(People, await Servers.TextAsync(Plain() with { Path = path }));

    /// <summary>Issue: the passive address of the server is ignored in favour of the control host.</summary>
    [Fact]
    public async Task The_address_that_a_server_names_is_passed_over() => Assert.Equal(People, await Servers.TextAsync(Of(vsftpd.Translated)));

    [Fact]
    public async Task A_file_is_copied_over_TLS_with_the_session_taken_up_again() => Assert.Equal(People, await Servers.TextAsync(Secure()));

    [Fact]
    public async Task Nobody_is_anonymous()
    {
        await File.WriteAllTextAsync(Path.Combine(vsftpd.Plain.Text("anonymous"), "open.csv"), People, Stop);
        Assert.Equal(People, await Servers.TextAsync(Plain() with { User = null, Password = null, Path = "/open.csv" }));
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData("wrong-password")]
    [InlineData("wrong-user")]
    [InlineData("wrong-password over TLS")]
    public async Task Wrong_credentials_are_refused_and_never_told(string what)
    {
        secrets["wrong"] = "not the password";
        var settings = what switch
        {
            "wrong-password" => Plain() with { Password = Secret.Named("wrong") },
            "wrong-user" => Plain() with { User = "somebody" },
            _ => Secure() with { Password = Secret.Named("wrong") },
        };
        var refusal = await Servers.RefusalAsync(settings);
        Assert.Equal("sign-in-failed", refusal.Problem.Code);
        Assert.False(refusal.MayPass);
        Assert.Contains($"\"{settings.User}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("530", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secrets.Values, value => refusal.ToString().Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Certificates_are_verified()
    {
        using var other = new TestAuthority();
        foreach (var (settings, why) in ((CsvSettings, string)[])[
            (Secure() with { CertificateAuthority = null }, "an authority that is not trusted"),
            (Secure() with { CertificateAuthority = other.Pem }, "an authority that is not trusted"),
            // The certificate is for "localhost".
            (Secure() with { Host = "127.0.0.1" }, "for another name")])
        {
            var refusal = await Servers.RefusalAsync(settings);
            Assert.Equal("certificate-not-trusted", refusal.Problem.Code);
            Assert.False(refusal.MayPass);
            Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        }
        // Several may be given, as in a bundle.
        Assert.Equal(People, await Servers.TextAsync(Secure() with { CertificateAuthority = other.Pem + "\n" + vsftpd.Authority.Pem }));
    }

    [Fact]
    public async Task A_server_without_TLS_gets_no_password()
    {
        var before = await PasswordsAsync();
        var refusal = await Servers.RefusalAsync(Plain() with { Protocol = FileProtocol.Ftps });
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.Contains("offers no TLS", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await PasswordsAsync());

        async Task<int> PasswordsAsync() => (await File.ReadAllLinesAsync(vsftpd.Plain.Text("log"), Stop)).Count(line => line.Contains("\"PASS ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nowhere/people.csv")]
    [InlineData("/export")]
    public async Task A_file_that_cannot_be_had_is_named(string path)
    {
        var refusal = await Servers.RefusalAsync(Plain() with { Path = path });
        Assert.Equal("file-not-found", refusal.Problem.Code);
        Assert.Contains($"\"{path}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(vsftpd.Plain.User, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dated/")]
    [InlineData("dated/")]
    public async Task Names_of_a_folder_are_listed_and_a_file_of_it_copied(string folder)
    {
        await vsftpd.Plain.WriteAsync("dated/2026 März.csv", "x");
        await vsftpd.Plain.WriteAsync("dated/-b.csv", People);
        Directory.CreateDirectory(Path.Combine(vsftpd.Plain.Folder, "empty"));
        await using (var server = await Servers.SignInAsync(Plain(), Stop))
        {
            Assert.Equal(["-b.csv", "2026 März.csv"], (await server.NamesAsync(folder, Stop).ToListAsync(Stop)).Order(StringComparer.Ordinal));
            using var content = new MemoryStream();
            await server.CopyAsync(folder + "-b.csv", content, long.MaxValue, Stop);
            Assert.Equal(People, Encoding.UTF8.GetString(content.ToArray()));
        }
        await using var again = await Servers.SignInAsync(Plain(), Stop);
        Assert.Empty(await again.NamesAsync("/empty/", Stop).ToListAsync(Stop));
        var missing = await Assert.ThrowsAsync<ServerException>(async () => await again.NamesAsync("/nowhere/", Stop).ToListAsync(Stop));
        Assert.Equal("file-not-found", missing.Problem.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_file_is_copied_whole(bool secure)
    {
        var content = string.Concat(Enumerable.Range(0, 1_500_000).Select(i => $"{i:d9}\n"));
        var server = secure ? vsftpd.Tls : vsftpd.Plain;
        await server.WriteAsync("export/large.csv", content);
        Assert.Equal(content, await Servers.TextAsync((secure ? Secure() : Plain()) with { Path = "/export/large.csv" }));
    }

    [Fact]
    public async Task Only_the_beginning_is_copied_when_that_is_asked_for()
    {
        await vsftpd.Plain.WriteAsync("export/much.csv", new string('x', 5_000_000));
        await using var server = await Servers.SignInAsync(Plain(), Stop);
        using var content = new MemoryStream();
        Assert.Equal(1000, await server.CopyAsync("/export/much.csv", content, 1000, Stop));
        Assert.Equal(1000, content.Length);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData(false, 60, "was lost before everything was received")]
    [InlineData(true, 4, "was silent for 4 seconds")]
    public async Task A_connection_that_ends_half_way_leaves_nothing_to_use(bool holds, int seconds, string words)
    {
        await vsftpd.Plain.WriteAsync("export/much.csv", new string('x', 5_000_000));
        await using var proxy = CuttingProxy.Before(vsftpd.Plain, ftp: true);
        (proxy.Limit, proxy.Holds) = (2_000_000, holds);
        await place.AllowAsync($"127.0.0.1:{proxy.Port}");
        var refusal = await Servers.RefusalAsync(Plain() with { Port = proxy.Port, Path = "/export/much.csv", TimeoutSeconds = seconds });
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.MayPass);
        Assert.Equal(1, proxy.Cuts);
    }

    /// <summary>A server may be anybody: what it says is limited, and another protocol is told from FTP.</summary>
    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "does not answer as such a server does")]
    [InlineData("<many>", "has a line without an end")]
    [InlineData("<lines>", "its answer does not end")]
    [InlineData("", "was silent for 1 second.")]
    [InlineData("421 Too many connections\r\n", "Try again later")]
    [InlineData("<close>", "was lost")]
    public async Task Strange_servers_are_left(string says, string words)
    {
        var listener = place.Listen();
        await place.AllowAsync($"127.0.0.1:{listener.Port()}");
        var speaking = SpeakAsync(listener, says);
        var refusal = await Servers.RefusalAsync(Plain() with { Port = listener.Port(), TimeoutSeconds = says.Length == 0 ? 1 : 60 });
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        await speaking;
    }

    [Fact]
    public async Task A_password_that_a_server_repeats_is_not_told()
    {
        var listener = place.Listen();
        await place.AllowAsync($"127.0.0.1:{listener.Port()}");
        var speaking = AnswerAsync(listener, line => line.StartsWith("USER", StringComparison.Ordinal) ? "331 Password?" : $"530 No: {line}");
        var refusal = await Servers.RefusalAsync(Plain() with { Port = listener.Port() });
        Assert.Equal("sign-in-failed", refusal.Problem.Code);
        Assert.DoesNotContain(vsftpd.Plain.Password, refusal.ToString(), StringComparison.Ordinal);
        await speaking;
    }

    [Theory]
    [InlineData("Entering Extended Passive Mode (|||6446|)", 6446)]
    [InlineData("Passive (!!!50000!) please", 50000)]
    [InlineData("Entering Extended Passive Mode (|||22|)", null)]
    [InlineData("Entering Extended Passive Mode (|||70000|)", null)]
    [InlineData("Entering Extended Passive Mode (|1|132.235.1.2|6275|)", null)]
    [InlineData("Entering Extended Passive Mode", null)]
    public void Ports_of_extended_passive_mode(string text, int? port) => Assert.Equal(port, FtpPorts.OfExtended(text));

    [Theory]
    [InlineData("Entering Passive Mode (127,0,0,1,117,48).", 30000)]
    [InlineData("Entering Passive Mode 10,1,2,3,200,1", 51201)]
    [InlineData("Entering Passive Mode (127,0,0,1,0,22).", null)]
    [InlineData("Entering Passive Mode (127,0,0,1,256,1).", null)]
    [InlineData("Entering Passive Mode (127,0,0,1,117).", null)]
    public void Ports_of_passive_mode(string text, int? port) => Assert.Equal(port, FtpPorts.OfPassive(text));

    private CsvSettings Plain() => Of(vsftpd.Plain);

    private CsvSettings Secure() => Of(vsftpd.Tls) with { Host = "localhost", Protocol = FileProtocol.Ftps, CertificateAuthority = vsftpd.Authority.Pem };

    private static CsvSettings Of(FilesServer server) => new()
    {
        Host = "127.0.0.1",
        Protocol = FileProtocol.Ftp,
        Port = server.Port,
        User = server.User,
        Password = Secret.Named(server.User),
        Path = "/export/people.csv",
        TimeoutSeconds = 60,
    };

    private static async Task SpeakAsync(TcpListener listener, string says)
    {
        using var client = await listener.AcceptTcpClientAsync(Stop);
        var text = says switch
        {
            "<many>" => new string('2', 100_000),
            "<lines>" => string.Concat(Enumerable.Repeat("220-again\r\n", 10_000)),
            "<close>" => "",
            _ => says,
        };
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Stop);
            // Until the other side has gone.
            if (says != "<close>") await client.GetStream().CopyToAsync(Stream.Null, Stop);
        }
        catch (IOException)
        {
            // It had heard enough.
        }
    }

    private static async Task AnswerAsync(TcpListener listener, Func<string, string> answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Stop);
        using var lines = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 Welcome");
        while (await lines.ReadLineAsync(Stop) is { } line) await writer.WriteLineAsync(answer(line));
    }
}
