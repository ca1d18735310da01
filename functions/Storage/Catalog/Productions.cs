using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The productions of workspaces.</summary>
public sealed class ProductionCatalog(Catalog catalog)
{
    private const string Kind = "production";

    /// <summary>The production of an id, or else of a name in any case of letters; null when there is none.</summary>
    public async Task<Versioned<Production>?> FindAsync(string workspace, string idOrName, CancellationToken cancellationToken)
        => await ReadAsync(workspace, Identifier.Escape(idOrName), cancellationToken)
            ?? await ReadAsync(workspace, Production.IdFor(idOrName), cancellationToken);

    /// <summary>The productions of a workspace, in the order of their ids.</summary>
    public IAsyncEnumerable<Versioned<Production>> ListAsync(string workspace, CancellationToken cancellationToken)
        => catalog.ListAsync<Production>(Catalog.Config(workspace), Kind, cancellationToken);

    /// <summary>Stores a new production; false when there is one of its name.</summary>
    public Task<bool> CreateAsync(string workspace, Production production, CancellationToken cancellationToken)
        => catalog.CreateAsync(Catalog.Config(workspace), Kind, production.Id, production, cancellationToken);

    /// <summary>
    /// Changes a production as it is now, again when somebody else was faster. A change that changes nothing is not written. Null when there is
    /// no such production.
    /// </summary>
    public async Task<Production?> ChangeAsync(string workspace, string id, Func<Production, Production> change, CancellationToken cancellationToken)
    {
        while (await ReadAsync(workspace, id, cancellationToken) is { } current)
        {
            var changed = change(current.Value);
            if (changed == current.Value || await catalog.ReplaceAsync(Catalog.Config(workspace), Kind, id, changed, current.ETag, cancellationToken) is not null)
                return changed;
        }
        return null;
    }

    private Task<Versioned<Production>?> ReadAsync(string workspace, string id, CancellationToken cancellationToken)
        => catalog.ReadAsync<Production>(Catalog.Config(workspace), Kind, id, cancellationToken);
}
