using System.Text.Json.Serialization;

namespace IntegrationPoints.App.Access;

/// <summary>Who asks, as the sign-in proved it.</summary>
/// <param name="Name">The name that the job history shows: a user's sign-in name, an application's id, or <c>key:</c> and an API key's name.</param>
public sealed record Identity(string Name)
{
    /// <summary>How the names of API keys begin, and no other.</summary>
    public const string KeyPrefix = "key:";

    /// <summary>The directory's id of the user or application; null for an API key.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The sign-in name, where it is another's here; <see cref="Name"/> is the object id then (<see cref="NameOwners"/>). Null: the name is the caller's own.</summary>
    public string? NameOfAnother { get; init; }

    /// <summary>The ids of the directory groups that the caller belongs to.</summary>
    public IReadOnlyCollection<string> Groups { get; init; } = [];

    /// <summary>Whether the token left the groups out because they are too many; <see cref="Groups"/> is empty then.</summary>
    public bool LacksGroups { get; init; }

    /// <summary>When the directory said all this: the token's <c>iat</c> (RFC 7519, 4.1.6). Of API keys nothing is said by a directory.</summary>
    public DateTimeOffset IssuedUtc { get; init; }

    /// <summary>Whether the caller has the app role <c>IntegrationPoints.Administrator</c> (claim <c>roles</c>), and so may do everything in the tenant.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>What an API key is limited to; null for whoever signed in otherwise.</summary>
    public ApiKeyScope? Key { get; init; }
}

/// <summary>What an API key is limited to.</summary>
/// <param name="Workspaces">Ids of workspaces, or one <c>*</c> for all.</param>
/// <param name="Actions">What it may do there.</param>
public sealed record ApiKeyScope(IReadOnlyList<string> Workspaces, IReadOnlyList<KeyAction> Actions);

/// <summary>What an API key may do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyAction>))]
public enum KeyAction
{
    /// <summary>Look at everything.</summary>
    [JsonStringEnumMemberName("view")] View,

    /// <summary>Change the configuration.</summary>
    [JsonStringEnumMemberName("edit")] Edit,

    /// <summary>Run, retry and stop jobs, import and export.</summary>
    [JsonStringEnumMemberName("run")] Run,

    /// <summary>Everything.</summary>
    [JsonStringEnumMemberName("administer")] Administer,
}
