using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>TLS as a client of FTP has it: on each of its connections, with a server whose certificate is verified.</summary>
internal static class FtpTls
{
    /// <summary>Whose certificates are taken, and for which name. One for all connections of a session: some servers want it taken up again (RFC 4217, 10.2).</summary>
    public static SslClientAuthenticationOptions Options(CsvSettings settings)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = settings.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (settings.CertificateAuthority is not { } pem || CsvRules.Certificates(pem) is not { } authorities) return options;
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        return options;
    }

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
