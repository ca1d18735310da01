using System.Net.Sockets;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Tests.Connections;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>What is made of servers of FTP whose files do not come, and of what they say of it (guide 4.2.2; RFC 959, RFC 2428).</summary>
public sealed class FtpTransferTests : IAsyncLifetime
{
    private OutboundPlace place = null!;

    private FileServers Servers => new(place.Outside(new KnownSecrets()), "ws");

    public async ValueTask InitializeAsync() => place = await OutboundPlace.NewAsync();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    /// <summary>What the answers to EPSV and PASV lead to; nothing: the file comes. Which of the two ports is named, from 0.</summary>
    [Theory]
    [InlineData(DataPort.Answers, DataPort.Unknown, null)]
    [InlineData(DataPort.Unknown, DataPort.Answers, null)]
    [InlineData(DataPort.Refuses, DataPort.Answers, null)]
    [InlineData(DataPort.Drops, DataPort.Answers, null)]
    [InlineData(DataPort.Refuses, DataPort.Refuses, 1)]
    [InlineData(DataPort.Refuses, DataPort.Unknown, 0)]
    [InlineData(DataPort.Unknown, DataPort.Refuses, 0)]
    public async Task Where_nobody_answers_the_older_command_is_tried_and_then_the_port_named(DataPort extended, DataPort passive, int? named)
    {
        await using var server = new FtpLookAlike { Extended = extended, Passive = passive };
        var settings = await SettingsAsync(server, seconds: extended == DataPort.Drops ? 5 : 60);
        if (named is null)
        {
            Assert.Equal(FtpLookAlike.Content, await Servers.TextAsync(settings));
            return;
        }
        var refusal = await Servers.RefusalAsync(settings);
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.Contains($"opened port {server.Named[named.Value]} for the file, which does not answer", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("which passive ports its firewall lets through", refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.MayPass);
        Assert.Equal(extended == DataPort.Unknown || passive == DataPort.Unknown ? 1 : 2, server.Named.Count);
    }

    /// <summary>The connection for commands says nothing while a file comes: translators of addresses forget such ones, Azure's after four minutes.</summary>
    [Fact]
    public async Task Connections_are_kept_alive()
    {
        var port = place.Listen().Port();
        await place.AllowAsync($"127.0.0.1:{port}");
        using var socket = await place.Hosts.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        foreach (var option in (SocketOptionName[])[SocketOptionName.TcpKeepAliveTime, SocketOptionName.TcpKeepAliveInterval])
            Assert.Equal(60, (int)socket.GetSocketOption(SocketOptionLevel.Tcp, option)!);
    }

    [Fact]
    public async Task A_server_that_opens_no_connection_is_told()
    {
        await using var server = new FtpLookAlike { Extended = DataPort.Unknown, Passive = DataPort.Unknown };
        var refusal = await Servers.RefusalAsync(await SettingsAsync(server));
        Assert.Contains("it opens no passive connection, and said \"500 What?\"", refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.MayPass);
    }

    /// <summary>What a server says instead of the file, or behind it, and whether another attempt may help (RFC 959, 4.2.1).</summary>
    [Theory]
    [InlineData("450 File busy", null, "connection-failed", true)]
    [InlineData("425 Cannot open data connection", null, "connection-failed", true)]
    [InlineData("553 Not allowed", null, "connection-failed", false)]
    [InlineData("522 Session reuse required", null, "connection-failed", false)]
    [InlineData("550 No such file", null, "file-not-found", false)]
    [InlineData("500 What?", null, "connection-failed", false)]
    [InlineData(null, "426 Failure writing network stream", "connection-failed", true)]
    [InlineData(null, "451 Local error in processing", "connection-failed", true)]
    [InlineData(null, "425 TLS session not resumed", "connection-failed", true)]
    [InlineData(null, "552 Quota exceeded", "connection-failed", false)]
    [InlineData(null, "522 Session reuse required", "connection-failed", false)]
    public async Task What_a_server_says_of_a_transfer_is_passed_on(string? begin, string? end, string code, bool mayPass)
    {
        foreach (var resets in end is null ? (bool[])[false] : [false, true])
        {
            await using var server = new FtpLookAlike { Begin = begin ?? "150 Here it comes", End = end ?? "226 Done", Resets = resets };
            var refusal = await Servers.RefusalAsync(await SettingsAsync(server));
            Assert.Equal((code, mayPass), (refusal.Problem.Code, refusal.MayPass));
            Assert.Contains($"\"{begin ?? end}\"", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_connection_that_breaks_without_a_word_is_lost()
    {
        await using var server = new FtpLookAlike { Resets = true };
        var refusal = await Servers.RefusalAsync(await SettingsAsync(server));
        Assert.Contains("was lost before everything was received. Nothing", refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.MayPass);
    }

    /// <summary>When the file was changed, as the server says before and behind it (RFC 3659, 3); where it says nothing, only the size counts.</summary>
    [Theory]
    [InlineData("213 20260304050607", "213 20260304050607", true)]
    [InlineData("213 20260304050607", "213 20260304050608", false)]
    [InlineData("213 20260304050607.123", "213 20260304050607.124", false)]
    [InlineData("502 What?", "502 What?", true)]
    [InlineData("213 20260304050607", "550 Gone", true)]
    public async Task A_file_that_was_replaced_by_one_of_its_size_is_not_used(string before, string after, bool same)
    {
        await using var server = new FtpLookAlike { Times = new([before, after]) };
        var settings = await SettingsAsync(server);
        if (same)
        {
            Assert.Equal(FtpLookAlike.Content, await Servers.TextAsync(settings));
            return;
        }
        var refusal = await Servers.RefusalAsync(settings);
        Assert.Equal(("file-changed", true), (refusal.Problem.Code, refusal.MayPass));
    }

    /// <summary>Some servers take <c>MDTM 20260304050607 people.csv</c> for the order to give people.csv that date.</summary>
    [Theory]
    [InlineData("20260304050607 people.csv", false)]
    [InlineData("20260304050607_people.csv", true)]
    [InlineData("/20260304050607 people.csv", true)]
    public async Task Nobody_is_told_to_change_a_date(string path, bool asks)
    {
        await using var server = new FtpLookAlike();
        Assert.Equal(FtpLookAlike.Content, await Servers.TextAsync(await SettingsAsync(server) with { Path = path }));
        Assert.Equal(asks, server.Heard.Contains($"MDTM {path}"));
        Assert.Contains($"SIZE {path}", server.Heard);
    }

    private async Task<CsvSettings> SettingsAsync(FtpLookAlike server, int seconds = 60)
    {
        await place.AllowAsync($"127.0.0.1:{server.Port}");
        return new CsvSettings { Host = "127.0.0.1", Protocol = FileProtocol.Ftp, Port = server.Port, Path = "/people.csv", TimeoutSeconds = seconds };
    }
}
