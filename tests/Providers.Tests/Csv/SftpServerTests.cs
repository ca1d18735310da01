using System.Diagnostics;
using System.Net.Sockets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>One OpenSSH server for all tests of SFTP.</summary>
public sealed class Sshd : IAsyncLifetime
{
    public FilesServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("sshd") is null) Server = await FilesServer.StartAsync("sftp.sh");
    }

    public ValueTask DisposeAsync() => Server is null ? default : Server.DisposeAsync();
}

/// <summary>Signing in to OpenSSH and copying from it (guide 4.2.2).</summary>
public sealed class SftpServerTests(Sshd sshd) : IClassFixture<Sshd>, IAsyncLifetime
{
    private OutboundPlace place = null!;
    private readonly KnownSecrets secrets = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FilesServer Server => sshd.Server;

    private CsvSettings Settings => new() { Host = "127.0.0.1", Port = Server.Port, User = Server.User, Password = Secret.Named("pw"), Path = $"{Server.Folder}/people.csv", TimeoutSeconds = 60 };

    private FileServers Servers => new(place.Outside(secrets), "ws");

    private static Secret? Named(string? name) => name is null ? null : Secret.Named(name);

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("sshd") is { } missing) Assert.Skip(missing);
        place = await OutboundPlace.NewAsync($"127.0.0.1:{Server.Port}");
        secrets["pw"] = Server.Password;
        secrets["passphrase"] = "open sesame";
        foreach (var key in (string[])["locked_key", "rsa_key"]) secrets[key] = await File.ReadAllTextAsync(Path.Combine(Server.Text("keys"), key), Stop);
        await Server.WriteAsync("people.csv", "Name\nÅsa\n");
    }

    public ValueTask DisposeAsync() => place is null ? default : place.DisposeAsync();

    [Theory]
    [InlineData("pw", null, null)]
    [InlineData(null, "locked_key", "passphrase")]
    [InlineData(null, "rsa_key", null)]
    // A key that the server does not know, say; then the password.
    [InlineData("pw", "rsa_key", null)]
    public async Task A_file_is_copied(string? password, string? key, string? passphrase)
        => Assert.Equal("Name\nÅsa\n", await Servers.TextAsync(Settings with { Password = Named(password), PrivateKey = Named(key), Passphrase = Named(passphrase) }));

    [Fact]
    public async Task A_path_without_a_slash_begins_where_the_user_does()
        => Assert.Equal("Name\nÅsa\n", await Servers.TextAsync(Settings with { Path = "people.csv" }));

    [Theory]
    [InlineData("wrong-password", "pw", null, null, "nobody-knows", "sign-in-failed")]
    [InlineData("wrong-user", "pw", null, null, null, "sign-in-failed")]
    [InlineData("wrong-passphrase", null, "locked_key", "pw", null, "sign-in-failed")]
    [InlineData("no-passphrase", null, "locked_key", null, null, "sign-in-failed")]
    [InlineData("no-key", null, "passphrase", null, null, "sign-in-failed")]
    public async Task Wrong_credentials_are_refused_and_never_told(string what, string? password, string? key, string? passphrase, string? secret, string code)
    {
        if (secret is not null) secrets["pw"] = secret;
        var settings = Settings with { Password = Named(password), PrivateKey = Named(key), Passphrase = Named(passphrase), User = what == "wrong-user" ? "somebody" : Server.User };
        var refusal = await Servers.RefusalAsync(settings);
        Assert.Equal(code, refusal.Problem.Code);
        Assert.False(refusal.MayPass);
        Assert.Contains(settings.User, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secrets.Values, value => refusal.ToString().Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_secret_is_named()
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => Servers.TextAsync(Settings with { Password = Secret.Named("gone") }));
        Assert.Equal("secret-missing", refusal.Problem.Code);
        Assert.Contains("\"gone\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_key_is_told_and_another_one_is_refused()
    {
        await using var first = await Servers.SignInAsync(Settings, Stop);
        Assert.Equal(await FingerprintAsync(), first.HostKey);

        foreach (var known in (string[])[first.HostKey!, first.HostKey! + "=", first.HostKey![7..], $"SHA256:{new string('A', 43)} {first.HostKey}"])
            Assert.Equal("Name\nÅsa\n", await Servers.TextAsync(Settings with { HostKey = known }));

        var other = $"SHA256:{new string('A', 43)}";
        var refusal = await Servers.RefusalAsync(Settings with { HostKey = other });
        Assert.Equal("host-key-changed", refusal.Problem.Code);
        Assert.Contains(other, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(first.HostKey!, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/people.csv", "file-not-found")]
    [InlineData("/etc/shadow", "file-not-found")]
    [InlineData("/etc", "file-not-found")]
    public async Task A_file_that_cannot_be_had_is_named(string path, string code)
    {
        var refusal = await Servers.RefusalAsync(Settings with { Path = path });
        Assert.Equal(code, refusal.Problem.Code);
        Assert.Contains($"\"{path}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Server.User, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The server says "Failure" of it, as others do of a file that somebody still writes.</summary>
    [Fact]
    public async Task A_file_that_cannot_be_opened_for_no_reason_that_is_said_may_be_had_later()
    {
        var path = Path.Combine(Server.Folder, "held.csv");
        using var held = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        held.Bind(new UnixDomainSocketEndPoint(path));
        var refusal = await Servers.RefusalAsync(Settings with { Path = path });
        Assert.Equal("file-not-readable", refusal.Problem.Code);
        Assert.True(refusal.MayPass);
        Assert.Contains($"\"{path}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("may still be being written", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_a_folder_are_listed()
    {
        await Server.WriteAsync("dated/2026 März.csv", "x");
        await Server.WriteAsync("dated/b.csv", "x");
        await using var server = await Servers.SignInAsync(Settings, Stop);
        var names = await server.NamesAsync("dated/", Stop).ToListAsync(Stop);
        Assert.Equal(["2026 März.csv", "b.csv"], names.Where(n => n[0] != '.').Order(StringComparer.Ordinal));
        var missing = await Assert.ThrowsAsync<ServerException>(async () => await server.NamesAsync("nowhere/", Stop).ToListAsync(Stop));
        Assert.Equal("file-not-found", missing.Problem.Code);
    }

    [Fact]
    public async Task Only_the_beginning_is_copied_when_that_is_asked_for()
    {
        await Server.WriteAsync("large.csv", new string('x', 5_000_000));
        await using var server = await Servers.SignInAsync(Settings, Stop);
        using var content = new MemoryStream();
        Assert.Equal(1000, await server.CopyAsync($"{Server.Folder}/large.csv", content, 1000, Stop));
        Assert.Equal(1000, content.Length);
    }

    [Fact]
    public async Task A_large_file_arrives_as_it_is()
    {
        var rows = string.Concat(Enumerable.Range(0, 200_000).Select(row => $"{row},Name of {row},{row * 7919}\n"));
        await Server.WriteAsync("large.csv", rows);
        Assert.True(await Servers.TextAsync(Settings with { Path = "large.csv" }) == rows);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData(false, 60, "was lost before everything was received")]
    [InlineData(true, 4, "was silent for 4 seconds")]
    public async Task A_connection_that_ends_half_way_leaves_nothing_to_use(bool holds, int seconds, string words)
    {
        await Server.WriteAsync("large.csv", new string('x', 5_000_000));
        await using var proxy = CuttingProxy.Before(Server, ftp: false);
        (proxy.Limit, proxy.Holds) = (2_000_000, holds);
        await place.AllowAsync($"127.0.0.1:{proxy.Port}");
        var watch = Stopwatch.StartNew();
        var refusal = await Servers.RefusalAsync(Settings with { Port = proxy.Port, Path = $"{Server.Folder}/large.csv", TimeoutSeconds = seconds });
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.MayPass);
        Assert.Equal(1, proxy.Cuts);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_from_one_that_is_not_found_and_one_that_says_nothing()
    {
        var listener = place.Listen();
        var silent = listener.Port();
        using var free = new TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var closed = free.Port();
        free.Stop();
        await place.AllowAsync($"127.0.0.1:{silent}, 127.0.0.1:{closed}");

        var refused = await Servers.RefusalAsync(Settings with { Port = closed });
        Assert.Equal("connection-failed", refused.Problem.Code);
        Assert.Contains("refuses the connection", refused.Message, StringComparison.Ordinal);

        var unknown = await Servers.RefusalAsync(Settings with { Host = "files.example.invalid" });
        Assert.Equal("connection-failed", unknown.Problem.Code);
        Assert.False(unknown.MayPass);
        Assert.Contains("was not found", unknown.Message, StringComparison.Ordinal);

        var quiet = await Servers.RefusalAsync(Settings with { Port = silent, TimeoutSeconds = 1 });
        Assert.Equal("connection-failed", quiet.Problem.Code);
        Assert.Contains("was silent for 1 second.", quiet.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_inside_is_not_connected_to()
    {
        await place.AllowAsync("");
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => Servers.TextAsync(Settings));
        Assert.Equal(OutboundHosts.NotAllowed, refusal.Problem.Code);
    }

    private async Task<string> FingerprintAsync()
    {
        var start = new ProcessStartInfo("ssh-keygen", ["-lf", Path.Combine(Server.Text("keys"), "host_key_ed25519.pub")]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync(Stop)).Split(' ')[1];
    }
}
