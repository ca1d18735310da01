using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Http;

/// <summary>What an address names, or a 404 that says which part of it names nothing.</summary>
public sealed class Existing(WorkspaceCatalog workspaces, PointCatalog points, JobTables tables)
{
    /// <summary>The workspace.</summary>
    /// <exception cref="RefusedException">404.</exception>
    public async Task<Versioned<Workspace>> WorkspaceAsync(string workspace, CancellationToken cancellationToken)
        => await workspaces.FindAsync(workspace, cancellationToken)
            ?? throw RefusedException.NotFound($"There is no workspace {Words.Quote(workspace)}. List the workspaces to see which there are.");

    /// <summary>The object type of a workspace, in any case of letters.</summary>
    /// <exception cref="RefusedException">404.</exception>
    public async Task<(Workspace Workspace, ObjectType Type)> TypeAsync(string workspace, string type, CancellationToken cancellationToken)
    {
        var owner = (await WorkspaceAsync(workspace, cancellationToken)).Value;
        var found = await workspaces.TypeAsync(workspace, type, cancellationToken)
            ?? throw RefusedException.NotFound($"The workspace {Words.Quote(owner.Name)} has no object type {Words.Quote(type)}.");
        return (owner, found.Value);
    }

    /// <summary>The field of an object type, by its id.</summary>
    /// <exception cref="RefusedException">404.</exception>
    public async Task<(Workspace Workspace, Versioned<Field> Field)> FieldAsync(
        string workspace, string type, string field, CancellationToken cancellationToken)
    {
        var (owner, objectType) = await TypeAsync(workspace, type, cancellationToken);
        return await workspaces.FieldAsync(workspace, objectType.Name, field, cancellationToken) is { } found
            ? (owner, found)
            : throw RefusedException.NotFound($"The object type {Words.Quote(objectType.Name)} has no field with the id {Words.Quote(field)}.");
    }

    /// <summary>The integration point of a workspace, by its id.</summary>
    /// <exception cref="RefusedException">404.</exception>
    public async Task<Versioned<IntegrationPoint>> PointAsync(string workspace, string point, CancellationToken cancellationToken)
    {
        var owner = (await WorkspaceAsync(workspace, cancellationToken)).Value;
        return await points.FindAsync(workspace, point, cancellationToken)
            ?? throw RefusedException.NotFound($"The workspace {Words.Quote(owner.Name)} has no integration point with the id {Words.Quote(point)}.");
    }

    /// <summary>The job's row of the history.</summary>
    /// <exception cref="RefusedException">404.</exception>
    public async Task<JobHistory> JobAsync(string job, CancellationToken cancellationToken)
        => await tables.History.GetAsync(job, cancellationToken) ?? throw RefusedException.NotFound($"There is no job {Words.Quote(job)}.");
}
