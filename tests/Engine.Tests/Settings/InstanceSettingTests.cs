using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Engine.Tests.Settings;

/// <summary>Instance settings take values of their type (issue "Instance settings").</summary>
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
    public void A_value(string name, string value, string? kept)
    {
        var setting = InstanceSetting.Find(name)!;
        if (kept is not null) Assert.Equal(kept, setting.Clean(value));
        else Assert.Equal("invalid-setting", Assert.Throws<ConfigurationException>(() => setting.Clean(value)).Problem.Code);
    }

    [Fact]
    public void A_text_has_an_end()
    {
        Assert.NotNull(InstanceSetting.Find("SmtpServer")!.Clean(new string('x', 2000)));
        Assert.Throws<ConfigurationException>(() => InstanceSetting.Find("SmtpServer")!.Clean(new string('x', 2001)));
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
