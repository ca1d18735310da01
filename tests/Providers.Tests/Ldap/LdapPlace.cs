using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CsvHelper;
using CsvHelper.Configuration;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Ldap;
using IntegrationPoints.Providers.Spool;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Providers.Tests.Csv;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>OpenLDAP with its directories: tests/servers/ldap/slapd.sh says which.</summary>
public class Slapd : IAsyncLifetime
{
    /// <summary>Where its referral leads.</summary>
    private readonly TcpListener elsewhere = new(IPAddress.Loopback, 0);

    public FilesServer Server { get; private set; } = null!;

    /// <summary>Who signed its certificate, which is for "localhost".</summary>
    public TestAuthority Authority { get; } = new();

    public int Tls => int.Parse(Server.Text("tls"), CultureInfo.InvariantCulture);

    /// <summary>Whether anybody followed the referral.</summary>
    public bool WasFollowed => elsewhere.Pending();

    /// <summary>How many entries dc=large has.</summary>
    protected virtual int Large => 0;

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.MissingDirectory() is not null) return;
        elsewhere.Start();
        var (certificate, key) = Authority.Certificate("localhost");
        Server = await FilesServer.StartDirectoryAsync(certificate, key, $"{Large}", $"{elsewhere.Port()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        elsewhere.Dispose();
        Authority.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The same with many entries in dc=large.</summary>
public sealed class LargeSlapd : Slapd
{
    public const int Entries = 100_000;

    protected override int Large => Entries;
}

/// <summary>A copy as a job reads it.</summary>
internal sealed record Copied(string[] Columns, List<string[]> Rows, CopyNotes Notes)
{
    public IEnumerable<string> this[string column] => Rows.Select(row => row[Array.IndexOf(Columns, column)]);
}

/// <summary>An instance whose administrator opened the directory, and what a test asks of it.</summary>
internal sealed class LdapPlace(OutboundPlace place, Slapd slapd) : IAsyncDisposable
{
    public const string People = "ou=People,dc=example,dc=com", Persons = "(objectClass=inetOrgPerson)", Password = "directory";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public OutboundPlace Outbound => place;

    public KnownSecrets Secrets { get; } = new() { [Password] = slapd.Server.Password, ["wrong"] = "not-the-password" };

    public static async Task<LdapPlace> NewAsync(Slapd slapd)
    {
        if (FilesServer.MissingDirectory() is { } missing) Assert.Skip(missing);
        int[] ports = [slapd.Server.Port, slapd.Tls];
        return new(await OutboundPlace.NewAsync(string.Join(", ", ports.SelectMany(p => (string[])[$"127.0.0.1:{p}", $"localhost:{p}"]))), slapd);
    }

    /// <summary>Anonymous, without TLS.</summary>
    public LdapSettings Plain(string @base, int? port = null) => new()
    {
        Path = $"127.0.0.1:{port ?? slapd.Server.Port}/{@base}",
        Protocol = DirectoryProtocol.Ldap,
        Nested = true,
        TimeoutSeconds = 60,
    };

    /// <summary>With TLS and a password.</summary>
    public LdapSettings Secure(string @base) => Plain(@base) with
    {
        Path = $"localhost:{slapd.Tls}/{@base}",
        Protocol = DirectoryProtocol.Ldaps,
        CertificateAuthority = slapd.Authority.Pem,
        User = slapd.Server.User,
        Password = Secret.Named(Password),
    };

    public LdapOrigin Origin(LdapSettings settings, string[] mapped, OutboundHosts? hosts = null) => new(
        new IntegrationPoint
        {
            Id = "p",
            Name = "P",
            Workspace = "ws",
            Source = Sources.Write(LdapSettings.Provider, settings),
            Mapping = [.. mapped.Select(m => new FieldMapping(m, m))],
            MapAllFields = mapped.Length == 0,
        },
        place.Outside(Secrets, machineNames: true) is var outside && hosts is null ? outside : outside with { Hosts = hosts! });

    public Task<SourceLayout> LookAsync(LdapSettings settings) => Origin(settings, []).LookAsync(Stop);

    /// <summary>The copy of a job that maps these attributes; none: all of them.</summary>
    public async Task<Copied> CopyAsync(LdapSettings settings, params string[] mapped)
    {
        using var copy = new MemoryStream();
        var notes = await Origin(settings, mapped).CopyAsync(copy, Stop);
        copy.Position = 0;
        using var csv = new CsvParser(new StreamReader(copy), new CsvConfiguration(CultureInfo.InvariantCulture));
        Assert.True(await csv.ReadAsync());
        var columns = csv.Record!;
        var rows = new List<string[]>();
        while (await csv.ReadAsync()) rows.Add(csv.Record!);
        return new Copied(columns, rows, notes);
    }

    /// <summary>Why there is no copy, and none to look at.</summary>
    public async Task<ServerException> RefusalAsync(LdapSettings settings)
    {
        var looked = await Assert.ThrowsAsync<ServerException>(() => LookAsync(settings));
        var copied = await Assert.ThrowsAsync<ServerException>(() => CopyAsync(settings, "cn"));
        Assert.Equal(looked.Problem.Code, copied.Problem.Code);
        // Every message names the server, and none a password.
        var path = LdapPath.Parse(settings.Path, out _)!;
        Assert.Contains($"\"{path.Host}\", port {path.Port}", copied.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secrets.Values, value => copied.ToString().Contains(value, StringComparison.Ordinal));
        return copied;
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();
}
