using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>What people are told of a directory: each message names it, its port and who signed in, and never a password.</summary>
/// <param name="settings">Which directory.</param>
/// <param name="path">Their path.</param>
internal sealed class LdapWords(LdapSettings settings, LdapPath path)
{
    /// <summary>The code of what is not there, or may not be seen.</summary>
    public const string BaseNotFound = "base-not-found";

    private const string Later = "Try again later; ask the server's administrator when it happens again.";

    /// <summary>The password, which a server might repeat; null: none.</summary>
    public string? Password { private get; init; }

    private string Server => string.Create(CultureInfo.InvariantCulture,
        $"the {(settings.Protocol == DirectoryProtocol.Ldaps ? "LDAPS" : "LDAP")} server {Words.Quote(path.Host)}, port {path.PortFor(settings.Protocol)}");

    private string AsUser => settings.User is null ? $"{Server}, asked as nobody" : $"{Server}, as the user {Words.Quote(settings.User)}";

    /// <summary>No connection came about.</summary>
    public ServerException Unreachable(SocketException e) => ServerException.Unreachable(Server, e);

    /// <summary>There is no TLS, or not with somebody who is known.</summary>
    public ServerException NoTls(AuthenticationException e) => new(
        new Problem("certificate-not-trusted", $"{Capital(Server)}, could not prove who it is: {Words.Shorten(e.Message.TrimEnd('.'), 300)}. "
            + (settings.CertificateAuthority is null
                ? "Check host and port. When the certificate is of an authority of your own, give its certificate (certificateAuthority)."
                : "Check host and port, and that the certificate given is of the authority that signed the server's.")),
        mayPass: false, e);

    /// <summary>The server said nothing for too long.</summary>
    public ServerException Silent(Exception? e = null) => Failed(string.Create(CultureInfo.InvariantCulture,
        $"{Capital(AsUser)}, was silent for {settings.TimeoutSeconds} second{(settings.TimeoutSeconds == 1 ? "" : "s")}. Try again later, or give it more time (timeoutSeconds)."), mayPass: true, e);

    /// <summary>The server keeps somebody waiting who only looks.</summary>
    public ServerException Slow() => Failed($"{Capital(AsUser)}, takes too long to show its first entries. Try again later, narrow path or filter, or ask its administrator.", mayPass: true);

    /// <summary>The server takes longer than a job can wait.</summary>
    public Problem TooLong(TimeSpan longest) => new("copy-too-slow", string.Create(CultureInfo.InvariantCulture,
        $"{Capital(AsUser)}, took more than {longest.TotalMinutes:0} minutes to list its entries, and a job waits no longer. Nothing was imported. Narrow path or filter and import in parts, or ask its administrator why it is slow."));

    /// <summary>The connection ended before what was asked for was complete.</summary>
    public ServerException Lost(Exception? e = null)
        => Failed($"The connection to {AsUser}, was lost before everything was received. Nothing of it is used. {Later}", mayPass: true, e);

    /// <summary>One page of entries is more than can be held.</summary>
    public ServerException TooMuch(long most) => new(
        new Problem("answer-too-large", string.Create(CultureInfo.InvariantCulture,
            $"{Capital(AsUser)}, sent more than {most >> 20:N0} MiB for a page of entries. Leave out attributes with large values such as photographs, or narrow the filter.")), mayPass: false);

    /// <summary>There is more than anything needs.</summary>
    public ServerException Endless(long most) => new(
        new Problem("directory-too-large", string.Create(CultureInfo.InvariantCulture, $"{Capital(AsUser)}, has more than {most >> 30:N0} GiB to give, the most that is copied. Ask for it in parts.")), mayPass: false);

    /// <summary>The server does not speak as a directory does.</summary>
    public ServerException Strange(string what, Exception? e = null)
        => Failed($"{Capital(Server)}, does not answer as a directory does: {what}. Check port and protocol.", mayPass: false, e);

    /// <summary>The server does not let the user in.</summary>
    public ServerException SignIn(BindAnswer answer, Exception? e = null) => answer.Code switch
    {
        ResultCode.Busy or ResultCode.Unavailable => Failed($"{Capital(AsUser)}, is not available: {Said(answer.Said)}. {Later}", mayPass: true, e),
        ResultCode.StrongAuthRequired or ResultCode.ConfidentialityRequired =>
            Final("sign-in-failed", $"{Capital(Server)}, wants an encrypted connection before anybody signs in: {Said(answer.Said)}. Use ldaps, port 636.", e),
        _ when answer.Reason is { } reason => Final("sign-in-failed",
            $"{Capital(Server)}, did not let the user {Words.Quote(settings.User ?? "")} sign in: {reason}. Check user name and password; accounts are mended by the administrator of the directory.", e),
        _ => SignIn(answer.Said.Length > 0 ? answer.Said : e?.Message ?? "", e),
    };

    /// <summary>The server does not let the user in, or wants to know who asks.</summary>
    public ServerException SignIn(string said, Exception? e = null) => new(
        new Problem("sign-in-failed", settings.User is null
            ? $"{Capital(Server)}, wants to know who asks: {Said(said)}. Give a user name and a password."
            : $"{Capital(Server)}, did not let the user {Words.Quote(settings.User)} sign in: {Said(said)}. Check user name and password, and how the server writes user names: "
              + "uid=johndoe,ou=Users,dc=example,dc=com, johndoe@example.com, EXAMPLE\\johndoe."),
        mayPass: false, e);

    /// <summary>No base was given, and the server does not say which is its own.</summary>
    public ServerException NoBase(IReadOnlyCollection<string> contexts) => new(
        new Problem("base-missing", $"{Capital(AsUser)}, does not say where to begin: it has {Words.List(contexts)}. Put one of its bases behind the server in the path, such as {Words.Quote($"{path.Host}/DC=example,DC=com")}."), mayPass: false);

    /// <summary>What a search came to instead of entries.</summary>
    /// <param name="code">The result (RFC 4511, A.1).</param>
    /// <param name="said">What the server says of it.</param>
    /// <param name="base">Where the search began.</param>
    /// <param name="e">What happened.</param>
    public ServerException Refused(ResultCode code, string said, string @base, Exception? e = null) => code switch
    {
        ResultCode.NoSuchObject => Final(BaseNotFound, $"{Words.Quote(@base)} is not on {AsUser}, or may not be read. Check the part of the path behind the server, and what the user may read.", e),
        ResultCode.InvalidDNSyntax => Final("invalid-base", $"{Words.Quote(@base)} is no distinguished name to {AsUser}. Check the part of the path behind the server.", e),
        ResultCode.Referral or ResultCode.ReferralV2 => Final("base-elsewhere", $"{Words.Quote(@base)} lies on another server than {AsUser}. Referrals are not followed; name that server in the path.", e),
        ResultCode.SizeLimitExceeded or ResultCode.AdminLimitExceeded => Final("size-limit-exceeded",
            $"{Capital(AsUser)}, does not give all entries below {Words.Quote(@base)}: {Said(said)}. Nothing of them is used. Ask its administrator to lift the limit for this user, or narrow path or filter.", e),
        ResultCode.TimeLimitExceeded => new(new Problem("time-limit-exceeded",
            $"{Capital(AsUser)}, stopped the search below {Words.Quote(@base)} because it took too long. Nothing of it is used. Try again later, narrow path or filter, or ask its administrator for an index."), mayPass: true, e),
        ResultCode.UnavailableCriticalExtension => Final("paging-not-supported",
            $"{Capital(AsUser)}, cannot hand over entries page by page (RFC 2696), so that a large directory cannot be read. Ask its administrator to allow paged results.", e),
        ResultCode.Busy or ResultCode.Unavailable => Failed($"{Capital(AsUser)}, is not available: {Said(said)}. {Later}", mayPass: true, e),
        ResultCode.InsufficientAccessRights => Final("access-denied", $"{Capital(AsUser)}, does not show what lies below {Words.Quote(@base)}. Ask its administrator for the right to read there.", e),
        ResultCode.UndefinedAttributeType or ResultCode.InvalidAttributeSyntax or ResultCode.InappropriateMatching => Filter(said, e),
        // How Active Directory asks for a user; and the others, as RFC 4511 has them.
        ResultCode.OperationsError or ResultCode.StrongAuthRequired or ResultCode.ConfidentialityRequired or ResultCode.InappropriateAuthentication or ResultCode.UnwillingToPerform => SignIn(said, e),
        _ => Strange($"it said {Said(said)}", e),
    };

    /// <summary>The server does not understand the filter.</summary>
    public ServerException Filter(string said, Exception? e)
        => Final("invalid-filter", $"{Capital(Server)}, does not take the object filter {Words.Quote(settings.Filter ?? LdapFilter.Everything)}: {Said(said)}. Check it.", e);

    private string Said(string text) => Words.Quote(string.IsNullOrEmpty(Password) ? text : text.Replace(Password, SecretMask.Mask, StringComparison.Ordinal));

    private static ServerException Final(string code, string message, Exception? e) => new(new Problem(code, message), mayPass: false, e);

    private static ServerException Failed(string message, bool mayPass, Exception? e = null) => new(new Problem("connection-failed", message), mayPass, e);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
