using IntegrationPoints.Engine;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace IntegrationPoints.App.Notifications;

/// <summary>Mails cannot go out at all, for now or for good.</summary>
/// <param name="reason">Why, and what to do, in words.</param>
/// <param name="forGood">Whether trying again cannot help.</param>
/// <param name="inner">What showed it.</param>
public sealed class MailException(string reason, bool forGood, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>Whether trying again cannot help: somebody must change a setting first.</summary>
    public bool ForGood => forGood;

    /// <summary>What a failure of the mail client means. The text of its server is shortened; no password is ever part of it.</summary>
    internal static MailException Of(Exception error) => error switch
    {
        MailException known => known,
        AuthenticationException => new("The mail server did not accept the user name or its password. Check the setting SmtpUserName and the app setting Smtp:Password.", true, error),
        NotSupportedException => new("The mail server does not offer STARTTLS, or no way to sign in. Check the settings SmtpServer, SmtpPort and SmtpUseStartTls.", true, error),
        ConfigurationException closed => new(closed.Message, true, error),
        FormatException => new("The setting SmtpServer holds no name of a server. Check it.", true, error),
        SmtpCommandException refused => new($"The mail server answered {Answer(refused)}. Check the settings EmailFrom and SmtpUserName.", (int)refused.StatusCode >= 500, error),
        SslHandshakeException => new("No encrypted connection to the mail server came about, or its certificate could not be verified. The certificate must be valid, name the server of the setting SmtpServer and come from an authority that the app's machine trusts.", false, error),
        _ => new($"The mail server could not be reached, or broke off: {Words.Shorten(error.Message)}. Check that it runs, and the settings SmtpServer and SmtpPort.", false, error),
    };

    /// <summary>What a mail server answered: number and text.</summary>
    internal static string Answer(SmtpCommandException refused) => $"{(int)refused.StatusCode} {Words.Quote(refused.Message)}";
}
