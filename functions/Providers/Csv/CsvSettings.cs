using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Providers.Csv;

/// <summary>How a server hands over files (guide 4.2.2, "Protocol").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileProtocol>))]
public enum FileProtocol
{
    /// <summary>FTP (RFC 959): nothing is encrypted, the password neither.</summary>
    [JsonStringEnumMemberName("ftp")] Ftp,

    /// <summary>FTP that begins TLS after the greeting (RFC 4217, explicit FTPS), for commands and for files.</summary>
    [JsonStringEnumMemberName("ftps")] Ftps,

    /// <summary>The file transfer protocol of SSH.</summary>
    [JsonStringEnumMemberName("sftp")] Sftp,
}

/// <summary>Where a CSV file lies on a server, and who asks for it (guide 4.2.2).</summary>
public sealed record CsvSettings
{
    /// <summary>The provider's name in integration points.</summary>
    public const string Provider = "csv";

    /// <summary>The server's name or address.</summary>
    [SecretTarget, Required, MaxLength(253), Description("Name or address of the server, such as filetransfer.example.com.")]
    public string Host { get; init; } = "";

    /// <summary>How the server is spoken to.</summary>
    [SecretTarget, Description("ftp (nothing is encrypted), ftps (explicit TLS) or sftp.")]
    public FileProtocol Protocol { get; init; } = FileProtocol.Sftp;

    /// <summary>The server's port; null: 21, of SFTP 22.</summary>
    [SecretTarget, Range(1, 65535), Description("Port of the server; blank: 21, and 22 for SFTP.")]
    public int? Port { get; init; }

    /// <summary>Who signs in; blank: anonymous, which SFTP does not know.</summary>
    [SecretTarget, MaxLength(256), Description("User name; blank: anonymous (FTP and FTPS only).")]
    public string? User { get; init; }

    /// <summary>The password; blank: none, and "anonymous" for FTP.</summary>
    [Description("Password.")]
    public Secret? Password { get; init; }

    /// <summary>The private key, as a key file has it (PEM or OpenSSH); SFTP only.</summary>
    [Description("Private key as a key file has it, PEM or OpenSSH (SFTP only).")]
    public Secret? PrivateKey { get; init; }

    /// <summary>What opens the private key.</summary>
    [Description("Passphrase of the private key.")]
    public Secret? Passphrase { get; init; }

    /// <summary>
    /// The SHA-256 fingerprint of the SFTP server's host key as <c>ssh-keygen -lf</c> prints it, or several with blanks between. Null: the first
    /// connection of a job takes the server's and records it here; later ones refuse any other.
    /// </summary>
    [SecretTarget, MaxLength(1000), Description("SHA-256 fingerprint of the host key (SFTP only); blank: the first job records the server's.")]
    public string? HostKey { get; init; }

    /// <summary>Certificates as PEM of the authority that signed the server's; null: those that the machine trusts. FTPS only.</summary>
    [SecretTarget, MaxLength(64 * 1024), Description("Certificate of the authority to trust instead of the public ones, as PEM (FTPS only).")]
    public string? CertificateAuthority { get; init; }

    /// <summary>The file's path on the server, with dates in its name: <see cref="DatedPath"/>.</summary>
    [Required, MaxLength(1024), Description("Path of the CSV file; each pair of * in the file's name encloses a date pattern, such as /export/*yyyy*-*MM*-*dd*_HRIS_export.csv.")]
    public string Path { get; init; } = "";

    /// <summary>The time zone in which dates in the name are meant; null: that of the integration point's schedule, else UTC.</summary>
    [MaxLength(100), Description("Time zone of the dates in the file's name; blank: that of the schedule, else UTC.")]
    public string? TimeZone { get; init; }

    /// <summary>The columns that the file had when its fields were mapped. Empty: not known, so that no column is new.</summary>
    [Description("The columns that the file had when they were mapped; what changed since is told.")]
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The columns that the file of the first job had, which recorded them here. Empty: no job did, or <see cref="Columns"/> are known.</summary>
    [Description("The columns that the first job's file had, which records them when none are given; blank: the next job does.")]
    public IReadOnlyList<string> SeenColumns { get; init; } = [];

    /// <summary>How long the server may be silent before the connection counts as lost.</summary>
    [Range(1, 600), Description("Seconds that the server may be silent.")]
    public int TimeoutSeconds { get; init; } = 30;
}
