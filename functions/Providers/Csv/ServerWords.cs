using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>The moment that dates in a file's name mean.</summary>
/// <param name="Local">When it is, on the wall clock of the zone.</param>
/// <param name="Zone">The zone that somebody named; null: nobody did, and it is UTC.</param>
internal sealed record NamedMoment(DateTimeOffset Local, string? Zone)
{
    /// <summary>The zone, and whose it is.</summary>
    public string InZone => Zone is null ? "in UTC, because neither the setting timeZone nor a schedule names a time zone" : $"in the time zone {Words.Quote(Zone)}";
}

/// <summary>What people are told of a server: each message names it, its port and who signed in, and never a password.</summary>
/// <param name="settings">Which server.</param>
internal sealed class ServerWords(CsvSettings settings)
{
    /// <summary>The code of a file that is not there.</summary>
    public const string FileNotFound = "file-not-found";

    private static readonly Dictionary<FileProtocol, string> Names = new()
    {
        [FileProtocol.Ftp] = "FTP",
        [FileProtocol.Ftps] = "FTPS",
        [FileProtocol.Sftp] = "SFTP",
    };

    /// <summary>The password and what else is secret of it, which a server might repeat whenever it says something.</summary>
    public IReadOnlyList<string?> Secrets { private get; init; } = [];

    /// <summary>Who signs in.</summary>
    public string User => settings.User ?? FtpServer.Anonymous;

    private string Server => string.Create(CultureInfo.InvariantCulture,
        $"the {Names[settings.Protocol]} server {Words.Quote(settings.Host)}, port {settings.Port ?? CsvRules.PortOf(settings.Protocol)}");

    /// <summary>The server, and as who it was asked.</summary>
    private string AsUser => $"{Server}, as the user {Words.Quote(User)}";

    /// <summary>No connection came about.</summary>
    public ServerException Unreachable(SocketException e) => ServerException.Unreachable(Server, e);

    /// <summary>The server said nothing for too long.</summary>
    /// <param name="e">What happened.</param>
    /// <param name="isGreeted">Whether it has said something that such a server says.</param>
    public ServerException Silent(Exception? e = null, bool isGreeted = true) => Failed(string.Create(CultureInfo.InvariantCulture,
        $"{Capital(AsUser)}, was silent for {settings.TimeoutSeconds} second{(settings.TimeoutSeconds == 1 ? "" : "s")}. {(isGreeted ? "" : "Check port and protocol. ")}Try again later, or give it more time (timeoutSeconds)."), mayPass: true, e);

    /// <summary>The server keeps somebody waiting who only looks.</summary>
    public ServerException Slow() => Failed($"{Capital(AsUser)}, takes too long to hand over the beginning of the file. Try again later, or ask its administrator.", mayPass: true);

    /// <summary>The server takes longer than a job can wait.</summary>
    public Problem TooLong(TimeSpan longest) => new("copy-too-slow", string.Create(CultureInfo.InvariantCulture,
        $"{Capital(AsUser)}, took more than {longest.TotalMinutes:0} minutes to hand over the file, and a job waits no longer. Nothing was imported. Have the file parted, or ask its administrator why it is slow."));

    /// <summary>The connection ended before what was asked for was complete.</summary>
    /// <param name="e">What happened.</param>
    /// <param name="said">What the server said of it; null: nothing.</param>
    public ServerException Lost(Exception? e = null, string? said = null)
        => Failed($"The connection to {AsUser}, was lost before everything was received{(said is null ? "" : $" ({Said(said)})")}. Nothing of it is used. "
            + "Try again later; ask the server's administrator when it happens again.", mayPass: true, e);

    /// <summary>The server refuses to send a file or a list of files, or broke off.</summary>
    public ServerException NotTransferred(FtpReply reply)
    {
        if (reply.Code == 426) return Lost(said: reply.ToString());
        // TLS sessions are found again by the name of the server, and an address is none.
        var wantsName = settings.Protocol == FileProtocol.Ftps && reply.Code is 425 or 522 && IPAddress.TryParse(settings.Host, out _);
        return Failed($"{Capital(AsUser)}, did not hand over what it was asked for: {Said(reply.ToString())}. Nothing of it is used. "
            + (wantsName ? "It may want the connection of a file to take up the TLS session of the first one again, which it can only when the server is given by its name: give the name instead of the address (host)."
                : reply.IsLater ? "Try again later; ask the server's administrator when it happens again."
                : "Ask the server's administrator."), reply.IsLater);
    }

    /// <summary>Nobody answers at the port that the server opened.</summary>
    public ServerException NoDataPort(int port) => Failed(string.Create(CultureInfo.InvariantCulture,
        $"{Capital(AsUser)}, opened port {port} for the file, which does not answer. Ask its administrator which passive ports its firewall lets through, and whether connections from here may go there."), mayPass: true);

    /// <summary>The server hung up before anybody signed in.</summary>
    public ServerException Closed(Exception e)
        => Failed($"{Capital(Server)}, ended the connection before anybody could sign in: {Said(e.Message)}. Check port and protocol. Try again later; ask the server's administrator when it happens again.", mayPass: true, e);

    /// <summary>There is no way of protecting the connection that both sides take.</summary>
    public ServerException NoAgreement(Exception e)
        => Failed($"{Capital(Server)}, offers no protection of the connection that can be taken: {Said(e.Message)}. Nothing was sent. Ask its administrator to allow current algorithms.", mayPass: false, e);

    /// <summary>The server does not speak as its protocol says.</summary>
    public ServerException Strange(string what)
        => Failed($"{Capital(Server)}, does not answer as such a server does: {what}. Check port and protocol.", mayPass: false);

    /// <summary>The server is too busy.</summary>
    public ServerException Busy(string said) => Failed($"{Capital(AsUser)}, is not available: {Said(said)}. Try again later.", mayPass: true);

    /// <summary>The server does not let the user in.</summary>
    public ServerException SignIn(string why, Exception? e = null)
        => new(new Problem("sign-in-failed", $"{Capital(Server)}, did not let the user {Words.Quote(User)} sign in: {why}"), mayPass: false, e);

    /// <summary>The words of a server for a message: they may be anything, and repeat what was sent.</summary>
    public string Said(string text)
        => Words.Quote(Secrets.Where(s => !string.IsNullOrEmpty(s)).Aggregate(text, (masked, secret) => masked.Replace(secret!, SecretMask.Mask, StringComparison.Ordinal)));

    /// <summary>There is no TLS, or not with somebody who is known.</summary>
    public ServerException NoTls(AuthenticationException e) => new(
        new Problem("certificate-not-trusted", $"{Capital(Server)}, could not prove who it is: {Words.Shorten(e.Message.TrimEnd('.'), 300)}. "
            + (settings.CertificateAuthority is null
                ? "Check the host name. When the certificate is of an authority of your own, give its certificate (certificateAuthority)."
                : "Check the host name, and that the certificate given is of the authority that signed the server's.")),
        mayPass: false, e);

    /// <summary>The server offers no TLS.</summary>
    public ServerException OffersNoTls(string said) => Failed(
        $"{Capital(Server)}, offers no TLS: {Said(said)}. Choose the protocol sftp if the server has it; ftp would send password and file unprotected.", mayPass: false);

    /// <summary>The server is another than it was, or somebody poses as it.</summary>
    /// <param name="shown">The keys that it showed: one of each kind that it has.</param>
    public ServerException HostKeyChanged(IEnumerable<ShownKey> shown) => new(
        new Problem("host-key-changed", $"{Capital(Server)}, has another host key than the one recorded: it showed "
            + string.Join(", ", shown.Select(key => $"{Words.Quote(key.Fingerprint)} ({Words.Shorten(key.Kind)})"))
            + $", and {Words.Quote(settings.HostKey ?? "")} was expected. No password was sent. Either the server was set up anew, or somebody poses as it: "
            + "ask its administrator for the fingerprint, and save that as the integration point's host key (hostKey)."),
        mayPass: false);

    /// <summary>The file or its folder is not there.</summary>
    public ServerException NotFound(string path, string? said = null) => new(
        new Problem(FileNotFound, $"The file {Words.QuotePath(path)} is not on {AsUser}, or may not be read{(said is null ? "" : $": {Said(said)}")}. Check path and name, also their upper and lower case, and whether it was delivered."),
        mayPass: false);

    /// <summary>The file is there, and the server cannot hand it out, without saying why.</summary>
    public ServerException NotReadable(string path, string said) => new(
        new Problem("file-not-readable", $"The file {Words.QuotePath(path)} on {AsUser}, could not be opened or read: {Said(said)}. It may still be being written, or be locked. Try again later; ask the server's administrator when it happens again."),
        mayPass: true);

    /// <summary>No name with a time of the last hour is there.</summary>
    public ServerException NoneOfLastHour(string path, NamedMoment now) => new(
        new Problem(FileNotFound, string.Create(CultureInfo.InvariantCulture,
            $"No file like {Words.QuotePath(path)} with a time between {now.Local.AddHours(-1):yyyy-MM-dd HH:mm} and {now.Local:HH:mm} ({now.Local:zzz}), {now.InZone}, is on {AsUser}. "
            + $"Check path and pattern, the time zone, and whether it was delivered.")),
        mayPass: false);

    /// <summary>A file is not there whose name has dates: it may be there under those of another day.</summary>
    public static ServerException NotFoundThen(ServerException e, NamedMoment then) => new(e.Problem with
    {
        Message = string.Create(CultureInfo.InvariantCulture, $"{e.Problem.Message} The dates in its name are those of {then.Local:yyyy-MM-dd HH:mm} ({then.Local:zzz}), {then.InZone}."),
    }, e.MayPass, e);

    /// <summary>The file did not stay the same while it was copied.</summary>
    public ServerException Changed(string path) => new(
        new Problem("file-changed", $"The file {Words.QuotePath(path)} on {AsUser}, changed while it was copied. Nothing of it is used. Run again when it is written completely."), mayPass: true);

    /// <summary>There is more of the file than anything needs.</summary>
    public ServerException TooLarge(string path, long most) => new(
        new Problem("file-too-large", string.Create(CultureInfo.InvariantCulture, $"The file {Words.QuotePath(path)} on {AsUser}, has more than {most >> 30:N0} GiB, the most that is copied. Ask for it in parts.")), mayPass: false);

    private static ServerException Failed(string message, bool mayPass, Exception? e = null) => new(new Problem("connection-failed", message), mayPass, e);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
