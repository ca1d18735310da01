using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Access;

/// <summary>What the actions of an API key are in the words of permissions.</summary>
internal static class KeyRights
{
    private static readonly string[] Configuration = [SecuredObject.Point, SecuredObject.Profile, SecuredObject.Search, SecuredObject.Production, SecuredObject.Folder];

    /// <summary>Everything that one of the actions covers.</summary>
    public static Grants Of(IReadOnlyList<KeyAction> actions) => new(permission => actions.Any(action => Covers(action, permission)));

    // Each can look: what cannot be seen can be neither changed nor run.
    private static bool Covers(KeyAction action, Permission permission) => permission.Right == Right.View || action switch
    {
        KeyAction.View => false,
        KeyAction.Edit => permission.Right is null ? permission != Permission.To(AdminOperation.AllowExport)
            : Configuration.Contains(permission.Object) || permission == Permission.To(Right.Edit, SecuredObject.Workspace),
        // What submitting and retrying need (AccessTable), whichever object type is written; nothing is removed, and no point is changed. What lets it submit, Edit of the workspace among it, lets it do no more than EditWorkspace beside that.
        KeyAction.Run => permission.Right is null ? permission != Permission.To(AdminOperation.ManageObjectTypes)
            : permission.Right != Right.Delete && permission.Object is not (SecuredObject.Point or SecuredObject.Profile or SecuredObject.Production or SecuredObject.Folder),
        KeyAction.Administer => true,
        _ => false,
    };
}
