namespace IntegrationPoints.Engine.Workspaces;

/// <summary>Somebody whom user fields of a workspace can name.</summary>
public sealed record WorkspaceUser
{
    /// <summary>The e-mail address by which load files name the user; unique in the workspace without regard to case.</summary>
    public required string Email { get; init; }

    /// <summary>The name people see; blank: the address.</summary>
    public string Name { get; init; } = "";
}
