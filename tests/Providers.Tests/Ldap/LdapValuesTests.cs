using System.Text;
using IntegrationPoints.Providers.Ldap;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>Values of directories as text.</summary>
public sealed class LdapValuesTests
{
    [Theory]
    // Issue: generalized time as ISO 8601 (RFC 4517, 3.3.13).
    [InlineData("20260304050607Z", "2026-03-04T05:06:07Z")]
    [InlineData("20260304050607.0Z", "2026-03-04T05:06:07Z")]
    [InlineData("20260304050607.25Z", "2026-03-04T05:06:07.25Z")]
    [InlineData("20260304050607,25Z", "2026-03-04T05:06:07.25Z")]
    [InlineData("202603040506Z", "2026-03-04T05:06:00Z")]
    [InlineData("2026030405Z", "2026-03-04T05:00:00Z")]
    [InlineData("2026030405.5Z", "2026-03-04T05:30:00Z")]
    [InlineData("20260304050607-0500", "2026-03-04T10:06:07Z")]
    [InlineData("20260304050607+01", "2026-03-04T04:06:07Z")]
    [InlineData("16010101000000.0Z", "1601-01-01T00:00:00Z")]
    // What is no moment stays.
    [InlineData("20261304050607Z", "20261304050607Z")]
    [InlineData("20260304050660Z", "20260304050660Z")]
    [InlineData("00000101000000Z", "00000101000000Z")]
    [InlineData("20260304050607", "20260304050607")]
    [InlineData("20260304050607Z\n", "20260304050607Z\n")]
    [InlineData("4915112345+12", "4915112345+12")]
    [InlineData("20260304050607+9900", "20260304050607+9900")]
    [InlineData("00010101000000+0100", "00010101000000+0100")]
    [InlineData("Müller", "Müller")]
    [InlineData("", "")]
    [InlineData("a\u0001b\r\n", "a\u0001b\r\n")]
    // Text cannot have a NUL.
    [InlineData("a\0b", "610062")]
    public void Text_and_times(string value, string expected) => Assert.Equal(expected, LdapValues.Text("description", Encoding.UTF8.GetBytes(value)));

    [Theory]
    // What proves who somebody is, or opens a disk or a machine (Active Directory, LAPS, BitLocker, Samba, eDirectory, RFC 2798), stays where it is.
    [InlineData("userPassword", true)]
    [InlineData("msfve-recoverypassword", true)]
    [InlineData("msLAPS-EncryptedPasswordHistory", true)]
    [InlineData("userPKCS12;binary", true)]
    [InlineData("sambaTrustPassword", true)]
    [InlineData("pwdLastSet", false)]
    [InlineData("userCertificate;binary", false)]
    public void Keys_are_not_read(string attribute, bool isSecret) => Assert.Equal(isSecret, LdapValues.IsSecret(attribute));

    [Theory]
    // Issue: objectGUID and objectSid in their textual form (MS-DTYP 2.3.4, 2.4.2), binary as lower-case hex.
    [InlineData("objectGUID", "000102030405060708090A0B0C0D0E0F", "03020100-0504-0706-0809-0a0b0c0d0e0f")]
    [InlineData("OBJECTguid", "00FF", "hex")]
    [InlineData("objectSid", "010500000000000515000000A065CF7E784B9B5FE77C8770091C0100", "S-1-5-21-2127521184-1604012920-1887927527-72713")]
    [InlineData("objectSid", "01020000000000052000000020020000", "S-1-5-32-544")]
    [InlineData("objectSid", "0100FFFFFFFFFFFF", "S-1-0xffffffffffff")]
    [InlineData("objectSid", "0105000000000005", "hex")]
    [InlineData("jpegPhoto", "414243", "hex")]
    [InlineData("userCertificate;binary", "414243", "hex")]
    [InlineData("description", "FFD8FF", "hex")]
    [InlineData("description", "EDA080", "hex")]
    [InlineData("description", "414243", "ABC")]
    public void Bytes(string attribute, string value, string expected)
        => Assert.Equal(expected == "hex" ? value.ToLowerInvariant() : expected, LdapValues.Text(attribute, Convert.FromHexString(value)));
}
