using System.Text.RegularExpressions;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>What the settings of a CSV file on a server must be to be saved, beyond what their annotations say.</summary>
public static partial class CsvRules
{
    /// <summary>The settings in their one form: the host as connections take it, blanks as nothing.</summary>
    /// <param name="settings">As they were sent.</param>
    /// <param name="problems">What is wrong is added here, with the name of the setting as its field; also <see cref="Notes"/>, as warnings.</param>
    public static CsvSettings Clean(CsvSettings settings, ICollection<Problem> problems)
    {
        var clean = settings with
        {
            Host = settings.Host.Trim(),
            User = Blank(settings.User?.Trim()),
            HostKey = Blank(settings.HostKey?.Trim()),
            CertificateAuthority = Blank(settings.CertificateAuthority),
            TimeZone = Blank(settings.TimeZone?.Trim()),
        };
        CheckServer(clean, problems);
        CheckSignIn(clean, problems);
        // A blank path is the annotations' to refuse.
        if (clean.Path.Length > 0 && DatedPath.Parse(clean.Path, out var wrong) is null) problems.Add(wrong! with { Field = "path" });
        if (clean.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            Report("timeZone", "unknown-time-zone", $"{Words.Quote(zone)} is not a time zone. Use a name such as \"America/Chicago\", \"Central Standard Time\" or \"UTC\".");
        foreach (var note in Notes(clean)) problems.Add(note);
        return clean.Host.Length > 0 && HostName.Clean(clean.Host) is { } host ? clean with { Host = host } : clean;

        void Report(string field, string code, string message) => problems.Add(new Problem(code, message) { Field = field });
    }

    /// <summary>What is right, and yet perhaps not what was meant, or not safe (guide 4.2.1: a secured server, and nobody anonymous, are strongly recommended).</summary>
    /// <param name="settings">The settings, in their one form.</param>
    public static IEnumerable<Problem> Notes(CsvSettings settings)
    {
        if (settings.Protocol == FileProtocol.Ftp)
        {
            yield return Note("protocol", "not-encrypted", $"FTP encrypts nothing: {(settings.Password is null ? "the file" : "the password and the file")} can be read on the way. "
                + "Choose the protocol sftp or ftps if the server has one of them.");
        }
        if (settings.Protocol != FileProtocol.Sftp && settings.User is null)
            yield return Note("user", "signs-in-anonymously", "The server is asked as anonymous, as everybody can who reaches it. Have a user made for this if you can.");
        if (DatedPath.Parse(settings.Path, out _) is { HasMinutesAlone: true })
        {
            yield return Note("path", "minutes-without-hours", $"The file's name {Words.QuotePath(settings.Path[(settings.Path.LastIndexOf('/') + 1)..])} has minutes (mm), but no hours, "
                + "and so means files of the last hour. If the month is meant, write MM.");
        }
    }

    /// <summary>The settings without what jobs recorded of another file than theirs.</summary>
    /// <param name="settings">The settings, in their one form.</param>
    /// <param name="before">The source that is saved already; null: none is.</param>
    public static CsvSettings Forgetting(CsvSettings settings, ProviderSettings? before)
        => before?.Provider == CsvSettings.Provider && !IsSameFile(settings, Sources.Read<CsvSettings>(before)) ? settings with { SeenColumns = [] } : settings;

    /// <summary>Whether two settings mean one server.</summary>
    internal static bool IsSameServer(CsvSettings a, CsvSettings b) => (a.Host, a.Protocol, a.Port) == (b.Host, b.Protocol, b.Port);

    /// <summary>Whether two settings mean one file, or files that take each other's place.</summary>
    internal static bool IsSameFile(CsvSettings a, CsvSettings b) => IsSameServer(a, b) && a.Path == b.Path;

    /// <summary>The columns that the file had when it was mapped, or first copied; empty: not known.</summary>
    internal static IReadOnlyList<string> KnownColumns(CsvSettings settings) => settings.Columns.Count > 0 ? settings.Columns : settings.SeenColumns;

    /// <summary>The port of a protocol when none is said (guide 4.2.2, "Port").</summary>
    public static int PortOf(FileProtocol protocol) => protocol == FileProtocol.Sftp ? 22 : 21;

    /// <summary>The fingerprints of a setting in the form in which they are compared: base 64 without a prefix and without <c>=</c>.</summary>
    internal static IReadOnlyList<string> Fingerprints(string? text)
        => [.. (text ?? "").Split([' ', ',', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(f
            => (f.StartsWith(FingerprintPrefix, StringComparison.OrdinalIgnoreCase) ? f[FingerprintPrefix.Length..] : f).TrimEnd('='))];

    /// <summary>How a fingerprint is written, as OpenSSH does.</summary>
    internal const string FingerprintPrefix = "SHA256:";

    private static void CheckServer(CsvSettings settings, ICollection<Problem> problems)
    {
        var sftp = settings.Protocol == FileProtocol.Sftp;
        if (settings.Host.Length > 0 && HostName.Clean(settings.Host) is null)
        {
            Report("host", "invalid-host", $"{Words.Quote(settings.Host)} is no host. Expected a name such as filetransfer.example.com or an address such as 93.184.216.34, "
                + "without ftp:// before it and without a port or a folder behind it.");
        }
        if (settings.HostKey is not null && !sftp) Report("hostKey", "invalid-settings", "Only SFTP servers have a host key. Leave it out, or choose the protocol sftp.");
        else if (settings.HostKey is { } key && !Fingerprints(key).All(f => Fingerprint().IsMatch(f)))
            Report("hostKey", "invalid-host-key", $"{Words.Quote(key)} is no SHA-256 fingerprint of a host key. Write it as `ssh-keygen -lf` prints it: SHA256: and 43 characters.");
        if (settings.CertificateAuthority is null) return;
        if (settings.Protocol != FileProtocol.Ftps)
            Report("certificateAuthority", "invalid-settings", "Only FTPS servers have a certificate. Leave the authority out, or choose the protocol ftps.");
        else if (ServerTls.Certificates(settings.CertificateAuthority) is null)
            Report("certificateAuthority", "invalid-certificate", "The certificate of the authority cannot be read. Expected the text of a .pem file: -----BEGIN CERTIFICATE----- and what follows.");

        void Report(string field, string code, string message) => problems.Add(new Problem(code, message) { Field = field });
    }

    private static void CheckSignIn(CsvSettings settings, ICollection<Problem> problems)
    {
        var sftp = settings.Protocol == FileProtocol.Sftp;
        if (settings.User?.Any(char.IsControl) == true) Report("user", "The user name holds control characters. Write it again.");
        if (settings.PrivateKey is not null && !sftp) Report("privateKey", "Only SFTP signs in with a private key. Leave it out, or choose the protocol sftp.");
        if (settings.Passphrase is not null && settings.PrivateKey is null) Report("passphrase", "A passphrase opens a private key, and none is given. Give the key, or leave the passphrase out.");
        if (settings.Password is not null && settings.User is null) Report("user", "A password is given, but no user name. Give both; leave both blank to sign in as anonymous.");
        if (sftp && settings.User is null) Report("user", "SFTP knows no anonymous user. Give a user name, and a password or a private key.");
        else if (sftp && settings.Password is null && settings.PrivateKey is null) Report("password", "SFTP needs a password or a private key. Give one.");

        void Report(string field, string message) => problems.Add(new Problem("invalid-settings", message) { Field = field });
    }

    private static Problem Note(string field, string code, string message) => new(code, message) { Field = field, Severity = ProblemSeverity.Warning };

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    [GeneratedRegex("^[A-Za-z0-9+/]{43}$")]
    private static partial Regex Fingerprint();
}
