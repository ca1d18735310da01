using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>What stands between a connection and a user who is signed in over SFTP: which server it is, and whether it lets the user in (guide 4.2.2).</summary>
public sealed class SftpSignInTests(Sshd sshd) : IClassFixture<Sshd>, IAsyncLifetime
{
    private OutboundPlace place = null!;
    private readonly KnownSecrets secrets = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FilesServer Server => sshd.Server;

    private FileServers Servers => new(place.Outside(secrets), "ws");

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("sshd") is { } missing) Assert.Skip(missing);
        place = await OutboundPlace.NewAsync();
        await Server.WriteAsync("people.csv", "Name\nÅsa\n");
    }

    public ValueTask DisposeAsync() => place is null ? default : place.DisposeAsync();

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task A_server_with_keys_of_several_kinds_is_known_by_any_of_them(string kind)
    {
        var settings = await SettingsAsync(Server) with { HostKey = await FingerprintAsync(kind) };
        await using var server = await Servers.SignInAsync(settings, Stop);
        Assert.Equal(settings.HostKey, server.HostKey);
        Assert.Equal("Name\nÅsa\n", await Servers.TextAsync(settings));
    }

    /// <summary>Design, Security: no password is sent to somebody who is not known.</summary>
    [Fact]
    public async Task A_server_none_of_whose_keys_is_known_is_asked_for_each_and_nobody_signs_in()
    {
        var log = Path.Combine(Server.Text("keys"), "log");
        var before = (await File.ReadAllTextAsync(log, Stop)).Length;
        var refusal = await Servers.RefusalAsync(await SettingsAsync(Server) with { HostKey = $"SHA256:{new string('A', 43)}" });
        Assert.Equal("host-key-changed", refusal.Problem.Code);
        Assert.False(refusal.MayPass);
        foreach (var (kind, algorithm) in ((string, string)[])[("ed25519", "ssh-ed25519"), ("ecdsa", "ecdsa-sha2-nistp256"), ("rsa", "rsa-sha2-512")])
            Assert.Contains($"\"{await FingerprintAsync(kind)}\" ({algorithm})", refusal.Message, StringComparison.Ordinal);

        // It names the user once one has asked to sign in, whatever becomes of that.
        Assert.DoesNotContain(Server.User, (await File.ReadAllTextAsync(log, Stop))[before..], StringComparison.Ordinal);
        await Servers.TextAsync(await SettingsAsync(Server));
        Assert.Contains(Server.User, (await File.ReadAllTextAsync(log, Stop))[before..], StringComparison.Ordinal);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_password_that_is_asked_for_as_a_question_is_given()
    {
        await using var server = await FilesServer.StartAsync("sftp.sh", "UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes");
        await server.WriteAsync("people.csv", "Name\nÅsa\n");
        Assert.Equal("Name\nÅsa\n", await Servers.TextAsync(await SettingsAsync(server)));
        var wrong = await SettingsAsync(server);
        secrets["pw"] = "nobody-knows";
        var refusal = await Servers.RefusalAsync(wrong);
        Assert.Equal("sign-in-failed", refusal.Problem.Code);
        Assert.False(refusal.MayPass);
        Assert.Contains("keyboard-interactive", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A wrong password is sent once: servers lock users out who are tried too often.</summary>
    [Fact]
    public async Task A_server_that_ends_the_connection_instead_of_letting_the_user_in_is_not_tried_again()
    {
        await using var strict = await FilesServer.StartAsync("sftp.sh", "MaxAuthTries 1");
        var wrong = await SettingsAsync(strict);
        secrets["pw"] = "nobody-knows";
        Expect(await Servers.RefusalAsync(wrong), "Too many authentication failures");

        // One that says nothing at all, once it has proved who it is (RFC 4253, 7.3: SSH_MSG_NEWKEYS in a packet of 16 bytes).
        await using var proxy = CuttingProxy.Before(Server, ftp: false);
        proxy.Last = [0, 0, 0, 12, 10, 21];
        Expect(await Servers.RefusalAsync(await SettingsAsync(Server, proxy.Port)), "ended the connection instead");
        Assert.Equal(1, proxy.Cuts);

        void Expect(ServerException refusal, string words)
        {
            Assert.Equal("sign-in-failed", refusal.Problem.Code);
            Assert.False(refusal.MayPass);
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("nobody-knows", refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_protects_the_connection_in_no_way_that_can_be_taken_is_told_from_one_that_is_gone()
    {
        await using var old = await FilesServer.StartAsync("sftp.sh", "Ciphers aes128-ctr", "MACs umac-64@openssh.com");
        var refusal = await Servers.RefusalAsync(await SettingsAsync(old));
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.False(refusal.MayPass);
        Assert.Contains("umac-64@openssh.com", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing has been sent by then, so that another attempt harms nobody; what cannot be mended by one is final.</summary>
    [Theory]
    [InlineData("220 FTP server ready\r\n", true, true, "was silent for 1 second. Check port and protocol.")]
    [InlineData("", true, true, "was silent for 1 second. Check port and protocol.")]
    [InlineData("SSH-2.0-x\r\n", true, true, "was silent for 1 second.")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", false, true, "Check port and protocol.")]
    [InlineData("SSH-2.0-x\r\n", false, true, "ended the connection before anybody could sign in")]
    [InlineData("SSH-1.5-x\r\n", false, false, "Check port and protocol.")]
    [InlineData("SSH-2.0-x\r\nnothing that could be a packet of SSH\r\n", true, false, "Check port and protocol.")]
    public async Task Who_speaks_no_SSH_is_told_from_who_lets_nobody_in(string said, bool stays, bool mayPass, string words)
    {
        var listener = place.Listen();
        var answering = AnswerAsync(listener, said, stays);
        var settings = await SettingsAsync(Server, listener.Port());
        var refusal = await Servers.RefusalAsync(settings with { TimeoutSeconds = stays && mayPass ? 1 : 60 });
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.Equal(mayPass, refusal.MayPass);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        await answering;
    }

    // Says something to the first that comes, and stays until that one goes, or waits for its first words only.
    private static async Task AnswerAsync(TcpListener listener, string said, bool stays)
    {
        using var client = await listener.AcceptTcpClientAsync(Stop);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(said), Stop);
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, Stop) > 0 && stays)
            {
            }
        }
        catch (IOException)
        {
            // It left without a word.
        }
    }

    private async Task<CsvSettings> SettingsAsync(FilesServer server, int? port = null)
    {
        await place.AllowAsync($"127.0.0.1:{port ?? server.Port}");
        secrets["pw"] = server.Password;
        return new() { Host = "127.0.0.1", Port = port ?? server.Port, User = server.User, Password = Secret.Named("pw"), Path = $"{server.Folder}/people.csv", TimeoutSeconds = 60 };
    }

    private async Task<string> FingerprintAsync(string kind)
    {
        var start = new ProcessStartInfo("ssh-keygen", ["-lf", Path.Combine(Server.Text("keys"), $"host_key_{kind}.pub")]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync(Stop)).Split(' ')[1];
    }
}
