using IntegrationPoints.Engine.Notifications;
using IntegrationPoints.Providers.Connections;
using MailKit.Net.Smtp;
using MimeKit;
using MimeKit.Text;

namespace IntegrationPoints.App.Notifications;

/// <summary>What became of a mail to one recipient.</summary>
/// <param name="Refusal">What the server answered; null: it took the mail.</param>
/// <param name="ForGood">Whether the recipient was refused for good, and not only for now.</param>
public sealed record Delivery(string? Refusal, bool ForGood);

/// <summary>A connection to the mail server, signed in.</summary>
public sealed class MailSession : IAsyncDisposable
{
    /// <summary>How long opening it, and how long sending one mail, may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);

    private readonly SmtpClient client;
    private readonly MailboxAddress from;

    internal MailSession(SmtpClient client, string from) => (this.client, this.from) = (client, new MailboxAddress("Integration Points", from));

    /// <summary>Sends a notification to one recipient.</summary>
    /// <param name="notification">What it says.</param>
    /// <param name="messageId">The same each time for the same recipient of the same job, so that what comes twice can be seen to.</param>
    /// <param name="recipient">The address; one that <see cref="Recipients.IsAddress"/> accepts.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="MailException">The server takes no mails, whoever is their recipient.</exception>
    public async Task<Delivery> SendAsync(Notification notification, string messageId, string recipient, CancellationToken cancellationToken)
    {
        var delivery = new Delivery(null, false);
        await LimitedAsync(
            async limit =>
            {
                var to = new MailboxAddress("", recipient);
                using var message = new MimeMessage { MessageId = messageId, Subject = notification.Subject, Body = new TextPart(TextFormat.Plain) { Text = notification.Body } };
                message.From.Add(from);
                message.To.Add(to);
                // RFC 3834, 5: nobody's absence note answers it.
                message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
                try
                {
                    await client.SendAsync(message, from, [to], limit);
                }
                catch (SmtpCommandException e) when (e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
                {
                    delivery = new Delivery(MailException.Answer(e), (int)e.StatusCode >= 500);
                }
            },
            cancellationToken);
        return delivery;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using (client)
        {
            if (!client.IsConnected) return;
            using var limit = new CancellationTokenSource(LongestGoodbye);
            // Everything was sent: a server that does not hear the goodbye notices the closed connection.
            await Task.WhenAny(client.DisconnectAsync(quit: true, limit.Token));
        }
    }

    internal Task OpenAsync(MailServer server, string password, OutboundHosts hosts, CancellationToken cancellationToken) => LimitedAsync(
        async limit =>
        {
            await client.ConnectAsync(await hosts.ConnectAsync(server.Host, server.Port, limit), server.Host, server.Port, server.Security, limit);
            if (server.UserName.Length > 0) await client.AuthenticateAsync(server.UserName, password, limit);
        },
        cancellationToken);

    private static async Task LimitedAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            await work(limit.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw MailException.Of(e);
        }
    }
}
