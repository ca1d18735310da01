using IntegrationPoints.App.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>What a job is when it starts: the point, the instance's settings and the time are those of now, and stay so.</summary>
public sealed class NewJobs(InstanceSettings instance, WorkspaceCatalog workspaces, AccessCheck access, TimeProvider time)
{
    /// <summary>The job, to be stored.</summary>
    public async Task<Job> FreezeAsync(IntegrationPoint point, StartRequest request, CancellationToken cancellationToken) => new()
    {
        Id = request.JobId,
        Point = point,
        Type = request.Type,
        Trigger = request.Trigger,
        StartedBy = request.StartedBy,
        Retry = request.Retry,
        Undo = request.Undo,
        Instance = await instance.ForImportAsync(cancellationToken),
        StartedUtc = time.GetUtcNow(),
        Withheld = request.Undo is null ? await access.WithheldAsync(point, request.Trigger is JobStarter.Schedule or JobStarter.Upload, cancellationToken) : null,
    };

    /// <summary>Its row of the history, Pending.</summary>
    public async Task<JobHistory> RowAsync(Job job, CancellationToken cancellationToken) => new()
    {
        JobId = job.Id,
        Workspace = job.Point.Workspace,
        WorkspaceName = (await workspaces.FindAsync(job.Point.Workspace, cancellationToken))?.Value.Name ?? job.Point.Workspace,
        PointId = job.Point.Id,
        Name = job.Point.Name,
        Type = job.Type,
        Trigger = job.Trigger,
        StartedBy = job.StartedBy,
        StartedUtc = job.StartedUtc,
        Undoes = job.Undo?.JobId,
    };
}
