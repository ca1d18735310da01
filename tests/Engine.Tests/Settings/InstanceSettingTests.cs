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
    public void A_value(string name, string value, string? kept)
    {
        var setting = InstanceSetting.Find(name)!;
        if (kept is not null) Assert.Equal(kept, setting.Clean(value));
        else Assert.Equal("invalid-setting", Assert.Throws<ConfigurationException>(() => setting.Clean(value)).Problem.Code);
    }

    [Fact]
    public void What_holds_while_nobody_has_set_it_is_a_value()
        => Assert.All(InstanceSetting.All, setting => Assert.Equal(setting.Default, setting.Clean(setting.Default)));

    /// <summary>Settings are read over the API; a secret is none of them.</summary>
    [Fact]
    public void No_setting_is_a_password() => Assert.DoesNotContain(InstanceSetting.All, s => s.Name.Contains("Password", StringComparison.OrdinalIgnoreCase));
}
