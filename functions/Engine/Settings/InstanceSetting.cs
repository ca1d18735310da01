using System.Globalization;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Notifications;
using IntegrationPoints.Engine.Records;

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

    /// <summary>Types of files that are not imported as natives.</summary>
    public const string RestrictedFileTypes = "RestrictedFileTypes";

    /// <summary>Whether a zero date such as 00/00/0000 is an error of its record.</summary>
    public const string CreateErrorForInvalidDate = "CreateErrorForInvalidDate";

    /// <summary>How many files and folders a package may list.</summary>
    public const string MaxPackageEntries = "MaxPackageEntries";

    /// <summary>How many gigabytes (of 1024³ bytes) the files of a package may take together once they are unpacked.</summary>
    public const string MaxPackageGigabytes = "MaxPackageGigabytes";

    /// <summary>How many times its own size the files of a package may take.</summary>
    public const string MaxPackageRatio = "MaxPackageRatio";

    /// <summary>How deep packages may lie in packages.</summary>
    public const string MaxPackageNesting = "MaxPackageNesting";

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

    /// <summary>Hosts that connections may go to although they are not on the public network.</summary>
    public const string AllowedHosts = "AllowedHosts";

    /// <summary>The workspaces whose sources may sign in with the identity that the app itself has.</summary>
    public const string ManagedIdentityWorkspaces = "ManagedIdentityWorkspaces";

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

    /// <summary>A text in the form in which it is kept; null when it is no value of the setting.</summary>
    [JsonIgnore] public Func<string, string?> Read { get; init; } = text => text;

    /// <summary>What its texts look like, in words.</summary>
    [JsonIgnore] public string Expected { get; init; } = "a text";

    private const int LongestText = 2000;

    private static readonly PackageLimits Limits = new();

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
        Import(RestrictedFileTypes, SettingType.Text, RestrictedTypes.Usual, "Types of files that are not imported as natives, by ending or content: endings separated by commas, or none. A record is imported without such a file, with a warning.") with
        {
            Read = text => RestrictedTypes.Read(text) is { } endings ? endings.Count == 0 ? RestrictedTypes.None : string.Join(", ", endings) : null,
            Expected = "endings of file names separated by commas, such as \"exe, bat\", or \"none\"",
        },
        Import(CreateErrorForInvalidDate, SettingType.YesNo, "yes", "Whether a zero date such as 00/00/0000 is an error of its record, where the integration point does not say; no: the field stays empty."),
        Import(MaxPackageEntries, Limits.Entries, 10_000_000, "How many files and folders a package (.zip) may list; one with more is not read."),
        Import(MaxPackageGigabytes, (int)(Limits.Bytes >> 30), 1024 * 1024, "How many gigabytes the files of a package may take together once they are unpacked."),
        Import(MaxPackageRatio, Limits.Ratio, 1032, "How many times its own size the files of a package may take once they are unpacked. Text seldom passes 20."),
        Import(MaxPackageNesting, Limits.Nesting, 10, "How deep packages may lie in packages; 1: a package holds files only, 2: packages too."),
        Mail(SmtpServer, SettingType.Text, "", "The mail server that notifications go to; blank: no notification is sent.") with
        {
            Read = text => text.Length == 0 ? text : HostName.Clean(text),
            Expected = "the name or the address of a server, without its port",
        },
        Mail(SmtpPort, SettingType.Integer, "587", "The port of the mail server; on 465 the connection is encrypted from its beginning.") with { Least = 1, Most = 65535 },
        Mail(SmtpUseStartTls, SettingType.YesNo, "yes", "Whether the connection to the mail server must be encrypted by STARTTLS; without it nobody can sign in."),
        Mail(SmtpUserName, SettingType.Text, "", "As whom to sign in to the mail server, with the password of the app setting Smtp:Password, which is sent to the host of the app setting Smtp:Host only; blank: not at all."),
        Mail(EmailFrom, SettingType.Text, "", "The address that notifications come from.") with
        {
            Read = text => text.Length == 0 || Recipients.IsAddress(text) ? text : null,
            Expected = "an e-mail address such as name@example.com",
        },
        new()
        {
            Name = AllowedHosts,
            Section = "Connections",
            Type = SettingType.Text,
            Default = "",
            Description = "Hosts that connections may go to although they are not on the public network, such as an LDAP or SFTP server of the house: each with its port, separated by commas. Everything else that is loopback, private or shared stays closed.",
            Read = text => Settings.AllowedHosts.Read(text) is { } hosts ? Settings.AllowedHosts.Text(hosts) : null,
            Expected = "hosts with their ports separated by commas, such as \"ldap.example.com:636, 10.0.0.7:22, [fd00::7]:22\"",
        },
        new()
        {
            Name = ManagedIdentityWorkspaces,
            Section = "Connections",
            Type = SettingType.Text,
            Default = "",
            Description = "Workspaces whose integration points may read a directory with the managed identity of the app itself: their ids, separated by commas, or * for all; blank: none. Whoever may make integration points there can then read what the identity may.",
            Read = WorkspaceList.Clean,
            Expected = "ids of workspaces separated by commas, such as \"smith-v-jones-0a1b2c3d\", or * for all",
        },
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
            _ => text.Length > LongestText
                ? (null, string.Create(CultureInfo.InvariantCulture, $"{Expected}, of at most {LongestText} characters"))
                : (Read(text), Expected),
        };
        return clean ?? throw new ConfigurationException(new Problem("invalid-setting", $"{Name} takes {expected}, and {Words.Quote(value)} is not.") { Field = "value" });
    }

    private static InstanceSetting Import(string name, SettingType type, string value, string description)
        => new() { Name = name, Section = "Import", Type = type, Default = value, Description = description };

    private static InstanceSetting Import(string name, int value, int most, string description)
        => Import(name, SettingType.Integer, value.ToString(CultureInfo.InvariantCulture), description) with { Least = 1, Most = most };

    private static InstanceSetting Mail(string name, SettingType type, string value, string description)
        => new() { Name = name, Section = "Notifications", Type = type, Default = value, Description = description };
}
