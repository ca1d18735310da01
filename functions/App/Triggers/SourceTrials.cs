using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Checks;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Triggers;

/// <summary>Looks at sources with settings that need not be saved.</summary>
public sealed class SourceTrials(PointCheck check, Sources sources, InstanceSettings instance, AccessCheck access, TrialPlaces places)
{
    /// <summary>Has a refusal list what trying a source needs, too.</summary>
    /// <param name="workspace">The workspace for which it is looked at.</param>
    /// <param name="read">The source, and whether the secrets of a point are used with it; null: none is tried.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal void Foresee(string workspace, Func<Task<(ProviderSettings? Source, bool UsesSecrets)?>> read, CancellationToken cancellationToken)
        => access.Foresee(workspace, async () =>
        {
            if (await read() is not var (source, usesSecrets)) return [];
            var target = source is null ? null : AccessCheck.Target(new IntegrationPoint { Id = "", Name = "", Workspace = workspace, Source = source });
            return [.. AccessTable.Needs(Operation.TrySource, target), .. usesSecrets ? AccessTable.Needs(Operation.EditPoint) : []];
        }, cancellationToken);

    /// <summary>What the source is; nothing is kept of it.</summary>
    /// <param name="audit">Told what is tried, once the settings are right.</param>
    /// <param name="workspace">The workspace for which it is looked at.</param>
    /// <param name="source">The provider and its settings, as integration points have them.</param>
    /// <param name="saved">Those of the integration point that they belong to, whose secrets they may name; null: none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Http.RefusedException">400 with everything that is wrong with the settings; 403; 404: there is no such provider; 429.</exception>
    /// <exception cref="Engine.ConfigurationException">The source cannot be read.</exception>
    internal async Task<SourceLayout> LookAsync(AuditDraft audit, string workspace, ProviderSettings source, ProviderSettings? saved, CancellationToken cancellationToken)
    {
        var point = new IntegrationPoint { Id = "", Name = "", Workspace = workspace, Source = source };
        // Before anything is said of the settings; and again of what they mean.
        await RequireAsync(point, cancellationToken);
        // Its secrets are used, with other settings than it has.
        if (saved is not null) await access.RequireAlsoAsync(workspace, Operation.EditPoint, target: null, cancellationToken);
        return await LookAsync(audit, point with { Source = check.CheckedSource(point, saved) }, cancellationToken);
    }

    /// <summary>What the source of an integration point is; nothing is kept of it.</summary>
    /// <exception cref="Http.RefusedException">403; 429.</exception>
    /// <exception cref="Engine.ConfigurationException">The source cannot be read.</exception>
    internal async Task<SourceLayout> LookAsync(AuditDraft audit, IntegrationPoint point, CancellationToken cancellationToken)
    {
        await RequireAsync(point, cancellationToken);
        return await places.InOneAsync(point.Workspace, async () =>
        {
            audit.Tries(point.Source);
            return await sources.Open(point, job: "", await instance.ForImportAsync(cancellationToken)).CheckAsync(cancellationToken);
        }, cancellationToken);
    }

    private Task RequireAsync(IntegrationPoint point, CancellationToken cancellationToken)
        => access.RequireAlsoAsync(point.Workspace, Operation.TrySource, CheckRequests.Target(point), cancellationToken);
}
