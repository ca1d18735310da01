using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Entra;

/// <summary>What people are told of a directory: who was asked, as whom, and what to do; never a secret, a token, or where a page ends.</summary>
/// <param name="settings">Which directory.</param>
internal sealed class EntraWords(EntraSettings settings)
{
    private const string Portal = "entra.microsoft.com, App registrations, the application";

    /// <summary>What the source is called in messages.</summary>
    public string Name => settings.DirectoryId.Length == 0 ? "Microsoft Entra ID" : $"Microsoft Entra ID {Words.Shorten(settings.DirectoryId)}";

    private string Directory => settings.DirectoryId.Length == 0 ? "the directory of the app" : $"the directory {Words.Quote(settings.DirectoryId)}";

    private string Who => settings.ManagedIdentity ? "the app's managed identity" : $"the application {Words.Quote(settings.ApplicationId ?? "")}";

    /// <summary>No connection came about, or it ended too early.</summary>
    /// <param name="e">What happened.</param>
    /// <param name="host">Who was to be reached.</param>
    public static ServerException Unreachable(Exception e, string host)
    {
        if (OutboundHosts.RefusalOf(e) is { } refusal) return new(refusal, mayPass: false, e);
        var causes = Causes(e).ToList();
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } untrusted)
        {
            return new(new Problem("certificate-not-trusted", $"{Words.Quote(host)} could not prove who it is: {Words.Shorten(untrusted.Message.TrimEnd('.'), 300)}. "
                + "Nothing was sent. Ask whoever runs the app whether something stands between it and the internet."), mayPass: false, e);
        }
        return causes.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData => Failed($"{Words.Quote(host)} was not found: no such name is known. Check the version (commercial or government), and the name servers of the app.", mayPass: false, e),
            SocketError.TryAgain => Failed($"{Words.Quote(host)} was not found: the name servers do not answer. Try again later.", mayPass: true, e),
            SocketError.ConnectionRefused => Failed($"{Words.Quote(host)} refuses the connection: nothing listens there. Try again later.", mayPass: true, e),
            SocketError.TimedOut => Failed($"{Words.Quote(host)} does not answer. Check that a firewall lets connections from the app through.", mayPass: true, e),
            _ => Failed($"The connection to {Words.Quote(host)} was lost before everything was received. Try again later.", mayPass: true, e),
        };
    }

    /// <summary>There was no answer in time.</summary>
    public ServerException Silent(string host, Exception? e = null) => Failed(string.Create(CultureInfo.InvariantCulture,
        $"{Words.Quote(host)} gave no answer in {settings.TimeoutSeconds} seconds. Try again later, or give it more time (timeoutSeconds)."), mayPass: true, e);

    /// <summary>Somebody who only looks is kept waiting.</summary>
    public Problem Slow => new("connection-failed", $"{Name} takes too long to answer. Try again later; it may hold back those who ask often.");

    /// <summary>It does not answer as it should.</summary>
    public static ServerException Strange(string host, string what) => Failed($"{Words.Quote(host)} does not answer as Microsoft Graph does: {what}. Nothing of it is used.", mayPass: false);

    /// <summary>It is out of order for now.</summary>
    public static ServerException Broken(int status, string said) => Failed(string.Create(CultureInfo.InvariantCulture,
        $"Microsoft Graph is not available (HTTP {status}{Said(said)}). Try again later."), mayPass: true);

    /// <summary>It does not let anybody in.</summary>
    /// <param name="code">The number of the error (learn.microsoft.com, "Microsoft Entra authentication and authorization error codes"); 0: none was given.</param>
    /// <param name="e">What happened.</param>
    public ServerException SignIn(int code, Exception? e = null) => new(new Problem("sign-in-failed", $"{Capital(Who)} could not sign in to {Directory}: {Why(code)}"), mayPass: false, e);

    /// <summary>The app has no identity of its own.</summary>
    public static ServerException NoIdentity(Exception e) => new(new Problem("sign-in-failed",
        "The app has no managed identity here: there is one on Azure only. Give an application and its secret, or ask whoever runs the app."), mayPass: false, e);

    /// <summary>The app's identity lies in another directory.</summary>
    public ServerException OtherDirectory(string tenant) => new(new Problem("sign-in-failed",
        $"The app's managed identity belongs to the directory {Words.Quote(tenant)} and not to {Words.Quote(settings.DirectoryId)}. To read another directory, register an application there and give its id and secret."), mayPass: false);

    /// <summary>A token is not taken, although it is new.</summary>
    public ServerException NotTaken(string said) => new(new Problem("sign-in-failed",
        $"{Capital(Who)} signed in to {Directory}, but Microsoft Graph does not take its token{Said(said)}. Check the version (commercial or government)."), mayPass: false);

    /// <summary>Nobody has consented (guide 9.1).</summary>
    public ServerException NotConsented(string said) => new(new Problem("consent-missing",
        $"{Capital(Who)} may not read {Directory}{Said(said)}. It needs the application permissions of Microsoft Graph User.Read.All, Group.Read.All and Directory.Read.All, and consent to them. "
        + (settings.ManagedIdentity
            ? "A Global Administrator or Privileged Role Administrator of the directory has to assign these to the identity (an app role assignment), and it can take an hour to count."
            : $"An Application Administrator adds them ({Portal}, API permissions, Add a permission, Microsoft Graph, Application permissions); a Global Administrator or Privileged Role Administrator "
                + "of the directory then chooses \"Grant admin consent\" on the same page. It can take some minutes to count.")),
        mayPass: false);

    /// <summary>What was asked for is not answered.</summary>
    public ServerException Refused(string said) => new(new Problem("query-refused",
        $"Microsoft Graph does not answer what it was asked{Said(said)}. Check the filter{(settings.Filter is { } filter ? $" {Words.Quote(filter)}" : "")} and the names of the mapped properties. "
        + "Some properties can be filtered by advanced queries only, which are not made."), mayPass: false);

    /// <summary>The pages that were begun cannot be read on.</summary>
    public static ServerException Expired(string said) => new(new Problem("source-changed",
        $"Microsoft Graph does not go on with the list that was begun{Said(said)}. Nothing was transferred. Run again: the list is then read from its beginning."), mayPass: false);

    private static string Why(int code) => code switch
    {
        7000215 => $"the secret is not right (AADSTS7000215). Give the value of a client secret, not its ID; it is shown once only, so make a new one when it is lost ({Portal}, Certificates & secrets).",
        7000222 => $"the secret has expired (AADSTS7000222). An Application Administrator makes a new one ({Portal}, Certificates & secrets); give its value.",
        700016 => "there is no such application in that directory (AADSTS700016). Check Application (client) ID and Directory (tenant) ID; both are on the application's overview.",
        90002 or 900023 => string.Create(CultureInfo.InvariantCulture, $"there is no such directory (AADSTS{code}). Check the Directory (tenant) ID, and the version (commercial or government)."),
        7000112 => "the application is disabled in that directory (AADSTS7000112). Ask its administrator.",
        53003 or 530035 => string.Create(CultureInfo.InvariantCulture, $"a conditional access policy keeps it out (AADSTS{code}). Ask the directory's administrator."),
        900382 or 90038 => string.Create(CultureInfo.InvariantCulture, $"the directory lies in another cloud (AADSTS{code}). Choose the other version (commercial or government)."),
        0 => "Microsoft Entra ID refused it without saying why. Check Application (client) ID, Directory (tenant) ID and secret.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Microsoft Entra ID refused it (AADSTS{code}). Check Application (client) ID, Directory (tenant) ID and secret; login.microsoftonline.com/error says what the number means."),
    };

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException) yield return e;
    }

    // The words of a server may be anything.
    private static string Said(string text) => text.Length == 0 ? "" : $": {Words.Quote(SecretMask.InText(text))}";

    private static ServerException Failed(string message, bool mayPass, Exception? e = null) => new(new Problem("connection-failed", message), mayPass, e);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
