using IntegrationPoints.Engine.Mapping;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>
/// The field catalogue of the tenant (guide 4.2.3): which names of fields mean the same. Kept as one item, so that a job begins with one point
/// read, and no two changes at once can give a name to two entries.
/// </summary>
public sealed class FieldCatalog(Catalog catalog)
{
    private const string Kind = "field-catalog", Name = "all";

    /// <summary>The entries in the order of their names, and their version, which is one of all together; an empty version when there are none yet.</summary>
    public async Task<Versioned<IReadOnlyList<CatalogEntry>>> NowAsync(CancellationToken cancellationToken)
        => await catalog.ReadAsync<Kept>(Catalog.Tenant, Kind, Name, cancellationToken) is { } kept ? new(kept.Value.Entries, kept.ETag) : new([], "");

    /// <summary>The names that mean the same.</summary>
    public async Task<Synonyms> SynonymsAsync(CancellationToken cancellationToken) => new((await NowAsync(cancellationToken)).Value);

    /// <summary>Stores the entries in place of the version that was seen; null when there is another by now, else the new version.</summary>
    public async Task<string?> TrySetAsync(IReadOnlyList<CatalogEntry> entries, string etag, CancellationToken cancellationToken)
    {
        var kept = new Kept(entries);
        if (etag.Length > 0) return await catalog.ReplaceAsync(Catalog.Tenant, Kind, Name, kept, etag, cancellationToken);
        return await catalog.CreateAsync(Catalog.Tenant, Kind, Name, kept, cancellationToken) ? (await NowAsync(cancellationToken)).ETag : null;
    }

    private sealed record Kept(IReadOnlyList<CatalogEntry> Entries);
}
