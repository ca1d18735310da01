using IntegrationPoints.App.Access;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>
/// What an address names, when the caller may do with it what the function does; or a 404 that says which part of it names nothing. What lies in a
/// workspace that the caller does not see does not exist, in the same words.
/// </summary>
public sealed class Existing(WorkspaceCatalog workspaces, PointCatalog points, JobTables tables, JobFiles files, AccessCheck access)
{
    /// <summary>The workspace.</summary>
    /// <exception cref="RefusedException">404; 403.</exception>
    public async Task<Versioned<Workspace>> WorkspaceAsync(string workspace, CancellationToken cancellationToken)
    {
        var found = await SeenAsync(workspace, cancellationToken);
        await access.RequireAsync(workspace, sight: null, cancellationToken);
        return found;
    }

    /// <summary>
    /// The body of a request that says itself what it needs, and whose sender is yet to be asked for that. Whoever may not even begin is not told what is
    /// wrong with it.
    /// </summary>
    /// <exception cref="RefusedException">404; 403; what is wrong with the body.</exception>
    public async Task<T> SentAsync<T>(HttpRequest request, string workspace, CancellationToken cancellationToken) where T : class
    {
        await SeenAsync(workspace, cancellationToken);
        try
        {
            return await JsonBody.ReadAsync<T>(request, cancellationToken);
        }
        catch (RefusedException)
        {
            await access.RequireAsync(workspace, sight: null, cancellationToken);
            throw;
        }
    }

    /// <summary>All workspaces that the caller sees.</summary>
    public IAsyncEnumerable<Workspace> WorkspacesAsync(CancellationToken cancellationToken)
        => workspaces.ListAsync(cancellationToken).Select(w => w.Value).Where(async (w, stop) => await access.SeesAsync(w.Id, stop));

    /// <summary>Refuses a caller who may do what the function does in none of the workspaces that there are.</summary>
    /// <exception cref="RefusedException">403.</exception>
    public Task AnyWorkspaceAsync(CancellationToken cancellationToken) => access.RequireAnywhereAsync(WorkspacesAsync(cancellationToken).Select(w => w.Id), cancellationToken);

    /// <summary>Whether the caller may do something in a workspace, whatever it is done with.</summary>
    public Task<bool> MayAsync(string workspace, Operation operation, CancellationToken cancellationToken) => access.MayAsync(workspace, operation, cancellationToken);

    /// <summary>The workspace in which something else is done, when the caller may do one thing here and the other there.</summary>
    /// <exception cref="RefusedException">404; 403.</exception>
    public async Task<Workspace> OtherWorkspaceAsync(string workspace, string there, Operation other, CancellationToken cancellationToken)
    {
        await SeenAsync(workspace, cancellationToken);
        var found = await SeenAsync(there, cancellationToken);
        await access.RequireAsync(workspace, there, other, cancellationToken);
        return found.Value;
    }

    /// <summary>The workspace, before more is known of what is to be done with it.</summary>
    /// <exception cref="RefusedException">404.</exception>
    public async Task<Versioned<Workspace>> SeenAsync(string workspace, CancellationToken cancellationToken)
    {
        var words = $"There is no workspace {Words.Quote(workspace)}. List the workspaces to see which there are.{access.Advice}";
        if (!await access.SeesAsync(workspace, cancellationToken)) throw RefusedException.Unseen(words);
        return await workspaces.FindAsync(workspace, cancellationToken) ?? throw RefusedException.NotFound(words);
    }

    /// <summary>The object type of a workspace, in any case of letters.</summary>
    /// <exception cref="RefusedException">404; 403.</exception>
    public async Task<(Workspace Workspace, ObjectType Type)> TypeAsync(string workspace, string type, CancellationToken cancellationToken)
    {
        var owner = (await SeenAsync(workspace, cancellationToken)).Value;
        var found = await workspaces.TypeAsync(workspace, type, cancellationToken);
        // Whoever sees the workspace may know its object types, so that all that is missing can be said; without one, what is missing with any.
        if (found is null) await access.RequireAsync(workspace, sight: null, cancellationToken);
        if (found is null) throw RefusedException.NotFound($"The workspace {Words.Quote(owner.Name)} has no object type {Words.Quote(type)}.");
        await access.RequireAsync(workspace, new AccessTarget(found.Value.Name), cancellationToken);
        return (owner, found.Value);
    }

    /// <summary>The field of an object type, by its id.</summary>
    /// <exception cref="RefusedException">404; 403.</exception>
    public async Task<(Workspace Workspace, Versioned<Field> Field)> FieldAsync(
        string workspace, string type, string field, CancellationToken cancellationToken)
    {
        var (owner, objectType) = await TypeAsync(workspace, type, cancellationToken);
        return await workspaces.FieldAsync(workspace, objectType.Name, field, cancellationToken) is { } found
            ? (owner, found)
            : throw RefusedException.NotFound($"The object type {Words.Quote(objectType.Name)} has no field with the id {Words.Quote(field)}.");
    }

    /// <summary>The integration point of a workspace, by its id.</summary>
    /// <exception cref="RefusedException">404; 403.</exception>
    public async Task<Versioned<IntegrationPoint>> PointAsync(string workspace, string point, CancellationToken cancellationToken)
    {
        var owner = (await SeenAsync(workspace, cancellationToken)).Value;
        await access.RequireAsync(workspace, Operation.ViewPoint, cancellationToken);
        var found = await points.FindAsync(workspace, point, cancellationToken)
            ?? throw RefusedException.NotFound($"The workspace {Words.Quote(owner.Name)} has no integration point with the id {Words.Quote(point)}.");
        await access.RequireAsync(found.Value, cancellationToken);
        return found;
    }

    /// <summary>The integration point, when the caller may look at it; null: there is none, or that is not told.</summary>
    public async Task<IntegrationPoint?> VisiblePointAsync(string workspace, string point, CancellationToken cancellationToken)
        => await access.MayAsync(workspace, Operation.ViewPoint, cancellationToken) ? (await points.FindAsync(workspace, point, cancellationToken))?.Value : null;

    /// <summary>The job's row of the history.</summary>
    /// <exception cref="RefusedException">404; 403.</exception>
    public async Task<JobHistory> JobAsync(string job, CancellationToken cancellationToken)
    {
        var row = await tables.History.GetAsync(job, cancellationToken);
        var words = $"There is no job {Words.Quote(job)}.{access.Advice}";
        if (row is null) throw RefusedException.NotFound(words);
        if (!await access.SeesAsync(row.Workspace, cancellationToken)) throw RefusedException.Unseen(words);
        await access.RequireAsync(row.Workspace, Operation.ViewJobs, cancellationToken);
        return row;
    }

    /// <summary>The job's row of the history, and the integration point as it was when the job started.</summary>
    /// <exception cref="RefusedException">404, also when the job is so old that storage has removed what it kept; 403.</exception>
    public async Task<(JobHistory Row, IntegrationPoint Point)> JobOfPointAsync(string job, CancellationToken cancellationToken)
    {
        var row = await JobAsync(job, cancellationToken);
        var kept = await FrozenAsync(row, cancellationToken);
        // Whoever may not do it is told that, and no more, for as long as there is a point that says so.
        if ((kept?.Point ?? (await points.FindAsync(row.Workspace, row.PointId, cancellationToken))?.Value) is { } point) await access.RequireAsync(point, cancellationToken);
        return kept is null ? throw Removed(row) : (row, kept.Point);
    }

    /// <summary>Refuses what nobody can know of a job any more.</summary>
    /// <exception cref="RefusedException">404: storage has removed what it kept.</exception>
    public async Task RequireKeptAsync(JobHistory row, CancellationToken cancellationToken)
    {
        if (await FrozenAsync(row, cancellationToken) is null) throw Removed(row);
    }

    private Task<Job?> FrozenAsync(JobHistory row, CancellationToken cancellationToken) => files.ReadAsync<Job>(JobFiles.JobName(row.JobId), cancellationToken);

    private static RefusedException Removed(JobHistory row) => new(
        StatusCodes.Status404NotFound, "job-files-removed",
        $"What the job {row.JobId} kept (error files, manifest, earlier values) is not there any more, so that it cannot be downloaded, verified or undone: "
        + "the deployment keeps it for a number of days (jobRetentionDays in infra/main.bicep). The history of jobs stays, with counts and errors, and so do the records.");
}
