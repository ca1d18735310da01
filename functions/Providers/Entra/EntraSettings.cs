using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Providers.Entra;

/// <summary>Which cloud a directory lies in (guide 4.7.2, "Version").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntraCloud>))]
public enum EntraCloud
{
    /// <summary>The public cloud.</summary>
    [JsonStringEnumMemberName("commercial")] Commercial,

    /// <summary>The cloud of the US government.</summary>
    [JsonStringEnumMemberName("government")] Government,
}

/// <summary>Who is imported (guide 4.7.2, "Filter By").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntraFilterBy>))]
public enum EntraFilterBy
{
    /// <summary>The users that the filter names.</summary>
    [JsonStringEnumMemberName("users")] Users,

    /// <summary>The users that are members of a group that the filter names, themselves or by a group in it.</summary>
    [JsonStringEnumMemberName("groups")] Groups,
}

/// <summary>Which Microsoft Graph is asked (guide 4.7.2, "MS-Graph Version").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GraphVersion>))]
public enum GraphVersion
{
    /// <summary>The version that Microsoft supports.</summary>
    [JsonStringEnumMemberName("v1.0")] V1,

    /// <summary>The version that may change any day.</summary>
    [JsonStringEnumMemberName("beta")] Beta,
}

/// <summary>Which directory is read, who asks, and who is wanted (guide 4.7.2).</summary>
public sealed record EntraSettings
{
    /// <summary>The provider's name in integration points.</summary>
    public const string Provider = "entra";

    /// <summary>The cloud: the addresses of sign-in and of Microsoft Graph follow from it.</summary>
    [SecretTarget, Description("commercial or government.")]
    public EntraCloud Version { get; init; }

    /// <summary>The directory: its tenant id, or one of its domains. With the app's identity it may be blank.</summary>
    [SecretTarget, MaxLength(253), Description("Directory (tenant) ID, or a domain of the directory.")]
    public string DirectoryId { get; init; } = "";

    /// <summary>The application that was registered in the directory (guide 9.1); blank: the app signs in as itself.</summary>
    [SecretTarget, MaxLength(36), Description("Application (client) ID.")]
    public string? ApplicationId { get; init; }

    /// <summary>The value of one of the application's secrets.</summary>
    [Description("Value (not the ID) of a client secret of the application.")]
    public Secret? Secret { get; init; }

    /// <summary>Sign in with the identity that the app itself has on Azure, which is in the directory, in place of an application and its secret.</summary>
    [Description("Sign in with the app's managed identity, instead of an application and its secret; the app runs in the same tenant.")]
    public bool ManagedIdentity { get; init; }

    /// <summary>What the filter is about.</summary>
    [Description("users, or groups: the members of those groups, nested groups included.")]
    public EntraFilterBy FilterBy { get; init; }

    /// <summary>A <c>$filter</c> of Microsoft Graph; blank: all.</summary>
    [MaxLength(2000), Description("Filter in the syntax of Microsoft Graph, such as department eq 'Engineering'; blank: all. Advanced queries are not made.")]
    public string? Filter { get; init; }

    /// <summary>The version of Microsoft Graph.</summary>
    [Description("Version of Microsoft Graph: v1.0 or beta.")]
    public GraphVersion GraphVersion { get; init; }

    /// <summary>How long Microsoft Graph may take for one answer.</summary>
    [Range(1, 200), Description("Seconds that Microsoft Graph may take for an answer.")]
    public int TimeoutSeconds { get; init; } = 100;
}
