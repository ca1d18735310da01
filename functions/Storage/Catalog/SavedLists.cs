using System.IO.Hashing;
using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The saved searches of workspaces.</summary>
public sealed class SavedSearchCatalog(Catalog catalog) : SavedListCatalog(catalog, "search", "saved search");

/// <summary>The views of workspaces.</summary>
public sealed class ViewCatalog(Catalog catalog) : SavedListCatalog(catalog, "view", "view");

/// <summary>Conditions with columns and an order, by name. What is private, only its owner finds.</summary>
public abstract class SavedListCatalog
{
    private readonly Catalog catalog;

    /// <summary>One kind of them.</summary>
    protected SavedListCatalog(Catalog catalog, string kind, string what) => (this.catalog, Kind, What) = (catalog, kind, what);

    /// <summary>The kind of its items in the catalogue.</summary>
    public string Kind { get; }

    /// <summary>What one of them is called in messages.</summary>
    public string What { get; }

    /// <summary>
    /// The id of the list of a name and an owner (null: Public), in any case of letters: saving it twice makes one, and a private name says nothing
    /// about another's.
    /// </summary>
    public string IdFor(string name, string? owner)
        => $"{Kind}-{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes($"{Identifier.Fold(owner ?? "")}\n{Identifier.Fold(name)}")).AsSpan(0, 10))}";

    /// <summary>The list of an id, else the user's own of a name, else the public one of that name; null when there is none that the user sees.</summary>
    public async Task<Versioned<SavedList>?> FindAsync(string workspace, string idOrName, string user, CancellationToken cancellationToken)
    {
        foreach (var id in (string[])[Identifier.Escape(idOrName), IdFor(idOrName, user), IdFor(idOrName, null)])
            if (await ReadAsync(workspace, id, cancellationToken) is { } found && found.Value.IsSeenBy(user)) return found;
        return null;
    }

    /// <summary>Those that a user sees, in the order of their ids.</summary>
    public IAsyncEnumerable<SavedList> ListAsync(string workspace, string user, CancellationToken cancellationToken)
        => catalog.ListAsync<SavedList>(Catalog.Config(workspace), Kind, cancellationToken).Select(l => l.Value).Where(l => l.IsSeenBy(user));

    /// <summary>Stores a new one under its id; null when it is there already.</summary>
    public async Task<Versioned<SavedList>?> CreateAsync(string workspace, SavedList list, CancellationToken cancellationToken)
        => await catalog.CreateAsync(Catalog.Config(workspace), Kind, list.Id, list, cancellationToken)
            ? await ReadAsync(workspace, list.Id, cancellationToken)
            : null;

    /// <summary>Stores a changed one; null when somebody else changed it first.</summary>
    public Task<string?> ReplaceAsync(string workspace, SavedList list, string etag, CancellationToken cancellationToken)
        => catalog.ReplaceAsync(Catalog.Config(workspace), Kind, list.Id, list, etag, cancellationToken);

    /// <summary>Removes one; false when another version is there.</summary>
    public Task<bool> DeleteAsync(string workspace, Versioned<SavedList> list, CancellationToken cancellationToken)
        => catalog.DeleteAsync(Catalog.Config(workspace), Kind, list.Value.Id, list.ETag, cancellationToken);

    private Task<Versioned<SavedList>?> ReadAsync(string workspace, string id, CancellationToken cancellationToken)
        => catalog.ReadAsync<SavedList>(Catalog.Config(workspace), Kind, id, cancellationToken);
}
