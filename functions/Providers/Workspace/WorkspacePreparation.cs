using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Prepares a workspace for a job: its fields, and where the job's images go; and says at the end what became of the production that the job
/// fills. Every step may be repeated.
/// </summary>
public sealed class WorkspacePreparation(WorkspaceFields fields, WorkspaceCatalog catalog, ProductionCatalog productions, TimeProvider time)
{
    /// <summary>What the job is to be frozen with.</summary>
    /// <exception cref="ConfigurationException">The mapping does not fit, the production is not free, or fields cannot hold what is to go there.</exception>
    public async Task<PreparedJob> PrepareAsync(Job job, SourceLayout layout, CancellationToken cancellationToken)
    {
        if (layout.Images?.Production is { } name) await RequireFreeAsync(job, layout, name, cancellationToken);
        return await AddImagesAsync(job, await fields.PrepareAsync(job, layout, cancellationToken), cancellationToken);
    }

    /// <summary>What is wrong with the destination of a job whose source cannot be opened.</summary>
    public Task<IReadOnlyList<Problem>> ProblemsAsync(Job job, CancellationToken cancellationToken) => fields.ProblemsAsync(job, layout: null, cancellationToken);

    // Before any field is made, and with everything else that is wrong.
    private async Task RequireFreeAsync(Job job, SourceLayout layout, string production, CancellationToken cancellationToken)
    {
        try
        {
            await FreeAsync(job, production, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException(Problem.Together([e.Problem, .. await fields.ProblemsAsync(job, layout, cancellationToken)]));
        }
    }

    private async Task<PreparedJob> AddImagesAsync(Job job, PreparedJob prepared, CancellationToken cancellationToken)
    {
        if (prepared.Layout.Images is not { } wanted) return prepared;
        if (!prepared.ObjectType.IsDocument)
            throw new ConfigurationException("documents-only", $"Images belong to documents, and this import is into {Words.Quote(prepared.ObjectType.Name)}. Choose the object type Document.");
        var production = wanted.Production is { } name ? await FreeAsync(job, name, cancellationToken) : null;
        var gone = await catalog.GoneFieldsAsync(prepared.Workspace.Id, prepared.ObjectType.Name, cancellationToken);
        var imageFields = new ImageFields(prepared, gone);
        var images = new PreparedImages
        {
            Text = wanted.LoadText ? imageFields.Text() : null,
            BatesBegin = production is null ? null : imageFields.Bates(production.BatesBeginField),
            BatesEnd = production is null ? null : imageFields.Bates(production.BatesEndField),
        };
        if (job.Withheld is { Fields: true } && imageFields.Made.Count > 0) throw NotMade(imageFields.Made);
        await catalog.CreateFieldsAsync(prepared.Workspace.Id, imageFields.Made, cancellationToken);
        foreach (var field in imageFields.Lookups) await MakeLookupAsync(prepared.Workspace.Id, field, cancellationToken);
        if (production is not null) production = await TakeAsync(job, production, cancellationToken);
        return prepared with { Fields = imageFields.All, Images = images with { Production = production } };
    }

    /// <summary>
    /// A production becomes Produced when its job ends Completed or Completed with errors. When the job ended otherwise and wrote nothing, the
    /// production is free again.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="prepared">What it was frozen with; null when it never was.</param>
    /// <param name="status">Its final status.</param>
    /// <param name="counts">What it came to.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task SettleAsync(Job job, PreparedJob? prepared, JobStatus status, JobCounts counts, CancellationToken cancellationToken)
    {
        if (prepared?.Images?.Production is not { } production) return;
        await productions.ChangeAsync(
            job.Point.Workspace, production.Id,
            p => p.Source?.JobId != job.Id ? p
                : status is JobStatus.Completed or JobStatus.CompletedWithErrors ? p with { Status = ProductionStatus.Produced }
                // It goes on being produced whatever becomes of a retry.
                : job.Type == JobType.RetryErrors ? p
                : p with { Status = ProductionStatus.New, Source = counts.Written == 0 ? null : p.Source },
            cancellationToken);
    }

    private static ConfigurationException NotMade(IEnumerable<Field> fields) => new(
        "missing-permissions",
        $"The images need fields that the workspace lacks, {Words.List([.. fields.Select(f => f.Name)])}, and whoever started the job may not make them. Missing: Manage Object Types. "
        + "Have that granted, or have the fields made, by somebody who may.");

    // One that is not there is made when everything else was found to be right.
    private async Task<Production> FreeAsync(Job job, string name, CancellationToken cancellationToken)
    {
        var found = (await productions.FindAsync(job.Point.Workspace, name, cancellationToken))?.Value;
        return found is null
            ? new Production { Id = Production.IdFor(name), Name = name, CreatedUtc = time.GetUtcNow() }
            : IsFree(found, job) ? found : throw Taken(found);
    }

    private async Task<Production> TakeAsync(Job job, Production production, CancellationToken cancellationToken)
    {
        await productions.CreateAsync(job.Point.Workspace, production, cancellationToken);
        return await productions.ChangeAsync(
            job.Point.Workspace, production.Id,
            p => IsFree(p, job) ? p with { Source = new ProductionSource(job.Point.Id, job.Id) } : throw Taken(p),
            cancellationToken) ?? production;
    }

    // For this job; for another run of the integration point that began to fill it; for a retry of that one's errors; or for anybody.
    private static bool IsFree(Production production, Job job)
        => production.Source is not { } source ? production.Status == ProductionStatus.New
            : source.JobId == job.Id
                || (source.IntegrationPoint == job.Point.Id && (production.Status == ProductionStatus.New || job.Type == JobType.RetryErrors));

    private static ConfigurationException Taken(Production production) => new(
        "production-exists",
        $"The production {Words.Quote(production.Name)} {(production.Status == ProductionStatus.New ? "is being filled by another import" : $"has the status {production.Status}")}, "
        + "and images can be imported only into one that is New and has no images. Name another production.");

    private async Task MakeLookupAsync(string workspace, Field field, CancellationToken cancellationToken)
    {
        while (await catalog.FieldAsync(workspace, field.ObjectType, field.Id, cancellationToken) is { Value.Lookup: false } current)
            await catalog.ReplaceFieldAsync(workspace, current.Value with { Lookup = true }, current.ETag, cancellationToken);
    }
}
