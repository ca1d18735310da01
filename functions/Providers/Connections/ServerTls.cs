using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntegrationPoints.Providers.Connections;

/// <summary>TLS as a client has it that verifies whom it speaks to.</summary>
internal static class ServerTls
{
    /// <summary>Whose certificates are taken, and for which name.</summary>
    /// <param name="host">The name that the certificate must be for.</param>
    /// <param name="authorities">Certificates as PEM that are trusted instead of those that the machine trusts; null: those of the machine.</param>
    public static SslClientAuthenticationOptions Options(string host, string? authorities)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = Verify,
        };
        if (authorities is null || Certificates(authorities) is not { } trusted) return options;
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        return options;
    }

    /// <summary>Takes a certificate in which nothing is wrong, and says of any other what it is, in words.</summary>
    /// <exception cref="AuthenticationException">Something is wrong with it; the message says what, in words.</exception>
    public static bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        var flaws = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        throw new AuthenticationException(errors switch
        {
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "it has no certificate",
            _ when (flaws & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 => "its certificate is signed by an authority that is not trusted",
            _ when flaws.HasFlag(X509ChainStatusFlags.NotTimeValid) => "its certificate has expired, or is not valid yet",
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "its certificate is for another name",
            _ => $"its certificate is not valid ({flaws})",
        });
    }

    /// <summary>The certificates of a PEM text; null: there are none in it, or it is damaged.</summary>
    public static X509Certificate2Collection? Certificates(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates.Count > 0 ? certificates : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
