using System.Net.Security;
using System.Security.Authentication;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>TLS as a client of FTP has it: on each of its connections, with a server whose certificate is verified.</summary>
internal static class FtpTls
{
    /// <summary>Begins TLS on a connection, which it owns from then on.</summary>
    /// <exception cref="ServerException">The server cannot prove who it is, is silent, or the connection is lost.</exception>
    public static async Task<SslStream> BeginAsync(
        Stream connection, SslClientAuthenticationOptions options, ServerWords words, TimeSpan patience, CancellationToken cancellationToken)
    {
        var secure = new SslStream(connection, leaveInnerStreamOpen: false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await secure.AuthenticateAsClientAsync(options, limit.Token);
            return secure;
        }
        catch (Exception e)
        {
            await secure.DisposeAsync();
            throw e switch
            {
                AuthenticationException refused => words.NoTls(refused),
                IOException => words.Lost(e),
                OperationCanceledException when !cancellationToken.IsCancellationRequested => words.Silent(e),
                _ => e,
            };
        }
    }
}
