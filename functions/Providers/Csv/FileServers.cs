using System.Net;
using System.Net.Sockets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>Signs in to the server of settings, at an address that connections may go to.</summary>
/// <param name="hosts">Where connections may go.</param>
/// <param name="secrets">Passwords and keys by name.</param>
/// <param name="workspace">Whose secrets are meant: those of another workspace would be sent to whatever server is named here.</param>
internal sealed class FileServers(OutboundHosts hosts, ISecrets secrets, string workspace)
{
    /// <summary>A server that is ready to be asked.</summary>
    /// <exception cref="ServerException">It cannot be reached, or does not let the user in.</exception>
    /// <exception cref="ConfigurationException">Connections must not go there, or a secret is missing.</exception>
    public async Task<IFileServer> SignInAsync(CsvSettings settings, CancellationToken cancellationToken)
    {
        var words = new ServerWords(settings);
        var port = settings.Port ?? CsvRules.PortOf(settings.Protocol);
        var password = await SecretAsync(settings.Password, "password", cancellationToken);
        try
        {
            if (settings.Protocol != FileProtocol.Sftp)
            {
                var socket = await hosts.ConnectAsync(settings.Host, port, cancellationToken);
                return await FtpServer.SignInAsync(settings, socket, password, words, cancellationToken);
            }
            var key = await SecretAsync(settings.PrivateKey, "private key", cancellationToken);
            var credentials = new SshCredentials(password, key, await SecretAsync(settings.Passphrase, "passphrase", cancellationToken));
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
        var addresses = await hosts.CheckAsync(host, port, cancellationToken);
        if (addresses is [var only]) return new IPEndPoint(only, port);
        using var socket = await hosts.ConnectAsync(host, port, cancellationToken);
        return socket.RemoteEndPoint!;
    }

    private async Task<string?> SecretAsync(string? name, string what, CancellationToken cancellationToken)
    {
        if (name is null) return null;
        return await secrets.GetAsync(SecretNames.Of(workspace, name), cancellationToken) ?? throw new ConfigurationException(
            "secret-missing", $"The {what} is kept as the secret {Words.Quote(name)}, and there is no secret of that name. Enter it again.");
    }
}
