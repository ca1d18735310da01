using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Statistics;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The statistics of integration points: items of their own, so that calculating them is no change of the point.</summary>
public sealed class StatisticsCatalog(Catalog catalog)
{
    /// <summary>Their kind; the name of an item is the point's id.</summary>
    internal const string Kind = "statistics";

    /// <summary>The last calculation of a point, or null when there was none.</summary>
    public Task<Versioned<PointStatistics>?> FindAsync(string workspace, string point, CancellationToken cancellationToken)
        => catalog.ReadAsync<PointStatistics>(Catalog.Config(workspace), Kind, Identifier.Escape(point), cancellationToken);

    /// <summary>Puts a calculation in place of the version that was seen (null: of none); false when there is another by now.</summary>
    public async Task<bool> TrySetAsync(string workspace, string point, PointStatistics statistics, string? seen, CancellationToken cancellationToken)
        => seen is null
            ? await catalog.CreateAsync(Catalog.Config(workspace), Kind, Identifier.Escape(point), statistics, cancellationToken)
            : await catalog.ReplaceAsync(Catalog.Config(workspace), Kind, Identifier.Escape(point), statistics, seen, cancellationToken) is not null;
}
