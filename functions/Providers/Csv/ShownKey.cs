using Renci.SshNet;

namespace IntegrationPoints.Providers.Csv;

/// <summary>A host key that a server showed.</summary>
/// <param name="Kind">The algorithm by which it proved to have it, such as <c>ssh-ed25519</c> or <c>rsa-sha2-512</c>.</param>
/// <param name="Fingerprint">Its fingerprint, as OpenSSH writes it.</param>
internal sealed record ShownKey(string Kind, string Fingerprint)
{
    /// <summary>Asks for no key of a kind any more. False: there is nothing else to ask for.</summary>
    public static bool Forgo(ConnectionInfo connection, string kind)
    {
        var offered = connection.HostKeyAlgorithms;
        var gone = offered.Keys.Where(name => KeyOf(name) == KeyOf(kind)).ToList();
        foreach (var name in gone) offered.Remove(name);
        return gone.Count > 0 && offered.Count > 0;
    }

    // One key of RSA signs in three ways (RFC 8332).
    private static string KeyOf(string algorithm)
        => algorithm.Replace("rsa-sha2-512", "ssh-rsa", StringComparison.Ordinal).Replace("rsa-sha2-256", "ssh-rsa", StringComparison.Ordinal);
}
