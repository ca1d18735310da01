using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Secrets;

/// <summary>What refers to secrets: integration points, profiles, and jobs that have not ended, as they were when they started.</summary>
public sealed class SecretUses(WorkspaceCatalog workspaces, PointCatalog points, ProfileCatalog profiles, JobStores jobs)
{
    /// <summary>
    /// Whether the records say what is used at all: in an empty database nothing refers to a secret, but the app may look into the wrong one, or into
    /// one that is still being restored.
    /// </summary>
    public ValueTask<bool> AreKnownAsync(CancellationToken cancellationToken) => workspaces.ListAsync(cancellationToken).AnyAsync(cancellationToken);

    /// <summary>The secrets of workspaces that something refers to, by the names under which they are kept.</summary>
    public async Task<IReadOnlySet<string>> OfAsync(IEnumerable<string> workspaces, CancellationToken cancellationToken)
    {
        var uses = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var workspace in workspaces)
        {
            await foreach (var point in points.ListAsync(workspace, cancellationToken)) Add(point.Value);
            await foreach (var profile in profiles.ListAsync(workspace, cancellationToken)) Add(profile.Value);
        }
        // After the points: a job that starts meanwhile takes its secrets from one of them.
        await foreach (var (jobId, _) in jobs.Tables.Leases.ListAsync(cancellationToken))
            if (await jobs.Files.ReadAsync<Job>(JobFiles.JobName(jobId), cancellationToken) is { } job) Add(job.Point);
        return uses;

        void Add(IntegrationPoint point) => uses.UnionWith(PointSecrets.NamesIn(point.Source).Select(name => SecretNames.Of(point.Workspace, name)));
    }
}

/// <summary>
/// Takes away secrets that nothing refers to: of points and profiles that are gone or have a new one, of ended jobs, of a save that was refused or cut
/// off after the secret was kept. Only what was found unused twice, with a pause between, is taken away: a secret is kept a moment before its point is
/// stored, and a job may just be starting with a point that is being changed. A name that nothing refers to is never referred to again. Where there
/// is no workspace, nothing is taken away.
/// </summary>
public sealed class UnusedSecrets(ISecrets secrets, SecretUses uses, Catalog catalog, TimeProvider time, ILogger<UnusedSecrets> logger)
{
    /// <summary>How long a secret stays after it was found unused.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    private const string Kind = "unused-secret";

    /// <summary>Takes away what was found unused before, and notes what is found now.</summary>
    /// <returns>How many were taken away.</returns>
    public async Task<int> TakeAwayAsync(CancellationToken cancellationToken)
    {
        var kept = await secrets.NamesAsync(cancellationToken).Where(name => SecretNames.WorkspaceOf(name) is not null).ToListAsync(cancellationToken);
        if (kept.Count > 0 && !await uses.AreKnownAsync(cancellationToken))
        {
            logger.LogError("{Count} secrets are kept, and there is no workspace that could use them: none is taken away. See whether the app looks into the right database (Records__Cosmos__Endpoint)", kept.Count);
            return 0;
        }
        var noted = await catalog.ListAsync<Note>(Catalog.Tenant, Kind, cancellationToken).ToDictionaryAsync(n => n.Value.Secret, n => n.Value.FoundUtc, cancellationToken: cancellationToken);
        var used = await uses.OfAsync(kept.Select(name => SecretNames.WorkspaceOf(name)!).Distinct(), cancellationToken);
        var gone = 0;
        foreach (var name in kept.Where(name => !used.Contains(name)))
        {
            if (!noted.Remove(name, out var foundUtc))
            {
                await catalog.CreateAsync(Catalog.Tenant, Kind, name, new Note(name, time.GetUtcNow()), cancellationToken);
            }
            else if (time.GetUtcNow() - foundUtc >= Pause)
            {
                await secrets.DeleteAsync(name, cancellationToken);
                await catalog.DeleteAsync(Catalog.Tenant, Kind, name, null, cancellationToken);
                gone++;
            }
        }
        // What is left is used after all, or was taken away by a run that did not come to its note.
        foreach (var name in noted.Keys) await catalog.DeleteAsync(Catalog.Tenant, Kind, name, null, cancellationToken);
        return gone;
    }

    private sealed record Note(string Secret, DateTimeOffset FoundUtc);
}
