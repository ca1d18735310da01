using IntegrationPoints.Engine.Points;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Csv;

/// <summary>The host keys that integration points know: the first that a job of a point is shown is recorded on the point (trust on first use).</summary>
internal sealed class HostKeys(PointCatalog points)
{
    /// <summary>
    /// The settings with the key that is known by now, when the job has been frozen before one was: another attempt of it, or another job, recorded
    /// one in between.
    /// </summary>
    public async Task<CsvSettings> WithKnownAsync(IntegrationPoint point, CsvSettings settings, CancellationToken cancellationToken)
        => settings.HostKey is null && settings.Protocol == FileProtocol.Sftp && await FindAsync(point, settings, cancellationToken) is var (_, now)
            ? settings with { HostKey = now.HostKey }
            : settings;

    /// <summary>Records a key unless one is known; false: another one is known by now.</summary>
    public async Task<bool> RecordAsync(IntegrationPoint point, CsvSettings settings, string seen, CancellationToken cancellationToken)
    {
        while (await FindAsync(point, settings, cancellationToken) is var (found, now))
        {
            if (now.HostKey is not null) return CsvRules.Fingerprints(now.HostKey).Contains(CsvRules.Fingerprints(seen)[0], StringComparer.Ordinal);
            var pinned = found.Value with { Source = Sources.Write(CsvSettings.Provider, now with { HostKey = seen }) };
            if (await points.ReplaceAsync(pinned, found, cancellationToken) is not null) return true;
        }
        return true;
    }

    // Null: the point is gone, or reads from another server by now. Then the key is of no use to it.
    private async Task<(Versioned<IntegrationPoint> Point, CsvSettings Settings)?> FindAsync(IntegrationPoint point, CsvSettings settings, CancellationToken cancellationToken)
        => await points.FindAsync(point.Workspace, point.Id, cancellationToken) is { Value.Source.Provider: CsvSettings.Provider } found
            && Sources.Read<CsvSettings>(found.Value.Source) is var now
            && (now.Host, now.Protocol, now.Port) == (settings.Host, settings.Protocol, settings.Port)
            ? (found, now)
            : null;
}
