using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The profiles of workspaces: saved integration points that never run, from which new ones are made (guide 3).</summary>
public sealed class ProfileCatalog(Catalog catalog, TimeProvider time) : PointCatalog(catalog, time, "profile");

/// <summary>The integration points of workspaces.</summary>
public class PointCatalog
{
    private readonly Catalog catalog;
    private readonly TimeProvider time;
    private readonly string kind;

    /// <summary>The integration points.</summary>
    public PointCatalog(Catalog catalog, TimeProvider time) : this(catalog, time, "point") { }

    /// <summary>Another kind of things with the shape of integration points.</summary>
    protected PointCatalog(Catalog catalog, TimeProvider time, string kind) => (this.catalog, this.time, this.kind) = (catalog, time, kind);

    private string NameKind => kind + "-name";

    /// <summary>The point, or null.</summary>
    public Task<Versioned<IntegrationPoint>?> FindAsync(string workspace, string id, CancellationToken cancellationToken)
        => catalog.ReadAsync<IntegrationPoint>(Catalog.Config(workspace), kind, Identifier.Escape(id), cancellationToken);

    /// <summary>The point of a name, in any case of letters, or null.</summary>
    public async Task<Versioned<IntegrationPoint>?> FindByNameAsync(string workspace, string name, CancellationToken cancellationToken)
        => await catalog.ReadAsync<NameClaim>(Catalog.Config(workspace), NameKind, NameKey(name), cancellationToken) is { } claim
            && await FindAsync(workspace, claim.Value.PointId, cancellationToken) is { } point && NameKey(point.Value.Name) == NameKey(name)
            ? point
            : null;

    /// <summary>The points of a workspace.</summary>
    public IAsyncEnumerable<Versioned<IntegrationPoint>> ListAsync(string workspace, CancellationToken cancellationToken)
        => catalog.ListAsync<IntegrationPoint>(Catalog.Config(workspace), kind, cancellationToken);

    /// <summary>Stores a new point; false when another has its name.</summary>
    public async Task<bool> CreateAsync(IntegrationPoint point, CancellationToken cancellationToken)
        => await ClaimNameAsync(point, cancellationToken)
            && await catalog.CreateAsync(Catalog.Config(point.Workspace), kind, point.Id, point, cancellationToken);

    /// <summary>Stores a changed point. Null when somebody else changed it first.</summary>
    /// <exception cref="NameTakenException">Another point has the name.</exception>
    public async Task<string?> ReplaceAsync(IntegrationPoint point, Versioned<IntegrationPoint> before, CancellationToken cancellationToken)
    {
        if (!await ClaimNameAsync(point, cancellationToken)) throw new NameTakenException(point.Name);
        var etag = await catalog.ReplaceAsync(Catalog.Config(point.Workspace), kind, point.Id, point, before.ETag, cancellationToken);
        if (etag is not null && NameKey(point.Name) != NameKey(before.Value.Name)) await FreeNameAsync(before.Value, cancellationToken);
        return etag;
    }

    /// <summary>Removes a point; false when another version is there.</summary>
    public async Task<bool> DeleteAsync(Versioned<IntegrationPoint> point, CancellationToken cancellationToken)
    {
        var config = Catalog.Config(point.Value.Workspace);
        if (!await catalog.DeleteAsync(config, kind, point.Value.Id, point.ETag, cancellationToken)) return false;
        await FreeNameAsync(point.Value, cancellationToken);
        await catalog.DeleteAsync(config, StatisticsCatalog.Kind, Identifier.Escape(point.Value.Id), null, cancellationToken);
        return true;
    }

    // A name belongs to whoever stored it first. A claim whose point is gone, or has another name by now, was left by a crash: after a
    // minute, when its maker cannot be about to store the point any more, it is taken over.
    private async Task<bool> ClaimNameAsync(IntegrationPoint point, CancellationToken cancellationToken)
    {
        var config = Catalog.Config(point.Workspace);
        var name = NameKey(point.Name);
        var ours = new NameClaim(point.Id, time.GetUtcNow());
        if (await catalog.CreateAsync(config, NameKind, name, ours, cancellationToken)) return true;
        if (await catalog.ReadAsync<NameClaim>(config, NameKind, name, cancellationToken) is not { } claim) return false;
        if (claim.Value.PointId == point.Id) return true;
        var holder = await FindAsync(point.Workspace, claim.Value.PointId, cancellationToken);
        if (holder is not null && NameKey(holder.Value.Name) == name) return false;
        return ours.ClaimedUtc - claim.Value.ClaimedUtc > TimeSpan.FromMinutes(1)
            && await catalog.ReplaceAsync(config, NameKind, name, ours, claim.ETag, cancellationToken) is not null;
    }

    private Task<bool> FreeNameAsync(IntegrationPoint point, CancellationToken cancellationToken)
        => catalog.DeleteAsync(Catalog.Config(point.Workspace), NameKind, NameKey(point.Name), null, cancellationToken);

    private static string NameKey(string name) => Identifier.Escape(Identifier.Fold(name));

    private sealed record NameClaim(string PointId, DateTimeOffset ClaimedUtc);
}

/// <summary>Another thing has that name already.</summary>
public sealed class NameTakenException(string name) : Exception($"The name {Words.Quote(name)} is taken.");
