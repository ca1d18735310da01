using System.Globalization;
using System.Text.Json.Serialization;

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
            SettingType.Integer => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Least
                ? (number.ToString(CultureInfo.InvariantCulture), "")
                : ((string?)null, string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least} to {int.MaxValue}")),
            SettingType.YesNo => text.ToUpperInvariant() switch
            {
                "YES" or "TRUE" => ("yes", ""),
                "NO" or "FALSE" => ("no", ""),
                _ => (null, "yes or no"),
            },
            _ => (text, ""),
        };
        return clean ?? throw new ConfigurationException(new Problem("invalid-setting", $"{Name} takes {expected}, and {Words.Quote(value)} is not.") { Field = "value" });
    }
}
