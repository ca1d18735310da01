using System.Net;
using System.Net.Sockets;
using IntegrationPoints.Engine;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>Signs in to the server of settings, at an address that connections may go to.</summary>
/// <param name="outside">Where connections may go, and secrets.</param>
/// <param name="workspace">Whose secrets are meant.</param>
internal sealed class FileServers(Outside outside, string workspace)
{
    /// <summary>A server that is ready to be asked.</summary>
    /// <exception cref="ServerException">It cannot be reached, or does not let the user in.</exception>
    /// <exception cref="ConfigurationException">Connections must not go there, or a secret is missing.</exception>
    public async Task<IFileServer> SignInAsync(CsvSettings settings, CancellationToken cancellationToken)
    {
        var port = settings.Port ?? CsvRules.PortOf(settings.Protocol);
        var credentials = new SshCredentials(
            await outside.SecretAsync(workspace, settings.Password, "password", cancellationToken),
            await outside.SecretAsync(workspace, settings.PrivateKey, "private key", cancellationToken),
            await outside.SecretAsync(workspace, settings.Passphrase, "passphrase", cancellationToken));
        var words = new ServerWords(settings) { Secrets = [credentials.Password, credentials.PrivateKey, credentials.Passphrase] };
        try
        {
            if (settings.Protocol != FileProtocol.Sftp)
            {
                var socket = await outside.Hosts.ConnectAsync(settings.Host, port, cancellationToken);
                return await FtpServer.SignInAsync(settings, socket, credentials.Password, words, cancellationToken);
            }
            // The library connects by itself: it is given the address that was checked, never the name.
            var place = await ReachedAsync(settings.Host, port, cancellationToken);
            return await SftpServer.SignInAsync(settings, place, credentials, words, cancellationToken);
        }
        catch (SocketException e)
        {
            throw words.Unreachable(e);
        }
    }

    // Of several addresses the one that answers.
    private async Task<EndPoint> ReachedAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await outside.Hosts.CheckAsync(host, port, cancellationToken);
        if (addresses is [var only]) return new IPEndPoint(only, port);
        using var socket = await outside.Hosts.ConnectAsync(host, port, cancellationToken);
        return socket.RemoteEndPoint!;
    }
}
