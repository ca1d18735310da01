using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Engine.Tests.Settings;

/// <summary>Instance settings take values of their type.</summary>
public sealed class InstanceSettingTests
{
    [Theory]
    [InlineData("SmtpServer", "", "")]
    [InlineData("SmtpServer", " mail.example.com ", "mail.example.com")]
    [InlineData("SmtpPort", "0587", "587")]
    [InlineData("SmtpPort", "0", null)]
    [InlineData("SmtpPort", "65535", "65535")]
    [InlineData("SmtpPort", "65536", null)]
    [InlineData("SmtpPort", "smtp", null)]
    [InlineData("SmtpUseStartTls", "No", "no")]
    [InlineData("SmtpUseStartTls", "TRUE", "yes")]
    [InlineData("SmtpUseStartTls", "maybe", null)]
    [InlineData("EmailFrom", "", "")]
    [InlineData("EmailFrom", "points@example.com", "points@example.com")]
    [InlineData("EmailFrom", "points", null)]
    [InlineData("EmailFrom", "points@example.com\r\nBcc: x@example.com", null)]
    [InlineData("MaxFailedScheduledJobsCount", "2147483647", "2147483647")]
    [InlineData("MaxFailedScheduledJobsCount", "2147483648", null)]
    [InlineData("MaxFailedScheduledJobsCount", "0", null)]
    [InlineData("maxfailedscheduledjobscount", "4", "4")]
    [InlineData("CreateErrorForInvalidDate", "false", "no")]
    [InlineData("CreateErrorForInvalidDate", "1", null)]
    [InlineData("RestrictedFileTypes", ".EXE;bat, exe", "exe, bat")]
    [InlineData("RestrictedFileTypes", "mach-o 7z", "mach-o, 7z")]
    [InlineData("RestrictedFileTypes", "None", "none")]
    // Blank might mean all or none
    [InlineData("RestrictedFileTypes", "", null)]
    [InlineData("RestrictedFileTypes", " , ;", null)]
    [InlineData("RestrictedFileTypes", "exe, none", null)]
    [InlineData("RestrictedFileTypes", "*.exe", null)]
    [InlineData("RestrictedFileTypes", "tar.gz", null)]
    [InlineData("RestrictedFileTypes", "exe\r\nbat", null)]
    [InlineData("MaxPackageEntries", "1", "1")]
    [InlineData("MaxPackageEntries", "0", null)]
    [InlineData("MaxPackageEntries", "10000001", null)]
    [InlineData("MaxPackageGigabytes", "1048576", "1048576")]
    [InlineData("MaxPackageGigabytes", "1048577", null)]
    [InlineData("MaxPackageRatio", "1032", "1032")]
    // Deflate packs no better
    [InlineData("MaxPackageRatio", "1033", null)]
    [InlineData("MaxPackageNesting", "1", "1")]
    [InlineData("MaxPackageNesting", "-1", null)]
    [InlineData("MaxPackageNesting", "11", null)]
    [InlineData("SmtpServer", "http://mail.example.com", null)]
    [InlineData("SmtpServer", "mail.example.com:25", null)]
    [InlineData("SmtpServer", "mail.example.com\r\nX: y", null)]
    [InlineData("SmtpServer", "user@mail.example.com", null)]
    [InlineData("SmtpServer", "0x7f.1", null)]
    [InlineData("SmtpServer", "[::1]", "::1")]
    [InlineData("AllowedHosts", "", "")]
    [InlineData("AllowedHosts", "LDAP.Corp.:636,10.0.0.7:22 , ldap.corp:636,", "ldap.corp:636, 10.0.0.7:22")]
    [InlineData("AllowedHosts", "[FD00::7]:22", "[fd00::7]:22")]
    // One host and one port, nothing by pattern
    [InlineData("AllowedHosts", "*:22", null)]
    [InlineData("AllowedHosts", "*.corp:22", null)]
    [InlineData("AllowedHosts", "10.0.0.0/8:22", null)]
    [InlineData("AllowedHosts", "ldap.corp", null)]
    [InlineData("AllowedHosts", "ldap.corp:", null)]
    [InlineData("AllowedHosts", ":22", null)]
    [InlineData("AllowedHosts", "ldap.corp:0", null)]
    [InlineData("AllowedHosts", "ldap.corp:65536", null)]
    [InlineData("AllowedHosts", "ldap.corp:+22", null)]
    [InlineData("AllowedHosts", "ldap.corp:22-30", null)]
    [InlineData("AllowedHosts", "fd00::7:22", null)]
    [InlineData("AllowedHosts", "2130706433:22", null)]
    [InlineData("AllowedHosts", "ldap://ldap.corp:22", null)]
    [InlineData("ManagedIdentityWorkspaces", "", "")]
    [InlineData("ManagedIdentityWorkspaces", " * ", "*")]
    [InlineData("ManagedIdentityWorkspaces", "Smith-v-Jones-0a1b2c3d,,other-00000000, other-00000000", "smith-v-jones-0a1b2c3d, other-00000000")]
    [InlineData("ManagedIdentityWorkspaces", "smith*", null)]
    [InlineData("ManagedIdentityWorkspaces", "*, other-00000000", null)]
    [InlineData("ManagedIdentityWorkspaces", "Smith v. Jones", null)]
    public void A_value(string name, string value, string? kept)
    {
        var setting = InstanceSetting.Find(name)!;
        if (kept is not null) Assert.Equal(kept, setting.Clean(value));
        else Assert.Equal("invalid-setting", Assert.Throws<ConfigurationException>(() => setting.Clean(value)).Problem.Code);
    }

    [Fact]
    public void A_text_has_an_end()
    {
        Assert.NotNull(InstanceSetting.Find("SmtpUserName")!.Clean(new string('x', 2000)));
        Assert.Throws<ConfigurationException>(() => InstanceSetting.Find("SmtpUserName")!.Clean(new string('x', 2001)));
    }

    /// <summary>Nobody has to look up what a setting belongs to, or does.</summary>
    [Fact]
    public void Every_setting_says_what_it_does()
        => Assert.All(InstanceSetting.All, s => Assert.True(s.Section.Length > 0 && s.Description.EndsWith('.') && InstanceSetting.Find(s.Name) == s));

    [Fact]
    public void What_holds_while_nobody_has_set_it_is_a_value()
        => Assert.All(InstanceSetting.All, setting => Assert.Equal(setting.Default, setting.Clean(setting.Default)));

    /// <summary>Settings are read over the API; a secret is none of them.</summary>
    [Fact]
    public void No_setting_is_a_password() => Assert.DoesNotContain(InstanceSetting.All, s => s.Name.Contains("Password", StringComparison.OrdinalIgnoreCase));
}
