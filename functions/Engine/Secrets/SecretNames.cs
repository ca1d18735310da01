using System.Security.Cryptography;
using System.Text.Json;

namespace IntegrationPoints.Engine.Secrets;

/// <summary>How secrets are named: every workspace has its own, and no setting of one can name another's.</summary>
public static class SecretNames
{
    /// <summary>What a name in a setting consists of (that is what Azure Key Vault takes), so that it fits behind the workspace's.</summary>
    public const string Pattern = "^[0-9A-Za-z-]{1,60}$";

    private const string Between = "--";

    private const int LongestSetting = 40, RandomCharacters = 16;

    /// <summary>Under which name a secret of a workspace is kept. Ids of workspaces have no two dashes in a row.</summary>
    public static string Of(string workspace, string name) => $"{workspace}{Between}{name}";

    /// <summary>Whose a kept secret is; null: the name is none of ours.</summary>
    public static string? WorkspaceOf(string kept) => kept.IndexOf(Between, StringComparison.Ordinal) is > 0 and var end ? kept[..end] : null;

    /// <summary>A name that no secret had before: who keeps one never writes over another's.</summary>
    /// <param name="setting">The setting that is the secret, such as <c>privateKey</c>.</param>
    public static string Fresh(string setting)
    {
        var readable = string.Concat(JsonNamingPolicy.KebabCaseLower.ConvertName(setting).Where(c => c == '-' || char.IsAsciiLetterOrDigit(c)).Take(LongestSetting)).Trim('-');
        return $"{readable}-{RandomNumberGenerator.GetHexString(RandomCharacters, lowercase: true)}".TrimStart('-');
    }
}
