using System.Diagnostics;
using System.DirectoryServices.Protocols;
using System.Formats.Asn1;
using System.Net.Sockets;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Ldap;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Providers.Tests.Csv;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>Signing in to OpenLDAP, and everything that can go wrong with a connection (guide 4.3.2).</summary>
public sealed class LdapServerTests(Slapd slapd) : IClassFixture<Slapd>, IAsyncLifetime
{
    private LdapPlace place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => place = await LdapPlace.NewAsync(slapd);

    public ValueTask DisposeAsync() => place is null ? default : place.DisposeAsync();

    [Fact]
    public async Task Who_signs_in_sees_more()
    {
        const string Secret = "ou=Secret,dc=example,dc=com";
        Assert.Equal(2, (await place.CopyAsync(place.Secure(Secret), "cn")).Rows.Count);
        Assert.Equal("base-not-found", (await place.RefusalAsync(place.Secure(Secret) with { User = null, Password = null })).Problem.Code);
        Assert.Single((await place.CopyAsync(place.Secure(LdapPlace.People) with { User = $"uid=p1,{LdapPlace.People}", Filter = "(uid=p1)" }, "cn")).Rows);
    }

    [Theory]
    [InlineData("wrong password")]
    [InlineData("unknown user")]
    [InlineData("no name")]
    public async Task Wrong_credentials_are_refused_and_never_told(string what)
    {
        var right = place.Secure(LdapPlace.People);
        var refusal = await place.RefusalAsync(what switch
        {
            "wrong password" => right with { Password = Secret.Named("wrong") },
            "unknown user" => right with { User = "uid=nobody,dc=example,dc=com" },
            _ => right with { User = "jane" },
        });
        Assert.Equal(("sign-in-failed", false), (refusal.Problem.Code, refusal.MayPass));
    }

    [Fact]
    public async Task A_password_is_never_sent_unprotected()
    {
        var listener = place.Outbound.Listen();
        await place.Outbound.AllowAsync($"127.0.0.1:{listener.Port()}");
        var settings = place.Secure("dc=x") with { Path = $"127.0.0.1:{listener.Port()}/dc=x", Protocol = DirectoryProtocol.Ldap, CertificateAuthority = null };
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => place.LookAsync(settings));
        Assert.Equal(("invalid-settings", "protocol"), (refusal.Problem.Code, refusal.Problem.Field));
        Assert.False(listener.Pending());
        var missing = await Assert.ThrowsAsync<ConfigurationException>(() => place.LookAsync(place.Secure("dc=x") with { Password = Secret.Named("none") }));
        Assert.Equal("secret-missing", missing.Problem.Code);
    }

    [Fact]
    public async Task Certificates_are_verified()
    {
        using var other = new TestAuthority();
        var right = place.Secure(LdapPlace.People) with { Filter = "(uid=p1)" };
        foreach (var (settings, why) in ((LdapSettings, string)[])[
            (right with { CertificateAuthority = null }, "an authority that is not trusted"),
            (right with { CertificateAuthority = other.Pem }, "an authority that is not trusted"),
            // The certificate is for "localhost".
            (right with { Path = $"127.0.0.1:{slapd.Tls}/{LdapPlace.People}" }, "for another name")])
        {
            var refusal = await place.RefusalAsync(settings);
            Assert.Equal(("certificate-not-trusted", false), (refusal.Problem.Code, refusal.MayPass));
            Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        }
        Assert.Single((await place.CopyAsync(right with { CertificateAuthority = other.Pem + "\n" + slapd.Authority.Pem }, "cn")).Rows);
    }

    /// <summary>Design, Security: the connection goes to the address that was checked; DNS which changes in between gains nothing.</summary>
    [Fact]
    public async Task A_name_is_looked_up_once_and_its_address_checked()
    {
        place.Outbound.Name("localhost", ["127.0.0.1"], ["127.0.0.2"], ["169.254.169.254"]);
        var origin = place.Origin(place.Secure(LdapPlace.People) with { Filter = "(uid=p1)" }, ["cn"], place.Outbound.Hosts);
        using var copy = new MemoryStream();
        await origin.CopyAsync(copy, Stop);
        Assert.Equal(1, place.Outbound.Lookups);
        Assert.Contains("Person p1", Encoding.UTF8.GetString(copy.ToArray()), StringComparison.Ordinal);

        place.Outbound.Name("ldap.example.com", ["127.0.0.2"]);
        var closed = place.Origin(place.Secure(LdapPlace.People) with { Path = $"ldap.example.com:{slapd.Tls}/dc=x" }, ["cn"], place.Outbound.Hosts);
        Assert.Equal(OutboundHosts.NotAllowed, (await Assert.ThrowsAsync<ConfigurationException>(() => closed.LookAsync(Stop))).Problem.Code);
    }

    [Theory]
    [InlineData("no such name", false)]
    [InlineData("refused", true)]
    [InlineData("refused with TLS", true)]
    [InlineData("silent", true)]
    [InlineData("silent with TLS", true)]
    [InlineData("no directory", true)]
    [InlineData("no TLS", false)]
    public async Task A_server_that_cannot_be_reached_is_told(string what, bool mayPass)
    {
        var listener = place.Outbound.Listen();
        var port = listener.Port();
        await place.Outbound.AllowAsync($"127.0.0.1:{port}, localhost:{slapd.Server.Port}");
        if (what.StartsWith("refused", StringComparison.Ordinal)) listener.Dispose();
        using var answering = what == "no directory" ? new Answering(listener, "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()) : null;
        var plain = place.Plain("dc=x", port) with { TimeoutSeconds = what.StartsWith("silent", StringComparison.Ordinal) ? 1 : 60 };
        var refusal = await place.RefusalAsync(what switch
        {
            "no such name" => plain with { Path = "no-such-name.invalid:389/dc=x" },
            "no TLS" => place.Secure("dc=x") with { Path = $"localhost:{slapd.Server.Port}/dc=x" },
            "refused with TLS" or "silent with TLS" => plain with { Protocol = DirectoryProtocol.Ldaps },
            _ => plain,
        });
        Assert.Equal((what == "no TLS" ? refusal.Problem.Code : "connection-failed", what == "no TLS" ? refusal.MayPass : mayPass), (refusal.Problem.Code, refusal.MayPass));
        if (what.StartsWith("silent", StringComparison.Ordinal)) Assert.Contains("silent for 1 second.", refusal.Message, StringComparison.Ordinal);
        if (what == "no TLS") Assert.Contains(refusal.Problem.Code, (string[])["connection-failed", "certificate-not-trusted"]);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_is_lost_or_falls_silent_half_way_is_told(bool holds)
    {
        await using var proxy = CuttingProxy.Before(slapd.Server.Port);
        await place.Outbound.AllowAsync($"127.0.0.1:{proxy.Port}");
        (proxy.Limit, proxy.Holds) = (150_000, holds);
        var settings = place.Plain(LdapPlace.People, proxy.Port) with { TimeoutSeconds = holds ? 4 : 60 };
        using var copy = new MemoryStream();
        var refusal = await Assert.ThrowsAsync<ServerException>(() => place.Origin(settings, ["cn"]).CopyAsync(copy, Stop));
        Assert.Equal(("connection-failed", true, 1), (refusal.Problem.Code, refusal.MayPass, proxy.Cuts));
        Assert.Contains(holds ? "silent for 4 seconds" : "was lost before everything was received", refusal.Message, StringComparison.Ordinal);
        // It had come to the second page or further.
        Assert.True(Encoding.UTF8.GetString(copy.ToArray()).Split('\n').Length > LdapServer.PageSize);
    }

    [Fact]
    public async Task Whoever_gives_up_waits_no_longer()
    {
        var listener = place.Outbound.Listen();
        await place.Outbound.AllowAsync($"127.0.0.1:{listener.Port()}");
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => place.Origin(place.Plain("dc=x", listener.Port()) with { TimeoutSeconds = 600 }, ["cn"]).LookAsync(given.Token));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("ou=Nowhere,dc=example,dc=com", "base-not-found")]
    [InlineData("1.2.3.4=x", "invalid-base")]
    [InlineData("dc=elsewhere", "base-not-found")]
    [InlineData("dc=limited", "size-limit-exceeded")]
    [InlineData("cn=Monitor", "paging-not-supported")]
    public async Task What_a_directory_refuses_is_told(string @base, string code)
    {
        var settings = place.Plain(@base) with { Filter = LdapPlace.Persons };
        // Fewer may be looked at than are there.
        var refusal = code == "size-limit-exceeded" ? await Assert.ThrowsAsync<ServerException>(() => place.CopyAsync(settings, "cn")) : await place.RefusalAsync(settings);
        Assert.Equal((code, false), (refusal.Problem.Code, refusal.MayPass));
    }

    [Theory]
    // RFC 4511, A.1; learn.microsoft.com, "System error codes": what Active Directory puts behind "data".
    [InlineData(49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 532, v4563", "sign-in-failed", false, "the password has expired")]
    [InlineData(49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563", "sign-in-failed", false, "user name or password is wrong")]
    [InlineData(49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 775, v4563", "sign-in-failed", false, "the account is locked")]
    [InlineData(49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 999, v4563", "sign-in-failed", false, "data 999")]
    [InlineData(49, "", "sign-in-failed", false, "did not let the user")]
    [InlineData(51, "too many", "connection-failed", true, "is not available: \"too many\"")]
    [InlineData(52, "starting", "connection-failed", true, "is not available: \"starting\"")]
    [InlineData(53, "unauthenticated bind (DN with no password) disallowed", "sign-in-failed", false, "DN with no password")]
    [InlineData(8, "00002028: LdapErr: DSID-0C090202, comment: The server requires binds to turn on integrity checking", "sign-in-failed", false, "Use ldaps")]
    [InlineData(13, "TLS required", "sign-in-failed", false, "Use ldaps")]
    [InlineData(34, "invalid DN", "sign-in-failed", false, "invalid DN")]
    public async Task Why_nobody_is_let_in_is_told(int result, string said, string code, bool mayPass, string words)
    {
        var listener = place.Outbound.Listen();
        await place.Outbound.AllowAsync($"127.0.0.1:{listener.Port()}");
        var answer = new AsnWriter(AsnEncodingRules.BER);
        using (answer.PushSequence())
        {
            answer.WriteInteger(1);
            using (answer.PushSequence(new Asn1Tag(TagClass.Application, 1)))
            {
                answer.WriteEnumeratedValue((ResultCode)result);
                answer.WriteOctetString([]);
                answer.WriteOctetString(Encoding.UTF8.GetBytes(said));
            }
        }
        using var answering = new Answering(listener, answer.Encode());
        var refusal = await place.RefusalAsync(place.Plain("dc=x", listener.Port()) with { TimeoutSeconds = 60 });
        Assert.Equal((code, mayPass), (refusal.Problem.Code, refusal.MayPass));
        if (said.Length > 0 || code == "connection-failed") Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Active Directory hands over 1,500 values of an attribute at a time; all of them are read.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(11, 3)]
    public async Task Values_that_come_in_parts_are_read_to_the_last(int values, int questions)
    {
        var listener = place.Outbound.Listen();
        await place.Outbound.AllowAsync($"127.0.0.1:{listener.Port()}");
        using var directory = new RangedDirectory(listener) { Values = values };
        var copied = await place.CopyAsync(place.Plain("DC=ad", listener.Port()), "memberOf");
        Assert.Equal(string.Join(';', Enumerable.Range(0, values).Select(i => $"CN=Group {i},DC=ad")), Assert.Single(copied["memberOf"]));
        Assert.Empty(copied.Notes.Warnings);
        Assert.Equal([.. ((string[])["DC=ad memberOf", $"{RangedDirectory.Entry} memberOf;range=4-*", $"{RangedDirectory.Entry} memberOf;range=8-*"]).Take(questions)], directory.Asked);
    }

    [Theory]
    [InlineData("the entry is gone", 8)]
    [InlineData("parts that go in circles", 4)]
    [InlineData("another attribute", 4)]
    [InlineData("too many", 4)]
    public async Task Values_that_cannot_be_read_to_the_last_are_told(string what, int read)
    {
        var listener = place.Outbound.Listen();
        await place.Outbound.AllowAsync($"127.0.0.1:{listener.Port()}");
        using var directory = new RangedDirectory(listener) { Values = 11 };
        directory.Written = (from, range) => what switch
        {
            "the entry is gone" => from == 8 ? null : range,
            "parts that go in circles" => "0-3",
            "another attribute" => from == 4 ? "x" : range,
            _ => $"0-{LdapRanges.MostValues - 1}",
        };
        var copied = await place.CopyAsync(place.Plain("DC=ad", listener.Port()), "memberOf");
        Assert.Equal(read, Assert.Single(copied["memberOf"]).Split(';').Length);
        Assert.Equal("values-incomplete", Assert.Single(copied.Notes.Warnings).Code);
    }

    /// <summary>Answers whatever comes with a text, and hangs up.</summary>
    private sealed class Answering : IDisposable
    {
        private readonly CancellationTokenSource end = new();

        public Answering(TcpListener listener, byte[] answer) => _ = RunAsync(listener, answer);

        public void Dispose() => end.Cancel();

        private async Task RunAsync(TcpListener listener, byte[] text)
        {
            while (!end.IsCancellationRequested)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                await client.GetStream().ReadExactlyAsync(new byte[1], end.Token);
                await client.GetStream().WriteAsync(text, end.Token);
            }
        }
    }
}
