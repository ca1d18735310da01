using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>The values of a directory as text.</summary>
internal static partial class LdapValues
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly HashSet<string> Guids = new(StringComparer.OrdinalIgnoreCase) { "objectGUID", "mS-DS-ConsistencyGuid" };

    private static readonly HashSet<string> Sids = new(StringComparer.OrdinalIgnoreCase) { "objectSid", "sIDHistory" };

    // Whose values may look like text by chance (RFC 4523, RFC 2798, Active Directory); others show that they are none.
    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase)
    {
        "jpegPhoto", "photo", "audio", "thumbnailPhoto", "thumbnailLogo", "userCertificate", "cACertificate", "crossCertificatePair", "certificateRevocationList",
        "authorityRevocationList", "userSMIMECertificate", "logonHours", "replPropertyMetaData", "nTSecurityDescriptor", "msExchMailboxSecurityDescriptor",
    };

    // Kept to prove who somebody is: nothing that belongs in a review workspace.
    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "userPassword", "unicodePwd", "authPassword", "ntPwdHistory", "lmPwdHistory", "dBCSPwd", "supplementalCredentials", "sambaNTPassword", "sambaLMPassword",
        "sambaPasswordHistory", "sambaTrustPassword", "sambaClearTextPassword", "sambaPreviousClearTextPassword", "pwdHistory", "krbPrincipalKey", "krbMKey", "ipaNTHash",
        "msDS-ManagedPassword", "ms-Mcs-AdmPwd", "msLAPS-Password", "msLAPS-EncryptedPassword", "msLAPS-EncryptedPasswordHistory", "msLAPS-EncryptedDSRMPassword",
        "msLAPS-EncryptedDSRMPasswordHistory", "msFVE-RecoveryPassword", "msFVE-KeyPackage", "msTPM-OwnerInformation", "trustAuthIncoming", "trustAuthOutgoing",
        "initialAuthIncoming", "initialAuthOutgoing", "nspmPassword", "nspmPasswordHistory", "nspmDistributionPassword", "orclPassword",
        "ipatokenOTPkey", "userPKCS12", "sshPrivateKey",
    };

    /// <summary>Whether an attribute holds what nobody is to read.</summary>
    public static bool IsSecret(string attribute) => Secrets.Contains(NameOf(attribute));

    /// <summary>An attribute's name without its options: <c>userCertificate</c> of <c>userCertificate;binary</c>.</summary>
    public static string NameOf(string attribute) => attribute.IndexOf(';', StringComparison.Ordinal) is >= 0 and var end ? attribute[..end] : attribute;

    /// <summary>
    /// A value as text: identifiers of Active Directory in their textual form, times as ISO 8601, text as it is; everything else, and text with a NUL, as
    /// lower-case hexadecimal digits.
    /// </summary>
    /// <param name="attribute">The attribute's name, which says what some values are.</param>
    /// <param name="value">The value's bytes.</param>
    public static string Text(string attribute, byte[] value)
    {
        var name = NameOf(attribute);
        if (Guids.Contains(name) && value.Length == 16) return new Guid(value).ToString("D");
        if (Sids.Contains(name) && Sid(value) is { } sid) return sid;
        if (Binary.Contains(name) || value.AsSpan().Contains((byte)0)) return Convert.ToHexStringLower(value);
        try
        {
            var text = Strict.GetString(value);
            return Time(text) ?? text;
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToHexStringLower(value);
        }
    }

    // MS-DTYP 2.4.2: revision, how many numbers, the authority in six bytes, and the numbers.
    private static string? Sid(byte[] value)
    {
        if (value.Length < 8 || value[0] != 1 || value[1] > 15 || value.Length != 8 + 4 * value[1]) return null;
        var authority = BinaryPrimitives.ReadUInt64BigEndian(value) & 0xFFFF_FFFF_FFFF;
        var text = new StringBuilder("S-1-").Append(authority > uint.MaxValue ? $"0x{authority:x12}" : authority.ToString(CultureInfo.InvariantCulture));
        for (var at = 8; at < value.Length; at += 4) text.Append('-').Append(BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(at)));
        return text.ToString();
    }

    // RFC 4517, 3.3.13. A fraction is of the smallest unit that is there. What is no moment, such as a leap second, stays as it is.
    private static string? Time(string text)
    {
        if (GeneralizedTime().Match(text) is not { Success: true } match) return null;
        int Part(string name) => match.Groups[name] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        var day = string.Create(CultureInfo.InvariantCulture, $"{match.Groups["day"].Value}{Part("hour"):00}{Part("minute"):00}{Part("second"):00}");
        if (!DateTime.TryParseExact(day, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock)) return null;
        var unit = match.Groups["second"].Success ? TimeSpan.TicksPerSecond : match.Groups["minute"].Success ? TimeSpan.TicksPerMinute : TimeSpan.TicksPerHour;
        if (match.Groups["fraction"] is { Success: true } fraction) clock = clock.AddTicks((long)(decimal.Parse($"0.{fraction.Value}", CultureInfo.InvariantCulture) * unit));
        var offset = new TimeSpan(Part("offsetHour"), Part("offsetMinute"), 0);
        if (match.Groups["sign"].Value == "-") offset = -offset;
        if (offset.Duration() > TimeSpan.FromHours(14) || clock - DateTime.MinValue < offset || DateTime.MaxValue - clock < -offset) return null;
        return (clock - offset).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    // With an offset only of all fourteen digits: shorter ones are numbers of telephones.
    [GeneratedRegex(@"^(?<day>[0-9]{8})(?<hour>[0-9]{2})(?:(?<minute>[0-9]{2})(?<second>[0-9]{2})?)?(?:[.,](?<fraction>[0-9]{1,20}))?(?:Z|(?<=^[0-9]{14}(?:[.,][0-9]+)?)(?<sign>[+-])(?<offsetHour>[0-9]{2})(?<offsetMinute>[0-9]{2})?)\z")]
    private static partial Regex GeneralizedTime();
}
