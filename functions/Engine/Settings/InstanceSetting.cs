using System.Globalization;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Notifications;

namespace IntegrationPoints.Engine.Settings;

/// <summary>What the value of an instance setting is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingType>))]
public enum SettingType
{
    /// <summary>Any text.</summary>
    [JsonStringEnumMemberName("text")] Text,

    /// <summary>A whole number of 32 bits.</summary>
    [JsonStringEnumMemberName("integer")] Integer,

    /// <summary>Yes or no.</summary>
    [JsonStringEnumMemberName("yes-no")] YesNo,
}

/// <summary>A setting of the whole instance (guide 4.12): the ones there are, and what their values may be.</summary>
public sealed record InstanceSetting
{
    /// <summary>How many scheduled runs in a row may fail before the schedule stops.</summary>
    public const string MaxFailedScheduledJobsCount = "MaxFailedScheduledJobsCount";

    /// <summary>The mail server that notifications go to; blank: none are sent.</summary>
    public const string SmtpServer = "SmtpServer";

    /// <summary>Its port.</summary>
    public const string SmtpPort = "SmtpPort";

    /// <summary>Whether it must offer STARTTLS.</summary>
    public const string SmtpUseStartTls = "SmtpUseStartTls";

    /// <summary>As whom to sign in there; blank: not at all.</summary>
    public const string SmtpUserName = "SmtpUserName";

    /// <summary>The sender of notifications.</summary>
    public const string EmailFrom = "EmailFrom";

    /// <summary>Its name, compared without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>What it belongs to.</summary>
    public required string Section { get; init; }

    /// <summary>What its value is.</summary>
    public required SettingType Type { get; init; }

    /// <summary>What holds while nobody has set it.</summary>
    public required string Default { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }

    /// <summary>The least whole number that it takes.</summary>
    [JsonIgnore] public int Least { get; init; } = int.MinValue;

    /// <summary>The greatest whole number that it takes.</summary>
    [JsonIgnore] public int Most { get; init; } = int.MaxValue;

    /// <summary>Whether its text is an e-mail address, or blank.</summary>
    [JsonIgnore] public bool IsAddress { get; init; }

    /// <summary>Every setting.</summary>
    public static IReadOnlyList<InstanceSetting> All { get; } =
    [
        new()
        {
            Name = MaxFailedScheduledJobsCount,
            Section = "Integration Points",
            Type = SettingType.Integer,
            Default = "100",
            Least = 1,
            Description = "After so many scheduled runs of an integration point have failed in a row its schedule stops until the point is saved.",
        },
        Mail(SmtpServer, SettingType.Text, "", "The mail server that notifications go to; blank: no notification is sent."),
        Mail(SmtpPort, SettingType.Integer, "587", "The port of the mail server; on 465 the connection is encrypted from its beginning.") with { Least = 1, Most = 65535 },
        Mail(SmtpUseStartTls, SettingType.YesNo, "yes", "Whether the connection to the mail server must be encrypted by STARTTLS; without it nobody can sign in."),
        Mail(SmtpUserName, SettingType.Text, "", "As whom to sign in to the mail server, with the password of the app setting Smtp:Password; blank: not at all."),
        Mail(EmailFrom, SettingType.Text, "", "The address that notifications come from.") with { IsAddress = true },
    ];

    /// <summary>The setting of a name, or null.</summary>
    public static InstanceSetting? Find(string name) => All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The value in the form in which it is kept.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-setting</c>: it is no value of the setting's type.</exception>
    public string Clean(string value)
    {
        var text = value.Trim();
        var (clean, expected) = Type switch
        {
            SettingType.Integer => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most
                ? (number.ToString(CultureInfo.InvariantCulture), "")
                : ((string?)null, string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least} to {Most}")),
            SettingType.YesNo => text.ToUpperInvariant() switch
            {
                "YES" or "TRUE" => ("yes", ""),
                "NO" or "FALSE" => ("no", ""),
                _ => (null, "yes or no"),
            },
            _ => !IsAddress || text.Length == 0 || Recipients.IsAddress(text) ? (text, "") : (null, "an e-mail address such as name@example.com"),
        };
        return clean ?? throw new ConfigurationException(new Problem("invalid-setting", $"{Name} takes {expected}, and {Words.Quote(value)} is not.") { Field = "value" });
    }

    private static InstanceSetting Mail(string name, SettingType type, string value, string description)
        => new() { Name = name, Section = "Notifications", Type = type, Default = value, Description = description };
}
