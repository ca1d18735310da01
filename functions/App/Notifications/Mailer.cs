using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Storage.Catalog;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Notifications;

/// <summary>The mail server as the settings of the instance describe it, without the password.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port.</param>
/// <param name="UseStartTls">Whether the connection must be encrypted by STARTTLS.</param>
/// <param name="UserName">As whom to sign in; empty: not at all.</param>
/// <param name="From">The sender.</param>
public sealed record MailServer(string Host, int Port, bool UseStartTls, string UserName, string From)
{
    // RFC 8314, 3.3: on this port the connection is encrypted from its beginning.
    private const int Submissions = 465;

    /// <summary>How the connection is encrypted. Nothing is optional: what is asked for and cannot be had ends the attempt.</summary>
    internal SecureSocketOptions Security => Port == Submissions ? SecureSocketOptions.SslOnConnect : UseStartTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None;
}

/// <summary>
/// Sends mails as the settings say. Certificates are verified against the authorities that the machine trusts; one more is trusted by the
/// machine's own means (its store, or the environment's SSL_CERT_FILE), never by a setting of the app. The server is connected to as <see cref="OutboundHosts"/> allows.
/// </summary>
public sealed class Mailer(InstanceSettings settings, OutboundHosts hosts, IConfiguration configuration)
{
    // learn.microsoft.com, "Use Key Vault references": what cannot be resolved is given to the app as it is written.
    private const string Reference = "@Microsoft.KeyVault(";

    private readonly string password = configuration["Smtp:Password"] ?? "";

    // Whoever may set SmtpServer names any host. The password is for the one that was named where the password was set, and goes to no other.
    private readonly string passwordHost = configuration["Smtp:Host"] ?? "";

    // An authority of the house often publishes no list of revoked certificates; then the check would refuse every certificate of it.
    private readonly bool checkRevocation = configuration.GetValue("Smtp:CheckRevocation", true);

    /// <summary>The server; null when none is set, so that no mail is sent.</summary>
    public async Task<MailServer?> ServerAsync(CancellationToken cancellationToken)
    {
        var host = await ValueAsync(InstanceSetting.SmtpServer, cancellationToken);
        return host.Length == 0 ? null : new MailServer(
            host,
            int.Parse(await ValueAsync(InstanceSetting.SmtpPort, cancellationToken), CultureInfo.InvariantCulture),
            await ValueAsync(InstanceSetting.SmtpUseStartTls, cancellationToken) == "yes",
            await ValueAsync(InstanceSetting.SmtpUserName, cancellationToken),
            await ValueAsync(InstanceSetting.EmailFrom, cancellationToken));
    }

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="MailException">It cannot be done.</exception>
    public async Task<MailSession> OpenAsync(MailServer server, CancellationToken cancellationToken)
    {
        if (server.From.Length == 0) throw new MailException("The setting EmailFrom is blank. Set it to the address that notifications come from.", forGood: true);
        if (server is { UserName.Length: > 0, Security: SecureSocketOptions.None })
            throw new MailException("A password is sent over an encrypted connection only. Set SmtpUseStartTls to yes, or SmtpUserName to nothing.", forGood: true);
        if (server.UserName.Length > 0 && !IsSame(server.Host, passwordHost))
            throw new MailException($"The password for mails was not set for the server {Words.Quote(server.Host)} of the setting SmtpServer, so that it is not sent there. Have the app settings Smtp:Host and Smtp:Password set for that server, or set SmtpServer back, or SmtpUserName to nothing.", forGood: true);
        if (server.UserName.Length > 0 && password.StartsWith(Reference, StringComparison.OrdinalIgnoreCase))
            throw new MailException("The password for mails is not in the key vault that the app setting Smtp:Password refers to, or the app may not read it there. Set the password (SMTP_PASSWORD, together with SMTP_HOST) and deploy again.", forGood: true);
        var session = new MailSession(new SmtpClient { CheckCertificateRevocation = checkRevocation }, server.From);
        try
        {
            await session.OpenAsync(server, password, hosts, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    // RFC 1034, 3.1: letters of either case, and a dot at the end says no more than that the name is whole.
    private static bool IsSame(string host, string other)
        => host.Trim().TrimEnd('.') is { Length: > 0 } name && name.Equals(other.Trim().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private async Task<string> ValueAsync(string name, CancellationToken cancellationToken)
        => (await settings.GetAsync(InstanceSetting.Find(name)!, cancellationToken)).Value;
}
