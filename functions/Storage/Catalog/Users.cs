using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The users of workspaces: those whom user fields can name.</summary>
public sealed class UserCatalog(Catalog catalog)
{
    private const string Kind = "user";

    /// <summary>The users of a workspace, in the order of their addresses.</summary>
    public IAsyncEnumerable<WorkspaceUser> ListAsync(string workspace, CancellationToken cancellationToken)
        => catalog.ListAsync<WorkspaceUser>(Catalog.Config(workspace), Kind, cancellationToken).Select(u => u.Value);

    /// <summary>Adds a user; false when there is one of that address.</summary>
    public Task<bool> AddAsync(string workspace, WorkspaceUser user, CancellationToken cancellationToken)
        => catalog.CreateAsync(Catalog.Config(workspace), Kind, Key(user.Email), user, cancellationToken);

    /// <summary>The user of an address, or null.</summary>
    public Task<Versioned<WorkspaceUser>?> FindAsync(string workspace, string email, CancellationToken cancellationToken)
        => catalog.ReadAsync<WorkspaceUser>(Catalog.Config(workspace), Kind, Key(email), cancellationToken);

    /// <summary>Takes a user out of the workspace; false when it is another by now, or none. Values that name the user stay.</summary>
    public Task<bool> RemoveAsync(string workspace, Versioned<WorkspaceUser> user, CancellationToken cancellationToken)
        => catalog.DeleteAsync(Catalog.Config(workspace), Kind, Key(user.Value.Email), user.ETag, cancellationToken);

    private static string Key(string email) => Identifier.Escape(Identifier.Fold(email));
}
