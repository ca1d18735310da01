using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Csv;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>What settings of a CSV file on a server must be to be saved (guide 4.2.2).</summary>
public sealed class CsvRulesTests
{
    private static readonly CsvSettings Sftp = new() { Host = "files.example.com", User = "hr", Password = Secret.Named("hr-pw"), Path = "/export/people.csv" };
    private static readonly CsvSettings Ftp = Sftp with { Protocol = FileProtocol.Ftp };
    private static readonly string Fingerprint = new('A', 43);

    public static TheoryData<string, CsvSettings, string> Wrong => new()
    {
        { "no host", Sftp with { Host = "172.1798...." }, "host invalid-host" },
        { "an address of a page", Sftp with { Host = "ftp://files.example.com" }, "host invalid-host" },
        { "a port behind it", Sftp with { Host = "files.example.com:22" }, "host invalid-host" },
        { "another spelling of 127.0.0.1", Sftp with { Host = "0x7f.1" }, "host invalid-host" },
        { "nobody over SFTP", Sftp with { User = null, Password = null }, "user invalid-settings" },
        { "nothing to sign in with", Sftp with { Password = null }, "password invalid-settings" },
        { "a password of nobody", Ftp with { User = "" }, "user invalid-settings" },
        { "a line break in the user's name", Sftp with { User = "hr\r\nDELE x" }, "user invalid-settings" },
        { "a passphrase without a key", Sftp with { Passphrase = Secret.Named("p") }, "passphrase invalid-settings" },
        { "a key over FTP", Ftp with { PrivateKey = Secret.Named("k") }, "privateKey invalid-settings" },
        { "a host key over FTP", Ftp with { HostKey = Fingerprint }, "hostKey invalid-settings" },
        { "no fingerprint", Sftp with { HostKey = "aa:bb:cc" }, "hostKey invalid-host-key" },
        { "a certificate over SFTP", Sftp with { CertificateAuthority = "x" }, "certificateAuthority invalid-settings" },
        { "no certificate", Ftp with { Protocol = FileProtocol.Ftps, CertificateAuthority = "x" }, "certificateAuthority invalid-certificate" },
        { "an odd number of *", Sftp with { Path = "/export/*yyyy-MM-dd.csv" }, "path invalid-path" },
        { "no time zone", Sftp with { TimeZone = "Atlantis" }, "timeZone unknown-time-zone" },
    };

    public static TheoryData<string, CsvSettings> Right => new()
    {
        { "SFTP with a password", Sftp },
        { "SFTP with a key", Sftp with { Password = null, PrivateKey = Secret.Named("k"), Passphrase = Secret.Named("p") } },
        { "anonymous", Ftp with { User = null, Password = null } },
        { "a host key as OpenSSH prints it", Sftp with { HostKey = $"SHA256:{Fingerprint}" } },
        { "two host keys", Sftp with { HostKey = $"SHA256:{Fingerprint}, {Fingerprint}=" } },
        { "dates", Sftp with { Path = "/export/nightlyexport/*yyyy*-*MM*-*dd*_HRIS_export.csv", TimeZone = "America/Chicago" } },
        { "an address", Sftp with { Host = "93.184.216.34" } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Settings_that_are_refused(string what, CsvSettings settings, string problem)
    {
        var problems = new List<Problem>();
        CsvRules.Clean(settings, problems);
        Assert.Equal([problem], Errors(problems).Select(p => $"{p.Field} {p.Code}"));
        Assert.NotEmpty(what);
    }

    [Theory, MemberData(nameof(Right))]
    public void Settings_that_are_taken(string what, CsvSettings settings)
    {
        var problems = new List<Problem>();
        CsvRules.Clean(settings, problems);
        Assert.Empty(Errors(problems));
        Assert.NotEmpty(what);
    }

    /// <summary>Guide 4.2.1: "We strongly recommend using a secured FTP server and not using anonymous authentication." And mm is minutes, not months.</summary>
    public static TheoryData<CsvSettings, string> Noted => new()
    {
        { Sftp, "" },
        { Ftp with { Protocol = FileProtocol.Ftps }, "" },
        { Ftp, "protocol not-encrypted" },
        { Ftp with { User = null, Password = null }, "protocol not-encrypted, user signs-in-anonymously" },
        { Ftp with { Protocol = FileProtocol.Ftps, User = " ", Password = null }, "user signs-in-anonymously" },
        { Sftp with { Path = "/export/*yyyy-mm-dd*.csv" }, "path minutes-without-hours" },
        { Sftp with { Path = "/export/*yyyy*-*mm*-*dd*.csv" }, "path minutes-without-hours" },
        { Sftp with { Path = "/export/*yyyy-MM-dd*.csv" }, "" },
        { Sftp with { Path = "/export/*yyyy-MM-dd_HHmm*.csv" }, "" },
        { Sftp with { Path = "/export/*HH*_*mm*.csv" }, "" },
        { Sftp with { Path = "/export/*hh:MM:ss*.csv" }, "" },
    };

    [Theory, MemberData(nameof(Noted))]
    public void Settings_of_which_something_is_noted(CsvSettings settings, string notes)
    {
        var problems = new List<Problem>();
        CsvRules.Clean(settings, problems);
        Assert.Equal(notes, string.Join(", ", problems.Select(p => $"{p.Field} {p.Code}")));
        Assert.All(problems, p => Assert.Equal(ProblemSeverity.Warning, p.Severity));
    }

    [Theory]
    [InlineData(true, "the password and the file can be read")]
    [InlineData(false, "the file can be read")]
    public void What_is_not_encrypted_is_named(bool password, string words)
        => Assert.Contains(words, CsvRules.Notes(password ? Ftp : Ftp with { User = null, Password = null }).First().Message, StringComparison.Ordinal);

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var problems = new List<Problem>();
        CsvRules.Clean(new CsvSettings { Host = "a b", Path = "*", TimeZone = "x", HostKey = "y" }, problems);
        Assert.Equal(["host", "hostKey", "user", "path", "timeZone"], problems.Select(p => p.Field));
    }

    private static IEnumerable<Problem> Errors(List<Problem> problems) => problems.Where(p => p.Severity == ProblemSeverity.Error);

    [Fact]
    public void Hosts_have_one_form() => Assert.Equal("files.example.com", CsvRules.Clean(Sftp with { Host = " Files.Example.com. " }, []).Host);

    [Theory]
    [InlineData(FileProtocol.Ftp, 21)]
    [InlineData(FileProtocol.Ftps, 21)]
    [InlineData(FileProtocol.Sftp, 22)]
    public void The_default_port_follows_the_protocol(FileProtocol protocol, int port) => Assert.Equal(port, CsvRules.PortOf(protocol));
}
