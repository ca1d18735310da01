using IntegrationPoints.Engine;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>What the settings of a directory must be to be saved, beyond what their annotations say.</summary>
public static class LdapRules
{
    /// <summary>The settings in their one form: blanks as nothing.</summary>
    /// <param name="settings">As they were sent.</param>
    /// <param name="problems">What is wrong is added here, with the name of the setting as its field.</param>
    public static LdapSettings Clean(LdapSettings settings, ICollection<Problem> problems)
    {
        var clean = settings with
        {
            Path = settings.Path.Trim(),
            Filter = Blank(settings.Filter?.Trim()),
            User = Blank(settings.User?.Trim()),
            CertificateAuthority = Blank(settings.CertificateAuthority),
        };
        // A blank path is the annotations' to refuse.
        if (clean.Path.Length > 0 && LdapPath.Parse(clean.Path, out var wrong) is null) problems.Add(wrong! with { Field = "path" });
        if (LdapFilter.Clean(clean.Filter, out wrong) is null) problems.Add(wrong! with { Field = "filter" });
        CheckSignIn(clean, problems);
        if (clean.CertificateAuthority is null) return clean;
        if (clean.Protocol != DirectoryProtocol.Ldaps)
            problems.Add(At("certificateAuthority", "Only ldaps has a certificate. Leave the authority out, or choose the protocol ldaps."));
        else if (ServerTls.Certificates(clean.CertificateAuthority) is null)
            problems.Add(At("certificateAuthority", "The certificate of the authority cannot be read. Expected the text of a .pem file: -----BEGIN CERTIFICATE----- and what follows.", "invalid-certificate"));
        return clean;
    }

    private static void CheckSignIn(LdapSettings settings, ICollection<Problem> problems)
    {
        if (settings.User?.Any(char.IsControl) == true) problems.Add(At("user", "The user name holds control characters. Write it again."));
        // RFC 4513, 5.1.2: servers take a name without a password for nobody, and hand out what nobody may see.
        if (settings.User is not null && settings.Password is null) problems.Add(At("password", "A user name is given, but no password. Give both; leave both blank to sign in as nobody."));
        if (settings.User is null && settings.Password is not null) problems.Add(At("user", "A password is given, but no user name. Give both; leave both blank to sign in as nobody."));
        if (settings.Password is not null && settings.Protocol == DirectoryProtocol.Ldap)
            problems.Add(At("protocol", "The protocol ldap would send the password unprotected. Choose ldaps (port 636), or leave user name and password out."));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Problem At(string field, string message, string code = "invalid-settings") => new(code, message) { Field = field };
}
