using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>How a directory is spoken to (guide 4.3.2, "Authentication": TLS is the only one that signs in).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DirectoryProtocol>))]
public enum DirectoryProtocol
{
    /// <summary>LDAP inside of TLS, whose certificate is verified.</summary>
    [JsonStringEnumMemberName("ldaps")] Ldaps,

    /// <summary>LDAP with nothing encrypted: without a password only.</summary>
    [JsonStringEnumMemberName("ldap")] Ldap,
}

/// <summary>Which entries of which directory are read, and who asks for them (guide 4.3.2).</summary>
public sealed record LdapSettings
{
    /// <summary>The provider's name in integration points.</summary>
    public const string Provider = "ldap";

    /// <summary>Host, port and base: <see cref="LdapPath"/>.</summary>
    [SecretTarget, Required, MaxLength(2048), Description("Server, port and where in the directory to begin, such as ldap.example.com:636/OU=Employees,DC=example,DC=com.")]
    public string Path { get; init; } = "";

    /// <summary>How the server is spoken to.</summary>
    [SecretTarget, Description("ldaps (TLS, port 636) or ldap (nothing is encrypted, port 389, without a password only).")]
    public DirectoryProtocol Protocol { get; init; } = DirectoryProtocol.Ldaps;

    /// <summary>Which entries are wanted: <see cref="LdapFilter"/>; null: all.</summary>
    [MaxLength(8000), Description("Object filter, such as (objectClass=user); blank: (objectClass=*).")]
    public string? Filter { get; init; }

    /// <summary>Who signs in (a simple bind): a distinguished name, or what else the server takes; blank: nobody, anonymous.</summary>
    [SecretTarget, MaxLength(1000), Description("User name as the server wants it, such as uid=johndoe,ou=Users,dc=example,dc=com or johndoe@example.com; blank: anonymous.")]
    public string? User { get; init; }

    /// <summary>The password.</summary>
    [Description("Password.")]
    public Secret? Password { get; init; }

    /// <summary>Whether entries below those of the first level are read too (guide 4.3.2, "Import Nested Items").</summary>
    [Description("Import nested items: all that lies below the path; otherwise only its first level.")]
    public bool Nested { get; init; }

    /// <summary>Certificates as PEM of the authority that signed the server's; null: those that the machine trusts.</summary>
    [SecretTarget, MaxLength(64 * 1024), Description("Certificate of the authority to trust instead of the public ones, as PEM.")]
    public string? CertificateAuthority { get; init; }

    /// <summary>How long the server may be silent before the connection counts as lost.</summary>
    [Range(1, 600), Description("Seconds that the server may be silent.")]
    public int TimeoutSeconds { get; init; } = 30;
}
