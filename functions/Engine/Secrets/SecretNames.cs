namespace IntegrationPoints.Engine.Secrets;

/// <summary>How secrets are named: every workspace has its own, and no setting of one can name another's.</summary>
public static class SecretNames
{
    /// <summary>What a name in a setting consists of (that is what Azure Key Vault takes), so that it fits behind the workspace's.</summary>
    public const string Pattern = "^[0-9A-Za-z-]{1,60}$";

    /// <summary>Under which name a secret of a workspace is kept. Ids of workspaces have no two dashes in a row.</summary>
    public static string Of(string workspace, string name) => $"{workspace}--{name}";
}
