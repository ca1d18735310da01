using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>Checks source, destination and mapping before any record moves, makes the fields that were asked for, and freezes what it found.</summary>
public sealed class ValidateJob(JobFiles files, JobMoves moves, Sources sources, WorkspaceCatalog workspaces, WorkspaceFields fields)
{
    /// <summary>Status Pending → Validation → Processing. A problem leaves the status at Validation; FinishJob makes it final.</summary>
    [Function(nameof(ValidateJob))]
    public async Task<StepResult> RunAsync([ActivityTrigger] string jobId, CancellationToken cancellationToken)
    {
        var job = await files.JobAsync(jobId, cancellationToken);
        var row = await moves.ToAsync(jobId, JobStatus.Validation, cancellationToken);
        if (row.Status.IsFinal()) return new StepResult { Over = true };
        if (row.StopRequested) return new StepResult();
        try
        {
            if (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(jobId), cancellationToken) is null)
                await files.DecideAsync(JobFiles.PreparedName(jobId), await PrepareAsync(job, cancellationToken), cancellationToken);
        }
        catch (ConfigurationException e)
        {
            return new StepResult { Problem = e.Problem };
        }
        await moves.ToAsync(jobId, JobStatus.Processing, cancellationToken);
        return new StepResult();
    }

    private async Task<PreparedJob> PrepareAsync(Job job, CancellationToken cancellationToken)
    {
        var point = job.Point;
        var workspace = await workspaces.FindAsync(point.Workspace, cancellationToken)
            ?? throw new ConfigurationException("destination-unavailable", $"The workspace \"{point.Workspace}\" does not exist any more. Choose another destination.");
        var type = await workspaces.TypeAsync(point.Workspace, point.ObjectType, cancellationToken)
            ?? throw new ConfigurationException("destination-unavailable", $"The workspace \"{workspace.Value.Name}\" has no object type \"{point.ObjectType}\". Create it, or choose another.");
        var layout = await sources.Open(job).CheckAsync(cancellationToken);
        var (objectType, all) = await fields.PrepareAsync(workspace.Value, type.Value, point, layout, cancellationToken);
        ResolvedMapping.Resolve(point, objectType, layout.Fields, all).OrThrow();
        return new PreparedJob { Workspace = workspace.Value, ObjectType = objectType, Fields = all, Layout = layout };
    }
}
